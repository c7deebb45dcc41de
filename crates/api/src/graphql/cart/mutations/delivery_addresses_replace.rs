//! `cartDeliveryAddressesReplace`: other places to deliver to.

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
pub struct CartDeliveryAddressesReplace;

impl CartMutation for CartDeliveryAddressesReplace {
    const PAYLOAD: &'static str = "CartDeliveryAddressesReplacePayload";
}

/// Replaces all delivery addresses of a cart.
#[Object]
impl CartDeliveryAddressesReplace {
    /// Replaces all delivery addresses of a cart; the first of the new ones is selected though nobody says so.
    async fn cart_delivery_addresses_replace(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The addresses, at most 250.")] addresses: Vec<CartSelectableAddressInput>,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async { replace(ctx, &cart_id, addresses).await.map(Some) }).await
    }
}

async fn replace(
    ctx: &Context<'_>,
    cart_id: &ID,
    addresses: Vec<CartSelectableAddressInput>,
) -> Result<CartPayload<CartDeliveryAddressesReplace>, ApiError> {
    let Some(cart) = gid::decode::<CartId>(cart_id)? else { return Ok(CartPayload::no_such_cart()) };
    let (services, by) = (ctx.services(), caller(ctx).await?);
    let at = InputPath::argument("addresses");
    let book = AddressBook::of(services, &by, addresses.iter().map(|input| &input.address)).await?;
    let addresses = match new_addresses(addresses, &at, &book) {
        Ok(addresses) => addresses,
        Err(error) => return CartPayload::stopped(services, (&by, cart), error).await,
    };
    let outcome = services.delivery_addresses.replace(&by, cart, &addresses).await;
    CartPayload::of(services, (&by, cart), outcome, |refusal| refusals::addresses(refusal, &at)).await
}
