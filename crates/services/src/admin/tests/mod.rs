//! What the staff do to what the shop has.

mod archives;
mod attention;
mod cancels;
mod collections;
mod customers;
mod erased;
mod fulfils;
mod jobs;
mod orders;
mod products;
mod refunds;
mod shop;
mod stock;
