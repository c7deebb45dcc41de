//! Sign-ins, on both databases.

mod given_out;
mod principals;
mod sessions;
mod still;

use super::*;
use crate::testing::{TestShop, at};
use stoa_domain::{
    account::{
        AccountToken, Challenge, ChallengeKind, NewSession, Realm, Refresh, RevokedBecause, Salt, Session,
        SessionKind, SessionRule, TokenKind,
    },
    shared::{AccountTokenId, ChallengeId, IdGenerator, SessionId},
};

const RULE: SessionRule =
    SessionRule { idle: chrono::TimeDelta::days(30), most: chrono::TimeDelta::days(180) };

/// A sign-in at the second 0.
pub(crate) fn session_of(shop: &TestShop, realm: Realm, subject: Uuid, kind: SessionKind) -> Session {
    let new = NewSession {
        id: SessionId::new(shop.ids.id()),
        realm,
        subject,
        kind,
        salt: Salt::new(shop.ids.secret_id()),
        mfa: false,
        user_agent: Some("Firefox".to_owned()),
        network: Some("192.0.2.0/24".to_owned()),
    };
    Session::begin(new, at(0), &RULE)
}

/// A link that lets somebody set a new password.
pub(crate) fn token(shop: &TestShop, subject: Uuid) -> AccountToken {
    AccountToken {
        id: AccountTokenId::new(shop.ids.id()),
        kind: TokenKind::Reset,
        realm: Realm::Customer,
        subject,
        salt: Salt::new(shop.ids.secret_id()),
        body: Some("to ada@example.org".to_owned()),
        expires_at: at(3_600),
        used_at: None,
        created_at: at(0),
    }
}

async fn signed_in(shop: &TestShop, subject: Uuid, kind: SessionKind) -> Session {
    let session = session_of(shop, Realm::Customer, subject, kind);
    shop.tx(async |tx| insert_session(tx, &session).await).await;
    session
}

async fn found(shop: &TestShop, id: SessionId) -> Session {
    find_session(shop.db.read(), id).await.unwrap().unwrap()
}
