//! Buying through the API: carts, checkout, orders, and the routes around them, on a real database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails by panicking")]

mod busy_carts;
mod buy_document;
mod cart_delivery;
mod cart_details;
mod cart_lines;
mod cart_shapes;
mod carts;
mod checkout;
mod edge;
mod gateway;
mod logs;
mod orders;
mod routes;
mod shop;
mod told_holds;
mod webhooks;
