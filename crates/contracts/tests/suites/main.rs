//! The suites themselves: a sound store passes every rule, and each rule that matters catches the store it was
//! written against. A suite that lets a broken store pass is worth nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod buses;
mod carts;
mod holds;
mod lists;
mod shelves;

use futures_util::future::FutureExt;
use std::{future::Future, panic::AssertUnwindSafe};

/// Whether `rule` panics, that is, finds the store at fault.
async fn catches(rule: impl Future<Output = ()>) -> bool {
    let judged = stoa_contracts::within_a_minute(rule);
    AssertUnwindSafe(judged).catch_unwind().await.is_err()
}
