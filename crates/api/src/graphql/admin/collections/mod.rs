//! Collections, as staff see them: those that shoppers may not see, too.

mod error_code;
mod object;
mod queries;

pub use error_code::{AdminCollectionErrorCode, AdminCollectionUserError, collection_refusal};
pub use object::AdminCollection;
pub use queries::CollectionReads;
