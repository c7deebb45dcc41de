//! Stock, as staff see, count and correct it.

mod change;
mod read;

pub use change::{ChangeStock, StockAdjustment, StockCount, StockError, StockWritten};
pub use read::ReadStock;
