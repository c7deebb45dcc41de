//! What a shop decides about money once, for everything it sells.

use crate::shared::{CountryCode, Place, Rate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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

/// What the configuration says about money: how a shop is priced that has no zones and no methods of its own.
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

/// Whose taxes are charged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxBasis {
    /// Those of where the goods go.
    #[default]
    Destination,
    /// Those of where the shop is, for the countries that the shop names.
    Origin,
}

/// How delivery is taxed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryTax {
    /// Not at all.
    #[default]
    None,
    /// At the rates that say that they are charged on delivery.
    Rate,
    /// Like the goods that are delivered, in proportion to what they cost.
    Proportional,
}

/// What is delivered together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupDeliveries {
    /// Everything.
    #[default]
    Together,
    /// What lies at one place.
    Location,
}

/// What a shop decides about money once, for everything it sells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricingSettings {
    /// Where tax is rounded.
    pub tax_rounding: TaxRounding,
    /// Whether prices contain tax, unless a market says otherwise.
    pub prices_include_tax: bool,
    /// Whose taxes are charged.
    pub tax_basis: TaxBasis,
    /// The countries whose buyers pay the shop's taxes under [`TaxBasis::Origin`].
    pub origin_countries: BTreeSet<CountryCode>,
    /// How delivery is taxed.
    pub delivery_tax: DeliveryTax,
    /// What is delivered together.
    pub group_deliveries: GroupDeliveries,
    /// Where the shop is, if it says so.
    pub home: Option<Place>,
}
