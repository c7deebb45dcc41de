//! A payment gateway that keeps its objects in memory and lets a test say what happens to them.

use async_trait::async_trait;
use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};
use stoa_domain::{
    payment::{
        CreateIntent, GatewayError, GatewayEvent, GatewayRefund, IntentFacts, IntentSnapshot, PaymentGateway,
        PaymentState, WebhookRefusal,
    },
    shared::{Money, Timestamp},
};

/// Where it lets people pay by hand, unless told not to.
pub(crate) const PAYMENT_PAGE: &str = "http://bank.example/pay/";

/// The gateway.
#[derive(Default)]
pub(crate) struct Bank {
    intents: Mutex<HashMap<String, IntentSnapshot>>,
    down: AtomicBool,
    stuck: AtomicBool,
    no_page: AtomicBool,
}

impl Bank {
    /// From now on it answers, or does not.
    pub(crate) fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    /// From now on it takes what it is sent and says nothing, or says it after all.
    pub(crate) fn set_stuck(&self, stuck: bool) {
        self.stuck.store(stuck, Ordering::SeqCst);
    }

    /// From now on nobody can pay by hand there, as with Stripe itself.
    pub(crate) fn without_page(&self) {
        self.no_page.store(true, Ordering::SeqCst);
    }

    /// How many payment objects it has made.
    pub(crate) fn intents(&self) -> usize {
        self.intents.lock().unwrap().len()
    }

    /// Moves the only payment object there is.
    pub(crate) fn settle(&self, state: PaymentState, last_error: Option<&str>) {
        let mut intents = self.intents.lock().unwrap();
        assert_eq!(intents.len(), 1);
        for intent in intents.values_mut() {
            let paid = state == PaymentState::Succeeded;
            intent.facts.state = Some(state);
            intent.facts.amount_received = if paid { intent.facts.amount } else { 0 };
            intent.facts.last_error = last_error.map(str::to_owned);
        }
    }

    async fn answer(&self) -> Result<(), GatewayError> {
        while self.stuck.load(Ordering::SeqCst) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        match self.down.load(Ordering::SeqCst) {
            true => Err(GatewayError::Unknown("connection refused by 10.1.2.3".into())),
            false => Ok(()),
        }
    }
}

#[async_trait]
impl PaymentGateway for Bank {
    fn name(&self) -> &'static str {
        "bank"
    }

    fn publishable_key(&self) -> &str {
        "pk_test_bank"
    }

    fn chargeable(&self, _: stoa_domain::shared::Money) -> Result<(), stoa_domain::payment::Unchargeable> {
        Ok(())
    }

    fn payment_url(&self, intent: &IntentSnapshot, return_url: &str) -> Option<String> {
        let page = !self.no_page.load(Ordering::SeqCst);
        page.then(|| format!("{PAYMENT_PAGE}{}?return_url={return_url}", intent.id))
    }

    async fn create_intent(&self, request: &CreateIntent) -> Result<IntentSnapshot, GatewayError> {
        self.answer().await?;
        let id = format!("pi_{}", request.payment.uuid().simple());
        let made = IntentSnapshot {
            client_secret: Some(format!("{id}_secret_\"<x>")),
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
        Ok(self.intents.lock().unwrap().entry(id).or_insert(made).clone())
    }

    async fn retrieve_intent(&self, intent: &str) -> Result<IntentSnapshot, GatewayError> {
        self.answer().await?;
        self.intents.lock().unwrap().get(intent).cloned().ok_or(GatewayError::NotFound)
    }

    async fn cancel_intent(&self, intent: &str) -> Result<IntentSnapshot, GatewayError> {
        self.retrieve_intent(intent).await
    }

    async fn refund(&self, intent: &str, _: Money, key: &str) -> Result<GatewayRefund, GatewayError> {
        self.retrieve_intent(intent).await?;
        Ok(GatewayRefund { id: format!("re_{key}"), failed: false })
    }

    fn receive(&self, _: &str, _: &[u8], _: Timestamp) -> Result<GatewayEvent, WebhookRefusal> {
        Err(WebhookRefusal::BadSignature)
    }

    fn read_event(&self, _: &[u8]) -> Result<GatewayEvent, WebhookRefusal> {
        Err(WebhookRefusal::Malformed)
    }
}
