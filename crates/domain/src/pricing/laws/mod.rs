//! What holds for every cart.

mod any;
mod preview;
mod refunds;
mod steps;
mod twice;

pub(super) use any::{Bought, Sold, any_bought, configured, id, order_of};
