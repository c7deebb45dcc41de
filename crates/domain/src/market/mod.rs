//! Markets: which countries see which prices, in which currency.

mod model;

pub use model::Market;
