//! Markets: where a shop sells in which currency, and at what rate.

mod rate;

pub use rate::ExchangeRate;
