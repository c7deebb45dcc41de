//! Discounts on orders: the vocabulary. This shop has no promotions yet, so every list of them is empty.

use crate::graphql::{
    MoneyV2,
    abstract_type::interface,
    cart::{
        DiscountApplicationAllocationMethod, DiscountApplicationTargetSelection,
        DiscountApplicationTargetType, PricingValue,
    },
};
use async_graphql::SimpleObject;

/// The share of a discount that falls on a line.
#[derive(Clone, Debug, SimpleObject)]
pub struct DiscountAllocation {
    /// What it takes off.
    pub allocated_amount: MoneyV2,
    /// The discount.
    pub discount_application: DiscountApplication,
}

/// A discount that applied by itself.
#[derive(Clone, Debug, SimpleObject)]
pub struct AutomaticDiscountApplication {
    /// How it is spread.
    pub allocation_method: DiscountApplicationAllocationMethod,
    /// What it is for.
    pub target_selection: DiscountApplicationTargetSelection,
    /// What kind of thing it is for.
    pub target_type: DiscountApplicationTargetType,
    /// What it is called.
    pub title: String,
    /// What it is worth.
    pub value: PricingValue,
}

/// A discount that a code gave.
#[derive(Clone, Debug, SimpleObject)]
pub struct DiscountCodeApplication {
    /// How it is spread.
    pub allocation_method: DiscountApplicationAllocationMethod,
    /// Whether the code lowered the price.
    pub applicable: bool,
    /// The code.
    pub code: String,
    /// What it is for.
    pub target_selection: DiscountApplicationTargetSelection,
    /// What kind of thing it is for.
    pub target_type: DiscountApplicationTargetType,
    /// What it is worth.
    pub value: PricingValue,
}

/// A discount that somebody gave by hand.
#[derive(Clone, Debug, SimpleObject)]
pub struct ManualDiscountApplication {
    /// How it is spread.
    pub allocation_method: DiscountApplicationAllocationMethod,
    /// Why it was given.
    pub description: Option<String>,
    /// What it is for.
    pub target_selection: DiscountApplicationTargetSelection,
    /// What kind of thing it is for.
    pub target_type: DiscountApplicationTargetType,
    /// What it is called.
    pub title: String,
    /// What it is worth.
    pub value: PricingValue,
}

interface! {
    /// A discount, of whichever kind.
    pub enum DiscountApplication {
        fields {
            "allocationMethod": DiscountApplicationAllocationMethod = "How it is spread.",
            "targetSelection": DiscountApplicationTargetSelection = "What it is for.",
            "targetType": DiscountApplicationTargetType = "What kind of thing it is for.",
            "value": PricingValue = "What it is worth.",
        }
        members {
            AutomaticDiscountApplication(AutomaticDiscountApplication),
            DiscountCodeApplication(DiscountCodeApplication),
            ManualDiscountApplication(ManualDiscountApplication),
        }
    }
}
