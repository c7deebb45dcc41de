//! A line of an order.

use super::{DiscountAllocation, discounts, object::OrderData};
use crate::graphql::{ApiError, MoneyV2, PriceCurrency, cart::Attribute, catalog::ProductVariant};
use async_graphql::{Context, Object};
use std::sync::Arc;
use stoa_domain::order::LineItem;
use stoa_graphql_http::Nullable;

/// The title of a variant of a product without options.
const NO_CHOICE: &str = "Default Title";

/// A line of an order.
#[derive(Clone, Debug)]
pub struct OrderLineItem {
    order: Arc<OrderData>,
    /// Always an index of the order's lines.
    at: usize,
}

impl OrderLineItem {
    /// The line at an index that is known to be one.
    pub(super) fn new(order: &Arc<OrderData>, at: usize) -> Self {
        Self { order: Arc::clone(order), at }
    }

    fn lines(&self) -> &[LineItem] {
        &self.order.view.order.lines
    }

    fn inner(&self) -> &LineItem {
        &self.lines()[self.at]
    }

    fn money(&self, minor: i64) -> MoneyV2 {
        PriceCurrency::from(self.order.view.order.figures.currency).of(minor)
    }
}

/// A line of an order: a copy of what was sold, at the price it was sold for.
#[Object]
impl OrderLineItem {
    /// What was to be done to it, such as an engraving.
    fn custom_attributes(&self) -> Vec<Attribute<'_>> {
        Attribute::all(&self.inner().attributes)
    }

    /// What promotions took off it, its share of what they took off the whole order included.
    async fn discount_allocations(&self, ctx: &Context<'_>) -> Result<Vec<DiscountAllocation>, ApiError> {
        let applied = &self.order.explained(ctx).await?.applied;
        Ok(discounts::allocations(applied, &self.order.view.order, self.at))
    }

    /// All units, after discounts.
    fn discounted_total_price(&self) -> MoneyV2 {
        self.money(self.inner().subtotal.saturating_sub(self.inner().discount))
    }

    /// All units, before discounts.
    fn original_total_price(&self) -> MoneyV2 {
        self.money(self.inner().subtotal)
    }

    /// Units.
    fn quantity(&self) -> u32 {
        self.inner().quantity
    }

    /// The product's title and the variant's, as they were when it was sold.
    fn title(&self) -> String {
        let line = self.inner();
        match line.variant_title.as_str() {
            "" | NO_CHOICE => line.title.clone(),
            variant => format!("{} - {variant}", line.title),
        }
    }

    /// The variant as it is now; null when it is no longer there.
    async fn variant(&self, ctx: &Context<'_>) -> Nullable<ProductVariant> {
        let all = self.lines().iter().map(|line| line.variant);
        Nullable::from(self.order.merchandise.variant(ctx, all, self.inner().variant).await)
    }
}
