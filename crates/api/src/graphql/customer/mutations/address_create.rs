//! `customerAddressCreate`: an address goes into the book.

use super::refused;
use crate::graphql::{
    ApiError, Request,
    customer::{
        CustomerAddressCreatePayload, CustomerUserError, MailingAddressInput, customer::mailing_address,
        holder_of,
    },
};
use async_graphql::{Context, Object};
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerAddressCreate;

/// Puts an address into the book.
#[Object]
impl CustomerAddressCreate {
    /// Puts an address into the customer's book. The first one is the default.
    async fn customer_address_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address.")] address: MailingAddressInput,
        #[graphql(desc = "The customer's token.")] customer_access_token: String,
    ) -> Nullable<CustomerAddressCreatePayload> {
        Nullable::run(async { create(ctx, address, customer_access_token).await.map(Some) }).await
    }
}

async fn create(
    ctx: &Context<'_>,
    input: MailingAddressInput,
    token: String,
) -> Result<CustomerAddressCreatePayload, ApiError> {
    let Some(who) = holder_of(ctx, token).await? else {
        return Ok(CustomerAddressCreatePayload::refused(CustomerUserError::unidentified()));
    };
    let address = match input.into_address() {
        Ok(address) => address,
        Err(error) => return Ok(CustomerAddressCreatePayload::refused(error)),
    };
    match ctx.services().addresses.create(who, address).await {
        Ok(entry) => Ok(CustomerAddressCreatePayload {
            customer_address: Some(mailing_address(&entry)),
            customer_user_errors: Vec::new(),
        }),
        Err(error) => Ok(CustomerAddressCreatePayload::refused(refused(error, "id")?)),
    }
}
