//! Selling plans, such as subscriptions. The shop sells none yet: these types have no values, and every product's list
//! of them is empty.

mod adjustment;
mod group;
mod plan;

pub use adjustment::{
    SellingPlanFixedAmountPriceAdjustment, SellingPlanFixedPriceAdjustment,
    SellingPlanPercentagePriceAdjustment, SellingPlanPriceAdjustment, SellingPlanPriceAdjustmentValue,
};
pub use group::{SellingPlanGroup, SellingPlanGroupOption};
pub use plan::{SellingPlan, SellingPlanOption};
