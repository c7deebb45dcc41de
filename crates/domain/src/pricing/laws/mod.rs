//! What holds for every cart.

mod any;
mod preview;
mod reach;
mod refunds;
mod sample;
mod steps;
mod twice;

pub(super) use any::any_bought;
pub(super) use sample::{Bought, Sold, configured, id, order_of};
