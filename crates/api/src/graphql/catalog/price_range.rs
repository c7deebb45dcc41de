//! From and to.

use crate::graphql::{MoneyV2, PriceCurrency, Ready};
use async_graphql::Object;
use stoa_domain::catalog::PriceRange;

/// The prices of a product's variants, from the lowest to the highest.
#[derive(Clone, Copy, Debug)]
pub struct ProductPriceRange {
    range: PriceRange,
    currency: PriceCurrency,
}

impl ProductPriceRange {
    /// A range in a currency.
    pub const fn new(range: PriceRange, currency: PriceCurrency) -> Self {
        Self { range, currency }
    }

    /// The range of no price at all, which the Shopify Storefront API writes as zero to zero.
    pub const fn none(currency: PriceCurrency) -> Self {
        Self::new(PriceRange { min: 0, max: 0 }, currency)
    }
}

/// The prices of a product's variants, from the lowest to the highest.
#[Object]
impl ProductPriceRange {
    /// The highest.
    fn max_variant_price(&self) -> Ready<MoneyV2> {
        Ready(self.currency.of(self.range.max))
    }

    /// The lowest.
    fn min_variant_price(&self) -> Ready<MoneyV2> {
        Ready(self.currency.of(self.range.min))
    }
}
