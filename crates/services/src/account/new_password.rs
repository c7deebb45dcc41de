//! Taking a new password: the rule, the list of those that everybody tries first, and its hash.

use super::Client;
use crate::{
    Context,
    limits::{Hashings, TooMany},
};
use std::{sync::Arc, time::Duration};
use stoa_auth::HashError;
use stoa_domain::{
    account::{Password, PasswordRefusal},
    shared::Fault,
};
use stoa_persistence::account::PasswordHash;

/// Why a password is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NewPasswordError {
    /// It is none that can be taken.
    #[error(transparent)]
    Refused(#[from] PasswordRefusal),
    /// Too many passwords were shown from there, or this link was tried with.
    #[error("too many passwords were tried")]
    TooManyTries {
        /// When it is worth trying again.
        retry_after: Duration,
    },
    /// More passwords wait to be hashed than may.
    #[error("too many passwords are waiting")]
    Busy,
    /// A fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<HashError> for NewPasswordError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Busy,
            HashError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<TooMany> for NewPasswordError {
    fn from(TooMany(retry_after): TooMany) -> Self {
        Self::TooManyTries { retry_after }
    }
}

/// The hash of a new password. `about` is what is known of the account and must not make a password: its address and names.
pub(crate) async fn hashed(
    ctx: &Context,
    password: &str,
    about: &[&str],
    client: &Client,
) -> Result<PasswordHash, NewPasswordError> {
    let password = Password::parse(password, ctx.settings.accounts.password_rule)?;
    // Judging it is work as well.
    Hashings::new(Arc::clone(ctx.limiter())).take(client.address).await??;
    let passwords = &ctx.ports.auth.passwords;
    let mut words = vec![ctx.settings.shop_name.as_str()];
    for text in about {
        words.push(text);
        words.extend(text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2));
    }
    if passwords.is_common(password.expose(), &words).await? {
        return Err(PasswordRefusal::Common.into());
    }
    Ok(PasswordHash::new(passwords.hash(password.expose()).await?))
}
