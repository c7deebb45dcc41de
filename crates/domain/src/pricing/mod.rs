//! What a cart costs. Pure: the same input always gives the same figures, and placing an order stores exactly them.

mod price_cart;
mod rules;

pub use price_cart::{PriceableLine, PricedCart, PricedLine, price_cart};
pub use rules::{DeliveryOption, PricingRules, TaxRounding};

#[cfg(test)]
mod tests;
