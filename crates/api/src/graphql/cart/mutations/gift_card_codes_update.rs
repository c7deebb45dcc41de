//! `cartGiftCardCodesUpdate`: which gift cards a cart has.

use crate::graphql::{
    ApiError, Request,
    cart::{CartMutation, CartPayload, InputPath, caller, inputs::bounded, refusals},
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_domain::shared::CartId;
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartGiftCardCodesUpdate;

impl CartMutation for CartGiftCardCodesUpdate {
    const PAYLOAD: &'static str = "CartGiftCardCodesUpdatePayload";
}

/// Puts gift cards on carts.
#[Object]
impl CartGiftCardCodesUpdate {
    /// Makes these the gift cards of a cart, in their order; an empty list takes all off. They pay in order, each as much as is left to pay. If one
    /// of the codes is of no use nothing changes, and nothing is said of why. Too many that are none are `TOO_MANY_GUESSES`.
    async fn cart_gift_card_codes_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
        #[graphql(
            desc = "The codes; a cart has at most 10 cards. Letter case, spaces and hyphens do not count."
        )]
        gift_card_codes: Vec<String>,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async { replace(ctx, &cart_id, &gift_card_codes).await.map(Some) }).await
    }
}

async fn replace(
    ctx: &Context<'_>,
    cart_id: &ID,
    codes: &[String],
) -> Result<CartPayload<CartGiftCardCodesUpdate>, ApiError> {
    bounded("giftCardCodes", codes)?;
    let Some(cart) = gid::decode::<CartId>(cart_id)? else { return Ok(CartPayload::no_such_cart()) };
    let (services, by) = (ctx.services(), caller(ctx).await?);
    let outcome = refusals::not_guessed(Box::pin(services.gift_card_codes.replace(&by, cart, codes)).await)?;
    let at = InputPath::argument("giftCardCodes");
    CartPayload::of(services, (&by, cart), outcome, |refusal| refusals::cards(refusal, &at)).await
}
