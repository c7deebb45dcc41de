//! `cartStoreCreditApply`: whether store credit pays.

use crate::graphql::{
    ApiError, Request,
    cart::{CartMutation, CartPayload, InputPath, caller, refusals},
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_domain::shared::CartId;
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartStoreCreditApply;

impl CartMutation for CartStoreCreditApply {
    const PAYLOAD: &'static str = "CartStoreCreditApplyPayload";
}

/// Has store credit pay.
#[Object]
impl CartStoreCreditApply {
    /// Has the signed-in customer's store credit pay for a cart, behind all gift cards, or has it not. An addition of this server to the
    /// vocabulary.
    async fn cart_store_credit_apply(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether it pays.")] apply: bool,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async { set(ctx, &cart_id, apply).await.map(Some) }).await
    }
}

async fn set(
    ctx: &Context<'_>,
    cart_id: &ID,
    apply: bool,
) -> Result<CartPayload<CartStoreCreditApply>, ApiError> {
    let Some(cart) = gid::decode::<CartId>(cart_id)? else { return Ok(CartPayload::no_such_cart()) };
    let (services, by) = (ctx.services(), caller(ctx).await?);
    let outcome = Box::pin(services.store_credit.apply(&by, cart, apply)).await;
    let at = InputPath::argument("cartId");
    CartPayload::of(services, (&by, cart), outcome, |refusal| refusals::credit(refusal, at)).await
}
