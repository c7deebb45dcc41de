//! A payment gateway that keeps its objects in memory: enough to place orders and to be told of their payment. The real
//! one, over its real wire, is the end-to-end suite's.

use async_trait::async_trait;
use chrono::DateTime;
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
};
use stoa_domain::{
    payment::{
        CreateIntent, GatewayError, GatewayEvent, GatewayFact, GatewayRefund, IntentFacts, IntentSnapshot,
        PaymentGateway, PaymentState, WebhookRefusal,
    },
    shared::{Money, PaymentId, Timestamp},
};

/// The signature it believes.
pub(crate) const SIGNATURE: &str = "signed by the gateway";
/// The signature it believes to be old.
pub(crate) const STALE: &str = "signed by the gateway yesterday";

/// The gateway.
#[derive(Default)]
pub(crate) struct MemoryGateway {
    intents: Mutex<HashMap<String, IntentSnapshot>>,
    down: AtomicBool,
}

impl MemoryGateway {
    /// From now on it answers, or does not.
    pub(crate) fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    /// How many payment objects it has made.
    pub(crate) fn intents(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, IntentSnapshot>> {
        self.intents.lock().unwrap()
    }

    fn up(&self) -> Result<(), GatewayError> {
        match self.down.load(Ordering::SeqCst) {
            true => Err(GatewayError::Unknown("connection refused by 10.1.2.3".into())),
            false => Ok(()),
        }
    }
}

/// The object of a payment.
pub(crate) fn intent_of(payment: PaymentId) -> String {
    format!("pi_{}", payment.uuid().simple())
}

#[async_trait]
impl PaymentGateway for MemoryGateway {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn publishable_key(&self) -> &str {
        "pk_memory"
    }

    fn chargeable(&self, _: stoa_domain::shared::Money) -> Result<(), stoa_domain::payment::Unchargeable> {
        Ok(())
    }

    fn payment_url(&self, intent: &IntentSnapshot, return_url: &str) -> Option<String> {
        Some(format!("http://pay.example/{}?return_url={return_url}", intent.id))
    }

    async fn create_intent(&self, request: &CreateIntent) -> Result<IntentSnapshot, GatewayError> {
        self.up()?;
        let id = intent_of(request.payment);
        let made = IntentSnapshot {
            client_secret: Some(format!("{id}_secret")),
            facts: IntentFacts {
                state: Some(PaymentState::RequiresPaymentMethod),
                amount: request.amount.minor,
                amount_received: 0,
                currency: request.amount.currency.code().to_owned(),
                last_error: None,
            },
            amount_refunded: None,
            id: id.clone(),
        };
        Ok(self.lock().entry(id).or_insert(made).clone())
    }

    async fn retrieve_intent(&self, intent: &str) -> Result<IntentSnapshot, GatewayError> {
        self.up()?;
        self.lock().get(intent).cloned().ok_or(GatewayError::NotFound)
    }

    async fn cancel_intent(&self, intent: &str) -> Result<IntentSnapshot, GatewayError> {
        self.up()?;
        let mut intents = self.lock();
        let found = intents.get_mut(intent).ok_or(GatewayError::NotFound)?;
        found.facts.state = Some(PaymentState::Canceled);
        Ok(found.clone())
    }

    async fn refund(&self, intent: &str, _: Money, key: &str) -> Result<GatewayRefund, GatewayError> {
        self.retrieve_intent(intent).await?;
        Ok(GatewayRefund { id: format!("re_{key}"), failed: false })
    }

    fn receive(&self, signature: &str, body: &[u8], _: Timestamp) -> Result<GatewayEvent, WebhookRefusal> {
        match signature {
            SIGNATURE => self.read_event(body),
            STALE => Err(WebhookRefusal::Stale),
            _ => Err(WebhookRefusal::BadSignature),
        }
    }

    /// `{ "id", "type", "intent", "amount" }`; the type `paid` says that the amount has come.
    fn read_event(&self, body: &[u8]) -> Result<GatewayEvent, WebhookRefusal> {
        let event: Value = serde_json::from_slice(body).map_err(|_| WebhookRefusal::Malformed)?;
        let text = |key: &str| event[key].as_str().map(str::to_owned);
        let kind = text("type").ok_or(WebhookRefusal::Malformed)?;
        let amount = event["amount"].as_i64().unwrap_or_default();
        let fact = match kind.as_str() {
            "paid" => GatewayFact::Intent(IntentFacts {
                state: Some(PaymentState::Succeeded),
                amount,
                amount_received: amount,
                currency: "EUR".into(),
                last_error: None,
            }),
            _ => GatewayFact::Ignored,
        };
        Ok(GatewayEvent {
            id: text("id").ok_or(WebhookRefusal::Malformed)?,
            kind,
            intent: text("intent"),
            payment: None,
            occurred_at: DateTime::UNIX_EPOCH,
            fact,
        })
    }
}
