//! Idempotency keys.

use reqwest::header::HeaderValue;
use stoa_domain::payment::GatewayError;

/// Stripe's limit (<https://docs.stripe.com/api/idempotent_requests>).
const LONGEST: usize = 255;

/// A key under which Stripe does one thing once.
#[derive(Clone, Debug)]
pub(crate) struct IdempotencyKey(HeaderValue);

impl IdempotencyKey {
    /// A key of 1 to 255 printable ASCII characters; another is refused before anything is sent.
    pub(crate) fn parse(key: &str) -> Result<Self, GatewayError> {
        let fits = (1..=LONGEST).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
        HeaderValue::from_str(key).ok().filter(|_| fits).map(Self).ok_or_else(|| GatewayError::Refused {
            code: "idempotency_key_invalid".to_owned(),
            message: format!("an idempotency key is 1 to {LONGEST} printable ASCII characters"),
        })
    }

    pub(super) fn into_header(self) -> HeaderValue {
        self.0
    }
}
