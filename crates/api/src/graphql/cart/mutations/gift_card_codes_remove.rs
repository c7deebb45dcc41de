//! `cartGiftCardCodesRemove`: fewer gift cards.

use crate::graphql::{
    ApiError, Request,
    cart::{CartMutation, CartPayload, InputPath, caller, inputs::bounded, refusals},
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_domain::shared::{CartId, GiftCardId};
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartGiftCardCodesRemove;

impl CartMutation for CartGiftCardCodesRemove {
    const PAYLOAD: &'static str = "CartGiftCardCodesRemovePayload";
}

/// Takes gift cards off carts.
#[Object]
impl CartGiftCardCodesRemove {
    /// Takes gift cards off a cart. A card that is not on it is off already.
    async fn cart_gift_card_codes_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ids of the cart's `appliedGiftCards` that are to go.")]
        applied_gift_card_ids: Vec<ID>,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async { remove(ctx, &cart_id, &applied_gift_card_ids).await.map(Some) }).await
    }
}

async fn remove(
    ctx: &Context<'_>,
    cart_id: &ID,
    ids: &[ID],
) -> Result<CartPayload<CartGiftCardCodesRemove>, ApiError> {
    bounded("appliedGiftCardIds", ids)?;
    let Some(cart) = gid::decode::<CartId>(cart_id)? else { return Ok(CartPayload::no_such_cart()) };
    // An id that can be nobody's is on no cart.
    let decoded = ids.iter().map(|id| gid::decode::<GiftCardId>(id)).collect::<Result<Vec<_>, _>>()?;
    let cards: Vec<GiftCardId> = decoded.into_iter().flatten().collect();
    let (services, by) = (ctx.services(), caller(ctx).await?);
    let outcome = refusals::not_guessed(Box::pin(services.gift_card_codes.remove(&by, cart, &cards)).await)?;
    let at = InputPath::argument("appliedGiftCardIds");
    CartPayload::of(services, (&by, cart), outcome, |refusal| refusals::cards(refusal, &at)).await
}
