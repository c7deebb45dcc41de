//! Orders under `admin`.

use super::{
    AdminOrder, AdminOrderEvent, AdminRefund,
    load::{all, one},
};
use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        page::{filled, ids},
    },
    paging::{Connection, PageArgs},
    scalars::gid,
};
use async_graphql::{Context, Enum, ID, Object};
use stoa_domain::{access::grants::OrdersRead, shared::OrderId};
use stoa_graphql_http::Nullable;
use stoa_persistence::order::{OrderSort, OrdersListing};
use stoa_services::admin::parse_order_search;

/// By what orders are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum AdminOrderSortKeys {
    /// By number, in which they were placed.
    #[default]
    ProcessedAt,
    /// By what the buyer was charged.
    TotalPrice,
    /// By when they last changed.
    UpdatedAt,
}

impl From<AdminOrderSortKeys> for OrderSort {
    fn from(key: AdminOrderSortKeys) -> Self {
        match key {
            AdminOrderSortKeys::ProcessedAt => Self::Number,
            AdminOrderSortKeys::TotalPrice => Self::Total,
            AdminOrderSortKeys::UpdatedAt => Self::UpdatedAt,
        }
    }
}

/// What is read of orders.
#[derive(Clone, Copy, Debug, Default)]
pub struct OrderReads;

/// What is read of orders.
#[Object]
impl OrderReads {
    /// An order; null if there is none with this id.
    #[graphql(guard = "may::<OrdersRead>", visible = "seen::<OrdersRead>")]
    async fn order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its global id.")] id: ID,
    ) -> Nullable<AdminOrder> {
        Nullable::run(async {
            let by = ctx.permit::<OrdersRead>()?;
            let Some(id) = gid::decode::<OrderId>(&id)? else { return Ok::<_, ApiError>(None) };
            one(ctx, &by, id).await
        })
        .await
    }

    /// What happened to an order, the oldest first; empty if there is none with this id.
    #[graphql(guard = "may::<OrdersRead>", visible = "seen::<OrdersRead>")]
    async fn order_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order's global id.")] order_id: ID,
    ) -> Result<Vec<AdminOrderEvent>, ApiError> {
        let by = ctx.permit::<OrdersRead>()?;
        let Some(id) = gid::decode::<OrderId>(&order_id)? else { return Ok(Vec::new()) };
        let events = ctx.services().admin.orders.history(&by, id).await?;
        Ok(events.into_iter().map(AdminOrderEvent).collect())
    }

    /// The refunds of an order, the oldest first; empty if there is none with this id.
    #[graphql(guard = "may::<OrdersRead>", visible = "seen::<OrdersRead>")]
    async fn order_refunds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order's global id.")] order_id: ID,
    ) -> Result<Vec<AdminRefund>, ApiError> {
        let by = ctx.permit::<OrdersRead>()?;
        let Some(id) = gid::decode::<OrderId>(&order_id)? else { return Ok(Vec::new()) };
        let services = ctx.services();
        let refunds = services.admin.orders.refunds(&by, id).await?;
        let seen = |view: stoa_services::admin::RefundView| AdminRefund {
            refund: view.refund,
            memo: view.memo,
            created_at: view.created_at,
            currency: view.currency,
        };
        Ok(refunds.into_iter().map(seen).collect())
    }

    /// Orders. Without `query` all of them.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    #[graphql(guard = "may::<OrdersRead>", visible = "seen::<OrdersRead>")]
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(
            desc = "Conditions, all of which must hold: `#1001`, `email:`, `status:`, `financial_status:`, `fulfillment_status:`, `attention:`, `created_at:`, `updated_at:`, `customer_id:`."
        )]
        query: Option<String>,
        #[graphql(default = false, desc = "Whether the last come first.")] reverse: bool,
        #[graphql(default, desc = "By what they are listed.")] sort_key: AdminOrderSortKeys,
    ) -> Result<Connection<AdminOrder>, ApiError> {
        let by = ctx.permit::<OrdersRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let listing = OrdersListing { sort: sort_key.into(), reverse, ..OrdersListing::default() };
        let listing = match query {
            Some(query) => parse_order_search(&query, listing)
                .map_err(|error| ApiError::bad_input(format!("query: {error}.")))?,
            None => listing,
        };
        let page = ctx.services().admin.orders.list(&by, &listing, &request).await?;
        let found = Box::pin(all(ctx, &by, &ids(&page))).await?;
        Ok(filled(&page, found, |(id, _)| *id, |(_, order)| order))
    }
}
