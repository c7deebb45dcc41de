//! Looking at a change of several parts before the first of them is made.
//!
//! Each part is a transaction of its own, and each looks again. What can be known before is said before anything is written.

use super::details::{Details, DetailsRefusal, GivenDetails};
use crate::{
    Context,
    account::{Client, Reproof, SignInError, prove_again},
};
use std::{fmt, sync::Arc};
use stoa_domain::{
    access::SignedIn,
    account::{Password, PasswordRefusal},
    shared::{EmailAddress, Fault},
};
use stoa_persistence::customer;

/// What is to be changed; `None` stays.
#[derive(Clone, Copy)]
pub struct WantedUpdate<'a> {
    /// Names and telephone.
    pub details: &'a GivenDetails,
    /// Another address, as typed.
    pub email: Option<&'a str>,
    /// Another password, as typed.
    pub password: Option<&'a str>,
}

/// Hides the person.
impl fmt::Debug for WantedUpdate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WantedUpdate(…)")
    }
}

/// Why it cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ForeseeError {
    /// One of the details cannot be taken.
    #[error(transparent)]
    Details(#[from] DetailsRefusal),
    /// Not an e-mail address.
    #[error("not an e-mail address")]
    Email,
    /// Not a password that could be taken.
    #[error(transparent)]
    Password(#[from] PasswordRefusal),
    /// Address and password take a sign-in of a moment ago.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// There is no such account any more.
    #[error("no such customer")]
    Unknown,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Looks at changes of customers.
pub struct ForeseeUpdate(pub(crate) Arc<Context>);

impl ForeseeUpdate {
    /// Whether the address is another than the account's: one that it has already needs no proof and no mail.
    ///
    /// # Errors
    /// Something of it would be refused, or the database does not answer.
    pub async fn run(
        &self,
        who: SignedIn,
        wanted: WantedUpdate<'_>,
        client: &Client,
    ) -> Result<bool, ForeseeError> {
        let ctx = &self.0;
        Details::parse(wanted.details)?;
        let email = wanted.email.map(EmailAddress::parse).transpose().map_err(|_| ForeseeError::Email)?;
        if let Some(password) = wanted.password {
            Password::parse(password, ctx.settings.accounts.password_rule)?;
        }
        let Some(account) = customer::find(ctx.db().read(), who.customer).await? else {
            return Err(ForeseeError::Unknown);
        };
        // Whoever writes theirs with other capital letters wants that.
        let moves = email.is_some_and(|email| email.as_str() != account.email.as_str());
        if moves || wanted.password.is_some() {
            prove_again(ctx, who, Reproof::FreshSignIn, client).await?;
        }
        Ok(moves)
    }
}
