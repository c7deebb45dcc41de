//! Which list is asked for: what it holds and how it is sorted. The page of it is a
//! [`PageRequest`](crate::shared::page::PageRequest).

use super::filter::ProductFilter;
use super::search::SearchQuery;
use super::sort::{CollectionProductSort, CollectionSort, ProductSort};
use crate::shared::CollectionId;

/// A list of the shop's products.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProductListing {
    /// How it is sorted.
    pub sort: ProductSort,
    /// Whether it is turned round.
    pub reverse: bool,
    /// What is searched for.
    pub query: SearchQuery,
}

/// A list of a collection's products.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CollectionListing {
    /// Which collection.
    pub collection: CollectionId,
    /// How it is sorted.
    pub sort: CollectionProductSort,
    /// Whether it is turned round.
    pub reverse: bool,
    /// What its products must be.
    pub filters: Vec<ProductFilter>,
}

/// A list of the shop's collections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CollectionsListing {
    /// How it is sorted.
    pub sort: CollectionSort,
    /// Whether it is turned round.
    pub reverse: bool,
    /// What is searched for: words of the title, `title:`, `handle:`, `created_at:` and `updated_at:`. A field that only
    /// products have matches nothing.
    pub query: SearchQuery,
}

/// Why products are recommended beside another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Recommendation {
    /// Much like it: of its collections, its tags, its product type.
    #[default]
    Related,
    /// To go with it: of its collections, but of another product type; best-selling first.
    Complementary,
}
