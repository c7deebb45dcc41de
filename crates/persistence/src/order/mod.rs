//! Orders: written once by checkout, then moved through their states by conditional updates.

mod claim;
mod entities;
mod erase;
mod history;
mod idempotency;
mod list;
mod map;
mod proof;
mod read;
mod take;
mod write;

pub use claim::{claim, claim_decided, claim_paid};
pub use erase::{erase, erasure_obstacle, forget_guests, forget_persons, given_up_by_guests, still_named};
pub use history::{HistoryEntry, append, history};
pub use idempotency::{KnownKey, find_key};
pub use list::{OrderSort, OrdersListing, count_of_customer, list_orders, of_customer};
pub use proof::{Contradiction, contradictions};
pub use read::{
    OrderLookup, find, find_all, find_by_cart, find_by_contact, find_by_intent_for_update, find_by_token,
    find_for_update, is_ordered, needing_attention,
};
pub use take::{TakeFirst, lock_allocations, take_part};
pub use write::{
    InsertOutcome, NewOrder, insert, move_state, next_number, set_attention, set_fulfillment, set_state,
    take_allocations,
};

pub(crate) use entities::lines;
pub(crate) use map::{ADDRESS, NOTE, PHONE};

#[cfg(test)]
pub(crate) mod tests;
