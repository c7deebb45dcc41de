//! What the objects of the catalogue share: a product as of one moment, with its stock.

use crate::graphql::{PriceCurrency, shop::Storefront};
use std::sync::Arc;
use stoa_domain::catalog::{Product, Variant};
use stoa_services::{
    catalog::{ProductStock, VariantStock},
    pricing::ShownPrices,
};

/// A product with the stock of its variants, loaded with the list it stands in. Its variants, options, pictures and prices
/// are read from here, so that resolving them waits for nothing.
#[derive(Clone, Debug)]
pub struct ProductData {
    /// The product.
    pub product: Arc<Product>,
    /// The stock of its variants, in their order.
    pub stock: ProductStock,
    /// The shop that sells it.
    pub shop: Arc<Storefront>,
    /// By which prices it is shown; `None`: by the catalogue's own.
    pub prices: Option<Arc<ShownPrices>>,
}

impl ProductData {
    /// The stock of the variant at an index; none where it is not known.
    pub fn stock_of(&self, at: usize) -> VariantStock {
        self.stock.get(at).unwrap_or_default()
    }

    /// Whether any variant can be bought.
    pub fn is_available(&self) -> bool {
        self.stock.iter().any(|stock| stock.available)
    }

    /// The index of the first variant that can be bought.
    pub fn first_available(&self) -> Option<usize> {
        (0..self.product.variants.len()).find(|at| self.stock_of(*at).available)
    }

    /// The currency of its prices.
    pub fn currency(&self) -> PriceCurrency {
        self.prices.as_ref().map_or(self.shop.currency, |prices| prices.currency().into())
    }

    /// The index of one of its variants.
    pub fn index_of(&self, variant: &Variant) -> Option<usize> {
        self.product.variants.iter().position(|v| v.id == variant.id)
    }
}
