//! Stage 1: what one unit costs, before anything is taken off: the shop's own price, price lists, and prices of other currencies.

mod list;
mod resolve;
mod rounding;

pub use list::{ListPrice, PriceList, PriceListKind};
pub(super) use resolve::run;
pub use rounding::{InvalidRounding, RoundingRule};
