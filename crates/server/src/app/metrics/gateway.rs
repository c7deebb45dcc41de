//! The payment gateway, with what is asked of it counted, timed and traced.

use async_trait::async_trait;
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use std::{sync::Arc, time::Instant};
use stoa_domain::{
    payment::{
        CreateIntent, GatewayError, GatewayEvent, GatewayRefund, IntentSnapshot, ListedRefund, PaidIntent,
        PaymentGateway, Unchargeable, WebhookRefusal,
    },
    shared::{Money, Timestamp},
};
use tracing::{Instrument, field::Empty};

const REQUESTS: &str = "stoa_gateway_requests_total";
const DURATION: &str = "stoa_gateway_request_duration_seconds";

const CREATE: &str = "create_intent";
const RETRIEVE: &str = "retrieve_intent";
const CANCEL: &str = "cancel_intent";
const REFUND: &str = "refund";
const REFUNDS: &str = "refunds";
const PAID: &str = "paid_since";
const COMPLETE: &str = "complete_event";
const OPERATIONS: [&str; 7] = [CREATE, RETRIEVE, CANCEL, REFUND, REFUNDS, PAID, COMPLETE];
const OUTCOMES: [&str; 4] = ["ok", "refused", "not_found", "unavailable"];

pub(super) fn register() {
    let help = "What was asked of the payment gateway, its repetitions counted as one";
    describe_counter!(REQUESTS, Unit::Count, help);
    describe_histogram!(
        DURATION,
        Unit::Seconds,
        "Time until the payment gateway had answered, or was given up"
    );
    for operation in OPERATIONS {
        for outcome in OUTCOMES {
            counter!(REQUESTS, "operation" => operation, "outcome" => outcome).increment(0);
        }
    }
}

/// A gateway that is watched.
pub(in crate::app) struct MeteredGateway<G>(pub(in crate::app) Arc<G>);

/// Waits for an answer and counts it.
async fn metered<T>(
    operation: &'static str,
    answer: impl Future<Output = Result<T, GatewayError>> + Send,
) -> Result<T, GatewayError> {
    let span = tracing::trace_span!(
        target: "stoa::traces",
        "gateway",
        otel.name = operation,
        otel.kind = "client",
        otel.status_code = Empty,
        peer.service = "stripe",
        gateway.operation = operation,
        gateway.outcome = Empty,
    );
    let started = Instant::now();
    let answer = answer.instrument(span.clone()).await;
    span.record("gateway.outcome", outcome(&answer));
    if matches!(answer, Err(GatewayError::Unknown(_))) {
        span.record("otel.status_code", "ERROR");
    }
    counter!(REQUESTS, "operation" => operation, "outcome" => outcome(&answer)).increment(1);
    histogram!(DURATION, "operation" => operation).record(started.elapsed());
    answer
}

const fn outcome<T>(answer: &Result<T, GatewayError>) -> &'static str {
    match answer {
        Ok(_) => OUTCOMES[0],
        Err(GatewayError::Refused { .. }) => OUTCOMES[1],
        Err(GatewayError::NotFound) => OUTCOMES[2],
        Err(GatewayError::Unknown(_)) => OUTCOMES[3],
    }
}

#[async_trait]
impl<G: PaymentGateway> PaymentGateway for MeteredGateway<G> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn publishable_key(&self) -> &str {
        self.0.publishable_key()
    }

    fn chargeable(&self, amount: Money) -> Result<(), Unchargeable> {
        self.0.chargeable(amount)
    }

    fn payment_url(&self, intent: &IntentSnapshot, return_url: &str) -> Option<String> {
        self.0.payment_url(intent, return_url)
    }

    async fn create_intent(&self, request: &CreateIntent) -> Result<IntentSnapshot, GatewayError> {
        metered(CREATE, self.0.create_intent(request)).await
    }

    async fn retrieve_intent(&self, intent: &str) -> Result<IntentSnapshot, GatewayError> {
        metered(RETRIEVE, self.0.retrieve_intent(intent)).await
    }

    async fn cancel_intent(&self, intent: &str) -> Result<IntentSnapshot, GatewayError> {
        metered(CANCEL, self.0.cancel_intent(intent)).await
    }

    async fn refund(&self, intent: &str, amount: Money, key: &str) -> Result<GatewayRefund, GatewayError> {
        metered(REFUND, self.0.refund(intent, amount, key)).await
    }

    async fn refunds(&self, intent: &str) -> Result<Vec<ListedRefund>, GatewayError> {
        metered(REFUNDS, self.0.refunds(intent)).await
    }

    async fn paid_since(&self, since: Timestamp) -> Result<Vec<PaidIntent>, GatewayError> {
        metered(PAID, self.0.paid_since(since)).await
    }

    async fn complete_event(&self, event: GatewayEvent, body: &[u8]) -> Result<GatewayEvent, GatewayError> {
        metered(COMPLETE, self.0.complete_event(event, body)).await
    }

    fn receive(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<GatewayEvent, WebhookRefusal> {
        self.0.receive(signature, body, now)
    }

    fn read_event(&self, body: &[u8]) -> Result<GatewayEvent, WebhookRefusal> {
        self.0.read_event(body)
    }
}
