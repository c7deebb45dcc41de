//! The GraphQL schema: one folder a feature, and what they share.
//!
//! A resolver decodes ids, calls one service, maps the outcome. Nothing else.

pub mod codes;
mod error;
mod flat;
mod money;
pub mod paging;
pub mod scalars;

pub use error::ApiError;
pub use flat::Flat;
pub use money::{MoneyV2, PriceCurrency};
