//! Payments: what the gateway says, applied once, whoever brings it.

pub(crate) mod events;
mod forget;
mod reconcile;
mod refund;
mod refund_books;
mod settle;
mod shop_money;
mod sync;
mod tenders;

pub use events::{ApplyOutcome, ApplyPaymentEvent, IncomingEvent};
pub(crate) use forget::forget_events;
pub(crate) use reconcile::{OPEN_TOO_LONG, PATIENCE, pass as reconcile_open};
pub use reconcile::{Reconcile, Reconciled};
pub(crate) use refund::send_refund;
pub(crate) use settle::{give_up, settle};
pub(crate) use shop_money::GivenBack;
pub use sync::SyncPayment;
pub(crate) use sync::{apply_snapshot, refresh};
pub(crate) use tenders::{Paid, locked_payments};
