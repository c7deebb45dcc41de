//! The catalogue: reads through a cache, and the import.

mod cache;
mod collections;
pub mod demo;
pub mod import;
mod lists;
mod merchandise;
mod service;
mod stock;

pub use cache::{CacheLimits, CollectionPage, ProductPage, ProductStock, Recommended, VariantStock};
pub(crate) use merchandise::Shelf;
pub use service::{Catalog, VariantOf};
pub use stoa_persistence::catalog::ListError;

#[cfg(test)]
mod tests;
