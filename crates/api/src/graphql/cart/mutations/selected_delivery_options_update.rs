//! `cartSelectedDeliveryOptionsUpdate`: how it is delivered.

use crate::graphql::{
    ApiError, Request,
    cart::{CartMutation, CartPayload, InputPath, caller, inputs::bounded, refusals},
    scalars::gid,
};
use async_graphql::{Context, ID, InputObject, Object};
use stoa_domain::shared::{CartId, DeliveryGroupId};
use stoa_graphql_http::Nullable;

/// A delivery group and the way it is to be delivered.
#[derive(Clone, Debug, InputObject)]
pub struct CartSelectedDeliveryOptionInput {
    /// The group's global id.
    pub delivery_group_id: ID,
    /// The handle of one of its options.
    pub delivery_option_handle: String,
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartSelectedDeliveryOptionsUpdate;

impl CartMutation for CartSelectedDeliveryOptionsUpdate {
    const PAYLOAD: &'static str = "CartSelectedDeliveryOptionsUpdatePayload";
}

/// Chooses how a cart is delivered.
#[Object]
impl CartSelectedDeliveryOptionsUpdate {
    /// Chooses how each delivery group of a cart gets to its buyer.
    async fn cart_selected_delivery_options_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
        #[graphql(
            desc = "The groups and their options, at most 250. Groups that are not named stay as they are."
        )]
        selected_delivery_options: Vec<CartSelectedDeliveryOptionInput>,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async { select(ctx, &cart_id, &selected_delivery_options).await.map(Some) }).await
    }
}

async fn select(
    ctx: &Context<'_>,
    cart_id: &ID,
    selected: &[CartSelectedDeliveryOptionInput],
) -> Result<CartPayload<CartSelectedDeliveryOptionsUpdate>, ApiError> {
    bounded("selectedDeliveryOptions", selected)?;
    let Some(cart) = gid::decode::<CartId>(cart_id)? else { return Ok(CartPayload::no_such_cart()) };
    let (services, by) = (ctx.services(), caller(ctx).await?);
    let at = InputPath::argument("selectedDeliveryOptions");
    let mut chosen = Vec::with_capacity(selected.len());
    for (index, one) in selected.iter().enumerate() {
        let Some(group) = gid::decode::<DeliveryGroupId>(&one.delivery_group_id)? else {
            let error = refusals::unknown_group(&at.entry(index));
            return CartPayload::refused(services, (&by, cart), error).await;
        };
        chosen.push((group, one.delivery_option_handle.as_str()));
    }
    let outcome = Box::pin(services.select_delivery.run(&by, cart, &chosen)).await;
    CartPayload::of(services, (&by, cart), outcome, |refusal| refusals::addresses(refusal, &at)).await
}
