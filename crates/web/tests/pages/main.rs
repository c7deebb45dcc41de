//! Every page over its real router, with a real database under it.
#![cfg(test)]

mod bank;
mod browse;
mod browser;
mod cart;
mod checkout;
mod order;
mod security;
mod shop;
