//! A market, as staff see it.

use crate::graphql::{
    codes::{CountryCode, CurrencyCode},
    scalars::{DateTime, Gid},
};
use async_graphql::{Object, SimpleObject};
use stoa_domain::{
    market::Market,
    pricing::RoundingRule,
    shared::{MarketId, PriceListId},
};
use stoa_persistence::pricing::Kept;

/// What is made of prices that were converted: one of these; the others are null. Figures are minor units of the market's currency.
#[derive(Clone, Copy, Debug, Default, SimpleObject)]
pub struct MarketRounding {
    /// Half up to a whole multiple of this: 5 is to the nearest five cents.
    pub nearest: Option<i64>,
    /// Up to the next price with an ending.
    pub up: Option<MarketRoundingUp>,
}

/// Up to the next price with an ending: modulus 100 and ending 99 is up to .99.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct MarketRoundingUp {
    /// Which of them, in minor units: from 0 to less than the modulus.
    pub ending: i64,
    /// How far such prices are apart, in minor units.
    pub modulus: i64,
}

/// A market, as staff see it.
#[derive(Clone, Debug)]
pub struct AdminMarket(pub(in crate::graphql::admin) Kept<Market>);

/// Countries that see the same prices. A country is in one market at most; all others are in the shop's own.
#[Object]
impl AdminMarket {
    /// Whether it is in use; its countries are in the shop's own otherwise.
    async fn active(&self) -> bool {
        self.0.rule.active
    }

    /// Who belongs to it, in alphabetical order.
    async fn countries(&self) -> Vec<CountryCode> {
        self.0.rule.countries.iter().copied().map(Into::into).collect()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// What is paid in.
    async fn currency_code(&self) -> CurrencyCode {
        self.0.rule.currency.into()
    }

    /// The global id.
    async fn id(&self) -> Gid<MarketId> {
        Gid(self.0.rule.id)
    }

    /// What staff call it.
    async fn name(&self) -> &str {
        &self.0.rule.name
    }

    /// Whether what is left of a price without tax is the same in every country, rather than the price itself.
    async fn net_prices(&self) -> bool {
        self.0.rule.net_prices
    }

    /// The global id of the list whose prices are those of the market; null: they are the catalogue's.
    async fn price_list_id(&self) -> Option<Gid<PriceListId>> {
        self.0.rule.price_list.map(Gid)
    }

    /// Whether prices contain tax; null: as the shop's.
    async fn prices_include_tax(&self) -> Option<bool> {
        self.0.rule.prices_include_tax
    }

    /// What is made of prices that were converted; null: nothing.
    async fn rounding(&self) -> Option<MarketRounding> {
        let none = MarketRounding::default();
        match self.0.rule.rounding {
            RoundingRule::None => None,
            RoundingRule::Nearest(step) => Some(MarketRounding { nearest: Some(step), ..none }),
            RoundingRule::Up { modulus, ending } => {
                Some(MarketRounding { up: Some(MarketRoundingUp { ending, modulus }), ..none })
            }
        }
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// Rises by 1 with every change: who changes it says which one they have read.
    async fn version(&self) -> i64 {
        self.0.version
    }
}
