//! Writing the catalogue. Every function here raises the catalogue's version in its own transaction.

mod collections;
mod create;
mod delete;
mod facts;
mod matching;
mod parts;
mod rows;
mod sales;
mod terms;
mod update;

pub use collections::{SaveCollectionError, create_collection, set_collection_products, update_collection};
pub use create::{CreateProductError, NewProduct, create_product, insert_products};
pub use delete::{DeleteProductError, delete_collection, delete_product};
pub use facts::{set_dimensions, set_product_facts};
pub use sales::record_sales;
pub use update::{UpdateProductError, update_product};

use stoa_domain::{
    inventory::StockCause,
    shared::{IdGenerator, LocationId, Timestamp},
};
use uuid::Uuid;

/// What every write to the catalogue needs to know.
#[derive(Clone, Copy)]
pub struct WriteContext<'a> {
    /// Makes the ids of what is new.
    pub ids: &'a dyn IdGenerator,
    /// When it happens.
    pub now: Timestamp,
    /// Where stock is that comes without a location.
    pub location: LocationId,
    /// What is behind it (an import), for the stock ledger.
    pub reference: Option<Uuid>,
}

impl WriteContext<'_> {
    const fn cause(&self) -> StockCause {
        StockCause { reference: self.reference, at: self.now }
    }
}

impl std::fmt::Debug for WriteContext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WriteContext")
            .field("now", &self.now)
            .field("location", &self.location)
            .finish_non_exhaustive()
    }
}
