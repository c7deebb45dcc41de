//! Stage 1: what one unit costs, before anything is taken off.

mod list;
mod resolve;

pub use list::{ListPrice, PriceList, PriceListKind};
pub(super) use resolve::run;
