//! What shows a sign-in: tokens, or a cookie that the answer sets.

use super::{AccountErrorCode, AccountUserError};
use crate::{
    graphql::{ApiError, Request, cart::InputPath, scalars::DateTime},
    http,
};
use async_graphql::{Context, Enum, SimpleObject};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use stoa_domain::{account::SessionKind, shared::Fault};
use stoa_services::account::{Issued, SignedInNow};

/// What a sign-in is to be shown by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum SignInMode {
    /// An access token for `Authorization: Bearer`, and a refresh token that gives the next one.
    #[default]
    Tokens,
    /// A cookie, which scripts cannot read. It counts in requests of this server's own pages.
    Cookie,
}

impl From<SignInMode> for SessionKind {
    fn from(mode: SignInMode) -> Self {
        match mode {
            SignInMode::Tokens => Self::Tokens,
            SignInMode::Cookie => Self::Cookie,
        }
    }
}

impl SignInMode {
    /// Whether whoever asks can be signed in so.
    ///
    /// # Errors
    /// The shop is reached without TLS, or the answer has no headers. `at` is where the mode stands.
    pub fn check(self, ctx: &Context<'_>, at: InputPath) -> Result<(), AccountUserError> {
        match self {
            Self::Tokens => Ok(()),
            Self::Cookie => check_cookies(ctx, at),
        }
    }
}

/// Whether whoever asks can be given a cookie; `at` is where that was asked for.
pub(super) fn check_cookies(ctx: &Context<'_>, at: InputPath) -> Result<(), AccountUserError> {
    let refused = |message| Err(AccountUserError::new(AccountErrorCode::CookiesNotPossible, at, message));
    if !http::cookies_are_taken_at(&ctx.services().context().settings().public_url) {
        return refused("Cookies need TLS: browsers take those of sign-ins from https addresses alone.");
    }
    if !ctx.hears_headers() {
        return refused("Nothing that is answered over a WebSocket sets a cookie: send this by POST.");
    }
    Ok(())
}

/// Tokens of a sign-in. Whoever has them acts for the customer.
#[derive(Clone, SimpleObject)]
pub struct AccountTokens {
    /// Goes into `Authorization: Bearer`. A JWT (EdDSA) that other services can check by `/.well-known/jwks.json`.
    pub access_token: String,
    /// When it ends.
    pub access_token_expires_at: DateTime,
    /// Gives the next access token. It works once.
    pub refresh_token: String,
    /// When it ends, unless it is used.
    pub refresh_token_expires_at: DateTime,
}

/// Hides them.
impl fmt::Debug for AccountTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountTokens(…)")
    }
}

/// What a sign-in gives back in the answer itself.
#[derive(Clone, Default)]
pub struct Given {
    /// Tokens; `None`: the answer sets a cookie.
    pub tokens: Option<AccountTokens>,
    /// What shows that this browser has signed in before; `None`: it is in a cookie, or was shown already.
    pub device: Option<String>,
}

/// Gives out what shows a sign-in.
///
/// # Errors
/// It is shown by something that was not asked for: a fault of ours.
pub fn give(ctx: &Context<'_>, begun: SignedInNow) -> Result<Given, ApiError> {
    match begun.credential {
        Issued::Tokens { access, access_expires_at, refresh, refresh_expires_at } => Ok(Given {
            tokens: Some(AccountTokens {
                access_token: exposed(&access),
                access_token_expires_at: access_expires_at.into(),
                refresh_token: exposed(&refresh),
                refresh_token_expires_at: refresh_expires_at.into(),
            }),
            device: begun.device.as_ref().map(exposed),
        }),
        Issued::Cookie { token, ends_at } => {
            let now = ctx.services().now();
            for cookie in http::cookies_of_sign_in(&token, ends_at, begun.device.as_ref(), now) {
                ctx.append_http_header(SET_COOKIE, cookie);
            }
            Ok(Given::default())
        }
        Issued::Storefront { .. } => Err(Fault::bug("account.give: a sign-in of another kind").into()),
    }
}

/// Has a browser forget that it is signed in. Who has no cookie is told in vain.
pub fn take_back(ctx: &Context<'_>) {
    ctx.append_http_header(SET_COOKIE, http::clear_cookie(http::SESSION_COOKIE));
}

pub(super) const SET_COOKIE: &str = "set-cookie";

fn exposed(secret: &SecretString) -> String {
    secret.expose_secret().to_owned()
}
