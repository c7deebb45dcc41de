//! `cartBuyerIdentityUpdate`: who buys.

use crate::graphql::{
    ApiError, Request,
    cart::{
        CartMutation, CartPayload, caller, caller_with,
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
    /// Changes what a cart knows of its buyer; what is left out stays. Of a customer who is signed in it becomes the cart. One who has
    /// a cart already keeps that: what is in this one goes into it, it is what is answered, and this one is gone.
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
    mut buyer: CartBuyerIdentityInput,
) -> Result<CartPayload<CartBuyerIdentityUpdate>, ApiError> {
    let Some(cart) = gid::decode::<CartId>(cart_id)? else { return Ok(CartPayload::no_such_cart()) };
    let services = ctx.services();
    let places = Places::arguments();
    let token = buyer.customer_access_token.take();
    let by = match caller_with(ctx, token, &places.buyer.field("customerAccessToken")).await {
        Ok(by) => by,
        Err(error) => return CartPayload::stopped(services, (&caller(ctx).await?, cart), error).await,
    };
    let change = match identity_change(buyer, &places.buyer) {
        Ok(change) => change,
        Err(error) => return CartPayload::stopped(services, (&by, cart), error).await,
    };
    let outcome = services.identify_buyer.run(&by, cart, &change).await;
    CartPayload::of(services, (&by, cart), outcome, |refusal| refusals::identity(refusal, &places)).await
}
