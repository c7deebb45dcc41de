//! The port of the payment gateway.

use super::{GatewayEvent, IntentFacts};
use crate::shared::{EmailAddress, Money, OrderId, PaymentId, Timestamp};
use async_trait::async_trait;

/// What a payment object is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateIntent {
    /// Our payment: goes into the object's metadata, and makes the idempotency key.
    pub payment: PaymentId,
    /// Our order: goes into the object's metadata.
    pub order: OrderId,
    /// The order's name (`#1001`), for the gateway's dashboard.
    pub order_name: String,
    /// What to charge.
    pub amount: Money,
    /// Where the gateway may send its receipt.
    pub email: Option<EmailAddress>,
}

/// The gateway's object as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntentSnapshot {
    /// The gateway's id (`pi_…`).
    pub id: String,
    /// Lets a browser pay this one object.
    pub client_secret: Option<String>,
    /// Its facts.
    pub facts: IntentFacts,
    /// Refunded of it so far, in minor units, where the gateway said so.
    pub amount_refunded: Option<i64>,
}

/// What a browser needs to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentSession {
    /// The gateway's name.
    pub gateway: String,
    /// The gateway's id of the payment (`pi_…`).
    pub intent: String,
    /// Lets a browser pay this one object.
    pub client_secret: String,
    /// The gateway's public key.
    pub publishable_key: String,
    /// A page on which a person can pay by hand, where there is one (the sandbox's).
    pub payment_url: Option<String>,
}

/// A refund as the gateway made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayRefund {
    /// The gateway's id (`re_…`).
    pub id: String,
    /// Whether it has failed rather than succeeded or begun.
    pub failed: bool,
}

/// A refund as the gateway lists it, whoever asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRefund {
    /// The gateway's id (`re_…`).
    pub id: String,
    /// The key it was asked for with; `None` for one made by hand.
    pub key: Option<String>,
    /// How much, in minor units of `currency`.
    pub amount: i64,
    /// The currency's ISO code in upper case, as the gateway spelt it.
    pub currency: String,
    /// Whether it has failed, or was called off: the buyer has nothing of it.
    pub failed: bool,
}

/// An object of the gateway's that was paid, and that carries the id of one of our payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidIntent {
    /// The gateway's id (`pi_…`).
    pub id: String,
    /// Our payment, as its metadata have it.
    pub payment: PaymentId,
    /// What has come, in minor units of `currency`.
    pub amount_received: i64,
    /// What has gone back of it.
    pub amount_refunded: i64,
    /// The currency's ISO code in upper case.
    pub currency: String,
}

/// Why a gateway call gave no answer of value.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// The gateway understood and said no.
    #[error("the gateway refused: {code}")]
    Refused {
        /// Its code (`charge_already_refunded`, `payment_intent_unexpected_state`).
        code: String,
        /// Its explanation, for the log.
        message: String,
    },
    /// Nothing is known of what happened there: the same call with the same idempotency key finds out.
    #[error("the gateway's answer is not known: {0}")]
    Unknown(String),
    /// It has no such object.
    #[error("the gateway knows no such object")]
    NotFound,
}

/// Why a gateway would never charge an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unchargeable {
    /// Less than the least it charges.
    TooSmall {
        /// The least.
        least: Money,
    },
    /// More than the most it charges.
    TooLarge,
    /// No whole number of the steps it charges in.
    Uneven {
        /// The step.
        step: Money,
    },
}

/// Why a webhook call is not believed. Nothing is changed by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookRefusal {
    /// The signature is missing, malformed, or made with none of our secrets.
    #[error("the signature does not match")]
    BadSignature,
    /// The signature is right, but its time is too far from now: somebody may be replaying it.
    #[error("the signature is too old or too new")]
    Stale,
    /// The body is signed, but is no event.
    #[error("the body is no event")]
    Malformed,
}

/// Takes money. Every call that changes something carries an idempotency key made from our own ids, so that a repeat
/// after a lost answer finds what the first one did.
#[async_trait]
pub trait PaymentGateway: Send + Sync {
    /// The name stored with payments.
    fn name(&self) -> &'static str;

    /// The public key for browsers.
    fn publishable_key(&self) -> &str;

    /// Whether an amount can be charged at all, known without asking: an order that nobody could pay is not placed.
    ///
    /// # Errors
    /// Why not.
    fn chargeable(&self, amount: Money) -> Result<(), Unchargeable>;

    /// Where a person can pay this object by hand; `return_url` is where the page sends them afterwards.
    fn payment_url(&self, intent: &IntentSnapshot, return_url: &str) -> Option<String>;

    /// Makes the payment object, or finds the one that an earlier call with the same payment has made.
    async fn create_intent(&self, request: &CreateIntent) -> Result<IntentSnapshot, GatewayError>;

    /// Reads the object as it is now.
    async fn retrieve_intent(&self, intent: &str) -> Result<IntentSnapshot, GatewayError>;

    /// Cancels the object, so that it can no longer be paid. One that is paid already is [`GatewayError::Refused`]; one
    /// that is cancelled already answers as if it had just been.
    async fn cancel_intent(&self, intent: &str) -> Result<IntentSnapshot, GatewayError>;

    /// Gives `amount` back. `key` names this refund: a repeat gives nothing twice.
    async fn refund(&self, intent: &str, amount: Money, key: &str) -> Result<GatewayRefund, GatewayError>;

    /// All refunds of the object as they are now, those that failed among them: the only word on how much has gone back.
    ///
    /// A gateway that cannot list them is never asked, because it tells of none.
    async fn refunds(&self, _intent: &str) -> Result<Vec<ListedRefund>, GatewayError> {
        Err(GatewayError::Unknown("this gateway lists no refunds".to_owned()))
    }

    /// All objects made since a moment that were paid and carry one of our payments, whoever made them: the only word on what
    /// was paid twice.
    ///
    /// A gateway that cannot list them is never asked, because it tells of none.
    async fn paid_since(&self, _since: Timestamp) -> Result<Vec<PaidIntent>, GatewayError> {
        Err(GatewayError::Unknown("this gateway lists no payments".to_owned()))
    }

    /// Fetches what an event only refers to: one that names a charge, a dispute or a refund, but no payment object.
    /// Gives the event as it was where there is nothing to fetch, as in a gateway whose events are always whole.
    async fn complete_event(&self, event: GatewayEvent, _body: &[u8]) -> Result<GatewayEvent, GatewayError> {
        Ok(event)
    }

    /// Checks the signature of a webhook call over its raw body, and reads the event.
    ///
    /// # Errors
    /// The call is not believed.
    fn receive(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<GatewayEvent, WebhookRefusal>;

    /// Reads the body of an event that was believed when it came.
    ///
    /// # Errors
    /// [`WebhookRefusal::Malformed`] when it is no event.
    fn read_event(&self, body: &[u8]) -> Result<GatewayEvent, WebhookRefusal>;
}
