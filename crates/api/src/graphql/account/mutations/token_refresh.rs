//! `customerTokenRefresh`: the next access token.

use crate::graphql::{
    ApiError, Request,
    account::{AccountTokens, AccountUserError, give},
    cart::InputPath,
};
use async_graphql::{Context, Object, SimpleObject};
use stoa_domain::account::Realm;
use stoa_graphql_http::Nullable;
use stoa_services::account::AuthError;

/// What came of it.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerTokenRefreshPayload {
    /// The tokens that count from now on; null if it was refused.
    pub tokens: Option<AccountTokens>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AccountUserError>,
}

impl CustomerTokenRefreshPayload {
    fn refused(error: AccountUserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerTokenRefresh;

/// Gives the next tokens.
#[Object]
impl CustomerTokenRefresh {
    /// Gives the next tokens for a refresh token. It works once: whoever uses one again ends the sign-in. An addition of this server to
    /// the vocabulary.
    async fn customer_token_refresh(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token.")] refresh_token: String,
    ) -> Nullable<CustomerTokenRefreshPayload> {
        Nullable::run(async { Box::pin(refresh(ctx, &refresh_token)).await.map(Some) }).await
    }
}

async fn refresh(ctx: &Context<'_>, token: &str) -> Result<CustomerTokenRefreshPayload, ApiError> {
    match ctx.services().refresh.run(Realm::Customer, token).await {
        Ok(begun) => {
            Ok(CustomerTokenRefreshPayload { tokens: give(ctx, begun)?.tokens, user_errors: Vec::new() })
        }
        Err(AuthError::Invalid) => {
            let error = AccountUserError::of_token(InputPath::argument("refreshToken"));
            Ok(CustomerTokenRefreshPayload::refused(error))
        }
        Err(AuthError::Fault(fault)) => Err(fault.into()),
    }
}
