//! The orders a client can ask for.

use async_graphql::Enum;
use stoa_domain::catalog::{Recommendation, sort};

/// How products are sorted. Where two are alike, their ids decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "sort::ProductSort")]
pub enum ProductSortKeys {
    /// Most units sold first.
    BestSelling,
    /// Oldest first.
    CreatedAt,
    /// By id.
    Id,
    /// Cheapest first, by the lowest price of the variants.
    Price,
    /// By product type, A to Z.
    ProductType,
    /// Best match of the searched words first; without any, by id.
    Relevance,
    /// By title, A to Z.
    Title,
    /// Changed longest ago first.
    UpdatedAt,
    /// By vendor, A to Z.
    Vendor,
}

/// How the products of a collection are sorted. Where two are alike, their ids decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "sort::CollectionProductSort")]
pub enum ProductCollectionSortKeys {
    /// Most units sold first.
    BestSelling,
    /// In the collection's own order.
    CollectionDefault,
    /// Oldest first.
    Created,
    /// By id.
    Id,
    /// As the shop has arranged them.
    Manual,
    /// Cheapest first, by the lowest price of the variants.
    Price,
    /// In the collection's own order: no words are searched for in a collection.
    Relevance,
    /// By title, A to Z.
    Title,
}

/// How collections are sorted. Where two are alike, their ids decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "sort::CollectionSort")]
pub enum CollectionSortKeys {
    /// By id.
    Id,
    /// Best match of the searched words first; without any, by id.
    Relevance,
    /// By title, A to Z.
    Title,
    /// Changed longest ago first.
    UpdatedAt,
}

/// How the variants of a product are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ProductVariantSortKeys {
    /// By id.
    Id,
    /// As the shop has arranged them.
    Position,
    /// As the shop has arranged them: no words are searched for among variants.
    Relevance,
    /// By the shop's code, A to Z; variants without one last.
    Sku,
    /// By title, A to Z.
    Title,
}

/// How the pictures of a product are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ProductImageSortKeys {
    /// Oldest first.
    CreatedAt,
    /// By id.
    Id,
    /// As the shop has arranged them.
    Position,
    /// As the shop has arranged them: no words are searched for among pictures.
    Relevance,
}

/// How the media of a product are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ProductMediaSortKeys {
    /// By id.
    Id,
    /// As the shop has arranged them.
    Position,
    /// As the shop has arranged them: no words are searched for among media.
    Relevance,
}

/// Why products are recommended beside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Recommendation")]
pub enum ProductRecommendationIntent {
    /// To go with it.
    Complementary,
    /// Much like it.
    Related,
}
