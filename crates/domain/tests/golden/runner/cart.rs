//! A golden cart as it stands in its file: what the pricing function is fed with. README.md describes the fields.

use super::{currency::Currency, expect::Expect, fraction::Fraction, promotion::Promotion};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, de::Error};
use std::collections::BTreeMap;

/// A decimal number as people write it, in quotes: `"12.50"`. Amounts are in major units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal(pub(crate) Fraction);

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (digits, below_zero) =
            text.strip_prefix('-').map_or((text.as_str(), false), |digits| (digits, true));
        let value =
            Fraction::parse(digits).ok_or_else(|| D::Error::custom(format!("\"{text}\" is no number")))?;
        Ok(Self(if below_zero { value.negated() } else { value }))
    }
}

/// A moment, `"2026-11-22T12:00:00Z"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment(pub(crate) DateTime<Utc>);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|_| D::Error::custom(format!("\"{text}\" is no moment")))
    }
}

fn noon() -> Moment {
    Moment(DateTime::from_timestamp(1_795_348_800, 0).unwrap_or_default())
}

const fn yes() -> bool {
    true
}

const fn one() -> u32 {
    1
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cart {
    pub(crate) about: String,
    pub(crate) source: Option<String>,
    /// The cart's; the shop's is `shop.currency`, or the same.
    pub(crate) currency: String,
    #[serde(default = "noon")]
    pub(crate) now: Moment,
    pub(crate) shop: Shop,
    pub(crate) market: Option<Market>,
    #[serde(default)]
    pub(crate) categories: Vec<Category>,
    #[serde(default)]
    pub(crate) rates: Vec<Rate>,
    #[serde(default)]
    pub(crate) lists: Vec<PriceList>,
    #[serde(default)]
    pub(crate) promotions: Vec<Promotion>,
    /// As the buyer typed them.
    #[serde(default)]
    pub(crate) codes: Vec<String>,
    pub(crate) lines: Vec<Line>,
    pub(crate) address: Option<Address>,
    #[serde(default)]
    pub(crate) buyer: Buyer,
    #[serde(default)]
    pub(crate) methods: Vec<Method>,
    /// Handles of the chosen methods, by group.
    #[serde(default)]
    pub(crate) delivery: Vec<String>,
    #[serde(default)]
    pub(crate) cards: Vec<Card>,
    #[serde(default)]
    pub(crate) refunds: Vec<Refund>,
    #[serde(default)]
    pub(crate) work: BTreeMap<String, String>,
    pub(crate) expect: Expect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TaxRounding {
    Line,
    Total,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TaxBasis {
    #[default]
    Destination,
    Origin,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeliveryTax {
    #[default]
    None,
    Rate,
    Proportional,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shop {
    pub(crate) currency: Option<String>,
    /// Where it is: the origin.
    pub(crate) country: String,
    pub(crate) province: Option<String>,
    pub(crate) zip: Option<String>,
    pub(crate) prices_include_tax: bool,
    pub(crate) tax_rounding: TaxRounding,
    #[serde(default)]
    pub(crate) tax_basis: TaxBasis,
    /// Countries for which the origin counts.
    #[serde(default)]
    pub(crate) origin_countries: Vec<String>,
    #[serde(default)]
    pub(crate) delivery_tax: DeliveryTax,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum PriceRounding {
    Nearest(Decimal),
    Up { modulus: Decimal, ending: Decimal },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Market {
    pub(crate) countries: Vec<String>,
    /// Units of the cart's currency for one of the shop's.
    pub(crate) rate: Decimal,
    pub(crate) rounding: Option<PriceRounding>,
    pub(crate) prices_include_tax: Option<bool>,
    #[serde(default)]
    pub(crate) net_prices: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CategoryKind {
    Taxed,
    Exempt,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Category {
    pub(crate) code: String,
    pub(crate) kind: CategoryKind,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rate {
    pub(crate) name: String,
    pub(crate) percent: Decimal,
    #[serde(default)]
    pub(crate) level: u8,
    pub(crate) country: String,
    pub(crate) province: Option<String>,
    /// First and last of a range of postal codes.
    pub(crate) postal: Option<[String; 2]>,
    pub(crate) category: Option<String>,
    #[serde(default)]
    pub(crate) compound: bool,
    #[serde(default)]
    pub(crate) on_delivery: bool,
    pub(crate) from: Option<Moment>,
    pub(crate) until: Option<Moment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ListKind {
    Market,
    Group,
    Sale,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PriceList {
    pub(crate) id: u32,
    pub(crate) kind: ListKind,
    pub(crate) currency: Option<String>,
    /// In percent of the price it lies over; below zero it lowers.
    pub(crate) adjustment: Option<Decimal>,
    #[serde(default)]
    pub(crate) groups: Vec<u32>,
    pub(crate) starts_at: Option<Moment>,
    pub(crate) ends_at: Option<Moment>,
    #[serde(default)]
    pub(crate) prices: Vec<ListedPrice>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListedPrice {
    /// The line whose variant it is of.
    pub(crate) variant: u32,
    #[serde(default = "one")]
    pub(crate) from_quantity: u32,
    pub(crate) price: Decimal,
    pub(crate) compare_at: Option<Decimal>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    pub(crate) id: u32,
    /// The line's id, if it is not said.
    pub(crate) variant: Option<u32>,
    /// The variant's number, if it is not said.
    pub(crate) product: Option<u32>,
    /// In the shop's currency.
    pub(crate) unit: Decimal,
    pub(crate) quantity: u32,
    pub(crate) compare_at: Option<Decimal>,
    pub(crate) category: Option<String>,
    #[serde(default = "yes")]
    pub(crate) taxable: bool,
    #[serde(default = "yes")]
    pub(crate) ships: bool,
    #[serde(default)]
    pub(crate) grams: u32,
    pub(crate) mm: Option<[u32; 3]>,
    #[serde(default)]
    pub(crate) collections: Vec<u32>,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    #[serde(default)]
    pub(crate) gift_card: bool,
    /// The promotion that put it in.
    pub(crate) gift_of: Option<u32>,
    #[serde(default = "one")]
    pub(crate) group: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Address {
    pub(crate) country: String,
    pub(crate) province: Option<String>,
    pub(crate) zip: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Buyer {
    #[serde(default)]
    pub(crate) signed_in: bool,
    #[serde(default)]
    pub(crate) groups: Vec<u32>,
    /// Nothing: not known.
    pub(crate) first_order: Option<bool>,
    #[serde(default)]
    pub(crate) tax_exempt: bool,
    pub(crate) tax_number: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MethodKind {
    #[default]
    Shipping,
    PickUp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Measure {
    Weight,
    Subtotal,
    Quantity,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Method {
    pub(crate) handle: String,
    #[serde(default)]
    pub(crate) kind: MethodKind,
    /// A flat price; else `by` and `rows`.
    pub(crate) price: Option<Decimal>,
    pub(crate) by: Option<Measure>,
    #[serde(default)]
    pub(crate) rows: Vec<Row>,
    pub(crate) free_from: Option<Decimal>,
    /// Cubic millimetres a gram.
    pub(crate) divisor: Option<u32>,
    pub(crate) category: Option<String>,
    /// Empty: everywhere.
    #[serde(default)]
    pub(crate) countries: Vec<String>,
    #[serde(default)]
    pub(crate) provinces: Vec<String>,
    pub(crate) postal: Option<[String; 2]>,
    pub(crate) most_grams: Option<u32>,
    pub(crate) least_subtotal: Option<Decimal>,
    /// Where a pick-up is.
    pub(crate) at: Option<Address>,
}

/// `base + ceil((measure - from) / step) * per_step` for measures from `from` on: grams, major units or pieces.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) from: Decimal,
    pub(crate) base: Decimal,
    pub(crate) step: Option<Decimal>,
    pub(crate) per_step: Option<Decimal>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Card {
    pub(crate) id: u32,
    pub(crate) balance: Decimal,
    #[serde(default = "yes")]
    pub(crate) usable: bool,
}

/// Units that come back one refund after the other, and what of the delivery's price.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refund {
    /// Line and units.
    #[serde(default)]
    pub(crate) units: BTreeMap<String, u32>,
    #[serde(default)]
    pub(crate) delivery: bool,
}

impl Cart {
    pub(crate) fn read(value: &toml::Value) -> Result<Self, String> {
        value.clone().try_into().map_err(|wrong: toml::de::Error| wrong.to_string().trim().to_owned())
    }

    pub(crate) fn currency(&self) -> Result<Currency, String> {
        Currency::find(&self.currency)
    }

    pub(crate) fn shop_currency(&self) -> Result<Currency, String> {
        Currency::find(self.shop.currency.as_ref().unwrap_or(&self.currency))
    }
}
