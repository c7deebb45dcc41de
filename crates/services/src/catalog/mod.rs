//! The catalogue: reads through a cache, and the import.

mod cache;
mod collections;
pub mod demo;
pub mod import;
mod lists;
mod merchandise;
mod service;
mod stock;

pub use cache::{
    CacheLimits, CollectionPage, IdPage, ProductPage, ProductStock, Recommended, StockPrint, VariantStock,
};
pub use lists::ProductIdPage;
pub(crate) use merchandise::Shelf;
pub use service::{Catalog, Moment, VariantOf};
pub use stoa_persistence::catalog::ListError;
pub use stock::Stocked;

#[cfg(test)]
mod tests;
