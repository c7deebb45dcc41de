//! The port's own door for webhooks: the configured secrets, the clock of the caller, the refusals of the
//! domain.

use crate::script::{config, gateway, intent};
use chrono::DateTime;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::SecretString;
use serde_json::json;
use sha2::Sha256;
use stoa_domain::{
    payment::{GatewayFact, PaymentGateway, WebhookRefusal},
    shared::Timestamp,
};

fn at(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn signed(secret: &str, seconds: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{seconds}.").as_bytes());
    mac.update(body);
    format!("t={seconds},v1={}", hex::encode(mac.finalize().into_bytes()))
}

fn paid() -> Vec<u8> {
    let data = json!({"object": intent("succeeded")});
    json!({"id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "data": data})
        .to_string()
        .into_bytes()
}

#[test]
fn a_webhook_signed_with_any_configured_secret_is_received() {
    let mut config = config("http://127.0.0.1:1");
    config.webhook_secrets = vec![SecretString::from("whsec_new"), SecretString::from("whsec_old")];
    let gateway = gateway(&config);
    for secret in ["whsec_new", "whsec_old"] {
        let event = gateway.receive(&signed(secret, 1_000, &paid()), &paid(), at(1_200)).unwrap();
        assert_eq!((event.id.as_str(), event.intent.as_deref()), ("evt_1", Some("pi_1")));
        assert!(matches!(event.fact, GatewayFact::Intent(_)));
        assert_eq!(gateway.read_event(&paid()), Ok(event));
    }
}

#[test]
fn each_reason_not_to_believe_has_its_refusal() {
    let gateway = gateway(&config("http://127.0.0.1:1"));
    let now = at(1_000);
    let good = signed("whsec_test", 1_000, &paid());
    for (signature, body, refusal) in [
        (signed("whsec_other", 1_000, &paid()), paid(), WebhookRefusal::BadSignature),
        (String::new(), paid(), WebhookRefusal::BadSignature),
        (good.clone(), b"{}".to_vec(), WebhookRefusal::BadSignature),
        (signed("whsec_test", 699, &paid()), paid(), WebhookRefusal::Stale),
        (signed("whsec_test", 1_301, &paid()), paid(), WebhookRefusal::Stale),
        (signed("whsec_test", 1_000, b"{}"), b"{}".to_vec(), WebhookRefusal::Malformed),
    ] {
        assert_eq!(gateway.receive(&signature, &body, now), Err(refusal), "{signature}");
    }
    assert!(gateway.receive(&good, &paid(), now).is_ok());
    assert_eq!(gateway.read_event(b"12"), Err(WebhookRefusal::Malformed));
}
