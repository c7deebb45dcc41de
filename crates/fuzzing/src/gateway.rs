//! A gateway that reads webhooks as Stripe's does, and takes no money.

use async_trait::async_trait;
use secrecy::SecretString;
use stoa_domain::{
    payment::{
        CreateIntent, GatewayError, GatewayEvent, GatewayRefund, IntentSnapshot, PaymentGateway,
        Unchargeable, WebhookRefusal,
    },
    shared::{Money, Timestamp},
};
use stoa_payments::{ConfigError, SignatureError, WebhookVerifier, parse_event};

/// What its webhooks are signed with.
pub(crate) const SECRET: &str = "whsec_of_the_fuzzer_and_of_nobody_else";

/// The gateway.
pub(crate) struct Deaf(WebhookVerifier);

impl Deaf {
    pub(crate) fn new() -> Result<Self, ConfigError> {
        Ok(Self(WebhookVerifier::new(&[SecretString::from(SECRET)])?))
    }
}

/// It knows no object, so that none is ever paid.
#[async_trait]
impl PaymentGateway for Deaf {
    fn name(&self) -> &'static str {
        "stripe"
    }

    fn publishable_key(&self) -> &'static str {
        "pk_test_of_nobody"
    }

    fn chargeable(&self, _: Money) -> Result<(), Unchargeable> {
        Ok(())
    }

    fn payment_url(&self, _: &IntentSnapshot, _: &str) -> Option<String> {
        None
    }

    async fn create_intent(&self, _: &CreateIntent) -> Result<IntentSnapshot, GatewayError> {
        Err(GatewayError::Unknown("it hears nothing".to_owned()))
    }

    async fn retrieve_intent(&self, _: &str) -> Result<IntentSnapshot, GatewayError> {
        Err(GatewayError::NotFound)
    }

    async fn cancel_intent(&self, _: &str) -> Result<IntentSnapshot, GatewayError> {
        Err(GatewayError::NotFound)
    }

    async fn refund(&self, _: &str, _: Money, _: &str) -> Result<GatewayRefund, GatewayError> {
        Err(GatewayError::NotFound)
    }

    fn receive(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<GatewayEvent, WebhookRefusal> {
        self.0.verify(signature, body, now).map_err(|error| match error {
            SignatureError::Malformed | SignatureError::Mismatch => WebhookRefusal::BadSignature,
            SignatureError::Stale => WebhookRefusal::Stale,
        })?;
        self.read_event(body)
    }

    fn read_event(&self, body: &[u8]) -> Result<GatewayEvent, WebhookRefusal> {
        parse_event(body).map_err(|_| WebhookRefusal::Malformed)
    }
}
