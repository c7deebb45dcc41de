//! `customerReset`: the link that was mailed sets a new password.

use crate::graphql::{
    ApiError, Request,
    customer::{Customer, CustomerAccessToken, CustomerResetPayload, refusals},
    scalars::gid,
};
use async_graphql::{Context, ID, InputObject, Object};
use stoa_domain::{access::SignedIn, account::SessionKind, shared::CustomerId};
use stoa_graphql_http::Nullable;
use stoa_services::customer::LinkUse;

/// What sets a new password.
#[derive(Clone, InputObject)]
pub struct CustomerResetInput {
    /// The password to be.
    pub password: String,
    /// The token of the link that was mailed.
    pub reset_token: String,
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerReset;

/// Sets a new password.
#[Object]
impl CustomerReset {
    /// Sets a new password with the token that was mailed, ends every sign-in there was, and begins one.
    async fn customer_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The customer's global id. The token says whose link it is, so that one that names nobody \
                    (gid://stoa/Customer/me) will do."
        )]
        id: ID,
        #[graphql(desc = "Token and password.")] input: CustomerResetInput,
    ) -> Nullable<CustomerResetPayload> {
        Nullable::run(async { Box::pin(reset(ctx, &id, input)).await.map(Some) }).await
    }
}

async fn reset(
    ctx: &Context<'_>,
    id: &ID,
    input: CustomerResetInput,
) -> Result<CustomerResetPayload, ApiError> {
    let given = LinkUse {
        customer: gid::decode::<CustomerId>(id)?,
        token: input.reset_token.into(),
        password: input.password.into(),
        kind: SessionKind::Storefront,
    };
    let begun = match ctx.services().reset.run(&given, &ctx.asking()).await {
        Ok(begun) => begun,
        Err(error) => {
            return Ok(CustomerResetPayload::refused(refusals::link_use(error, "resetToken")?));
        }
    };
    let who = SignedIn { customer: CustomerId::new(begun.subject), session: begun.session };
    Ok(CustomerResetPayload {
        customer: Customer::read(ctx, who).await?,
        customer_access_token: Some(CustomerAccessToken::of(&begun.credential)?),
        customer_user_errors: Vec::new(),
    })
}
