//! `cartBuyerIdentityUpdate`: who buys.

use crate::graphql::{
    ApiError, Request,
    cart::{
        CartMutation, CartPayload,
        inputs::{CartBuyerIdentityInput, identity_change},
        refusals::{self, Places},
    },
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_domain::shared::CartId;
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartBuyerIdentityUpdate;

impl CartMutation for CartBuyerIdentityUpdate {
    const PAYLOAD: &'static str = "CartBuyerIdentityUpdatePayload";
}

/// Says who buys.
#[Object]
impl CartBuyerIdentityUpdate {
    /// Changes what a cart knows of its buyer; what is left out stays.
    async fn cart_buyer_identity_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who buys.")] buyer_identity: CartBuyerIdentityInput,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async { identify(ctx, &cart_id, buyer_identity).await.map(Some) }).await
    }
}

async fn identify(
    ctx: &Context<'_>,
    cart_id: &ID,
    buyer: CartBuyerIdentityInput,
) -> Result<CartPayload<CartBuyerIdentityUpdate>, ApiError> {
    let Some(cart) = gid::decode::<CartId>(cart_id)? else { return Ok(CartPayload::no_such_cart()) };
    let services = ctx.services();
    let places = Places::arguments();
    let change = match identity_change(buyer, &places.buyer) {
        Ok(change) => change,
        Err(error) => return CartPayload::stopped(services, cart, error).await,
    };
    let outcome = services.cart_details.set_identity(cart, &change).await;
    CartPayload::of(services, cart, outcome, |refusal| refusals::details(refusal, &places)).await
}
