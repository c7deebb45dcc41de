//! `customerAccessTokenDelete`: signing out.

use crate::graphql::{
    ApiError, Request,
    customer::{CustomerAccessTokenDeletePayload, UserError},
    scalars::Gid,
};
use async_graphql::{Context, Object};
use secrecy::SecretString;
use stoa_graphql_http::Nullable;
use stoa_services::account::AuthError;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerAccessTokenDelete;

/// Signs a customer out.
#[Object]
impl CustomerAccessTokenDelete {
    /// Ends the sign-in of a token, which is worth nothing from then on.
    async fn customer_access_token_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token.")] customer_access_token: String,
    ) -> Nullable<CustomerAccessTokenDeletePayload> {
        Nullable::run(async { delete(ctx, customer_access_token).await.map(Some) }).await
    }
}

async fn delete(ctx: &Context<'_>, token: String) -> Result<CustomerAccessTokenDeletePayload, ApiError> {
    let secret = SecretString::from(token.as_str());
    match ctx.services().storefront_tokens.delete(&secret, ctx.asking()).await {
        Ok(session) => Ok(CustomerAccessTokenDeletePayload {
            deleted_access_token: Some(token),
            deleted_customer_access_token_id: Some(Gid(session).text()),
            user_errors: Vec::new(),
        }),
        Err(AuthError::Invalid) => Ok(CustomerAccessTokenDeletePayload {
            user_errors: vec![UserError::of_token()],
            ..Default::default()
        }),
        Err(AuthError::Fault(fault)) => Err(fault.into()),
    }
}
