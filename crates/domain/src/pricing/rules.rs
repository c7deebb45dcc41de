//! What a shop decides about money.

use crate::shared::Rate;
use serde::{Deserialize, Serialize};

/// Where tax is rounded to whole minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxRounding {
    /// Each line by itself; the tax of the order is their sum.
    #[default]
    Line,
    /// Once, over everything taxed at a rate; lines get their share by largest remainder.
    Total,
}

/// A way of delivering, with its price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryOption {
    /// Stable name, such as `standard`.
    pub handle: String,
    /// What the buyer reads.
    pub title: String,
    /// What it costs, in minor units of the shop's currency.
    pub price: i64,
    /// Whether the tax rate applies to it.
    pub taxable: bool,
}

/// The rules a cart is priced by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricingRules {
    /// The one tax rate.
    pub tax_rate: Rate,
    /// Whether catalogue and delivery prices contain the tax.
    pub prices_include_tax: bool,
    /// Where tax is rounded.
    pub tax_rounding: TaxRounding,
    /// The one delivery option.
    pub delivery: DeliveryOption,
}
