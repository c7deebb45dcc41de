//! The token with which a storefront shows for whom it asks.

use crate::graphql::{ApiError, Request, scalars::DateTime};
use async_graphql::{Context, SimpleObject};
use secrecy::{ExposeSecret, SecretString};
use stoa_domain::{access::SignedIn, shared::Fault};
use stoa_services::account::{AuthError, Credential, Issued};

/// A customer's access token. Whoever has it acts for the customer.
#[derive(Clone, SimpleObject)]
pub struct CustomerAccessToken {
    /// The token.
    pub access_token: String,
    /// When it ends, unless it is renewed or deleted before.
    pub expires_at: DateTime,
}

/// Hides it.
impl std::fmt::Debug for CustomerAccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CustomerAccessToken(…)")
    }
}

impl CustomerAccessToken {
    /// Of a sign-in that was asked to be shown by one.
    ///
    /// # Errors
    /// It is shown by something else: a fault of ours.
    pub fn of(issued: &Issued) -> Result<Self, ApiError> {
        match issued {
            Issued::Storefront { token, expires_at } => {
                Ok(Self { access_token: token.expose_secret().to_owned(), expires_at: (*expires_at).into() })
            }
            Issued::Tokens { .. } | Issued::Cookie { .. } => {
                Err(Fault::bug("customer.access_token: a sign-in of another kind").into())
            }
        }
    }
}

/// Who shows this token among the arguments of an operation; `None`: nobody.
///
/// # Errors
/// The database does not answer.
pub async fn holder_of(ctx: &Context<'_>, token: String) -> Result<Option<SignedIn>, ApiError> {
    let credential = Credential::Storefront(SecretString::from(token));
    match ctx.services().authenticate.run(&credential, ctx.asking()).await {
        Ok(caller) => Ok(caller.signed_in()),
        Err(AuthError::Invalid) => Ok(None),
        Err(AuthError::Fault(fault)) => Err(fault.into()),
    }
}
