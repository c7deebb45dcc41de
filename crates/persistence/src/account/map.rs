//! Rows to sign-ins and what was given out, and back.

use super::entities::{challenges, sessions, tokens};
use crate::db::stored;
use sea_orm::ActiveValue::Set;
use stoa_domain::{
    account::{
        AccountToken, Challenge, ChallengeKind, Realm, Revoked, RevokedBecause, Salt, Session, SessionKind,
        TokenKind,
    },
    shared::{AccountTokenId, ChallengeId, Fault, Sealer, SessionId},
};

/// A row that says what cannot be: somebody wrote to the table by hand, or there is a bug.
const UNREADABLE: Fault = Fault::bug("account.read: a row that no version of the program writes");

/// Where the bodies of links are sealed.
pub(crate) const TOKEN_BODY: &str = "account_tokens.body";
/// Where what is waited for is sealed.
pub(crate) const CHALLENGE_BODY: &str = "account_challenges.body";

/// The session of a row.
pub(super) fn session(row: sessions::Model) -> Result<Session, Fault> {
    // Why may have been written by a newer version; that it was ended counts.
    let revoked = row.revoked_at.map(|at| {
        let because = row.revoked_because.as_deref().and_then(RevokedBecause::from_name);
        Revoked { at, because: because.unwrap_or(RevokedBecause::ByStaff) }
    });
    Ok(Session {
        id: SessionId::new(row.id),
        realm: Realm::from_name(&row.realm).ok_or(UNREADABLE)?,
        subject: row.subject_id,
        kind: SessionKind::from_name(&row.kind).ok_or(UNREADABLE)?,
        generation: u32::try_from(row.generation).map_err(|_| UNREADABLE)?,
        salt: Salt::stored(&row.salt).ok_or(UNREADABLE)?,
        mfa: row.mfa,
        stepped_up_at: row.stepped_up_at,
        created_at: row.created_at,
        used_at: row.used_at,
        expires_at: row.expires_at,
        ends_at: row.ends_at,
        revoked,
        user_agent: row.user_agent,
        network: row.network,
    })
}

/// The row of a session.
pub(super) fn session_row(session: &Session) -> sessions::ActiveModel {
    sessions::ActiveModel {
        id: Set(session.id.uuid()),
        realm: Set(session.realm.name().to_owned()),
        subject_id: Set(session.subject),
        kind: Set(session.kind.name().to_owned()),
        generation: Set(i64::from(session.generation)),
        salt: Set(session.salt.bytes().to_vec()),
        mfa: Set(session.mfa),
        stepped_up_at: Set(session.stepped_up_at.map(stored)),
        created_at: Set(stored(session.created_at)),
        used_at: Set(stored(session.used_at)),
        expires_at: Set(stored(session.expires_at)),
        ends_at: Set(stored(session.ends_at)),
        revoked_at: Set(session.revoked.map(|revoked| stored(revoked.at))),
        revoked_because: Set(session.revoked.map(|revoked| revoked.because.name().to_owned())),
        user_agent: Set(session.user_agent.clone()),
        network: Set(session.network.clone()),
    }
}

/// The link of a row.
pub(super) fn token(row: &tokens::Model, sealer: &dyn Sealer) -> Result<AccountToken, Fault> {
    let body = row.body.as_deref().map(|body| sealer.open(TOKEN_BODY, row.id, body)).transpose()?;
    Ok(AccountToken {
        id: AccountTokenId::new(row.id),
        kind: TokenKind::from_name(&row.kind).ok_or(UNREADABLE)?,
        realm: Realm::from_name(&row.realm).ok_or(UNREADABLE)?,
        subject: row.subject_id,
        salt: Salt::stored(&row.salt).ok_or(UNREADABLE)?,
        body,
        expires_at: row.expires_at,
        used_at: row.used_at,
        created_at: row.created_at,
    })
}

/// The row of a link.
pub(super) fn token_row(token: &AccountToken, sealer: &dyn Sealer) -> Result<tokens::ActiveModel, Fault> {
    let id = token.id.uuid();
    let body = token.body.as_deref().map(|body| sealer.seal(TOKEN_BODY, id, body)).transpose()?;
    Ok(tokens::ActiveModel {
        id: Set(id),
        kind: Set(token.kind.name().to_owned()),
        realm: Set(token.realm.name().to_owned()),
        subject_id: Set(token.subject),
        salt: Set(token.salt.bytes().to_vec()),
        body: Set(body),
        expires_at: Set(stored(token.expires_at)),
        used_at: Set(token.used_at.map(stored)),
        created_at: Set(stored(token.created_at)),
    })
}

/// The challenge of a row.
pub(super) fn challenge(row: &challenges::Model, sealer: &dyn Sealer) -> Result<Challenge, Fault> {
    Ok(Challenge {
        id: ChallengeId::new(row.id),
        kind: ChallengeKind::from_name(&row.kind).ok_or(UNREADABLE)?,
        salt: Salt::stored(&row.salt).ok_or(UNREADABLE)?,
        body: sealer.open(CHALLENGE_BODY, row.id, &row.body)?,
        tries: u32::try_from(row.tries).map_err(|_| UNREADABLE)?,
        expires_at: row.expires_at,
        created_at: row.created_at,
    })
}
