//! Reading the catalogue.

mod collections;
mod facts;
mod find;
mod goods;
mod members;
mod merchandise;
mod pictures;
mod product_rows;
mod products;
mod stocked;

pub use collections::{collections_by_ids, find_collection_by_handle};
pub use facts::facts;
pub(crate) use facts::has_tax_category;
pub use find::{ImportState, find_product_by_handle, import_state, products_of_variants};
pub use goods::{GoodsFacts, goods_facts};
pub use members::collection_members;
pub use merchandise::{ReadMerchandise, merchandise};
pub use pictures::shows_picture;
pub use products::{product_by_handle, products_by_ids};
pub use stocked::{StockedProduct, stock_of_products, stocked_product_by_handle, stocked_products_by_ids};

#[cfg(test)]
pub(super) use product_rows::from_rows;
