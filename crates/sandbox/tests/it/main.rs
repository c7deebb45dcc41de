//! The sandbox over real HTTP: as a server sees it, as a browser sees it, and as a webhook receiver does.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails by panicking")]

mod balance_transactions;
mod cards;
mod control;
mod customers;
mod errors;
mod faults;
mod harness;
mod idempotency;
mod lists;
mod official_client;
mod pages;
mod payments;
mod refunds;
mod restart;
mod start;
mod webhooks;
