//! A line of an order, as staff see it.

use super::object::OrderFile;
use crate::graphql::{MoneyV2, PriceCurrency, cart::Attribute, scalars::Gid};
use async_graphql::Object;
use std::sync::Arc;
use stoa_domain::{
    order::LineItem,
    shared::{LineItemId, ProductId, VariantId},
};

/// A line of an order, as staff see it.
#[derive(Clone, Debug)]
pub struct AdminOrderLineItem {
    order: Arc<OrderFile>,
    /// Always an index of the order's lines.
    at: usize,
}

impl AdminOrderLineItem {
    /// The line at an index that is known to be one.
    pub(super) fn new(order: &Arc<OrderFile>, at: usize) -> Self {
        Self { order: Arc::clone(order), at }
    }

    fn inner(&self) -> &LineItem {
        &self.order.view.order.lines[self.at]
    }

    fn money(&self, minor: i64) -> MoneyV2 {
        PriceCurrency::from(self.order.view.order.figures.currency).of(minor)
    }
}

/// A line of an order, as staff see it: a copy of what was sold, at the price it was sold for.
#[Object]
impl AdminOrderLineItem {
    /// What was to be done to it, such as an engraving.
    async fn custom_attributes(&self) -> Vec<Attribute<'_>> {
        Attribute::all(&self.inner().attributes)
    }

    /// Units that have left the house.
    async fn fulfilled_quantity(&self) -> u32 {
        self.inner().fulfilled
    }

    /// The global id.
    async fn id(&self) -> Gid<LineItemId> {
        Gid(self.inner().id)
    }

    /// All units.
    async fn original_total(&self) -> MoneyV2 {
        self.money(self.inner().subtotal)
    }

    /// One unit.
    async fn original_unit_price(&self) -> MoneyV2 {
        self.money(self.inner().unit_price)
    }

    /// The global id of its product, which may be gone by now.
    async fn product_id(&self) -> Gid<ProductId> {
        Gid(self.inner().product)
    }

    /// Units.
    async fn quantity(&self) -> u32 {
        self.inner().quantity
    }

    /// Whether it has to be delivered.
    async fn requires_shipping(&self) -> bool {
        self.inner().requires_shipping
    }

    /// The SKU when it was sold.
    async fn sku(&self) -> Option<&str> {
        self.inner().sku.as_deref()
    }

    /// The product's title when it was sold.
    async fn title(&self) -> &str {
        &self.inner().title
    }

    /// The global id of what was sold, which may be gone by now.
    async fn variant_id(&self) -> Gid<VariantId> {
        Gid(self.inner().variant)
    }

    /// The variant's title when it was sold.
    async fn variant_title(&self) -> &str {
        &self.inner().variant_title
    }
}
