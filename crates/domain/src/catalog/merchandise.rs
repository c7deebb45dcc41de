//! A variant as a cart and a checkout see it.

use super::{Handle, Image};
use crate::inventory::StockSnapshot;
use crate::shared::{CollectionId, ProductId, TaxCategoryId, VariantId};
use std::sync::Arc;

/// All that deciding about money takes, read from SQL at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merchandise {
    /// What is bought.
    pub variant: VariantId,
    /// Of which product.
    pub product: ProductId,
    /// The product's title.
    pub product_title: String,
    /// The variant's title.
    pub variant_title: String,
    /// The product's name in addresses.
    pub product_handle: Handle,
    /// The shop's own code.
    pub sku: Option<String>,
    /// Price in minor units.
    pub price: i64,
    /// The price it used to have or has elsewhere, in minor units.
    pub compare_at_price: Option<i64>,
    /// Weight in grams.
    pub weight_grams: i64,
    /// Sides of one unit, in millimetres, if somebody has said them.
    pub dimensions_mm: Option<[u32; 3]>,
    /// Whether it has to be delivered.
    pub requires_shipping: bool,
    /// Whether tax is charged on it.
    pub taxable: bool,
    /// How it is taxed; `None`: as the standard is.
    pub tax_category: Option<TaxCategoryId>,
    /// Whether it is a gift card.
    pub gift_card: bool,
    /// The collections it is in; empty where no rule of the shop asks.
    pub collections: Arc<[CollectionId]>,
    /// The keys of its tags; empty where no rule of the shop asks.
    pub tags: Arc<[Box<str>]>,
    /// The variant's picture, or else the product's first.
    pub image: Option<Image>,
    /// Whether the product is active and published.
    pub for_sale: bool,
    /// Its stock.
    pub snapshot: StockSnapshot,
}
