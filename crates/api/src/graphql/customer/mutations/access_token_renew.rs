//! `customerAccessTokenRenew`: staying signed in.

use crate::graphql::{
    ApiError, Request,
    customer::{CustomerAccessToken, CustomerAccessTokenRenewPayload, UserError},
};
use async_graphql::{Context, Object};
use secrecy::SecretString;
use stoa_graphql_http::Nullable;
use stoa_services::account::AuthError;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerAccessTokenRenew;

/// Keeps a customer signed in.
#[Object]
impl CustomerAccessTokenRenew {
    /// Has a token last for as long as a new one would, though not beyond the end of its sign-in. It stays the same token.
    async fn customer_access_token_renew(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token.")] customer_access_token: String,
    ) -> Nullable<CustomerAccessTokenRenewPayload> {
        Nullable::run(async { renew(ctx, customer_access_token).await.map(Some) }).await
    }
}

async fn renew(ctx: &Context<'_>, token: String) -> Result<CustomerAccessTokenRenewPayload, ApiError> {
    let token = SecretString::from(token);
    match ctx.services().storefront_tokens.renew(&token, ctx.asking()).await {
        Ok(issued) => Ok(CustomerAccessTokenRenewPayload {
            customer_access_token: Some(CustomerAccessToken::of(&issued)?),
            user_errors: Vec::new(),
        }),
        Err(AuthError::Invalid) => Ok(CustomerAccessTokenRenewPayload {
            user_errors: vec![UserError::of_token()],
            ..Default::default()
        }),
        Err(AuthError::Fault(fault)) => Err(fault.into()),
    }
}
