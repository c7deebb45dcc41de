//! Lists of prices.

use crate::shared::{Currency, CustomerGroupId, MarketId, PriceListId, Timestamp, VariantId};
use std::{collections::BTreeSet, sync::Arc};

/// A list of prices over the catalogue's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceList {
    /// Which.
    pub id: PriceListId,
    /// What staff and explanations call it.
    pub name: Arc<str>,
    /// What it is for.
    pub kind: PriceListKind,
    /// The currency of its prices.
    pub currency: Currency,
    /// What it adds to prices that it does not fix, in millionths: -100,000 takes a tenth off.
    pub adjustment: Option<i32>,
    /// In which market alone.
    pub market: Option<MarketId>,
    /// The first moment it counts.
    pub starts_at: Option<Timestamp>,
    /// The first moment it counts no more.
    pub ends_at: Option<Timestamp>,
}

/// What a list is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PriceListKind {
    /// The prices of a market, in place of the catalogue's.
    Market,
    /// For customers of these groups; none: for everybody.
    Group(BTreeSet<CustomerGroupId>),
    /// For everybody, for a time: the price before shows beside it.
    Sale,
}

impl PriceList {
    /// Whether it is for a buyer of these groups; a list of no group is for everybody. A market's list is nobody's: its prices are the market's
    /// own.
    pub fn is_for(&self, groups: &[CustomerGroupId]) -> bool {
        match &self.kind {
            PriceListKind::Market => false,
            PriceListKind::Group(members) => {
                members.is_empty() || groups.iter().any(|group| members.contains(group))
            }
            PriceListKind::Sale => true,
        }
    }

    /// Whether it counts then.
    pub fn active(&self, now: Timestamp) -> bool {
        self.starts_at.is_none_or(|start| start <= now) && self.ends_at.is_none_or(|end| now < end)
    }
}

/// A fixed price of a list. In the order in which they are looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListPrice {
    /// Of what.
    pub variant: VariantId,
    /// In which list.
    pub list: PriceListId,
    /// From how many units on.
    pub from_quantity: u32,
    /// One unit, in minor units of the list's currency.
    pub price: i64,
    /// What shows beside it.
    pub compare_at: Option<i64>,
}
