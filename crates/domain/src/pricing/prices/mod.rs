//! Stage 1: what one unit costs, before anything is taken off: the shop's own price, price lists, and prices of other currencies.

mod book;
mod list;
mod resolve;
mod rounding;

pub use book::{PriceBook, UnitPrice};
pub use list::{ListPrice, PriceList, PriceListKind};
pub(super) use resolve::run;
pub use rounding::{InvalidRounding, RoundingRule};

#[cfg(test)]
mod tests;
