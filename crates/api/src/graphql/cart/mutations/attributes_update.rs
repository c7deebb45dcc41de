//! `cartAttributesUpdate`: free keys and values of the cart.

use crate::graphql::{
    ApiError, Request,
    cart::{
        AttributeInput, CartMutation, CartPayload, attribute, caller,
        inputs::bounded,
        refusals::{self, Places},
    },
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_domain::shared::CartId;
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartAttributesUpdate;

impl CartMutation for CartAttributesUpdate {
    const PAYLOAD: &'static str = "CartAttributesUpdatePayload";
}

/// Writes attributes on a cart.
#[Object]
impl CartAttributesUpdate {
    /// Replaces the attributes of a cart; an empty list takes them away.
    async fn cart_attributes_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "All attributes anew, at most 250.")] attributes: Vec<AttributeInput>,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async { write(ctx, &cart_id, attributes).await.map(Some) }).await
    }
}

async fn write(
    ctx: &Context<'_>,
    cart_id: &ID,
    attributes: Vec<AttributeInput>,
) -> Result<CartPayload<CartAttributesUpdate>, ApiError> {
    bounded("attributes", &attributes)?;
    let Some(cart) = gid::decode::<CartId>(cart_id)? else { return Ok(CartPayload::no_such_cart()) };
    let (services, by) = (ctx.services(), caller(ctx).await?);
    let outcome = services.cart_details.set_attributes(&by, cart, &attribute::into_domain(attributes)).await;
    CartPayload::of(services, (&by, cart), outcome, |refusal| {
        refusals::details(refusal, &Places::arguments())
    })
    .await
}
