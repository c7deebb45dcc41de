//! What was sent of orders, and in which parcels.
//!
//! Units are decided behind the order's lock: lock the order, read how its lines stand, plan, take what it owns of the stock, hand it
//! over, and write down here what has left.

mod entities;
mod read;
mod write;

pub use read::{find, of_order, of_orders, standings};
pub use write::{NewFulfillment, insert, set_tracking};

#[cfg(test)]
mod tests;
