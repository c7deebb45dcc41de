//! Orders: written once by checkout, then moved through their states by conditional updates.

mod entities;
mod history;
mod idempotency;
mod map;
mod proof;
mod read;
mod write;

pub use history::{HistoryEntry, append, history};
pub use idempotency::{KnownKey, find_key};
pub use proof::{Contradiction, contradictions};
pub use read::{
    OrderLookup, find, find_by_cart, find_by_contact, find_by_intent_for_update, find_by_token,
    find_for_update, is_ordered, needing_attention,
};
pub use write::{
    InsertOutcome, NewOrder, insert, move_state, next_number, set_attention, set_state, take_allocations,
};
