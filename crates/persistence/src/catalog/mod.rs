//! Products and collections in the system of record.
//!
//! A product's parts are rows of their own; what lists sort and filter by is kept with the product, and with its
//! membership of a collection, so that every list walks one index. `product_terms` is the search index: a row for each
//! word of a product, which works alike on both databases.

mod document;
mod entities;
mod list;
mod read;
mod version;
mod write;

pub use list::{
    ListError, list_all_collections, list_all_products, list_collection_products, list_collections,
    list_products, recommended,
};
pub(crate) use read::has_tax_category;
pub use read::*;
pub use version::{
    Versions, next_change, settle_currency, since, take_turn, version, versions, versions_after,
    versions_behind,
};
pub(crate) use version::{raise_prices, raise_rules};
pub use write::*;

#[cfg(test)]
mod delete_tests;
#[cfg(test)]
mod facts_tests;
#[cfg(test)]
mod list_tests;
#[cfg(test)]
mod tests;
