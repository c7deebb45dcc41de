//! Discounts and gift cards on carts, in the vocabulary of storefront clients. How they come from promotions is in [`allocation`](super::allocation).

use super::CartWarningCode;
use crate::graphql::{
    MoneyV2,
    abstract_type::{interface, union},
};
use async_graphql::{Enum, ID, SimpleObject};

/// A code that the buyer entered.
#[derive(Clone, Debug, SimpleObject)]
pub struct CartDiscountCode {
    /// Whether the code lowers the price of this cart.
    pub applicable: bool,
    /// The code, as it was entered.
    pub code: String,
    /// Why it is not applicable; null where it is. An addition of this server to the vocabulary.
    pub reason: Option<CartWarningCode>,
}

/// A gift card that pays for a part of the cart.
#[derive(Clone, Debug, SimpleObject)]
pub struct AppliedGiftCard {
    /// How much of it this cart takes, in its own currency.
    pub amount_used: MoneyV2,
    /// How much is left on it, in its own currency.
    pub balance: MoneyV2,
    /// Its global id.
    pub id: ID,
    /// The last characters of its code.
    pub last_characters: String,
    /// How much of it this cart takes, in the cart's currency.
    pub presentment_amount_used: MoneyV2,
}

/// How a discount is spread over what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DiscountApplicationAllocationMethod {
    /// Over all of it.
    Across,
    /// Onto each anew.
    Each,
    /// Onto one.
    One,
}

/// What a discount is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DiscountApplicationTargetSelection {
    /// Everything.
    All,
    /// What its rules entitle.
    Entitled,
    /// What was picked by hand.
    Explicit,
}

/// What kind of thing a discount lowers the price of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DiscountApplicationTargetType {
    /// Lines.
    LineItem,
    /// Delivery.
    ShippingLine,
}

/// A part of a whole, in percent.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct PricingPercentageValue {
    /// The percentage: 10 is a tenth.
    pub percentage: f64,
}

union! {
    /// What a discount is worth.
    pub enum PricingValue {
        MoneyV2(MoneyV2),
        PricingPercentageValue(PricingPercentageValue),
    }
}

/// The discount behind an allocation.
#[derive(Clone, Debug, SimpleObject)]
pub struct CartDiscountApplication {
    /// How it is spread.
    pub allocation_method: DiscountApplicationAllocationMethod,
    /// What it is for.
    pub target_selection: DiscountApplicationTargetSelection,
    /// What kind of thing it is for.
    pub target_type: DiscountApplicationTargetType,
    /// What it is worth.
    pub value: PricingValue,
}

/// A discount that applied by itself.
#[derive(Clone, Debug, SimpleObject)]
pub struct CartAutomaticDiscountAllocation {
    /// The discount.
    pub discount_application: CartDiscountApplication,
    /// What it takes off.
    pub discounted_amount: MoneyV2,
    /// What it is called.
    pub title: String,
}

/// A discount that a code gave.
#[derive(Clone, Debug, SimpleObject)]
pub struct CartCodeDiscountAllocation {
    /// The code.
    pub code: String,
    /// The discount.
    pub discount_application: CartDiscountApplication,
    /// What it takes off.
    pub discounted_amount: MoneyV2,
}

/// A discount that somebody gave by hand.
#[derive(Clone, Debug, SimpleObject)]
pub struct CartCustomDiscountAllocation {
    /// The discount.
    pub discount_application: CartDiscountApplication,
    /// What it takes off.
    pub discounted_amount: MoneyV2,
    /// What it is called.
    pub title: String,
}

interface! {
    /// The share of a discount that falls on a cart or a line.
    pub enum CartDiscountAllocation {
        fields {
            "discountApplication": CartDiscountApplication = "The discount.",
            "discountedAmount": MoneyV2 = "What it takes off.",
        }
        members {
            CartAutomaticDiscountAllocation(CartAutomaticDiscountAllocation),
            CartCodeDiscountAllocation(CartCodeDiscountAllocation),
            CartCustomDiscountAllocation(CartCustomDiscountAllocation),
        }
    }
}
