//! Gift cards and store credit: what pays for orders, what comes back, and cards that are sold.

mod codes;
mod expire;
mod issue;
mod refund;
mod spend;

pub(crate) use codes::issued_with;
pub(crate) use expire::expire;
pub(crate) use issue::issue;
pub(crate) use refund::{CardRefund, GiftCardUsed, refund};
pub(crate) use spend::{Tendered, give_back, tender};
