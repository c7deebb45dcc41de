//! `customerAccessTokenCreate`: signing in.

use crate::graphql::{
    ApiError, Request,
    customer::{CustomerAccessToken, CustomerAccessTokenCreatePayload, refusals},
};
use async_graphql::{Context, InputObject, Object};
use stoa_domain::account::SessionKind;
use stoa_graphql_http::Nullable;
use stoa_services::account::PasswordSignIn;

/// Who signs in.
#[derive(Clone, InputObject)]
pub struct CustomerAccessTokenCreateInput {
    /// The e-mail address, in any letter case.
    pub email: String,
    /// The password.
    pub password: String,
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerAccessTokenCreate;

/// Signs a customer in.
#[Object]
impl CustomerAccessTokenCreate {
    /// Signs a customer in, for a storefront that keeps the token. Whether it is the address or the password that is wrong, nobody is
    /// told.
    async fn customer_access_token_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Address and password.")] input: CustomerAccessTokenCreateInput,
    ) -> Nullable<CustomerAccessTokenCreatePayload> {
        Nullable::run(async { Box::pin(create(ctx, &input)).await.map(Some) }).await
    }
}

async fn create(
    ctx: &Context<'_>,
    input: &CustomerAccessTokenCreateInput,
) -> Result<CustomerAccessTokenCreatePayload, ApiError> {
    let given =
        PasswordSignIn { email: &input.email, password: &input.password, kind: SessionKind::Storefront };
    match ctx.services().sign_in.run(given, &ctx.asking()).await {
        Ok(signed_in) => Ok(CustomerAccessTokenCreatePayload {
            customer_access_token: Some(CustomerAccessToken::of(&signed_in.credential)?),
            ..Default::default()
        }),
        Err(error) => Ok(CustomerAccessTokenCreatePayload::refused(refusals::sign_in(error)?)),
    }
}
