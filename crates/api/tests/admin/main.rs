//! The admin half through the API: who is let in, what staff and keys see, and what each mutation does and refuses, on a real database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails by panicking")]

#[path = "../buying/gateway.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod gateway;
#[path = "../buying/shop.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod shop;

mod audit;
mod buyers;
mod collections;
mod customers;
mod deliveries;
mod entering;
mod gift_cards;
mod guards;
mod hidden_addresses;
mod jobs;
mod keys;
mod limits;
mod mails;
mod members;
mod office;
mod orders;
mod own_account;
mod prices;
mod products;
mod promotions;
mod roles;
mod seen;
mod stock;
