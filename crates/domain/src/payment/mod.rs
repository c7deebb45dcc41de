//! Payments: our mirror of the gateway's object, moved only by what the gateway says.

mod apply;
mod event;
mod gateway;
mod model;

pub use apply::{Applied, apply};
pub use event::{DisputeStatus, GatewayEvent, GatewayFact, IntentFacts};
pub use gateway::{
    CreateIntent, GatewayError, GatewayRefund, IntentSnapshot, ListedRefund, PaidIntent, PaymentGateway,
    PaymentSession, Unchargeable, WebhookRefusal,
};
pub use model::{Payment, PaymentState};

#[cfg(test)]
mod tests;
