//! Webhook calls made by hand, for what the sandbox would never send.

use super::shop::Shop;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use stoa_domain::shared::Clock;

/// An event in Stripe's envelope.
pub(crate) struct Event(pub(crate) Value);

impl Event {
    /// An event about a payment intent, a charge or a dispute, long ago.
    pub(crate) fn intent(id: &str, kind: &str, intent: &Value) -> Self {
        Self::dated(1_700_000_000, id, kind, intent)
    }

    /// The same, at a time.
    pub(crate) fn dated(at: i64, id: &str, kind: &str, intent: &Value) -> Self {
        Self(json!({
            "id": id, "object": "event", "type": kind, "api_version": "2026-09-30.endive", "created": at,
            "livemode": false, "data": { "object": intent },
        }))
    }
}

/// The `Stripe-Signature` header of a body.
pub(crate) fn signed(secret: &str, at: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length will do");
    mac.update(format!("{at}.{body}").as_bytes());
    format!("t={at},v1={}", hex::encode(mac.finalize().into_bytes()))
}

impl Shop {
    /// Posts a signed event; gives the status.
    pub(crate) async fn webhook(&self, event: &Event) -> u16 {
        let body = event.0.to_string();
        let header = signed(self.webhook_secret(), self.clock.now().timestamp(), &body);
        self.webhook_raw(&body, Some(&header)).await
    }

    /// Posts any body with any signature.
    pub(crate) async fn webhook_raw(&self, body: &str, signature: Option<&str>) -> u16 {
        let mut request =
            self.endpoint.http.post(format!("{}/webhooks/stripe", self.base)).body(body.to_owned());
        if let Some(signature) = signature {
            request = request.header("Stripe-Signature", signature);
        }
        request.send().await.expect("the server answers").status().as_u16()
    }
}
