//! Lists: pages of ids, by keyset, in every order, with every filter. Each page is one statement.

mod collection_products;
mod collections;
mod condition;
mod finder;
mod products;
mod recommendations;

pub use collection_products::list_collection_products;
pub use collections::{list_all_collections, list_collections};
pub use products::{list_all_products, list_products};
pub use recommendations::recommended;

#[cfg(test)]
pub(super) use collection_products::statement as collection_statement;
#[cfg(test)]
pub(super) use products::statement as products_statement;

pub use crate::db::ListError;
