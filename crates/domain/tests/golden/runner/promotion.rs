//! A promotion as the file says it: as the admin's `promotionCreate` takes it, in snake case.

use super::cart::{Decimal, Moment};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Class {
    Product,
    Order,
    Delivery,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Promotion {
    pub(crate) id: u32,
    /// Where the action leaves a choice.
    pub(crate) class: Option<Class>,
    #[serde(default)]
    pub(crate) priority: i32,
    #[serde(default)]
    pub(crate) stacks: bool,
    #[serde(default)]
    pub(crate) exclusive: bool,
    pub(crate) starts_at: Option<Moment>,
    pub(crate) ends_at: Option<Moment>,
    /// None: it applies by itself.
    #[serde(default)]
    pub(crate) codes: Vec<Code>,
    #[serde(default)]
    pub(crate) conditions: Conditions,
    pub(crate) action: Action,
    #[serde(default)]
    pub(crate) limits: Limits,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) used: u32,
    pub(crate) most: Option<u32>,
    #[serde(default)]
    pub(crate) disabled: bool,
}

/// What may be used of it, and what was.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    pub(crate) uses: Option<u32>,
    pub(crate) uses_per_customer: Option<u32>,
    pub(crate) budget: Option<Decimal>,
    #[serde(default)]
    pub(crate) used: u32,
    #[serde(default)]
    pub(crate) used_by_customer: u32,
    pub(crate) spent: Option<Decimal>,
}

/// An amount of the shop's currency, and what it is elsewhere.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Money {
    pub(crate) amount: Decimal,
    #[serde(default)]
    pub(crate) others: BTreeMap<String, Decimal>,
}

/// Everything, or the union of what is named.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Target {
    #[serde(default)]
    pub(crate) all: bool,
    #[serde(default)]
    pub(crate) products: Vec<u32>,
    #[serde(default)]
    pub(crate) variants: Vec<u32>,
    #[serde(default)]
    pub(crate) collections: Vec<u32>,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Conditions {
    pub(crate) subtotal: Option<SubtotalCondition>,
    pub(crate) quantity: Option<QuantityCondition>,
    #[serde(default)]
    pub(crate) customer_groups: Vec<u32>,
    #[serde(default)]
    pub(crate) first_order: bool,
    #[serde(default)]
    pub(crate) countries: Vec<String>,
    #[serde(default)]
    pub(crate) currencies: Vec<String>,
    #[serde(default)]
    pub(crate) delivery_methods: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubtotalCondition {
    pub(crate) least: Option<Money>,
    pub(crate) most: Option<Money>,
    pub(crate) of: Option<Target>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuantityCondition {
    pub(crate) least: Option<u32>,
    pub(crate) most: Option<u32>,
    pub(crate) of: Option<Target>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Per {
    Cart,
    Line,
    Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TierBy {
    Quantity,
    Subtotal,
}

/// Exactly one of them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Action {
    PercentOff {
        percentage: Decimal,
        target: Target,
    },
    AmountOff {
        amount: Money,
        per: Per,
        target: Target,
    },
    FixedPrice {
        price: Money,
        target: Target,
    },
    BuyGet {
        buy: Target,
        buy_quantity: u32,
        get: Target,
        get_quantity: u32,
        percentage: Option<Decimal>,
        uses_per_order: Option<u32>,
    },
    Tiered {
        by: TierBy,
        target: Target,
        tiers: Vec<Tier>,
        #[serde(default)]
        whole_cart: bool,
    },
    DeliveryOff {
        percentage: Option<Decimal>,
        amount: Option<Money>,
        #[serde(default)]
        methods: Vec<String>,
        most: Option<Money>,
    },
    Gift {
        variant: u32,
        quantity: u32,
    },
}

/// From so many pieces, or so much, on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tier {
    pub(crate) from: Decimal,
    pub(crate) percentage: Option<Decimal>,
    pub(crate) amount: Option<Money>,
}
