//! A promotion, as staff write it down.

use super::{MoneyBounds, MoneyTable};
use crate::{
    delivery::Bounds,
    shared::{
        CollectionId, CountryCode, Currency, CustomerGroupId, MarketId, ProductId, PromotionId, Rate,
        Timestamp, VariantId,
    },
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};

/// A promotion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promotion {
    /// Which. Ids rise with time: the order of ids is that in which promotions were made.
    pub id: PromotionId,
    /// What buyers and explanations call it.
    pub title: Arc<str>,
    /// What it lowers.
    pub class: Class,
    /// Who switches it on.
    pub method: Method,
    /// What it does, and when.
    pub definition: Definition,
    /// What is applied first of promotions that are applied together; breaks ties. Never costs the buyer money.
    pub priority: i32,
    /// Whether it is added to the best of its class, rather than competing with it.
    pub stacks: bool,
    /// Whether it is applied alone or not at all.
    pub exclusive: bool,
    /// The first moment it counts.
    pub starts_at: Option<Timestamp>,
    /// The first moment it counts no more.
    pub ends_at: Option<Timestamp>,
    /// How often one buyer may use it.
    pub per_buyer: Option<i64>,
}

/// What a promotion lowers. Promotions of different classes add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Units of lines.
    Product,
    /// What all lines together cost, after [`Class::Product`].
    Order,
    /// What delivering costs.
    Delivery,
}

/// Who switches a promotion on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Nobody: it is for every cart that meets its conditions.
    Automatic,
    /// Whoever enters one of its codes.
    Code,
}

/// What a promotion does, and when. Kept as JSON, whose fields and words stay readable for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// What must all be so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// What it does.
    pub action: Action,
    /// Units it touches on one order, at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_per_order: Option<u32>,
}

/// Which goods. A union: whatever is named in one way or another. Never gift cards, and never gifts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// All.
    All,
    /// These.
    Of {
        /// By product.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        products: BTreeSet<ProductId>,
        /// By variant.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        variants: BTreeSet<VariantId>,
        /// By collection.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        collections: BTreeSet<CollectionId>,
        /// By tag, as its key.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        tags: BTreeSet<Box<str>>,
    },
}

/// What must be so, judged on the cart before any promotion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// What certain goods cost together.
    Subtotal {
        /// Which.
        of: Target,
        /// From how much to how much.
        #[serde(flatten)]
        bounds: MoneyBounds,
    },
    /// How many units of certain goods there are.
    Quantity {
        /// Which.
        of: Target,
        /// From how many to how many.
        #[serde(flatten)]
        bounds: Bounds,
    },
    /// The buyer is in one of these groups.
    Groups(BTreeSet<CustomerGroupId>),
    /// The buyer has ordered nothing before.
    FirstOrder,
    /// The buyer is in one of these countries.
    Countries(BTreeSet<CountryCode>),
    /// The cart is in one of these currencies.
    Currencies(BTreeSet<Currency>),
    /// The cart is in one of these markets.
    Markets(BTreeSet<MarketId>),
    /// It is delivered by one of these methods, by handle.
    DeliveryMethods(BTreeSet<Box<str>>),
}

/// How much is taken off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Off {
    /// A share.
    Percent(Rate),
    /// An amount.
    Amount(MoneyTable),
}

/// How often an amount is taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Of each unit.
    Unit,
    /// Of each line.
    Line,
    /// Once, of all lines together.
    Cart,
}

/// What decides which tier is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TierBy {
    /// Units of the target.
    Quantity,
    /// What the target costs, in minor units of the shop's currency.
    Subtotal,
}

/// What is taken off from so much on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// The least that reaches it.
    pub from: i64,
    /// What is taken off then.
    pub off: Off,
}

/// What a promotion does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Takes a share off.
    PercentOff {
        /// How much.
        rate: Rate,
        /// Of which goods.
        target: Target,
    },
    /// Takes an amount off.
    AmountOff {
        /// How much.
        off: MoneyTable,
        /// How often.
        per: Per,
        /// Of which goods.
        target: Target,
    },
    /// Sells units at a price.
    FixedPrice {
        /// One unit; more than it costs anyway changes nothing.
        price: MoneyTable,
        /// Which goods.
        target: Target,
    },
    /// Takes something off the cheapest when enough others are bought.
    BuyGet {
        /// What has to be bought.
        buy: Target,
        /// How many units of it.
        buy_count: u32,
        /// What becomes cheaper.
        get: Target,
        /// How many units of it.
        get_count: u32,
        /// By how much; all of it makes them free.
        off: Rate,
        /// How often on one order.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        most_sets: Option<u32>,
    },
    /// Takes off the more the more there is: the highest tier that is reached counts.
    Tiered {
        /// What decides.
        by: TierBy,
        /// Which goods.
        target: Target,
        /// The tiers, by `from`.
        tiers: Vec<Tier>,
        /// Whether it is taken off all lines together rather than off each line.
        #[serde(default)]
        whole_cart: bool,
    },
    /// Takes something off delivery.
    DeliveryOff {
        /// How much.
        off: Off,
        /// By which methods, by handle; empty: all.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        methods: BTreeSet<Box<str>>,
        /// At most.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        most: Option<MoneyTable>,
    },
    /// Puts something in for nothing.
    Gift {
        /// What.
        variant: VariantId,
        /// How many units.
        quantity: u32,
    },
}

impl Promotion {
    /// Whether it counts then.
    pub fn active(&self, now: Timestamp) -> bool {
        self.starts_at.is_none_or(|start| start <= now) && self.ends_at.is_none_or(|end| now < end)
    }
}
