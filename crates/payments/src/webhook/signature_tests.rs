//! Signatures as Stripe makes them, and as it does not.
//!
//! The constants were made with `openssl dgst -sha256 -hmac SECRET` over `{t}.{body}`, not with the code
//! under test.

use super::{SignatureError, WebhookVerifier};
use chrono::DateTime;
use proptest::prelude::*;
use secrecy::SecretString;
use stoa_domain::shared::Timestamp;

const BODY: &[u8] = br#"{"id":"evt_1","object":"event","type":"payment_intent.succeeded"}"#;
/// 2026-11-20T00:00:00Z.
const SIGNED_AT: i64 = 1_795_132_800;
/// Under `whsec_test_secret`.
const SIGNATURE: &str = "18c492ba0c266bf865ac2205bcac86bfbfc8a882d056a3e451c8a7adb884b9b2";
/// Under `whsec_next_secret`.
const NEXT_SIGNATURE: &str = "5b5b48d373c2b0056aa71d3cb8060e8dd5e7a0742e97544f0719fc6826d689f2";

fn verifier(secrets: &[&str]) -> WebhookVerifier {
    let secrets: Vec<_> = secrets.iter().map(|s| SecretString::from(*s)).collect();
    WebhookVerifier::new(&secrets).unwrap()
}

fn later(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(SIGNED_AT + seconds, 0).unwrap()
}

fn verify(header: &str) -> Result<(), SignatureError> {
    verifier(&["whsec_test_secret"]).verify(header, BODY, later(0))
}

#[test]
fn a_signed_body_is_believed() {
    assert_eq!(verify(&format!("t={SIGNED_AT},v1={SIGNATURE}")), Ok(()));
}

#[test]
fn spaces_order_and_other_schemes_do_not_matter() {
    let header = format!("v0=00ff, v1={SIGNATURE} ,v9=x,nonsense,t={SIGNED_AT}");
    assert_eq!(verify(&header), Ok(()));
}

#[test]
fn one_of_several_signatures_suffices() {
    let header = format!("t={SIGNED_AT},v1={},v1=short,v1={SIGNATURE}", "0".repeat(64));
    assert_eq!(verify(&header), Ok(()));
}

#[test]
fn while_a_secret_is_replaced_both_are_good() {
    let both = verifier(&["whsec_next_secret", "whsec_test_secret"]);
    for signature in [SIGNATURE, NEXT_SIGNATURE] {
        assert_eq!(both.verify(&format!("t={SIGNED_AT},v1={signature}"), BODY, later(0)), Ok(()));
    }
    let next = verifier(&["whsec_next_secret"]);
    let old = next.verify(&format!("t={SIGNED_AT},v1={SIGNATURE}"), BODY, later(0));
    assert_eq!(old, Err(SignatureError::Mismatch));
    let header = format!("t={SIGNED_AT},v1={SIGNATURE},v1={NEXT_SIGNATURE}");
    assert_eq!(next.verify(&header, BODY, later(0)), Ok(()));
}

#[test]
fn another_body_time_or_scheme_is_not_believed() {
    let good = verifier(&["whsec_test_secret"]);
    let header = format!("t={SIGNED_AT},v1={SIGNATURE}");
    let with_space = [BODY, b" "].concat();
    assert_eq!(good.verify(&header, &with_space, later(0)), Err(SignatureError::Mismatch));
    assert_eq!(good.verify(&header, b"", later(0)), Err(SignatureError::Mismatch));
    assert_eq!(verify(&format!("t={},v1={SIGNATURE}", SIGNED_AT + 1)), Err(SignatureError::Mismatch));
    // The same instant, written otherwise: what is signed is the text.
    assert_eq!(verify(&format!("t=0{SIGNED_AT},v1={SIGNATURE}")), Err(SignatureError::Mismatch));
    assert_eq!(verify(&format!("t={SIGNED_AT},v0={SIGNATURE}")), Err(SignatureError::Malformed));
}

#[test]
fn five_minutes_either_way_are_tolerated() {
    let good = verifier(&["whsec_test_secret"]);
    let header = format!("t={SIGNED_AT},v1={SIGNATURE}");
    for (seconds, expected) in
        [(-301, Err(SignatureError::Stale)), (-300, Ok(())), (300, Ok(())), (301, Err(SignatureError::Stale))]
    {
        assert_eq!(good.verify(&header, BODY, later(seconds)), expected, "{seconds}");
    }
    let wrong = format!("t={SIGNED_AT},v1={}", "0".repeat(64));
    assert_eq!(good.verify(&wrong, BODY, later(9_999)), Err(SignatureError::Mismatch));
}

#[test]
fn a_header_without_its_parts_is_malformed() {
    for header in [
        "".to_owned(),
        "t=".to_owned(),
        SIGNATURE.to_owned(),
        format!("v1={SIGNATURE}"),
        format!("t={SIGNED_AT}"),
        format!("t=yesterday,v1={SIGNATURE}"),
        format!("t=99999999999999999999,v1={SIGNATURE}"),
        format!("t={SIGNED_AT},v1={}", &SIGNATURE[..62]),
        format!("t={SIGNED_AT},v1={SIGNATURE}00"),
        format!("t={SIGNED_AT},v1=zz{}", &SIGNATURE[2..]),
    ] {
        assert_eq!(verify(&header), Err(SignatureError::Malformed), "{header}");
    }
}

#[test]
fn a_verifier_needs_a_secret() {
    assert_eq!(WebhookVerifier::new(&[]).unwrap_err().key(), "webhook_secrets");
    let odd = [SecretString::from("we_123")];
    assert_eq!(WebhookVerifier::new(&odd).unwrap_err().key(), "webhook_secrets");
    assert!(!format!("{:?}", verifier(&["whsec_test_secret"])).contains("test_secret"));
}

proptest! {
    #[test]
    fn no_header_and_no_body_makes_it_panic_or_believe(header in ".{0,200}", body: Vec<u8>, at: i32) {
        let now = DateTime::from_timestamp(i64::from(at), 0).unwrap();
        prop_assert!(verifier(&["whsec_test_secret"]).verify(&header, &body, now).is_err());
    }

    #[test]
    fn nothing_built_of_the_right_parts_makes_it_panic_or_believe(
        parts in prop::collection::vec(("t|v1|v0|", "-?[0-9a-f]{0,70}"), 0..6),
    ) {
        let header = parts.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(",");
        prop_assert!(verify(&header).is_err());
    }

    #[test]
    fn no_changed_bit_is_believed(byte in 0..BODY.len(), bit in 0u8..8) {
        let mut body = BODY.to_vec();
        body[byte] ^= 1 << bit;
        let header = format!("t={SIGNED_AT},v1={SIGNATURE}");
        let verdict = verifier(&["whsec_test_secret"]).verify(&header, &body, later(0));
        prop_assert_eq!(verdict, Err(SignatureError::Mismatch));
    }
}
