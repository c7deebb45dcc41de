//! Amounts of promotions, which are the same in every currency only by accident.

use crate::{
    pricing::Context,
    shared::{Currency, InvalidMoney},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An amount, with what it is in other currencies. Where nothing is said of one, it is converted by the rate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneyTable {
    /// In minor units of the shop's currency.
    pub shop: i64,
    /// In minor units of others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub others: BTreeMap<Currency, i64>,
}

impl MoneyTable {
    /// An amount of the shop's currency.
    pub const fn of(shop: i64) -> Self {
        Self { shop, others: BTreeMap::new() }
    }

    /// What it is in the cart's currency: what it says of it, else converted, half up to what can be charged.
    ///
    /// # Errors
    /// 64 bits do not hold it.
    pub fn in_currency(&self, context: &Context<'_>) -> Result<i64, InvalidMoney> {
        let (from, to) = (context.shop_currency, context.currency);
        match self.others.get(&to) {
            _ if to == from => Ok(self.shop),
            Some(amount) => Ok(*amount),
            None => context.rate.convert(self.shop, from, to, to.charge_step()),
        }
    }

    /// Every amount it says.
    pub fn amounts(&self) -> impl Iterator<Item = i64> {
        std::iter::once(self.shop).chain(self.others.values().copied())
    }
}

/// From so much to so much, both included; what is `None` is open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MoneyBounds {
    /// At least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<MoneyTable>,
    /// At most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<MoneyTable>,
}

impl MoneyBounds {
    /// Whether nothing of the shop's currency can be within.
    pub fn reversed(&self) -> bool {
        self.least.as_ref().zip(self.most.as_ref()).is_some_and(|(least, most)| most.shop < least.shop)
    }
}
