//! Stock: what can be sold, and holds on it.
//!
//! `available = on_hand - allocated - live holds`. SQL owns `on_hand` and `allocated`; the [`ReservationStore`] owns
//! holds. The two meet in the *fenced snapshot*: each stock change in SQL adds 1 to a variant's version, and a store
//! keeps the newest snapshot it has seen, so that a reader with a stale figure is never granted a unit that is gone.

mod allocation;
mod expiry;
mod ledger;
mod location;
mod reservation;
mod snapshot;

pub use allocation::{AllocateError, Allocated, Allocation, FulfilError, SetStockError, StockCause};
pub use expiry::hold_expiry;
pub use ledger::LedgerKind;
pub use location::{Location, StockLevel};
pub use reservation::{
    Grant, HeldBefore, HoldPolicy, HoldRequest, HoldTicket, HoldTiming, Reservation, ReservationStore,
};
pub use snapshot::StockSnapshot;
