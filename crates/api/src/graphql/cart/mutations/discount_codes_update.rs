//! `cartDiscountCodesUpdate`: which codes a cart has.

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
pub struct CartDiscountCodesUpdate;

impl CartMutation for CartDiscountCodesUpdate {
    const PAYLOAD: &'static str = "CartDiscountCodesUpdatePayload";
}

/// Enters discount codes.
#[Object]
impl CartDiscountCodesUpdate {
    /// Makes these the discount codes of a cart; an empty list takes all off. A code that is of no use stays on the cart with
    /// `applicable: false`, and a warning says why; it counts by itself once it is of use.
    async fn cart_discount_codes_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
        #[graphql(
            desc = "The codes, at most 10, in any letter case. The same code twice counts once, blank ones are none."
        )]
        discount_codes: Vec<String>,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async { replace(ctx, &cart_id, &discount_codes).await.map(Some) }).await
    }
}

async fn replace(
    ctx: &Context<'_>,
    cart_id: &ID,
    codes: &[String],
) -> Result<CartPayload<CartDiscountCodesUpdate>, ApiError> {
    bounded("discountCodes", codes)?;
    let Some(cart) = gid::decode::<CartId>(cart_id)? else { return Ok(CartPayload::no_such_cart()) };
    let (services, by) = (ctx.services(), caller(ctx).await?);
    let outcome = Box::pin(services.discount_codes.replace(&by, cart, codes)).await;
    let at = InputPath::argument("discountCodes");
    CartPayload::of(services, (&by, cart), outcome, |refusal| refusals::codes(refusal, &at)).await
}
