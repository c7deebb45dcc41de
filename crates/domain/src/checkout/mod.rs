//! Placing an order: what a buyer must have said, and why it may be refused.

mod request;

pub use request::{PlaceOrder, PlaceOrderRefusal, fingerprint};
