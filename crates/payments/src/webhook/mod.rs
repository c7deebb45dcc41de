//! Webhooks: whether they are Stripe's, and what they say.

mod event;
mod signature;

pub(crate) use event::{About, about_charge, dispute, reference, refund, refunded};
pub use event::{HEARD_EVENTS, MalformedEvent, parse_event};
pub use signature::{SignatureError, WebhookVerifier};

#[cfg(test)]
mod event_tests;
#[cfg(test)]
mod signature_tests;
