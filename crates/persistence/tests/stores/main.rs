//! The SQL stores of carts and holds: the contracts they are bound to, and what is particular to SQL.
//!
//! Each test has an SQLite file of its own. With `STOA_TEST_DATABASE` set to a `postgres://` URL it makes a schema of its
//! own there instead, and leaves it behind: its name begins with `STOA_TEST_RUN`, by which `scripts/services.sh` finds it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod contracts;
mod events;
mod histories;
mod scratch;
mod statements;
mod sweeping;
