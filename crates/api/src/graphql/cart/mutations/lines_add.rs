//! `cartLinesAdd`: something goes into the cart.

use crate::graphql::{
    ApiError, Request,
    cart::{
        CartMutation, CartPayload, InputPath, caller,
        inputs::{CartLineInput, added_lines},
        refusals,
    },
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_domain::shared::CartId;
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartLinesAdd;

impl CartMutation for CartLinesAdd {
    const PAYLOAD: &'static str = "CartLinesAddPayload";
}

/// Puts something into a cart.
#[Object]
impl CartLinesAdd {
    /// Adds merchandise to a cart; the same merchandise with the same attributes grows its line. What cannot be had in
    /// full is cut down to what can, with a warning.
    async fn cart_lines_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
        #[graphql(desc = "What to add, at most 250 lines at once.")] lines: Vec<CartLineInput>,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async { add(ctx, &cart_id, lines).await.map(Some) }).await
    }
}

async fn add(
    ctx: &Context<'_>,
    cart_id: &ID,
    lines: Vec<CartLineInput>,
) -> Result<CartPayload<CartLinesAdd>, ApiError> {
    let Some(cart) = gid::decode::<CartId>(cart_id)? else { return Ok(CartPayload::no_such_cart()) };
    let (services, by) = (ctx.services(), caller(ctx).await?);
    let at = InputPath::argument("lines");
    let lines = match added_lines(lines, &at) {
        Ok(lines) => lines,
        Err(error) => return CartPayload::stopped(services, (&by, cart), error).await,
    };
    let variants: Vec<_> = lines.iter().map(|line| Some(line.variant)).collect();
    let outcome = services.cart_lines.add(&by, cart, lines).await;
    CartPayload::of(services, (&by, cart), outcome, |refusal| refusals::lines(refusal, &at, &variants)).await
}
