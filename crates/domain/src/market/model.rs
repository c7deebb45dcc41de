//! A market.

use crate::pricing::RoundingRule;
use crate::shared::{CountryCode, Currency, MarketId, PriceListId};
use std::{collections::BTreeSet, sync::Arc};

/// Countries that see the same prices. A country is in one market at most; all others are the primary market's, which is the shop itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Market {
    /// Which; [`MarketId::NIL`] for the primary one.
    pub id: MarketId,
    /// What staff call it.
    pub name: Arc<str>,
    /// What is paid in.
    pub currency: Currency,
    /// Who belongs to it.
    pub countries: BTreeSet<CountryCode>,
    /// The list whose prices are those of the market.
    pub price_list: Option<PriceListId>,
    /// What is made of prices that were converted.
    pub rounding: RoundingRule,
    /// Whether prices contain tax; `None`: as the shop's.
    pub prices_include_tax: Option<bool>,
    /// Whether what is left of a price without tax is the same in every country, rather than the price itself.
    pub net_prices: bool,
    /// Whether it is in use; its countries are the primary market's otherwise.
    pub active: bool,
}

impl Market {
    /// The shop itself: everywhere that no other market is.
    pub fn primary(currency: Currency) -> Self {
        Self {
            id: MarketId::NIL,
            name: Arc::from(""),
            currency,
            countries: BTreeSet::new(),
            price_list: None,
            rounding: RoundingRule::None,
            prices_include_tax: None,
            net_prices: false,
            active: true,
        }
    }
}
