//! The schema as clients meet it, over the demo catalogue in a database of each test's own.

mod documents;
mod lists;
mod products;
mod shapes;
mod shop;
mod shops;
