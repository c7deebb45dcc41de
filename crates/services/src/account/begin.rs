//! Beginning a session, and what shows it.

use super::{Client, letters::AccountMail};
use crate::{Context, jobs};
use chrono::TimeDelta;
use secrecy::SecretString;
use stoa_auth::{Claims, Purpose};
use stoa_domain::{
    account::{NewSession, Realm, Salt, Session, SessionKind, Waiter},
    shared::{CustomerId, Fault, SessionId, Timestamp},
};
use stoa_persistence::{Batch, WriteTx, account, customer, order};
use uuid::Uuid;

/// How long a place is known where somebody has signed in.
pub(super) const PLACE_KNOWN: TimeDelta = TimeDelta::days(180);
/// How long a browser is known that has.
const DEVICE_KNOWN: TimeDelta = TimeDelta::days(365);

/// Somebody who has just signed in, and what they are to show from now on.
pub struct SignedInNow {
    /// In which world.
    pub realm: Realm,
    /// Who: the customer's or the member of staff's id.
    pub subject: Uuid,
    /// The sign-in.
    pub session: SessionId,
    /// What shows it.
    pub credential: Issued,
    /// What shows that this browser has signed in to this account before: it is not kept out by others' guesses. `None`: it was not a
    /// sign-in, and the browser has one already.
    pub device: Option<SecretString>,
}

/// What shows a session.
pub enum Issued {
    /// A token that others can check as well, and one that gives the next.
    Tokens {
        /// The access token, a JWT.
        access: SecretString,
        /// When that ends.
        access_expires_at: Timestamp,
        /// The refresh token. It works once.
        refresh: SecretString,
        /// When that ends, unless it is used.
        refresh_expires_at: Timestamp,
    },
    /// A cookie's value.
    Cookie {
        /// The value.
        token: SecretString,
        /// When the sign-in ends at the latest: it lasts for as long as it is used.
        ends_at: Timestamp,
    },
    /// A `customerAccessToken`.
    Storefront {
        /// The token.
        token: SecretString,
        /// When it ends, unless it is renewed.
        expires_at: Timestamp,
    },
}

/// Hides who, and what they show.
impl std::fmt::Debug for SignedInNow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignedInNow({:?} session {})", self.realm, self.session)
    }
}

/// A session of somebody that is to begin now.
pub(crate) fn new_session(
    ctx: &Context,
    (realm, subject): (Realm, Uuid),
    kind: SessionKind,
    mfa: bool,
    client: &Client,
) -> Session {
    let new = NewSession {
        id: SessionId::new(ctx.ports.ids.id()),
        realm,
        subject,
        kind,
        salt: Salt::new(ctx.ports.ids.secret_id()),
        mfa,
        user_agent: client.user_agent.clone(),
        network: client.network(),
    };
    Session::begin(new, ctx.now(), &ctx.settings.accounts.session_rule(realm))
}

/// Begins the session of somebody who has proved who they are; false, and nothing written, if they are not that any more. Whoever
/// signs in from where they were never seen, with a browser that is not known, is told so by mail.
pub(crate) async fn begin(
    ctx: &Context,
    tx: &WriteTx,
    who: &Waiter,
    session: &Session,
    known_device: bool,
    batch: &mut Batch,
) -> Result<bool, Fault> {
    if !account::still_waits(tx, who).await? {
        return Ok(false);
    }
    begin_behind_lock(ctx, tx, session, known_device, batch).await?;
    Ok(true)
}

/// The same of somebody whose account the transaction has locked, and looked at. What a customer has bought without signing in since they
/// did is theirs from now on.
pub(crate) async fn begin_behind_lock(
    ctx: &Context,
    tx: &WriteTx,
    session: &Session,
    known_device: bool,
    batch: &mut Batch,
) -> Result<(), Fault> {
    account::insert_session(tx, session).await?;
    if note_place(tx, session).await? && !known_device {
        jobs::write_to_account(ctx, batch, &AccountMail::NewSignIn(session.id), session.created_at);
    }
    match session.realm {
        Realm::Customer => claim_guests(tx, session.subject.into()).await,
        Realm::Staff => Ok(()),
    }
}

/// Orders of a guest with the address of a customer who has proved it, but for those that nobody has paid: anybody can place them.
async fn claim_guests(tx: &WriteTx, id: CustomerId) -> Result<(), Fault> {
    let Some(customer) = customer::find(tx, id).await? else { return Ok(()) };
    if customer.state.verified_at().is_some() {
        order::claim_paid(tx, id, &customer.email).await?;
    }
    Ok(())
}

/// Writes down from where a session began; true if its owner was not seen there for long. All places that are not known are one.
pub(crate) async fn note_place(tx: &WriteTx, session: &Session) -> Result<bool, Fault> {
    let now = session.created_at;
    let place = session.network.as_deref().unwrap_or("unknown");
    account::is_new_network(tx, (session.realm, session.subject), place, now - PLACE_KNOWN, now).await
}

/// What a session that has just begun is shown by. `device` is the one that its browser has shown.
pub(crate) async fn issue(
    ctx: &Context,
    session: &Session,
    device: Option<Uuid>,
) -> Result<SignedInNow, Fault> {
    let (realm, until) = (session.realm, session.created_at + DEVICE_KNOWN);
    let device = device.unwrap_or_else(|| ctx.ports.ids.secret_id());
    let device = ctx.ports.auth.devices.mint(realm.name(), session.subject, device, until);
    Ok(SignedInNow {
        realm,
        subject: session.subject,
        session: session.id,
        credential: credential(ctx, session).await?,
        device: Some(device),
    })
}

/// What a session is shown by, as it stands.
pub(super) async fn credential(ctx: &Context, session: &Session) -> Result<Issued, Fault> {
    let tokens = &ctx.ports.auth.tokens;
    let (id, salt) = (session.id.uuid(), session.salt.bytes());
    Ok(match session.kind {
        SessionKind::Tokens => {
            let now = ctx.now();
            let access_expires_at = session.ends_at.min(now + ctx.settings.accounts.access_lives);
            let claims = Claims {
                subject: session.subject,
                session: id,
                realm: session.realm.name().to_owned(),
                issued_at: now,
                expires_at: access_expires_at,
                id: ctx.ports.ids.secret_id(),
            };
            Issued::Tokens {
                access: ctx.ports.auth.signing.sign(ctx, &claims).await?.into(),
                access_expires_at,
                refresh: tokens.refresh(session.realm.name(), id, session.generation, salt),
                refresh_expires_at: session.expires_at,
            }
        }
        SessionKind::Cookie => {
            Issued::Cookie { token: tokens.mint(Purpose::COOKIE, id, salt), ends_at: session.ends_at }
        }
        SessionKind::Storefront => Issued::Storefront {
            token: tokens.mint(Purpose::STOREFRONT, id, salt),
            expires_at: session.expires_at,
        },
    })
}
