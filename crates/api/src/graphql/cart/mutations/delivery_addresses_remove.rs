//! `cartDeliveryAddressesRemove`: delivery addresses go.

use crate::graphql::{
    ApiError, Request,
    cart::{CartMutation, CartPayload, InputPath, caller, inputs::removed_addresses, refusals},
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_domain::shared::CartId;
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartDeliveryAddressesRemove;

impl CartMutation for CartDeliveryAddressesRemove {
    const PAYLOAD: &'static str = "CartDeliveryAddressesRemovePayload";
}

/// Takes delivery addresses off a cart.
#[Object]
impl CartDeliveryAddressesRemove {
    /// Takes delivery addresses off a cart. An id that is none of its addresses is refused, and all stay.
    async fn cart_delivery_addresses_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global ids of the addresses, as `delivery { addresses }` gives them.")]
        address_ids: Vec<ID>,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async { remove(ctx, &cart_id, &address_ids).await.map(Some) }).await
    }
}

async fn remove(
    ctx: &Context<'_>,
    cart_id: &ID,
    address_ids: &[ID],
) -> Result<CartPayload<CartDeliveryAddressesRemove>, ApiError> {
    let Some(cart) = gid::decode::<CartId>(cart_id)? else { return Ok(CartPayload::no_such_cart()) };
    let (services, by) = (ctx.services(), caller(ctx).await?);
    let at = InputPath::argument("addressIds");
    let ids = match removed_addresses(address_ids, &at) {
        Ok(ids) => ids,
        Err(error) => return CartPayload::stopped(services, (&by, cart), error).await,
    };
    let outcome = services.delivery_addresses.remove(&by, cart, &ids).await;
    CartPayload::of(services, (&by, cart), outcome, |refusal| refusals::addresses(refusal, &at)).await
}
