//! The outbox's handlers, what puts jobs in, and the worker that runs them.

mod enqueue;
mod expire;
mod handlers;
mod turn;
mod worker;

pub(crate) use enqueue::{
    confirm_by_mail, expire_order, export_customer, issue_gift_cards, keep_accounts, keep_reconciling,
    make_codes, recount_promotion, refund_in_full, remove_archive, remove_media, send_refund,
    tell_of_gift_cards, tell_of_parcel, tell_of_refund, write_to_account,
};
pub(crate) use handlers::{KINDS, known_kind};
pub(crate) use turn::Turn;
pub use worker::{Backoff, JobWorker};
