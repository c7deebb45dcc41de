//! `customerAddressDelete`: an address leaves the book.

use super::refused;
use crate::graphql::{
    ApiError, Request,
    customer::{CustomerAddressDeletePayload, CustomerUserError, holder_of, refusals},
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, Object};
use stoa_domain::shared::CustomerAddressId;
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerAddressDelete;

/// Takes an address out.
#[Object]
impl CustomerAddressDelete {
    /// Takes an address out of the customer's book. If it was the default, the oldest of the others becomes it.
    async fn customer_address_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customer's token.")] customer_access_token: String,
        #[graphql(desc = "The address's global id.")] id: ID,
    ) -> Nullable<CustomerAddressDeletePayload> {
        Nullable::run(async { delete(ctx, customer_access_token, &id).await.map(Some) }).await
    }
}

async fn delete(ctx: &Context<'_>, token: String, id: &ID) -> Result<CustomerAddressDeletePayload, ApiError> {
    let id: Option<CustomerAddressId> = gid::decode(id)?;
    let Some(who) = holder_of(ctx, token).await? else {
        return Ok(CustomerAddressDeletePayload::refused(CustomerUserError::unidentified()));
    };
    let Some(id) = id else {
        return Ok(CustomerAddressDeletePayload::refused(refusals::unknown_address("id")));
    };
    match ctx.services().addresses.delete(who, id).await {
        Ok(()) => Ok(CustomerAddressDeletePayload {
            deleted_customer_address_id: Some(Gid(id).text()),
            customer_user_errors: Vec::new(),
        }),
        Err(error) => Ok(CustomerAddressDeletePayload::refused(refused(error, "id")?)),
    }
}
