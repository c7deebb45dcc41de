//! Choosing variants of a product.

use super::{ProductData, ProductVariant, ProductVariantSortKeys, SelectedOptionInput};
use crate::graphql::{
    ApiError, Ready,
    paging::{Connection, PageArgs, page_of},
};
use std::sync::Arc;
use stoa_domain::catalog::{Matching, SelectedOption, Variant};

/// How names are compared, with the defaults of the fields that have a choice to fall back on.
pub(super) fn matching(case_insensitive: Option<bool>, ignore_unknown: Option<bool>) -> Matching {
    Matching {
        ignore_case: case_insensitive.unwrap_or(false),
        ignore_unknown: ignore_unknown.unwrap_or(true),
    }
}

/// The index of the variant that these option values choose.
pub(super) fn chosen(
    data: &ProductData,
    selected: Vec<SelectedOptionInput>,
    matching: Matching,
) -> Option<usize> {
    let selected: Vec<SelectedOption> = selected.into_iter().map(Into::into).collect();
    data.index_of(data.product.variant_for(&selected, matching)?)
}

/// The indexes of the variants that differ from the choice in exactly one option. Without a choice the first variant that
/// can be bought is the chosen one, or else the first.
pub(super) fn adjacent(
    data: &ProductData,
    selected: Vec<SelectedOptionInput>,
    matching: Matching,
) -> Vec<usize> {
    let mut selected: Vec<SelectedOption> = selected.into_iter().map(Into::into).collect();
    if selected.is_empty() {
        let Some(first) = data.product.variants.get(data.first_available().unwrap_or(0)) else {
            return Vec::new();
        };
        selected = options_of(data, first);
    }
    let chosen = data.product.variant_for(&selected, matching).map(|variant| variant.id);
    let near = data.product.adjacent_variants(&selected, matching);
    near.filter(|variant| Some(variant.id) != chosen).filter_map(|variant| data.index_of(variant)).collect()
}

fn options_of(data: &ProductData, variant: &Variant) -> Vec<SelectedOption> {
    let options = data.product.selected_options(variant);
    options.map(|(name, value)| SelectedOption { name: name.to_owned(), value: value.to_owned() }).collect()
}

/// A page of a product's variants.
///
/// # Errors
/// Arguments that make no sense.
pub(super) fn variants_page(
    data: &Arc<ProductData>,
    sort_key: ProductVariantSortKeys,
    reverse: bool,
    args: &PageArgs,
) -> Result<Ready<Connection<Ready<ProductVariant>>>, ApiError> {
    let variants = &data.product.variants;
    let mut order: Vec<usize> = (0..variants.len()).collect();
    match sort_key {
        ProductVariantSortKeys::Position | ProductVariantSortKeys::Relevance => {}
        ProductVariantSortKeys::Id => order.sort_by_key(|at| variants[*at].id),
        ProductVariantSortKeys::Title => order.sort_by(|a, b| variants[*a].title.cmp(&variants[*b].title)),
        ProductVariantSortKeys::Sku => order.sort_by_key(|at| {
            let sku = variants[*at].sku.as_deref();
            (sku.is_none(), sku)
        }),
    }
    let id = |at: &usize| variants[*at].id.uuid();
    page_of(&order, reverse, args, id, |n| Ready(ProductVariant::nth(data, order[n]))).map(Connection::ready)
}
