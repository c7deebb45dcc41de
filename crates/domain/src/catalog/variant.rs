//! A variant as it is read.

use super::product::heap;
use crate::shared::{ImageId, ProductId, VariantId};

/// What is bought: one combination of a product's option values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Which.
    pub id: VariantId,
    /// Of which product.
    pub product: ProductId,
    /// The names of its option values, as in "L / Red"; "Default Title" where there is nothing to choose.
    pub title: String,
    /// For each of the product's options the index of the value, in the order of the options; beyond them 0.
    pub values: [u16; 3],
    /// The shop's own code.
    pub sku: Option<String>,
    /// What a scanner reads.
    pub barcode: Option<String>,
    /// Price in minor units.
    pub price: i64,
    /// The price it used to have or has elsewhere, in minor units.
    pub compare_at_price: Option<i64>,
    /// Weight in grams.
    pub weight_grams: i64,
    /// Whether it has to be delivered.
    pub requires_shipping: bool,
    /// Whether tax is charged on it.
    pub taxable: bool,
    /// Its own picture among the product's.
    pub image: Option<ImageId>,
}

impl Variant {
    pub(super) fn weight(&self) -> usize {
        let texts = [self.sku.as_ref(), self.barcode.as_ref(), Some(&self.title)];
        size_of::<Self>() + texts.into_iter().flatten().map(|text| heap(text)).sum::<usize>()
    }
}
