//! What can be followed.

use super::VariantInventory;
use crate::graphql::{
    ApiError, Flat, Request,
    cart::{Cart, caller, inputs::bounded},
    order::{Knowledge, Order, OrderLookupInput},
    scalars::gid,
};
use async_graphql::{Context, ID, Subscription};
use futures_util::{Stream, StreamExt, stream};
use stoa_domain::shared::{CartId, VariantId};
use stoa_persistence::order::OrderLookup;

/// The root fields of subscriptions.
#[derive(Clone, Copy, Debug, Default)]
pub struct LiveSubscriptions;

/// What can be followed, over a WebSocket (`graphql-transport-ws`) or as `text/event-stream`. Each subscription first sends what
/// there is and then what has changed, to whoever could read the same by a query, on whichever instance it was changed. When
/// much changes at once some states may be passed over, never the last one. After a connection was lost, subscribe again: what
/// there is comes first.
#[Subscription(name = "Subscription")]
impl LiveSubscriptions {
    /// A cart, for whoever knows its id: as it is now, and again after each change to it, in a newer version each time. Null, once
    /// and at last, when there is no such cart, or no more: it was ordered, or its time was over. Prices and stock are as of each
    /// answer; when only they change, none is sent.
    async fn cart_updated(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
    ) -> Result<impl Stream<Item = Option<Flat<Cart>>> + use<>, ApiError> {
        let viewer = caller(ctx).await?.viewer;
        let carts = match gid::decode::<CartId>(&cart_id)? {
            Some(id) => ctx.services().watch_cart.run(viewer, id).await?.left_stream(),
            // Nobody has a cart under such an id.
            None => stream::once(async { None }).right_stream(),
        };
        Ok(carts.map(move |view| view.map(|view| Flat(Cart::new(view, viewer)))))
    }

    /// What can be bought of variants: of all of them now, in the order of the ids, and then of those of which it has changed,
    /// at most four times a second; what others put into their carts counts. Of a variant that the shop does not offer, nothing
    /// can be bought. It does not end by itself.
    async fn inventory_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global ids of the variants, 250 at most.")] variant_ids: Vec<ID>,
    ) -> Result<impl Stream<Item = Vec<VariantInventory>> + use<>, ApiError> {
        bounded("variantIds", &variant_ids)?;
        let mut variants = Vec::with_capacity(variant_ids.len());
        for id in &variant_ids {
            // The id of nothing is not told of.
            variants.extend(gid::decode::<VariantId>(id)?);
        }
        let updates = ctx.services().watch_stock.run(variants).await?;
        Ok(updates.map(|updates| updates.into_iter().map(VariantInventory).collect()))
    }

    /// An order, for whoever knows enough to see it: as it stands now, and again whenever it was paid, cancelled or refunded, in
    /// part too, or something of it left the house. Null, once and at last, for everybody else, whether or not there is one.
    /// Otherwise it does not end by itself: money may go back long after.
    async fn order_status_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order's token; or its number and the buyer's e-mail address.")]
        lookup: OrderLookupInput,
    ) -> Result<impl Stream<Item = Option<Order>> + use<>, ApiError> {
        let Some(lookup) = lookup.into_lookup() else {
            return Ok(stream::once(async { None }).right_stream());
        };
        let knowledge = match &lookup {
            OrderLookup::Token(_) => Knowledge::Token,
            OrderLookup::Contact(..) => Knowledge::Contact,
        };
        let services = ctx.services();
        let orders = services.watch_order.run(&services.find_order, &lookup, ctx.client()).await?;
        Ok(orders.map(move |view| view.map(|view| Order::new(view, knowledge))).left_stream())
    }
}
