//! Markets: which countries see which prices, in which currency, and at what rate.

mod model;
mod rate;

pub use model::Market;
pub use rate::ExchangeRate;
