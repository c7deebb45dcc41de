//! A plan.

use super::SellingPlanPriceAdjustment;
use async_graphql::{ID, Object};

/// A way of buying again and again, or of paying later.
#[derive(Clone, Copy, Debug)]
pub enum SellingPlan {}

/// A way of buying again and again, or of paying later.
#[Object]
impl SellingPlan {
    /// What it is, for buyers.
    fn description(&self) -> Option<String> {
        match *self {}
    }

    /// Its global id.
    fn id(&self) -> ID {
        match *self {}
    }

    /// What the buyer chooses it by.
    fn options(&self) -> Vec<SellingPlanOption> {
        match *self {}
    }

    /// How it changes the price.
    fn price_adjustments(&self) -> Vec<SellingPlanPriceAdjustment> {
        match *self {}
    }

    /// Whether it delivers more than once.
    fn recurring_deliveries(&self) -> bool {
        match *self {}
    }
}

/// What the buyer chooses a plan by.
#[derive(Clone, Copy, Debug)]
pub enum SellingPlanOption {}

/// What the buyer chooses a plan by.
#[Object]
impl SellingPlanOption {
    /// Its name.
    fn name(&self) -> Option<String> {
        match *self {}
    }

    /// The value that chooses this plan.
    fn value(&self) -> Option<String> {
        match *self {}
    }
}
