//! `customerActivate`: the link that was mailed begins an account.

use crate::graphql::{
    ApiError, Request,
    customer::{Customer, CustomerAccessToken, CustomerActivatePayload, refusals},
    scalars::gid,
};
use async_graphql::{Context, ID, InputObject, Object};
use stoa_domain::{access::SignedIn, account::SessionKind, shared::CustomerId};
use stoa_graphql_http::Nullable;
use stoa_services::customer::LinkUse;

/// What begins an account.
#[derive(Clone, InputObject)]
pub struct CustomerActivateInput {
    /// The token of the link that was mailed.
    pub activation_token: String,
    /// The password to be.
    pub password: String,
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerActivate;

/// Begins an account.
#[Object]
impl CustomerActivate {
    /// Begins an account with the token that was mailed, and signs its owner in. Orders placed with the address before are theirs.
    async fn customer_activate(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The customer's global id. The token says whose link it is, so that one that names nobody \
                    (gid://stoa/Customer/me) will do."
        )]
        id: ID,
        #[graphql(desc = "Token and password.")] input: CustomerActivateInput,
    ) -> Nullable<CustomerActivatePayload> {
        Nullable::run(async { Box::pin(activate(ctx, &id, input)).await.map(Some) }).await
    }
}

async fn activate(
    ctx: &Context<'_>,
    id: &ID,
    input: CustomerActivateInput,
) -> Result<CustomerActivatePayload, ApiError> {
    let given = LinkUse {
        customer: gid::decode::<CustomerId>(id)?,
        token: input.activation_token.into(),
        password: input.password.into(),
        kind: SessionKind::Storefront,
    };
    let begun = match ctx.services().activate.run(&given, &ctx.asking()).await {
        Ok(begun) => begun,
        Err(error) => {
            return Ok(CustomerActivatePayload::refused(refusals::link_use(error, "activationToken")?));
        }
    };
    let who = SignedIn { customer: CustomerId::new(begun.subject), session: begun.session };
    Ok(CustomerActivatePayload {
        customer: Customer::read(ctx, who).await?,
        customer_access_token: Some(CustomerAccessToken::of(&begun.credential)?),
        customer_user_errors: Vec::new(),
    })
}
