//! The domain's payment gateway, on Stripe.

use crate::{
    ConfigError, StripeConfig,
    amount::{self, from_wire, to_wire},
    facts::{intent_facts, our_payment},
    lean::{Charge, Dispute, Intent, IntentPage, Reference, Refund, RefundPage, is_id},
    requests::{self, Kind},
    transport::{IdempotencyKey, Transport},
    webhook::{self, SignatureError, WebhookVerifier, parse_event},
};
use async_trait::async_trait;
use serde::de::DeserializeOwned;
use std::{future::Future, time::Duration};
use stoa_domain::{
    payment::{
        CreateIntent, GatewayError, GatewayEvent, GatewayRefund, IntentSnapshot, ListedRefund, PaidIntent,
        PaymentGateway, PaymentState, Unchargeable, WebhookRefusal,
    },
    shared::{Money, Timestamp},
};
use tokio::time::timeout;
use url::Url;

/// Takes money through Stripe, or through whatever speaks its wire format at
/// [`api_base`](StripeConfig::api_base).
///
/// # Idempotency
/// Making an intent carries the key `payment-{our payment's id}-intent`, a refund the caller's key. Stripe
/// forgets a key after some time (it promises 24 hours), while a job may be started again days later; so a
/// refund also carries its key in its metadata and is looked for before it is made. An intent that is made
/// twice after a day costs nothing: nobody has the first one's secret.
///
/// Stripe keeps failures of its own (5xx) under the key, too, and would repeat one for a day; nobody could pay
/// that long. So a failure that is repeated is answered by asking under one second key, `…-intent-2`. A first
/// intent may exist behind the failure, but it can never be charged: its secret was in an answer that nobody
/// got, no card is on it, and we confirm nothing ourselves. The second key is as fixed as the first, so however
/// often this is repeated, there is one intent whose secret can get out.
///
/// Cancelling carries no key, on purpose. It is idempotent by itself, and under a key Stripe would repeat a
/// refusal (`processing`, say) long after the intent has become cancellable.
#[derive(Debug)]
pub struct StripeGateway {
    transport: Transport,
    budget: Duration,
    webhooks: WebhookVerifier,
    publishable_key: String,
    payment_page: Option<Url>,
}

impl StripeGateway {
    /// A gateway with its own connection pool. Nothing is sent yet.
    ///
    /// # Errors
    /// A setting that cannot be, or a process without a TLS provider.
    pub fn new(config: StripeConfig) -> Result<Self, ConfigError> {
        config.validate()?;
        Ok(Self {
            transport: Transport::new(&config)?,
            budget: config.budget,
            webhooks: WebhookVerifier::new(&config.webhook_secrets)?,
            publishable_key: config.publishable_key,
            payment_page: config.payment_page,
        })
    }

    /// A call of several requests, given up when they take too long together. What the last one did is not known then,
    /// as after any answer that is lost.
    async fn in_time<T>(
        &self,
        call: impl Future<Output = Result<T, GatewayError>> + Send,
    ) -> Result<T, GatewayError> {
        timeout(self.budget, call).await.unwrap_or_else(|_| {
            Err(GatewayError::Unknown(format!("no whole answer within {:?}", self.budget)))
        })
    }

    /// The refunds of an intent, newest first, page by page until one is the one looked for.
    async fn list(
        &self,
        intent: &str,
        is_it: impl Fn(&Refund) -> bool + Send,
    ) -> Result<Vec<Refund>, GatewayError> {
        let mut listed: Vec<Refund> = Vec::new();
        loop {
            let after = listed.last().and_then(|refund| refund.id.as_deref());
            let request = requests::list_refunds(intent, after)?;
            let page: RefundPage = self.transport.send(request, None).await?.body;
            let goes_on = page.has_more && page.data.last().is_some_and(|refund| refund.id.is_some());
            let found = page.data.iter().any(&is_it);
            listed.extend(page.data);
            if found || !goes_on {
                return Ok(listed);
            }
        }
    }

    /// The refund that an earlier call with this key has made.
    async fn find_refund(&self, intent: &str, key: &str) -> Result<Option<Refund>, GatewayError> {
        let is_ours = |refund: &Refund| key_of(refund) == Some(key);
        Ok(self.list(intent, is_ours).await?.into_iter().find(is_ours))
    }

    async fn retrieve<T: DeserializeOwned>(&self, kind: Kind, id: &str) -> Result<T, GatewayError> {
        Ok(self.transport.send(requests::retrieve(kind, id)?, None).await?.body)
    }

    /// Makes an intent, under the second key if a failure is kept under the first.
    async fn make_intent(&self, request: &CreateIntent) -> Result<IntentSnapshot, GatewayError> {
        let key = format!("payment-{}-intent", request.payment);
        let make = async |key: &str| {
            let key = IdempotencyKey::parse(key)?;
            self.transport.try_send::<Intent>(requests::create_intent(request)?, Some(key)).await
        };
        let made = match make(&key).await {
            Err(stuck) if stuck.kept => {
                tracing::warn!(error = %stuck.error, "stripe.second_key");
                make(&format!("{key}-2")).await
            }
            made => made,
        };
        let made = made.map_err(|failed| failed.error)?;
        let made_before = made.replayed;
        let intent = snapshot(made.body)?;
        // A repeated answer shows the object as it was when it was made; since then it may have been paid.
        if made_before { self.retrieve_intent(&intent.id).await } else { Ok(intent) }
    }

    /// Cancels, or finds that it is done.
    async fn cancel(&self, intent: &str) -> Result<IntentSnapshot, GatewayError> {
        let refused = match self.transport.send(requests::cancel_intent(intent)?, None).await {
            Ok(answer) => return snapshot(answer.body),
            Err(error) => error,
        };
        if !matches!(&refused, GatewayError::Refused { code, .. } if code == "payment_intent_unexpected_state")
        {
            return Err(refused);
        }
        // Cancelled already (perhaps by an attempt whose answer was lost), or in a state that forbids it.
        let now = self.retrieve_intent(intent).await?;
        if now.facts.state == Some(PaymentState::Canceled) { Ok(now) } else { Err(refused) }
    }

    /// Finds the refund of an earlier call, or makes it.
    async fn make_refund(
        &self,
        intent: &str,
        amount: Money,
        key: &str,
    ) -> Result<GatewayRefund, GatewayError> {
        let request = requests::create_refund(intent, amount, key)?;
        let once = IdempotencyKey::parse(key)?;
        let refund = match self.find_refund(intent, key).await? {
            Some(made) if made.amount.is_some_and(|wire| Ok(wire) != to_wire(amount)) => {
                return Err(GatewayError::Refused {
                    code: "idempotency_error".to_owned(),
                    message: format!("the refund {key} was made for another amount"),
                });
            }
            Some(made) => made,
            None => self.transport.send(request, Some(once)).await?.body,
        };
        let failed = refund.has_failed();
        refund
            .id
            .filter(|id| is_id(id))
            .map(|id| GatewayRefund { id, failed })
            .ok_or_else(|| nameless("refund"))
    }

    /// Asks for what an event only names.
    async fn complete(&self, event: GatewayEvent, body: &[u8]) -> Result<GatewayEvent, GatewayError> {
        let Some((kind, id)) = webhook::reference(body) else { return Ok(event) };
        let (about, fact) = match kind {
            Kind::Charge => {
                let charge: Charge = self.retrieve(kind, &id).await?;
                let (about, refunded) = webhook::refunded(&charge);
                // A dispute or a refund that names its charge has said the rest itself.
                let fact =
                    if event.kind.ends_with("charge.refunded") { refunded } else { event.fact.clone() };
                (about, fact)
            }
            Kind::Dispute => {
                let dispute: Dispute = self.retrieve(kind, &id).await?;
                let (about, fact) = webhook::dispute(&dispute);
                (
                    if about.intent.is_some() { about } else { self.behind(dispute.charge.as_ref()).await? },
                    fact,
                )
            }
            Kind::Refund => {
                let refund: Refund = self.retrieve(kind, &id).await?;
                let (about, fact) = webhook::refund(&refund);
                (
                    if about.intent.is_some() { about } else { self.behind(refund.charge.as_ref()).await? },
                    fact,
                )
            }
        };
        Ok(GatewayEvent {
            intent: about.intent.filter(|id| is_id(id)),
            payment: event.payment.or(about.payment),
            fact,
            ..event
        })
    }

    /// The payment behind a charge that something names.
    async fn behind(&self, charge: Option<&Reference<Charge>>) -> Result<webhook::About, GatewayError> {
        match charge.and_then(Reference::charge_id) {
            Some(id) => Ok(webhook::about_charge(&self.retrieve(Kind::Charge, id).await?)),
            None => Ok(webhook::About::default()),
        }
    }
}

#[async_trait]
impl PaymentGateway for StripeGateway {
    fn name(&self) -> &'static str {
        "stripe"
    }

    fn publishable_key(&self) -> &str {
        &self.publishable_key
    }

    fn chargeable(&self, amount: Money) -> Result<(), Unchargeable> {
        amount::chargeable(amount)
    }

    fn payment_url(&self, intent: &IntentSnapshot, return_url: &str) -> Option<String> {
        let mut page = self.payment_page.clone()?;
        let secret = intent.client_secret.as_deref()?;
        page.path_segments_mut().ok()?.pop_if_empty().push(&intent.id);
        page.query_pairs_mut().append_pair("client_secret", secret).append_pair("return_url", return_url);
        Some(page.into())
    }

    async fn create_intent(&self, request: &CreateIntent) -> Result<IntentSnapshot, GatewayError> {
        self.in_time(self.make_intent(request)).await
    }

    async fn retrieve_intent(&self, intent: &str) -> Result<IntentSnapshot, GatewayError> {
        let answer = self.transport.send(requests::retrieve_intent(intent)?, None).await?;
        snapshot(answer.body)
    }

    async fn cancel_intent(&self, intent: &str) -> Result<IntentSnapshot, GatewayError> {
        self.in_time(self.cancel(intent)).await
    }

    async fn refund(&self, intent: &str, amount: Money, key: &str) -> Result<GatewayRefund, GatewayError> {
        self.in_time(self.make_refund(intent, amount, key)).await
    }

    async fn refunds(&self, intent: &str) -> Result<Vec<ListedRefund>, GatewayError> {
        self.list(intent, |_| false).await?.into_iter().map(listed).collect()
    }

    async fn paid_since(&self, since: Timestamp) -> Result<Vec<PaidIntent>, GatewayError> {
        let (mut found, mut after) = (Vec::new(), None::<String>);
        loop {
            let request = requests::list_intents(since, after.as_deref());
            let page: IntentPage = self.transport.send(request, None).await?.body;
            after = page.data.last().and_then(|intent| intent.id.clone());
            found.extend(page.data.into_iter().filter_map(paid));
            if !page.has_more || after.is_none() {
                return Ok(found);
            }
        }
    }

    async fn complete_event(&self, event: GatewayEvent, body: &[u8]) -> Result<GatewayEvent, GatewayError> {
        self.in_time(self.complete(event, body)).await
    }

    fn receive(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<GatewayEvent, WebhookRefusal> {
        self.webhooks.verify(signature, body, now).map_err(|error| match error {
            SignatureError::Malformed | SignatureError::Mismatch => WebhookRefusal::BadSignature,
            SignatureError::Stale => WebhookRefusal::Stale,
        })?;
        self.read_event(body)
    }

    fn read_event(&self, body: &[u8]) -> Result<GatewayEvent, WebhookRefusal> {
        parse_event(body).map_err(|error| {
            tracing::debug!(%error, "stripe.webhook");
            WebhookRefusal::Malformed
        })
    }
}

fn snapshot(mut intent: Intent) -> Result<IntentSnapshot, GatewayError> {
    let id = intent.id.take().filter(|id| is_id(id)).ok_or_else(|| nameless("payment intent"))?;
    let charge = intent.latest_charge.as_ref().and_then(Reference::object);
    let currency = intent.currency.as_deref().unwrap_or_default();
    let amount_refunded =
        charge.and_then(|charge| charge.amount_refunded).map(|total| from_wire(total, currency));
    Ok(IntentSnapshot {
        id,
        facts: intent_facts(&intent),
        client_secret: intent.client_secret,
        amount_refunded,
    })
}

/// An intent of a list, if it was paid and is about a payment of ours.
fn paid(intent: Intent) -> Option<PaidIntent> {
    let payment = our_payment(intent.metadata.as_ref())?;
    let snapshot = snapshot(intent).ok()?;
    let facts = snapshot.facts;
    (facts.state == Some(PaymentState::Succeeded)).then(|| PaidIntent {
        id: snapshot.id,
        payment,
        amount_received: facts.amount_received,
        amount_refunded: snapshot.amount_refunded.unwrap_or_default(),
        currency: facts.currency,
    })
}

/// The key that one of our refunds was asked for with.
fn key_of(refund: &Refund) -> Option<&str> {
    refund.metadata.as_ref()?.stoa_refund.as_deref()
}

/// A refund of a list. Money is counted by it: one that lacks a figure is not guessed at.
fn listed(refund: Refund) -> Result<ListedRefund, GatewayError> {
    let (key, failed) = (key_of(&refund).map(str::to_owned), refund.has_failed());
    match (refund.id, refund.amount, refund.currency, refund.status) {
        (Some(id), Some(amount), Some(currency), Some(_)) if is_id(&id) => Ok(ListedRefund {
            id,
            key,
            amount: from_wire(amount, &currency),
            currency: currency.to_ascii_uppercase(),
            failed,
        }),
        _ => Err(GatewayError::Unknown("a refund without its id, amount, currency or status".to_owned())),
    }
}

/// An answer that may well tell of a change, but not of what.
fn nameless(object: &str) -> GatewayError {
    GatewayError::Unknown(format!("a {object} without an id"))
}
