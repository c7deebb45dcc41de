//! Promotions: what takes something off, for whom, and why one does not.

mod code;
mod model;
mod money;
mod reason;
mod validate;

pub use code::{CodeKey, EnteredCode};
pub use model::{Action, Class, Condition, Definition, Method, Off, Per, Promotion, Target, Tier, TierBy};
pub use money::{MoneyBounds, MoneyTable};
pub use reason::{DiscountWarning, Why};
pub use validate::InvalidPromotion;

#[cfg(test)]
mod tests;
