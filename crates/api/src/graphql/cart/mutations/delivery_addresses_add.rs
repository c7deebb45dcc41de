//! `cartDeliveryAddressesAdd`: where it could be delivered to.

use crate::graphql::{
    ApiError, Request,
    cart::{
        CartMutation, CartPayload, InputPath, caller,
        inputs::{AddressBook, CartSelectableAddressInput, new_addresses},
        refusals,
    },
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_domain::shared::CartId;
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartDeliveryAddressesAdd;

impl CartMutation for CartDeliveryAddressesAdd {
    const PAYLOAD: &'static str = "CartDeliveryAddressesAddPayload";
}

/// Adds delivery addresses to a cart.
#[Object]
impl CartDeliveryAddressesAdd {
    /// Adds delivery addresses to a cart. The first one a cart gets is selected though nobody says so.
    async fn cart_delivery_addresses_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The addresses, at most 250 on a cart.")] addresses: Vec<CartSelectableAddressInput>,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async { add(ctx, &cart_id, addresses).await.map(Some) }).await
    }
}

async fn add(
    ctx: &Context<'_>,
    cart_id: &ID,
    addresses: Vec<CartSelectableAddressInput>,
) -> Result<CartPayload<CartDeliveryAddressesAdd>, ApiError> {
    let Some(cart) = gid::decode::<CartId>(cart_id)? else { return Ok(CartPayload::no_such_cart()) };
    let (services, by) = (ctx.services(), caller(ctx).await?);
    let at = InputPath::argument("addresses");
    let book = AddressBook::of(services, &by, addresses.iter().map(|input| &input.address)).await?;
    let addresses = match new_addresses(addresses, &at, &book) {
        Ok(addresses) => addresses,
        Err(error) => return CartPayload::stopped(services, (&by, cart), error).await,
    };
    let outcome = services.delivery_addresses.add(&by, cart, &addresses).await;
    CartPayload::of(services, (&by, cart), outcome, |refusal| refusals::addresses(refusal, &at)).await
}
