//! What can be asked of orders.

use super::{Knowledge, Order, OrderLookupInput};
use crate::graphql::{ApiError, Request};
use async_graphql::{Context, Object};
use stoa_graphql_http::Nullable;
use stoa_persistence::order::OrderLookup;

/// The root fields of orders.
#[derive(Clone, Copy, Debug, Default)]
pub struct OrderQueries;

/// The root fields of orders.
#[Object]
impl OrderQueries {
    /// An order, for whoever knows enough to see it; null for everybody else, whether or not there is one.
    async fn order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order's token; or its number and the buyer's e-mail address.")]
        lookup: OrderLookupInput,
    ) -> Nullable<Order> {
        Nullable::run(async {
            let Some(lookup) = lookup.into_lookup() else { return Ok(None) };
            let knowledge = match &lookup {
                OrderLookup::Token(_) => Knowledge::Token,
                OrderLookup::Contact(..) => Knowledge::Contact,
            };
            let found = ctx.services().find_order.run(&lookup, ctx.client()).await?;
            Ok::<_, ApiError>(found.map(|view| Order::new(view, knowledge)))
        })
        .await
    }
}
