//! How a plan changes the price.

use crate::graphql::{MoneyV2, abstract_type::union};
use async_graphql::Object;

/// How a plan changes the price of some orders.
#[derive(Clone, Copy, Debug)]
pub enum SellingPlanPriceAdjustment {}

/// How a plan changes the price of some orders.
#[Object]
impl SellingPlanPriceAdjustment {
    /// The change.
    fn adjustment_value(&self) -> SellingPlanPriceAdjustmentValue {
        match *self {}
    }

    /// Of how many orders; null: of all.
    fn order_count(&self) -> Option<i32> {
        match *self {}
    }
}

union! {
    /// A change of price by an amount, to a price, or by a percentage.
    pub enum SellingPlanPriceAdjustmentValue {
        FixedAmount(SellingPlanFixedAmountPriceAdjustment),
        FixedPrice(SellingPlanFixedPriceAdjustment),
        Percentage(SellingPlanPercentagePriceAdjustment),
    }
}

/// A change by an amount.
#[derive(Clone, Copy, Debug)]
pub enum SellingPlanFixedAmountPriceAdjustment {}

/// A change of price by an amount.
#[Object]
impl SellingPlanFixedAmountPriceAdjustment {
    /// What is taken off.
    fn adjustment_amount(&self) -> MoneyV2 {
        match *self {}
    }
}

/// A change to a price.
#[derive(Clone, Copy, Debug)]
pub enum SellingPlanFixedPriceAdjustment {}

/// A change to a fixed price.
#[Object]
impl SellingPlanFixedPriceAdjustment {
    /// The price.
    fn price(&self) -> MoneyV2 {
        match *self {}
    }
}

/// A change by a percentage.
#[derive(Clone, Copy, Debug)]
pub enum SellingPlanPercentagePriceAdjustment {}

/// A change of price by a percentage.
#[Object]
impl SellingPlanPercentagePriceAdjustment {
    /// The percentage taken off: 10 for a tenth.
    fn adjustment_percentage(&self) -> f64 {
        match *self {}
    }
}
