//! A product as it is, in the words in which one is asked for: what a change begins with.

use std::collections::HashMap;
use stoa_domain::{
    catalog::{
        Image, ImageInput, OptionInput, Product, ProductInput, StockInput, StockPolicy, Variant, VariantInput,
    },
    shared::VariantId,
};

/// Everything a product is, with its variants in their order. Units of them are not part of it: what is there stays.
pub(super) fn present(product: &Product, stock: &HashMap<VariantId, StockPolicy>) -> ProductInput {
    let option = |option: &stoa_domain::catalog::ProductOption| OptionInput {
        name: option.name.clone(),
        values: option.values.iter().map(|value| value.name.clone()).collect(),
    };
    ProductInput {
        title: product.title.clone(),
        handle: Some(product.handle.to_string()),
        description_html: product.description.html.clone(),
        vendor: product.vendor.clone(),
        product_type: product.product_type.clone(),
        tags: product.tags.clone(),
        status: product.status,
        published_at: product.published_at,
        seo: product.seo.clone(),
        options: product.options.iter().map(option).collect(),
        variants: product.variants.iter().map(|v| variant(product, v, stock.get(&v.id))).collect(),
        images: product.images.iter().map(image).collect(),
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

fn variant(product: &Product, known: &Variant, stock: Option<&StockPolicy>) -> VariantInput {
    let values = product.selected_options(known).map(|(_, value)| value.to_owned());
    // Every variant has a row of stock; one without is counted as what it is, which is nothing.
    let stock = stock.copied().unwrap_or(StockPolicy { tracked: false, backorder_limit: Some(0) });
    VariantInput {
        option_values: values.collect(),
        sku: known.sku.clone(),
        barcode: known.barcode.clone(),
        price: known.price,
        compare_at_price: known.compare_at_price,
        weight_grams: known.weight_grams,
        requires_shipping: known.requires_shipping,
        taxable: known.taxable,
        image: known.image.and_then(|id| product.images.iter().position(|image| image.id == id)),
        stock: StockInput { tracked: stock.tracked, backorder_limit: stock.backorder_limit, on_hand: None },
    }
}
