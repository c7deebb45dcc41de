//! `staffSignIn`, `staffSignInVerify`: signing in, with a second half for whoever has a second factor.

use crate::graphql::{
    ApiError, Request,
    account::{AccountTokens, give},
    admin::{StaffAccountUserError, refusals},
    cart::InputPath,
    scalars::DateTime,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use secrecy::ExposeSecret;
use std::fmt;
use stoa_domain::account::SessionKind;
use stoa_graphql_http::Nullable;
use stoa_services::{account::PasswordSignIn, staff::StaffSignInOutcome};

/// Who signs in.
#[derive(Clone, InputObject)]
pub struct StaffSignInInput {
    /// What the last sign-in of this program gave as `device`, if there was one: it is not kept out by others' guesses.
    pub device: Option<String>,
    /// The e-mail address, in any letter case.
    pub email: String,
    /// The password.
    pub password: String,
}

/// A sign-in whose first half was right.
#[derive(Clone, SimpleObject)]
pub struct StaffSignInChallenge {
    /// Until when it is waited.
    pub expires_at: DateTime,
    /// To be shown to `staffSignInVerify`, with a code.
    pub token: String,
}

/// Hides the token.
impl fmt::Debug for StaffSignInChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaffSignInChallenge(…)")
    }
}

/// What came of `staffSignIn`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffSignInPayload {
    /// Asks whoever has a second factor for a code; null for the others, and if it was refused.
    pub challenge: Option<StaffSignInChallenge>,
    /// To be shown at the next sign-in.
    pub device: Option<String>,
    /// What shows the sign-in; null if it waits for a code, and if it was refused.
    pub tokens: Option<AccountTokens>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffAccountUserError>,
}

/// What came of `staffSignInVerify`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffSignInVerifyPayload {
    /// To be shown at the next sign-in.
    pub device: Option<String>,
    /// What shows the sign-in; null if it was refused.
    pub tokens: Option<AccountTokens>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffAccountUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaffSignIn;

/// Signs staff in.
#[Object]
impl StaffSignIn {
    /// Signs a member of staff in. Whether it is the address or the password that is wrong, nobody is told.
    async fn staff_sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who.")] input: StaffSignInInput,
    ) -> Nullable<StaffSignInPayload> {
        Nullable::run(async { Box::pin(sign_in(ctx, input)).await.map(Some) }).await
    }

    /// The second half of a sign-in, by a code of the authenticator or a recovery code, either of which works once.
    async fn staff_sign_in_verify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token of the challenge.")] challenge: String,
        #[graphql(desc = "A code of the authenticator, or a recovery code.")] code: String,
    ) -> Nullable<StaffSignInVerifyPayload> {
        Nullable::run(async { Box::pin(verify(ctx, &challenge, &code)).await.map(Some) }).await
    }
}

async fn sign_in(ctx: &Context<'_>, input: StaffSignInInput) -> Result<StaffSignInPayload, ApiError> {
    let mut client = ctx.asking();
    client.device = input.device.map(Into::into).or(client.device);
    let given = PasswordSignIn { email: &input.email, password: &input.password, kind: SessionKind::Tokens };
    match ctx.services().staff_sign_in.run(given, &client).await {
        Ok(StaffSignInOutcome::SignedIn(begun)) => {
            let given = give(ctx, begun)?;
            Ok(StaffSignInPayload { device: given.device, tokens: given.tokens, ..Default::default() })
        }
        Ok(StaffSignInOutcome::Waiting(waiting)) => {
            let token = waiting.challenge.expose_secret().to_owned();
            let challenge = StaffSignInChallenge { token, expires_at: waiting.expires_at.into() };
            Ok(StaffSignInPayload { challenge: Some(challenge), ..Default::default() })
        }
        Err(error) => {
            let user_errors = vec![refusals::sign_in(error, InputPath::default())?];
            Ok(StaffSignInPayload { user_errors, ..Default::default() })
        }
    }
}

async fn verify(
    ctx: &Context<'_>,
    challenge: &str,
    code: &str,
) -> Result<StaffSignInVerifyPayload, ApiError> {
    match ctx.services().staff_sign_in.verify(challenge, code, &ctx.asking()).await {
        Ok(begun) => {
            let given = give(ctx, begun)?;
            Ok(StaffSignInVerifyPayload { device: given.device, tokens: given.tokens, ..Default::default() })
        }
        Err(error) => {
            let user_errors = vec![refusals::verify(error)?];
            Ok(StaffSignInVerifyPayload { user_errors, ..Default::default() })
        }
    }
}
