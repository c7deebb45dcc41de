//! A variant, as staff see it.

use super::ProductDimensions;
use crate::graphql::{MoneyV2, PriceCurrency, scalars::Gid};
use async_graphql::{Object, SimpleObject};
use std::sync::Arc;
use stoa_domain::{
    catalog::{Product, Variant},
    shared::{ImageId, ProductId, VariantId},
};

/// An option with the value that is chosen.
#[derive(Clone, Debug, SimpleObject)]
pub struct AdminSelectedOption {
    /// Such as "Size".
    pub name: String,
    /// Such as "L".
    pub value: String,
}

/// A variant of a product, as staff see it.
#[derive(Clone, Debug)]
pub struct AdminProductVariant {
    product: Arc<Product>,
    /// Always an index of the product's variants.
    at: usize,
    sides: Option<[u32; 3]>,
    currency: PriceCurrency,
}

impl AdminProductVariant {
    /// The variant at an index that is known to be one.
    pub(super) fn new(
        (product, at): (Arc<Product>, usize),
        sides: Option<[u32; 3]>,
        currency: PriceCurrency,
    ) -> Self {
        Self { product, at, sides, currency }
    }

    fn inner(&self) -> &Variant {
        &self.product.variants[self.at]
    }
}

/// A variant of a product, as staff see it. What there is of it, `inventoryItems` says.
#[Object]
impl AdminProductVariant {
    /// What a scanner reads.
    async fn barcode(&self) -> Option<&str> {
        self.inner().barcode.as_deref()
    }

    /// The price it used to have or has elsewhere.
    async fn compare_at_price(&self) -> Option<MoneyV2> {
        self.inner().compare_at_price.map(|price| self.currency.of(price))
    }

    /// How large one unit is; null: nobody has said.
    async fn dimensions(&self) -> Option<ProductDimensions> {
        self.sides.map(Into::into)
    }

    /// The global id.
    async fn id(&self) -> Gid<VariantId> {
        Gid(self.inner().id)
    }

    /// The global id of its own picture among the product's.
    async fn image_id(&self) -> Option<Gid<ImageId>> {
        self.inner().image.map(Gid)
    }

    /// What it costs.
    async fn price(&self) -> MoneyV2 {
        self.currency.of(self.inner().price)
    }

    /// The global id of its product.
    async fn product_id(&self) -> Gid<ProductId> {
        Gid(self.inner().product)
    }

    /// Whether it has to be delivered.
    async fn requires_shipping(&self) -> bool {
        self.inner().requires_shipping
    }

    /// What it is chosen by.
    async fn selected_options(&self) -> Vec<AdminSelectedOption> {
        let pairs = self.product.selected_options(self.inner());
        pairs
            .map(|(name, value)| AdminSelectedOption { name: name.to_owned(), value: value.to_owned() })
            .collect()
    }

    /// The shop's own code.
    async fn sku(&self) -> Option<&str> {
        self.inner().sku.as_deref()
    }

    /// Whether tax is charged on it.
    async fn taxable(&self) -> bool {
        self.inner().taxable
    }

    /// The names of its option values, as in "L / Red".
    async fn title(&self) -> &str {
        &self.inner().title
    }

    /// Weight in grams.
    async fn weight_grams(&self) -> i64 {
        self.inner().weight_grams
    }
}
