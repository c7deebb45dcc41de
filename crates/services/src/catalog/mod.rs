//! The catalogue: reads through a cache, and the import.

pub mod import;
mod service;

pub use service::Catalog;
