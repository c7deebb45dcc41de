//! A part of an order that was sent.

use crate::graphql::scalars::{DateTime, Gid, Url};
use async_graphql::{Object, SimpleObject};
use std::borrow::Cow;
use stoa_domain::{
    order::Fulfillment,
    shared::{FulfillmentId, LineItemId, OrderId},
};

/// A part of an order that was sent.
#[derive(Clone, Debug)]
pub struct AdminFulfillment(pub(crate) Fulfillment);

/// Units of a line that were sent together.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct AdminFulfillmentLine {
    /// The global id of the order's line.
    pub line_item_id: Gid<LineItemId>,
    /// How many.
    pub quantity: u32,
}

/// A part of an order that was sent.
#[Object]
impl AdminFulfillment {
    /// When.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// Who sent it.
    async fn created_by(&self) -> &str {
        &self.0.created_by
    }

    /// The global id.
    async fn id(&self) -> Gid<FulfillmentId> {
        Gid(self.0.id)
    }

    /// What was sent.
    async fn lines(&self) -> Vec<AdminFulfillmentLine> {
        let line = |line: &stoa_domain::order::FulfillmentLine| AdminFulfillmentLine {
            line_item_id: Gid(line.line),
            quantity: line.quantity,
        };
        self.0.lines.iter().map(line).collect()
    }

    /// The global id of its order.
    async fn order_id(&self) -> Gid<OrderId> {
        Gid(self.0.order)
    }

    /// Its place among the order's, from 1.
    async fn position(&self) -> u32 {
        self.0.position
    }

    /// Who carries it.
    async fn tracking_company(&self) -> Option<&str> {
        self.0.tracking.company()
    }

    /// The parcels' numbers.
    async fn tracking_numbers(&self) -> &[String] {
        self.0.tracking.numbers()
    }

    /// Where to look for the parcels.
    async fn tracking_urls(&self) -> Vec<Url<'_>> {
        self.0.tracking.urls().iter().map(|url| Url(Cow::Borrowed(url))).collect()
    }
}
