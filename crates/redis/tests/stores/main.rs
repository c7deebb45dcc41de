//! The Redis stores of carts and holds: the contracts they are bound to, on one server and on a cluster, and what is
//! particular to Redis.
//!
//! The servers are those of `STOA_TEST_REDIS` (one URL) and `STOA_TEST_REDIS_CLUSTER` (three, with commas between them). Every
//! test has keys of its own there and disturbs nobody. A test that kills a server starts one for itself.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cluster_faults;
mod contracts;
mod dead_ends;
mod events;
mod examining;
mod faults;
mod growth;
mod histories;
mod lapse;
mod lossy;
mod lost_answers;
mod own_server;
mod races;
mod round_trips;
mod scratch;
