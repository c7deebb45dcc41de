//! `customerAddressUpdate`: an address of the book is written anew.

use super::refused;
use crate::graphql::{
    ApiError, Request,
    customer::{
        CustomerAddressUpdatePayload, CustomerUserError, MailingAddressInput, customer::mailing_address,
        holder_of, refusals,
    },
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerAddressUpdate;

/// Writes an address anew.
#[Object]
impl CustomerAddressUpdate {
    /// Writes an address of the customer's book anew.
    async fn customer_address_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "All of it anew: parts that are left out become empty.")]
        address: MailingAddressInput,
        #[graphql(desc = "The customer's token.")] customer_access_token: String,
        #[graphql(desc = "The address's global id.")] id: ID,
    ) -> Nullable<CustomerAddressUpdatePayload> {
        Nullable::run(async { update(ctx, address, customer_access_token, &id).await.map(Some) }).await
    }
}

async fn update(
    ctx: &Context<'_>,
    input: MailingAddressInput,
    token: String,
    id: &ID,
) -> Result<CustomerAddressUpdatePayload, ApiError> {
    let id = gid::decode(id)?;
    let Some(who) = holder_of(ctx, token).await? else {
        return Ok(CustomerAddressUpdatePayload::refused(CustomerUserError::unidentified()));
    };
    let Some(id) = id else {
        return Ok(CustomerAddressUpdatePayload::refused(refusals::unknown_address("id")));
    };
    let address = match input.into_address() {
        Ok(address) => address,
        Err(error) => return Ok(CustomerAddressUpdatePayload::refused(error)),
    };
    match ctx.services().addresses.update(who, id, address).await {
        Ok(entry) => Ok(CustomerAddressUpdatePayload {
            customer_address: Some(mailing_address(&entry)),
            customer_user_errors: Vec::new(),
        }),
        Err(error) => Ok(CustomerAddressUpdatePayload::refused(refused(error, "id")?)),
    }
}
