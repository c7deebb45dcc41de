//! `cartDeliveryAddressesUpdate`: delivery addresses change.

use crate::graphql::{
    ApiError, Request,
    cart::{
        CartMutation, CartPayload, InputPath, caller,
        inputs::{AddressBook, CartSelectableAddressUpdateInput, address_changes},
        refusals,
    },
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_domain::shared::CartId;
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartDeliveryAddressesUpdate;

impl CartMutation for CartDeliveryAddressesUpdate {
    const PAYLOAD: &'static str = "CartDeliveryAddressesUpdatePayload";
}

/// Changes delivery addresses of a cart.
#[Object]
impl CartDeliveryAddressesUpdate {
    /// Changes delivery addresses of a cart. An address that is given replaces the whole of the old one.
    async fn cart_delivery_addresses_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] addresses: Vec<CartSelectableAddressUpdateInput>,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async { update(ctx, &cart_id, addresses).await.map(Some) }).await
    }
}

async fn update(
    ctx: &Context<'_>,
    cart_id: &ID,
    addresses: Vec<CartSelectableAddressUpdateInput>,
) -> Result<CartPayload<CartDeliveryAddressesUpdate>, ApiError> {
    let Some(cart) = gid::decode::<CartId>(cart_id)? else { return Ok(CartPayload::no_such_cart()) };
    let (services, by) = (ctx.services(), caller(ctx).await?);
    let at = InputPath::argument("addresses");
    let book =
        AddressBook::of(services, &by, addresses.iter().filter_map(|input| input.address.as_ref())).await?;
    let addresses = match address_changes(addresses, &at, &book) {
        Ok(addresses) => addresses,
        Err(error) => return CartPayload::stopped(services, (&by, cart), error).await,
    };
    let outcome = services.delivery_addresses.update(&by, cart, &addresses).await;
    CartPayload::of(services, (&by, cart), outcome, |refusal| refusals::addresses(refusal, &at)).await
}
