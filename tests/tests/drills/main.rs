//! Drills: faults that production brings, played out at length on the very server that ships, one file a kind. `make drill` runs them.

#![allow(clippy::expect_used, reason = "a drill that cannot go on should say why, and end")]

#[allow(dead_code, unused_imports, reason = "the stories' harness; drills need some of it")]
#[path = "../stories/harness/mod.rs"]
mod harness;

mod buyers;
mod redis;
