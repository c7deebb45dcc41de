//! Live events: that something has changed, never what. Whoever shows it reads it again.

mod bus;
mod event;

pub use bus::{EventBus, Listener, StockGatherer};
pub use event::{Event, Notice, ToldStock, Topic};
