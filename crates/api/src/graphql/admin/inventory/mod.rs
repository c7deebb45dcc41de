//! Stock, as staff see it.

mod error_code;
mod item;
mod queries;

pub use error_code::{InventoryErrorCode, InventoryUserError};
pub use item::{AdminInventoryItem, AdminInventoryLevel, AdminLocation};
pub use queries::InventoryReads;
