//! Opening a link that sets a password: what activating and resetting have in common.

use crate::{
    Context,
    account::{Client, NewPasswordError, SignedInNow, issue, links, new_session},
    limits::Hashings,
};
use secrecy::{ExposeSecret, SecretString};
use std::{fmt, sync::Arc, time::Duration};
use stoa_domain::{
    account::{AccountToken, PasswordRefusal, Realm, Session, SessionKind, TokenKind},
    shared::{CustomerId, Fault},
};
use stoa_persistence::db::MayFault;

/// What somebody opens a link with.
pub struct LinkUse {
    /// Whose link it is, if that was said: it must be theirs.
    pub customer: Option<CustomerId>,
    /// The token of the link.
    pub token: SecretString,
    /// The password to be.
    pub password: SecretString,
    /// What the sign-in that follows is to be shown by.
    pub kind: SessionKind,
}

impl fmt::Debug for LinkUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LinkUse({:?})", self.kind)
    }
}

/// Why a link sets no password.
#[derive(Debug, thiserror::Error)]
pub enum LinkUseError {
    /// It is none of ours, was used, is over, or can do nothing any more: all alike.
    #[error("the link does not work")]
    Invalid,
    /// The password cannot be taken. The link still works.
    #[error(transparent)]
    Password(#[from] PasswordRefusal),
    /// The link was tried with too many passwords, or too many were shown from there. It still works.
    #[error("too many passwords were tried")]
    TooManyTries {
        /// When it is worth trying again.
        retry_after: Duration,
    },
    /// More passwords wait to be hashed than may.
    #[error("too many passwords are waiting")]
    Busy,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<NewPasswordError> for LinkUseError {
    fn from(error: NewPasswordError) -> Self {
        match error {
            NewPasswordError::Refused(refusal) => Self::Password(refusal),
            NewPasswordError::TooManyTries { retry_after } => Self::TooManyTries { retry_after },
            NewPasswordError::Busy => Self::Busy,
            NewPasswordError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl MayFault for LinkUseError {
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            Self::Invalid | Self::Password(_) | Self::TooManyTries { .. } | Self::Busy => None,
        }
    }
}

/// The row of the link, before anything is done for it.
pub(super) async fn read(
    ctx: &Context,
    kind: TokenKind,
    given: &LinkUse,
) -> Result<AccountToken, LinkUseError> {
    let link = links::read(ctx, (Realm::Customer, kind), given.token.expose_secret()).await?;
    let link = link.filter(|link| given.customer.is_none_or(|id| id.uuid() == link.subject));
    let link = link.ok_or(LinkUseError::Invalid)?;
    let hashings = Hashings::new(Arc::clone(ctx.limiter()));
    hashings.take_by_link(link.id).await?.map_err(NewPasswordError::from)?;
    Ok(link)
}

/// The sign-in that follows. Whoever opened the mail needs no second proof.
pub(super) fn session(ctx: &Context, link: &AccountToken, kind: SessionKind, client: &Client) -> Session {
    new_session(ctx, (Realm::Customer, link.subject), kind, false, client)
}

pub(super) async fn signed_in(ctx: &Context, session: &Session) -> Result<SignedInNow, LinkUseError> {
    ctx.jobs_waiting.notify_one();
    Ok(issue(ctx, session, None).await?)
}
