//! Every page over its real router, with a real database under it.
#![cfg(test)]

mod account;
mod account_cart;
mod account_data;
mod bank;
mod browse;
mod browser;
mod cart;
mod checkout;
mod order;
mod security;
mod shop;
mod staff;
