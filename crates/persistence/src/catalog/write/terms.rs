//! The words a product is found by.

use crate::catalog::entities::term;
use sea_orm::Set;
use std::collections::BTreeSet;
use stoa_domain::{
    catalog::{ProductDraft, search::TermField, search_terms},
    shared::ProductId,
};

/// The rows of the search index for a product: each word once a field.
pub(super) fn rows(id: ProductId, draft: &ProductDraft) -> impl Iterator<Item = term::ActiveModel> + use<> {
    let mut terms: BTreeSet<(String, i16)> = BTreeSet::new();
    let mut add = |field: TermField, text: &str| {
        terms.extend(search_terms(text).map(|term| (term, field.rank())));
    };
    add(TermField::Title, draft.title());
    add(TermField::ProductType, draft.product_type());
    add(TermField::Vendor, draft.vendor());
    for tag in draft.tags() {
        add(TermField::Tag, tag);
    }
    // The default value of a product without options is nothing anybody looks for.
    for value in draft.options().iter().flat_map(|o| &o.values).filter(|v| *v != "Default Title") {
        add(TermField::OptionValue, value);
    }
    for variant in draft.variants() {
        for code in [&variant.sku, &variant.barcode].into_iter().flatten() {
            add(TermField::Code, code);
        }
    }
    terms.into_iter().map(move |(term, field)| term::ActiveModel {
        term: Set(term),
        product_id: Set(id.uuid()),
        field: Set(field),
    })
}
