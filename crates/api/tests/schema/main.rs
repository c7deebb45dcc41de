//! The schema as clients meet it, over the demo catalogue in a database of each test's own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails by panicking")]

mod documents;
mod lists;
mod products;
mod rendered;
mod shapes;
mod shop;
mod shops;
