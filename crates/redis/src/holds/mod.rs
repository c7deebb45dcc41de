//! Holds on stock.
//!
//! # Where things are
//! Each variant has a ledger of its own (`scripts/ledger.lua`), which decides what can be granted in one script, so that
//! variants spread over a cluster. Each cart has an index, which knows the variants it may hold. No lock spans two
//! of them.
//!
//! # Two calls for one cart at once
//! A call begins at the cart's index: it draws a ticket, higher than any before it, and learns every variant that an
//! earlier call may have touched. At each variant the highest ticket counts: what an older call brings later is answered,
//! but not written, because the record of a cart, or an empty one left where a hold was let go, remembers its ticket (unless the cart's calls before have been over for a minute).
//! So the call with the highest ticket that holds at all reaches everything the others wrote or will write, and
//! what is left is its wish alone. The others were granted what they were told, and replaced at once.
//!
//! # One line more
//! Who shows the ticket of the cart's last call, and what that has held until the same moment, is asked only for what differs: where
//! the index knows no later ticket, nothing has touched the rest. So a line costs one ledger in a cart of any length. If a ledger was
//! lost meanwhile, that is noticed when the holds' expiry is moved, as for changes that touch no line.
//!
//! # All or nothing
//! Several variants are first reserved beside what the cart holds, then settled. A refusal gives up
//! the reservations, and the holds were never touched. Reservations are asked for all at once; only when somebody
//! else's undecided reservation stands in the way, one after the other in the order of the ids.
//!
//! # Faults
//! A call that fails half-way may leave some variants as requested and others as before. The next call of the cart puts
//! them right, and what nobody asks for again is over at its expiry.

mod all_or_nothing;
mod holders;
mod index;
mod stock;
mod store;
mod wish;

pub use store::RedisReservationStore;
