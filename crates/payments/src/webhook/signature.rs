//! The signature of a webhook.
//!
//! `Stripe-Signature: t=1492774577,v1=5257a8…,v1=…,v0=…`: each `v1` is the HMAC-SHA256, in hex, of `{t}.{raw
//! body}` under one of the endpoint's signing secrets. There are several while a secret is being replaced.
//! Other schemes are ignored, as <https://docs.stripe.com/webhooks#verify-manually> asks, so that nobody can
//! talk us down to a weaker one.

use crate::{ConfigError, config::check_key};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use stoa_domain::shared::Timestamp;

/// How far the signature's time may lie from ours, in either direction: Stripe's own default.
const TOLERANCE_SECONDS: u64 = 300;

/// Why a webhook is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The header has no time, or no signature of the scheme `v1`.
    #[error("the signature header is malformed")]
    Malformed,
    /// No signature fits the body under any of our secrets.
    #[error("no signature fits")]
    Mismatch,
    /// Rightly signed, but more than five minutes ago or ahead: perhaps a recording.
    #[error("the signature is too old or from the future")]
    Stale,
}

/// Checks signatures under one or more secrets.
#[derive(Clone, Debug)]
pub struct WebhookVerifier {
    keys: Vec<Hmac<Sha256>>,
}

impl WebhookVerifier {
    /// A verifier that accepts what any of `secrets` has signed.
    ///
    /// # Errors
    /// When there is no secret, or one does not begin with `whsec_`.
    pub fn new(secrets: &[SecretString]) -> Result<Self, ConfigError> {
        if secrets.is_empty() {
            return Err(ConfigError::new(
                "webhook_secrets",
                "give the signing secret of the webhook endpoint (whsec_…)",
            ));
        }
        let keys = secrets.iter().map(|secret| key(secret.expose_secret())).collect::<Result<_, _>>()?;
        Ok(Self { keys })
    }

    /// Checks `header` (the value of `Stripe-Signature`) against the body exactly as it arrived. The
    /// comparison takes the same time wherever a wrong signature differs.
    ///
    /// # Errors
    /// [`SignatureError`]; the time is judged last, so that [`Stale`](SignatureError::Stale) is only ever
    /// said of what a secret has signed.
    pub fn verify(&self, header: &str, body: &[u8], now: Timestamp) -> Result<(), SignatureError> {
        let header = SignatureHeader::parse(header).ok_or(SignatureError::Malformed)?;
        if !self.keys.iter().any(|key| header.is_signed_by(key, body)) {
            return Err(SignatureError::Mismatch);
        }
        let age = now.timestamp().abs_diff(header.timestamp);
        if age <= TOLERANCE_SECONDS { Ok(()) } else { Err(SignatureError::Stale) }
    }
}

fn key(secret: &str) -> Result<Hmac<Sha256>, ConfigError> {
    check_key("webhook_secrets", secret, &["whsec_"])?;
    // The whole text is the key, its prefix included.
    Hmac::new_from_slice(secret.as_bytes())
        .map_err(|error| ConfigError::new("webhook_secrets", error.to_string()))
}

/// The parts of the header that count.
struct SignatureHeader<'a> {
    /// The time as it was written, since that is what was signed.
    written: &'a str,
    timestamp: i64,
    signatures: Vec<[u8; 32]>,
}

impl<'a> SignatureHeader<'a> {
    fn parse(header: &'a str) -> Option<Self> {
        let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
        let (_, written) = parts().find(|(scheme, _)| *scheme == "t")?;
        let timestamp = written.parse().ok()?;
        let signatures: Vec<_> =
            parts().filter(|(scheme, _)| *scheme == "v1").filter_map(|(_, text)| signature(text)).collect();
        (!signatures.is_empty()).then_some(Self { written, timestamp, signatures })
    }

    fn is_signed_by(&self, key: &Hmac<Sha256>, body: &[u8]) -> bool {
        let mac = key.clone().chain_update(self.written).chain_update(b".").chain_update(body);
        self.signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
    }
}

/// Sixty-four hex digits; whatever else stands there can fit nothing.
fn signature(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).ok().map(|()| bytes)
}
