//! `[expect]`: what must come out, each figure a sum of names of `[work]`, or zero. What is not there is expected to be zero, or empty.

use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    /// Selling prices by quantities, before promotions.
    pub(crate) subtotal: String,
    /// Product and order class.
    pub(crate) discount: Option<String>,
    pub(crate) delivery: Option<String>,
    pub(crate) delivery_discount: Option<String>,
    /// Contained tax that is not owed, and taken off.
    pub(crate) removed_tax: Option<String>,
    /// All of it, contained or on top.
    pub(crate) tax: Option<String>,
    pub(crate) total: String,
    /// What the gateway is asked for; the total, if it is not said.
    pub(crate) charge: Option<String>,
    /// By the name of the rate.
    #[serde(default)]
    pub(crate) taxes: BTreeMap<String, String>,
    pub(crate) delivery_tax: Option<String>,
    pub(crate) delivery_removed_tax: Option<String>,
    /// All of them, or none is looked at.
    #[serde(default)]
    pub(crate) lines: Vec<ExpectedLine>,
    /// The promotions that take something off.
    #[serde(default)]
    pub(crate) applied: Vec<Applied>,
    /// What becomes of each entered code.
    #[serde(default)]
    pub(crate) codes: Vec<CodeVerdict>,
    /// Gifts that are due and not in the cart.
    #[serde(default)]
    pub(crate) gifts_due: Vec<Gift>,
    /// What is offered, with its price before promotions; not looked at if empty.
    #[serde(default)]
    pub(crate) options: Vec<DeliveryOption>,
    /// What each card pays.
    #[serde(default)]
    pub(crate) cards: BTreeMap<String, String>,
    /// The same in the shop's currency.
    pub(crate) shop: Option<ShopFigures>,
    /// What each of `[[refunds]]` is worth.
    #[serde(default)]
    pub(crate) refunds: Vec<String>,
    #[serde(default)]
    pub(crate) reverse_charge: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectedLine {
    pub(crate) id: u32,
    /// The selling price of one; not looked at if it is not said, as `compare_at`.
    pub(crate) unit: Option<String>,
    pub(crate) compare_at: Option<String>,
    pub(crate) product_discount: Option<String>,
    pub(crate) order_discount: Option<String>,
    pub(crate) tax: Option<String>,
    pub(crate) removed_tax: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Applied {
    pub(crate) promotion: u32,
    pub(crate) amount: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeVerdict {
    pub(crate) code: String,
    /// Nothing: it applies.
    pub(crate) why: Option<Why>,
}

/// Why a code does not apply: the list of docs/plans/pricing.md 2.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Why {
    UnknownCode,
    Inactive,
    NotBegun,
    Over,
    CodeDisabled,
    SubtotalTooLow,
    SubtotalTooHigh,
    TooFew,
    TooMany,
    SetNotComplete,
    NothingEntitled,
    NoDelivery,
    OtherMethod,
    DeliveryFree,
    SignInNeeded,
    OtherGroup,
    NotFirstOrder,
    UsedUp,
    BudgetSpent,
    CodeUsedUp,
    UsedUpByBuyer,
    OtherCountry,
    OtherCurrency,
    OtherMarket,
    Beaten,
    Excluded,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gift {
    pub(crate) variant: u32,
    pub(crate) quantity: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeliveryOption {
    #[serde(default = "first")]
    pub(crate) group: u32,
    pub(crate) method: String,
    pub(crate) price: String,
}

const fn first() -> u32 {
    1
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShopFigures {
    pub(crate) subtotal: String,
    pub(crate) discount: Option<String>,
    pub(crate) delivery: Option<String>,
    pub(crate) delivery_discount: Option<String>,
    pub(crate) removed_tax: Option<String>,
    pub(crate) tax: Option<String>,
    pub(crate) total: String,
}
