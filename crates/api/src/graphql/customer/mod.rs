//! Customers. Nobody can sign in yet: the type has no values, and stands here because carts may belong to one.

#[expect(clippy::module_inception, reason = "the folder is the feature, the file its main type")]
mod customer;

pub use customer::{Customer, OrderSortKeys};
