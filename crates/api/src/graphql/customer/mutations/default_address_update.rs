//! `customerDefaultAddressUpdate`: which address is taken when none is chosen.

use super::refused;
use crate::graphql::{
    ApiError, Request,
    customer::{Customer, CustomerDefaultAddressUpdatePayload, CustomerUserError, holder_of, refusals},
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerDefaultAddressUpdate;

/// Makes an address the default.
#[Object]
impl CustomerDefaultAddressUpdate {
    /// Makes an address of the customer's book the default.
    async fn customer_default_address_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address's global id.")] address_id: ID,
        #[graphql(desc = "The customer's token.")] customer_access_token: String,
    ) -> Nullable<CustomerDefaultAddressUpdatePayload> {
        Nullable::run(async { update(ctx, &address_id, customer_access_token).await.map(Some) }).await
    }
}

async fn update(
    ctx: &Context<'_>,
    id: &ID,
    token: String,
) -> Result<CustomerDefaultAddressUpdatePayload, ApiError> {
    let id = gid::decode(id)?;
    let Some(who) = holder_of(ctx, token).await? else {
        return Ok(CustomerDefaultAddressUpdatePayload::refused(CustomerUserError::unidentified()));
    };
    let Some(id) = id else {
        return Ok(CustomerDefaultAddressUpdatePayload::refused(refusals::unknown_address("addressId")));
    };
    match ctx.services().addresses.set_default(who, id).await {
        Ok(book) => Ok(CustomerDefaultAddressUpdatePayload {
            customer: Customer::read(ctx, who).await?.map(|customer| customer.with_book(book)),
            customer_user_errors: Vec::new(),
        }),
        Err(error) => Ok(CustomerDefaultAddressUpdatePayload::refused(refused(error, "addressId")?)),
    }
}
