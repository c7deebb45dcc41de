//! The header that proves where a webhook comes from.
//!
//! Source: Stripe's page on verifying webhook signatures (scheme `v1`).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The value of `Stripe-Signature` for a body sent at `timestamp` (seconds): `t=…,v1=…`, where `v1` is the
/// HMAC-SHA256 of `{timestamp}.{body}` under the whole signing secret, `whsec_` included, in hex.
#[must_use]
pub fn sign(secret: &str, timestamp: i64, body: &[u8]) -> String {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length (RFC 2104)")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key length is allowed");
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    format!("t={timestamp},v1={}", hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::sign;

    /// Reckoned with `printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test`.
    #[test]
    fn the_signature_is_the_one_that_openssl_reckons() {
        assert_eq!(
            sign("whsec_test", 1_700_000_000, br#"{"id":"evt_1"}"#),
            "t=1700000000,v1=c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925"
        );
    }

    #[test]
    fn body_time_and_secret_all_count() {
        let signature = sign("whsec_a", 1, b"{}");
        assert_ne!(signature, sign("whsec_b", 1, b"{}"));
        assert_ne!(signature, sign("whsec_a", 1, b"{ }"));
        assert_ne!(signature.split_once(",v1="), sign("whsec_a", 2, b"{}").split_once(",v1="));
    }
}
