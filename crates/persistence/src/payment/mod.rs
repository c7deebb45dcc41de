//! Payments, refunds, and the events a gateway has sent us.

mod entities;
mod events;
mod memos;
mod refundable;
mod refunds;
mod rows;

pub use events::{
    StoredEvent, early_events, forget_bodies, mark_applied, name_intent, take_event, wait, waiting_events,
};
pub use memos::{RefundLine, RefundMemo, delivery_refunded, refund_memos, units_refunded};
pub use refundable::{refund_moments, refundable};
pub use refunds::{
    Refund, RefundState, find_refund, record_refund, refunds_of, refunds_of_all, request_refund,
    request_refund_for, settle_refund,
};
pub use rows::{
    change, find, find_by_intent, find_by_intent_for_update, find_by_order, find_by_order_for_update,
    find_by_orders, find_for_update, insert, latest, open, save, set_intent, stored_value_of,
};

pub(crate) use rows::order_by_intent;

#[cfg(test)]
mod events_tests;
#[cfg(test)]
mod tests;
