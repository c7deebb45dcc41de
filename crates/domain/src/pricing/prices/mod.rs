//! What a unit costs: the shop's own price, price lists, and prices of other currencies.

mod rounding;

pub use rounding::{InvalidRounding, RoundingRule};
