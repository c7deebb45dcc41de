//! Promotions: what takes something off, for whom, and why one does not.

mod applies;
mod bits;
mod buy_get;
mod candidate;
mod code;
mod cut;
mod explain;
mod index;
mod judged;
mod model;
mod money;
mod plan;
mod reason;
mod search;
mod validate;

pub use code::{CodeKey, EnteredCode};
pub(super) use index::RuleIndex;
pub use model::{Action, Class, Condition, Definition, Method, Off, Per, Promotion, Target, Tier, TierBy};
pub use money::{MoneyBounds, MoneyTable};
pub use reason::{DiscountWarning, Why};
pub(super) use search::run;
pub use validate::InvalidPromotion;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod why_tests;
#[cfg(test)]
mod worked;
