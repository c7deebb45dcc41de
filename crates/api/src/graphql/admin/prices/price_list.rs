//! A price list, and what it fixes, as staff see them.

use crate::graphql::{
    MoneyV2,
    codes::CurrencyCode,
    scalars::{DateTime, Decimal, Gid},
};
use async_graphql::{Enum, Object, SimpleObject};
use stoa_domain::{
    pricing::{self, ListPrice, PriceList},
    shared::{Currency, CustomerGroupId, MarketId, Money, PriceListId, VariantId},
};
use stoa_persistence::pricing::{Kept, Switched};

/// What a price list is for. Of several that apply the lowest price counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PriceListKind {
    /// For customers of certain groups; of no group: for everybody.
    Group,
    /// The prices of a market, in place of the catalogue's.
    Market,
    /// For everybody, for a time: the price before shows beside it.
    Sale,
}

/// Decimals of an adjustment in percent: it counts millionths.
const ADJUSTMENT_DECIMALS: u8 = 4;

/// A price list, as staff see it.
#[derive(Clone, Debug)]
pub struct AdminPriceList(pub(in crate::graphql::admin) Kept<Switched<PriceList>>);

/// A price list, as staff see it. What it fixes, `priceListPrices` says.
#[Object]
impl AdminPriceList {
    /// Whether it is in use.
    async fn active(&self) -> bool {
        self.0.rule.active
    }

    /// What it adds to prices that it does not fix, in percent: -10 takes a tenth off. Null: nothing.
    async fn adjustment(&self) -> Option<Decimal> {
        self.list().adjustment.map(adjustment)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// The currency of its prices. A list of the shop's currency is converted where a cart is in another.
    async fn currency_code(&self) -> CurrencyCode {
        self.list().currency.into()
    }

    /// The global ids of the groups that it is for.
    async fn customer_group_ids(&self) -> Vec<Gid<CustomerGroupId>> {
        match &self.list().kind {
            pricing::PriceListKind::Group(groups) => groups.iter().copied().map(Gid).collect(),
            pricing::PriceListKind::Market | pricing::PriceListKind::Sale => Vec::new(),
        }
    }

    /// The first moment it counts no more; null: it does not end.
    async fn ends_at(&self) -> Option<DateTime> {
        self.list().ends_at.map(Into::into)
    }

    /// The global id.
    async fn id(&self) -> Gid<PriceListId> {
        Gid(self.list().id)
    }

    /// What it is for.
    async fn kind(&self) -> PriceListKind {
        match &self.list().kind {
            pricing::PriceListKind::Group(_) => PriceListKind::Group,
            pricing::PriceListKind::Market => PriceListKind::Market,
            pricing::PriceListKind::Sale => PriceListKind::Sale,
        }
    }

    /// The global id of the market that it is for alone; null: it is for all.
    async fn market_id(&self) -> Option<Gid<MarketId>> {
        self.list().market.map(Gid)
    }

    /// What staff and explanations call it.
    async fn name(&self) -> &str {
        &self.list().name
    }

    /// The first moment it counts; null: it has begun.
    async fn starts_at(&self) -> Option<DateTime> {
        self.list().starts_at.map(Into::into)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// Rises by 1 with every change but of prices: who changes it says which one they have read.
    async fn version(&self) -> i64 {
        self.0.version
    }
}

impl AdminPriceList {
    const fn list(&self) -> &PriceList {
        &self.0.rule.rule
    }
}

/// A price that a list fixes.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct AdminListPrice {
    /// What shows beside it.
    pub compare_at_price: Option<MoneyV2>,
    /// From how many units of the variant on it counts.
    pub from_quantity: u32,
    /// One unit.
    pub price: MoneyV2,
    /// The variant's global id.
    pub variant_id: Gid<VariantId>,
}

impl AdminListPrice {
    /// A price of a list of this currency.
    pub(in crate::graphql::admin) fn new(price: &ListPrice, currency: Currency) -> Self {
        let money = |minor| Money::new(minor, currency).into();
        Self {
            compare_at_price: price.compare_at.map(money),
            from_quantity: price.from_quantity,
            price: money(price.price),
            variant_id: Gid(price.variant),
        }
    }
}

/// What a list fixes for a variant.
#[derive(Clone, Debug, SimpleObject)]
pub struct AdminVariantPrices {
    /// The prices, from the fewest units to the most.
    pub prices: Vec<AdminListPrice>,
    /// The variant's global id.
    pub variant_id: Gid<VariantId>,
}

/// Millionths in percent, without zeros at their end.
fn adjustment(millionths: i32) -> Decimal {
    let (mut minor, mut decimals) = (i64::from(millionths), ADJUSTMENT_DECIMALS);
    while decimals > 0 && minor % 10 == 0 {
        minor /= 10;
        decimals -= 1;
    }
    Decimal { minor, decimals }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_adjustment_is_written_in_percent() {
        let written = |millionths| adjustment(millionths).text();
        assert_eq!(written(-100_000), "-10");
        assert_eq!(written(-125_000), "-12.5");
        assert_eq!(written(0), "0");
        assert_eq!(written(1), "0.0001");
    }
}
