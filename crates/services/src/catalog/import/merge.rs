//! What a file does not speak of stays: a column that is not there is no empty column.

use super::columns::{Column, Present};
use std::collections::HashMap;
use stoa_domain::{
    catalog::{
        Image, ImageInput, OptionInput, Product, ProductInput, StockPolicy, Variant, VariantInput, fold_key,
    },
    shared::VariantId,
};

/// What is known of a product that a file speaks of.
pub(super) struct Known<'a> {
    pub(super) product: &'a Product,
    pub(super) stock: &'a HashMap<VariantId, StockPolicy>,
}

/// Fills what the file has no column for from what is known.
///
/// # Errors
/// The file's variants cannot be told apart, because it names no options and the product has some.
pub(super) fn keep(input: &mut ProductInput, present: Present, known: &Known<'_>) -> Result<(), String> {
    let product = known.product;
    let missing = |column| !present.has(column);
    if missing(Column::Body) {
        input.description_html.clone_from(&product.description.html);
    }
    if missing(Column::Vendor) {
        input.vendor.clone_from(&product.vendor);
    }
    if missing(Column::Type) {
        input.product_type.clone_from(&product.product_type);
    }
    if missing(Column::Tags) {
        input.tags.clone_from(&product.tags);
    }
    if missing(Column::Status) {
        input.status = product.status;
    }
    if missing(Column::Published) {
        input.published_at = product.published_at;
    }
    if missing(Column::SeoTitle) {
        input.seo.title.clone_from(&product.seo.title);
    }
    if missing(Column::SeoDescription) {
        input.seo.description.clone_from(&product.seo.description);
    }
    if missing(Column::Option1Name) {
        keep_options(input, product)?;
    }
    keep_images(input, present, product);
    for at in 0..input.variants.len() {
        let names = &input.variants[at].option_values;
        if let Some(variant) = product.variants.iter().find(|variant| is_named(product, variant, names)) {
            let image = variant.image.and_then(|id| product.images.iter().find(|image| image.id == id));
            let image = image.and_then(|known| input.images.iter().position(|i| i.url == known.url));
            keep_variant(&mut input.variants[at], present, variant, known.stock.get(&variant.id));
            if missing(Column::VariantImage) {
                input.variants[at].image = image;
            }
        }
    }
    Ok(())
}

/// A file without options speaks of a product's only variant, whatever that is called.
fn keep_options(input: &mut ProductInput, product: &Product) -> Result<(), String> {
    let ([only], [row]) = (&product.variants[..], &mut input.variants[..]) else {
        let names: Vec<&str> = product.options.iter().map(|option| option.name.as_str()).collect();
        return Err(format!(
            "the file has no column Option1 Name, but the product has variants by {}: they cannot be told apart",
            names.join(" and ")
        ));
    };
    row.option_values = names(product, only).map(str::to_owned).collect();
    input.options =
        product.options.iter().map(|o| OptionInput { name: o.name.clone(), values: Vec::new() }).collect();
    Ok(())
}

/// Without a column for pictures all stay, before those that variants name; without one for their texts those stay.
fn keep_images(input: &mut ProductInput, present: Present, product: &Product) {
    if !present.has(Column::ImageSrc) {
        let named: Vec<ImageInput> = std::mem::take(&mut input.images);
        input.images = product.images.iter().map(image).collect();
        let at: Vec<usize> = named
            .into_iter()
            .map(|image| {
                let known = input.images.iter().position(|i| i.url == image.url);
                known.unwrap_or_else(|| {
                    input.images.push(image);
                    input.images.len() - 1
                })
            })
            .collect();
        for variant in &mut input.variants {
            variant.image = variant.image.and_then(|n| at.get(n)).copied();
        }
    } else if !present.has(Column::ImageAlt) {
        for named in &mut input.images {
            if let Some(known) = product.images.iter().find(|image| image.url == named.url) {
                named.alt_text.clone_from(&known.alt_text);
            }
        }
    }
}

fn image(known: &Image) -> ImageInput {
    ImageInput {
        url: known.url.clone(),
        alt_text: known.alt_text.clone(),
        width: known.width,
        height: known.height,
    }
}

fn keep_variant(input: &mut VariantInput, present: Present, known: &Variant, stock: Option<&StockPolicy>) {
    let missing = |column| !present.has(column);
    if missing(Column::Sku) {
        input.sku.clone_from(&known.sku);
    }
    if missing(Column::Barcode) {
        input.barcode.clone_from(&known.barcode);
    }
    if missing(Column::CompareAtPrice) {
        input.compare_at_price = known.compare_at_price;
    }
    if missing(Column::Grams) {
        input.weight_grams = known.weight_grams;
    }
    if missing(Column::RequiresShipping) {
        input.requires_shipping = known.requires_shipping;
    }
    if missing(Column::Taxable) {
        input.taxable = known.taxable;
    }
    if let Some(stock) = stock {
        // Who counts units of something means to track it, whatever it was before.
        if missing(Column::Tracker) {
            input.stock.tracked |= stock.tracked;
        }
        if missing(Column::Policy) {
            input.stock.backorder_limit = stock.backorder_limit;
        }
    }
}

/// Whether these are the names of a variant's option values. A product with nothing to choose has one that is named by none.
fn is_named(product: &Product, variant: &Variant, given: &[String]) -> bool {
    if given.is_empty() {
        return product.variants.len() == 1;
    }
    given.len() == product.options.len()
        && names(product, variant).zip(given).all(|(known, given)| fold_key(known) == fold_key(given))
}

fn names<'a>(product: &'a Product, variant: &'a Variant) -> impl Iterator<Item = &'a str> {
    product
        .options
        .iter()
        .zip(variant.values)
        .filter_map(|(option, value)| option.values.get(usize::from(value)).map(|value| value.name.as_str()))
}
