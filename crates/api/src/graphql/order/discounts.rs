//! The promotions that took something off an order, in the vocabulary of storefront clients.

use crate::graphql::{
    MoneyV2, PriceCurrency,
    abstract_type::interface,
    cart::{
        DiscountApplicationAllocationMethod, DiscountApplicationTargetSelection,
        DiscountApplicationTargetType, Discounted, PricingValue,
    },
};
use async_graphql::SimpleObject;
use stoa_domain::{order::Order, pricing::AppliedPromotion};

/// What promotions took off a line of an order.
pub(super) fn allocations(
    applied: &[AppliedPromotion],
    order: &Order,
    line: usize,
) -> Vec<DiscountAllocation> {
    let of_line = applied.iter().filter_map(|applied| {
        let (_, share) = applied.shares.iter().find(|(at, _)| *at == line)?;
        Some(DiscountAllocation {
            allocated_amount: PriceCurrency::from(order.figures.currency).of(*share),
            discount_application: application(applied, order),
        })
    });
    of_line.collect()
}

/// A promotion that took something off an order.
pub(super) fn application(applied: &AppliedPromotion, order: &Order) -> DiscountApplication {
    let Discounted { allocation_method, target_selection, target_type, value } =
        Discounted::of(applied, order.lines.len(), order.figures.currency);
    match &applied.code {
        Some(code) => DiscountCodeApplication {
            allocation_method,
            applicable: true,
            code: code.to_string(),
            target_selection,
            target_type,
            value,
        }
        .into(),
        None => AutomaticDiscountApplication {
            allocation_method,
            target_selection,
            target_type,
            title: applied.title.to_string(),
            value,
        }
        .into(),
    }
}

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
