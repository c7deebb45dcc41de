//! `cartLinesRemove`: lines go.

use crate::graphql::{
    ApiError, Request,
    cart::{CartMutation, CartPayload, InputPath, caller, inputs::removed_lines, refusals},
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_domain::shared::CartId;
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartLinesRemove;

impl CartMutation for CartLinesRemove {
    const PAYLOAD: &'static str = "CartLinesRemovePayload";
}

/// Takes lines out of a cart.
#[Object]
impl CartLinesRemove {
    /// Takes lines out of a cart. An id that is none of its lines is refused, and all lines stay.
    async fn cart_lines_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
        #[graphql(desc = "The global ids of the lines, at most 250 at once.")] line_ids: Vec<ID>,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async { remove(ctx, &cart_id, &line_ids).await.map(Some) }).await
    }
}

async fn remove(
    ctx: &Context<'_>,
    cart_id: &ID,
    line_ids: &[ID],
) -> Result<CartPayload<CartLinesRemove>, ApiError> {
    let Some(cart) = gid::decode::<CartId>(cart_id)? else { return Ok(CartPayload::no_such_cart()) };
    let (services, by) = (ctx.services(), caller(ctx).await?);
    let at = InputPath::argument("lineIds");
    let ids = match removed_lines(line_ids, &at) {
        Ok(ids) => ids,
        Err(error) => return CartPayload::stopped(services, (&by, cart), error).await,
    };
    let outcome = services.cart_lines.remove(&by, cart, ids).await;
    CartPayload::of(services, (&by, cart), outcome, |refusal| refusals::lines(refusal, &at, &[])).await
}
