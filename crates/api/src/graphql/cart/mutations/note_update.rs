//! `cartNoteUpdate`: what the buyer writes.

use crate::graphql::{
    ApiError, Request,
    cart::{
        CartMutation, CartPayload, caller,
        refusals::{self, Places},
    },
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_domain::shared::CartId;
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartNoteUpdate;

impl CartMutation for CartNoteUpdate {
    const PAYLOAD: &'static str = "CartNoteUpdatePayload";
}

/// Writes a note on a cart.
#[Object]
impl CartNoteUpdate {
    /// Replaces the note on a cart; an empty one takes it away.
    async fn cart_note_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
        #[graphql(desc = "The note, at most 5,000 characters.")] note: String,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async { write(ctx, &cart_id, &note).await.map(Some) }).await
    }
}

async fn write(ctx: &Context<'_>, cart_id: &ID, note: &str) -> Result<CartPayload<CartNoteUpdate>, ApiError> {
    let Some(cart) = gid::decode::<CartId>(cart_id)? else { return Ok(CartPayload::no_such_cart()) };
    let (services, by) = (ctx.services(), caller(ctx).await?);
    let outcome = services.cart_details.set_note(&by, cart, note).await;
    CartPayload::of(services, (&by, cart), outcome, |refusal| {
        refusals::details(refusal, &Places::arguments())
    })
    .await
}
