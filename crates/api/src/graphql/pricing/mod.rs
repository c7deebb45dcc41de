//! How figures came about: the same for carts and orders.

mod step;
mod why;

pub use step::{PricingStep, PricingStepKind, percentage};
pub use why::sentence;
