//! Webhooks: signed, sent in the order of creation, tried again when not answered with 2xx.

mod outbox;
mod sender;
mod signature;

pub(crate) use outbox::Outbox;
pub(crate) use sender::run;
pub use signature::sign;
