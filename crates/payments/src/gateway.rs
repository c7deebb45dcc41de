//! The domain's payment gateway, on Stripe.

use crate::{
    ConfigError, StripeConfig,
    amount::{self, from_wire, to_wire},
    facts::intent_facts,
    lean::{Intent, Reference, Refund, RefundPage},
    requests,
    transport::{IdempotencyKey, Transport},
    webhook::{SignatureError, WebhookVerifier, parse_event},
};
use async_trait::async_trait;
use stoa_domain::{
    payment::{
        CreateIntent, GatewayError, GatewayEvent, GatewayRefund, IntentSnapshot, PaymentGateway,
        PaymentState, Unchargeable, WebhookRefusal,
    },
    shared::{Money, Timestamp},
};
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
/// Cancelling carries no key, on purpose. It is idempotent by itself, and under a key Stripe would repeat a
/// refusal (`processing`, say) long after the intent has become cancellable.
#[derive(Debug)]
pub struct StripeGateway {
    transport: Transport,
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
            webhooks: WebhookVerifier::new(&config.webhook_secrets)?,
            publishable_key: config.publishable_key,
            payment_page: config.payment_page,
        })
    }

    /// The refund that an earlier call with this key has made.
    async fn find_refund(&self, intent: &str, key: &str) -> Result<Option<Refund>, GatewayError> {
        let mut after = None;
        loop {
            let request = requests::list_refunds(intent, after.as_deref())?;
            let page: RefundPage = self.transport.send(request, None).await?.body;
            let last = page.data.last().and_then(|refund| refund.id.clone());
            let is_ours = |refund: &Refund| {
                refund.metadata.as_ref().and_then(|metadata| metadata.stoa_refund.as_deref()) == Some(key)
            };
            if let Some(refund) = page.data.into_iter().find(is_ours) {
                return Ok(Some(refund));
            }
            match last {
                Some(id) if page.has_more => after = Some(id),
                _ => return Ok(None),
            }
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
        let key = IdempotencyKey::parse(&format!("payment-{}-intent", request.payment))?;
        let made = self.transport.send(requests::create_intent(request)?, Some(key)).await?;
        let made_before = made.replayed;
        let intent = snapshot(made.body)?;
        // A repeated answer shows the object as it was when it was made; since then it may have been paid.
        if made_before { self.retrieve_intent(&intent.id).await } else { Ok(intent) }
    }

    async fn retrieve_intent(&self, intent: &str) -> Result<IntentSnapshot, GatewayError> {
        let answer = self.transport.send(requests::retrieve_intent(intent)?, None).await?;
        snapshot(answer.body)
    }

    async fn cancel_intent(&self, intent: &str) -> Result<IntentSnapshot, GatewayError> {
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

    async fn refund(&self, intent: &str, amount: Money, key: &str) -> Result<GatewayRefund, GatewayError> {
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
        let failed = matches!(refund.status.as_deref(), Some("failed" | "canceled"));
        refund.id.map(|id| GatewayRefund { id, failed }).ok_or_else(|| nameless("refund"))
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
    let id = intent.id.take().ok_or_else(|| nameless("payment intent"))?;
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

/// An answer that may well tell of a change, but not of what.
fn nameless(object: &str) -> GatewayError {
    GatewayError::Unknown(format!("a {object} without an id"))
}
