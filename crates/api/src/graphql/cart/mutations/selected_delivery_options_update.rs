//! `cartSelectedDeliveryOptionsUpdate`: how it is delivered.

use crate::graphql::{
    ApiError, Request,
    cart::{
        CartErrorCode, CartMutation, CartPayload, CartUserError, DeliveryGroupId, InputPath, caller,
        inputs::bounded, refusals,
    },
    scalars::gid,
};
use async_graphql::{Context, ID, InputObject, Object};
use stoa_domain::shared::{self, CartId};
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
        #[graphql(desc = "The groups and their options. A cart has one group, so there is one entry.")]
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
    let [only] = selected else {
        let message = "The cart has one delivery group: exactly one option can be chosen.";
        let error = CartUserError::new(CartErrorCode::InvalidDeliveryGroup, at, message);
        return CartPayload::refused(services, (&by, cart), error).await;
    };
    let at = at.entry(0);
    let Some(group) = gid::decode::<DeliveryGroupId>(&only.delivery_group_id)? else {
        let error = refusals::unknown_group(&at);
        return CartPayload::refused(services, (&by, cart), error).await;
    };
    let chosen = [(shared::DeliveryGroupId::new(group.0.uuid()), only.delivery_option_handle.as_str())];
    let outcome = services.select_delivery.run(&by, cart, &chosen).await;
    CartPayload::of(services, (&by, cart), outcome, |refusal| refusals::addresses(refusal, &at)).await
}
