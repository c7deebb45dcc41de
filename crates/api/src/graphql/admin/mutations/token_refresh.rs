//! `staffTokenRefresh`: the next access token.

use crate::graphql::{
    ApiError, Request,
    account::{AccountTokens, give},
    admin::{StaffAccountUserError, refusals},
    cart::InputPath,
};
use async_graphql::{Context, Object, SimpleObject};
use stoa_domain::account::Realm;
use stoa_graphql_http::Nullable;
use stoa_services::account::AuthError;

/// What came of it.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffTokenRefreshPayload {
    /// The tokens that count from now on; null if it was refused.
    pub tokens: Option<AccountTokens>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffAccountUserError>,
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaffTokenRefresh;

/// Gives the next tokens.
#[Object]
impl StaffTokenRefresh {
    /// Gives the next tokens of a member of staff for a refresh token. It works once: whoever uses one again ends the sign-in.
    async fn staff_token_refresh(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token.")] refresh_token: String,
    ) -> Nullable<StaffTokenRefreshPayload> {
        Nullable::run(async { Box::pin(refresh(ctx, &refresh_token)).await.map(Some) }).await
    }
}

async fn refresh(ctx: &Context<'_>, token: &str) -> Result<StaffTokenRefreshPayload, ApiError> {
    match ctx.services().refresh.run(Realm::Staff, token).await {
        Ok(begun) => {
            Ok(StaffTokenRefreshPayload { tokens: give(ctx, begun)?.tokens, user_errors: Vec::new() })
        }
        Err(AuthError::Invalid) => {
            let user_errors = vec![refusals::token(InputPath::argument("refreshToken"))];
            Ok(StaffTokenRefreshPayload { user_errors, ..Default::default() })
        }
        Err(AuthError::Fault(fault)) => Err(fault.into()),
    }
}
