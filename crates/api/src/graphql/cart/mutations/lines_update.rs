//! `cartLinesUpdate`: lines change.

use crate::graphql::{
    ApiError, Request,
    cart::{
        CartMutation, CartPayload, InputPath, caller,
        inputs::{CartLineUpdateInput, line_updates},
        refusals,
    },
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_domain::shared::CartId;
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartLinesUpdate;

impl CartMutation for CartLinesUpdate {
    const PAYLOAD: &'static str = "CartLinesUpdatePayload";
}

/// Changes lines of a cart.
#[Object]
impl CartLinesUpdate {
    /// Changes lines of a cart; what is left out of a line stays, and a quantity of 0 takes it out. Lines that become the
    /// same are joined. What cannot be had in full is cut down to what can, with a warning.
    async fn cart_lines_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
        #[graphql(desc = "What to change, at most 250 lines at once.")] lines: Vec<CartLineUpdateInput>,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async { update(ctx, &cart_id, lines).await.map(Some) }).await
    }
}

async fn update(
    ctx: &Context<'_>,
    cart_id: &ID,
    lines: Vec<CartLineUpdateInput>,
) -> Result<CartPayload<CartLinesUpdate>, ApiError> {
    let Some(cart) = gid::decode::<CartId>(cart_id)? else { return Ok(CartPayload::no_such_cart()) };
    let (services, by) = (ctx.services(), caller(ctx).await?);
    let at = InputPath::argument("lines");
    let updates = match line_updates(lines, &at) {
        Ok(updates) => updates,
        Err(error) => return CartPayload::stopped(services, (&by, cart), error).await,
    };
    let variants: Vec<_> = updates.iter().map(|update| update.variant).collect();
    let outcome = services.cart_lines.update(&by, cart, updates).await;
    CartPayload::of(services, (&by, cart), outcome, |refusal| refusals::lines(refusal, &at, &variants)).await
}
