//! Variants of a product.

use super::{
    ProductError,
    facts::{FactsChange, Sides, SidesOf},
    products::{change, may_count},
};
use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    access::{
        Permit,
        grants::{InventoryWrite, ProductsWrite},
    },
    catalog::{OptionInput, Product, ProductInput, VariantInput},
    shared::{ProductId, VariantId},
};

/// What is to be other of a variant; `None` leaves it as it is. By which option values it is chosen is said by
/// [`Products::set`](super::Products::set), which knows all of them.
#[derive(Clone, Debug, Default)]
pub struct VariantPatch {
    /// The shop's own code; an empty one is none.
    pub sku: Option<String>,
    /// What a scanner reads; an empty one is none.
    pub barcode: Option<String>,
    /// Price in minor units.
    pub price: Option<i64>,
    /// The price it used to have, in minor units; `Some(None)`: none.
    pub compare_at_price: Option<Option<i64>>,
    /// Weight in grams.
    pub weight_grams: Option<i64>,
    /// Whether it has to be delivered.
    pub requires_shipping: Option<bool>,
    /// Whether tax is charged on it.
    pub taxable: Option<bool>,
    /// The address of one of the product's pictures; an empty one is none.
    pub image_url: Option<String>,
    /// Whether its units are counted.
    pub tracked: Option<bool>,
    /// Units that may be sold beyond what is there; `Some(None)`: any number.
    pub backorder_limit: Option<Option<i64>>,
    /// Length, width and height of one unit, in millimetres; `Some(None)`: nobody knows.
    pub sides: Option<Option<[u32; 3]>>,
}

/// Variants, which are parts of their product: whoever changes one writes the product.
pub struct Variants(pub(crate) Arc<Context>);

impl Variants {
    /// Adds variants behind those that there are. `options` are the names of what they are chosen by, for a product that came in one form
    /// only until now: that form goes. How many units there are of them is said with the second permit.
    ///
    /// # Errors
    /// A rule is broken, such as two variants that nobody could tell apart; the product has options already; the only form there was
    /// is promised to orders; or units are counted without the permit for that.
    pub async fn create(
        &self,
        by: &Permit<ProductsWrite>,
        stock: Option<&Permit<InventoryWrite>>,
        product: ProductId,
        (options, variants): (&[String], &[VariantInput]),
    ) -> Result<Product, ProductError> {
        self.create_as(by, stock, product, (options, variants, &[])).await
    }

    /// The same, with how large one unit of each is, in their order; nothing at all: nobody knows.
    ///
    /// # Errors
    /// As before; or one cannot be so large.
    #[tracing::instrument(name = "variant.create", skip_all)]
    pub async fn create_as(
        &self,
        by: &Permit<ProductsWrite>,
        stock: Option<&Permit<InventoryWrite>>,
        product: ProductId,
        (options, variants, sides): (&[String], &[VariantInput], &[Sides]),
    ) -> Result<Product, ProductError> {
        may_count(stock, variants)?;
        let act = |_: &Product, input: &mut ProductInput| {
            if !options.is_empty() {
                if !is_default(input) {
                    return Err(ProductError::HasOptions);
                }
                let named = |name: &String| OptionInput { name: name.clone(), values: Vec::new() };
                input.options = options.iter().map(named).collect();
                input.variants.clear();
            }
            input.variants.extend(variants.iter().cloned());
            Ok(())
        };
        let facts = FactsChange::of_new(sides);
        change(&self.0, by, product, ("variant.create", &act, &facts)).await
    }

    /// Changes what is said of some variants, and leaves the rest; all of it or nothing.
    ///
    /// # Errors
    /// The product has no such variant, or a rule is broken.
    #[tracing::instrument(name = "variant.update", skip_all)]
    pub async fn update(
        &self,
        by: &Permit<ProductsWrite>,
        product: ProductId,
        patches: &[(VariantId, VariantPatch)],
    ) -> Result<Product, ProductError> {
        let act = |product: &Product, input: &mut ProductInput| {
            for (id, patch) in patches {
                let at = place(product, *id)?;
                patch.apply(at, input)?;
            }
            Ok(())
        };
        let sides = patches.iter().filter_map(|(id, patch)| Some((SidesOf::Variant(*id), patch.sides?)));
        let facts = FactsChange { sides: sides.collect(), ..FactsChange::default() };
        change(&self.0, by, product, ("variant.update", &act, &facts)).await
    }

    /// Takes some variants away; all of them or none.
    ///
    /// # Errors
    /// The product has no such variant, it would have none left, or one is promised to orders.
    #[tracing::instrument(name = "variant.delete", skip_all)]
    pub async fn delete(
        &self,
        by: &Permit<ProductsWrite>,
        product: ProductId,
        variants: &[VariantId],
    ) -> Result<Product, ProductError> {
        let act = |product: &Product, input: &mut ProductInput| {
            for id in variants {
                place(product, *id)?;
            }
            let mut known = product.variants.iter();
            input.variants.retain(|_| known.next().is_none_or(|known| !variants.contains(&known.id)));
            Ok(())
        };
        change(&self.0, by, product, ("variant.delete", &act, &FactsChange::default())).await
    }
}

/// The place of a variant among its product's, which is its place in what is asked for, too.
fn place(product: &Product, id: VariantId) -> Result<usize, ProductError> {
    let at = product.variants.iter().position(|variant| variant.id == id);
    at.ok_or(ProductError::NoVariant(id))
}

/// Whether it comes in one form only, which has the name that the field gives such a form.
fn is_default(input: &ProductInput) -> bool {
    matches!(&input.variants[..], [only] if only.option_values == ["Default Title"])
}

impl VariantPatch {
    fn apply(&self, at: usize, input: &mut ProductInput) -> Result<(), ProductError> {
        let image = match self.image_url.as_deref() {
            None => None,
            Some("") => Some(None),
            Some(url) => {
                let known = input.images.iter().position(|image| image.url == url);
                let unknown = stoa_domain::catalog::InvalidProduct::UnknownImage(at + 1);
                Some(Some(known.ok_or(unknown)?))
            }
        };
        let Some(variant) = input.variants.get_mut(at) else { return Ok(()) };
        if let Some(sku) = &self.sku {
            variant.sku = Some(sku.clone());
        }
        if let Some(barcode) = &self.barcode {
            variant.barcode = Some(barcode.clone());
        }
        variant.price = self.price.unwrap_or(variant.price);
        variant.compare_at_price = self.compare_at_price.unwrap_or(variant.compare_at_price);
        variant.weight_grams = self.weight_grams.unwrap_or(variant.weight_grams);
        variant.requires_shipping = self.requires_shipping.unwrap_or(variant.requires_shipping);
        variant.taxable = self.taxable.unwrap_or(variant.taxable);
        variant.image = image.unwrap_or(variant.image);
        variant.stock.tracked = self.tracked.unwrap_or(variant.stock.tracked);
        variant.stock.backorder_limit = self.backorder_limit.unwrap_or(variant.stock.backorder_limit);
        Ok(())
    }
}
