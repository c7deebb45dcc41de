//! Live updates: what somebody watches, as it is now and then whenever it has changed.
//!
//! An event only wakes; what is shown is read anew, by the same services and the same rules as when it is asked for. So an
//! event that comes twice, late or not at all shows nobody anything wrong: what is read is compared with what was shown, and each
//! watcher reads again now and then though nobody has told it to.

mod cart;
mod order;
mod publish;
mod stock;
mod stock_reads;
mod watch;

pub use cart::WatchCart;
pub use order::WatchOrder;
pub use stock::{VariantUpdate, WatchStock};
