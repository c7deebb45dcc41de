//! What a cart costs. Pure: the same input always gives the same figures, and placing an order stores exactly them.

mod price_cart;
mod prices;
mod rules;
mod spread;

pub use price_cart::{PriceableLine, PricedCart, PricedLine, price_cart};
pub use prices::{InvalidRounding, RoundingRule};
pub use rules::{DeliveryOption, PricingRules, TaxRounding};
pub use spread::{Share, shares, spread};

#[cfg(test)]
mod tests;
