//! What access tokens promise.

use super::*;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta};
use jsonwebtoken::{Algorithm, crypto};
use proptest::prelude::*;
use ring::hmac;
use serde_json::{Value, json};
use std::sync::Arc;
use stoa_domain::shared::Timestamp;
use uuid::Uuid;

const URL: &str = "https://shop.example";

fn now() -> Timestamp {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn claims() -> Claims {
    Claims {
        subject: Uuid::from_u128(1),
        session: Uuid::from_u128(2),
        realm: "customer".to_owned(),
        issued_at: now(),
        expires_at: now() + TimeDelta::minutes(10),
        id: Uuid::from_u128(3),
    }
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32]).unwrap()
}

fn signer() -> Signer {
    Signer::new(URL, key(1), Vec::new())
}

fn header(kid: &str) -> Value {
    json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": kid })
}

fn payload() -> Value {
    json!({
        "iss": URL, "aud": URL, "sub": Uuid::from_u128(1), "sid": Uuid::from_u128(2), "realm": "customer",
        "iat": 1_800_000_000, "exp": 1_800_000_600, "jti": Uuid::from_u128(3),
    })
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A token of any header and payload, rightly signed.
fn signed_by(key: &SigningKey, header: &Value, payload: &Value) -> String {
    let message = format!("{}.{}", part(header), part(payload));
    let signature = crypto::sign(message.as_bytes(), &key.encoding, Algorithm::EdDSA).unwrap();
    format!("{message}.{signature}")
}

fn set(mut value: Value, field: &str, to: Value) -> Value {
    value[field] = to;
    value
}

fn without(mut value: Value, field: &str) -> Value {
    value.as_object_mut().unwrap().remove(field).unwrap();
    value
}

#[test]
fn a_token_says_what_was_signed() {
    let signer = signer();
    let token = signer.sign(&claims()).unwrap();
    assert_eq!(*signer.check(&token, now()).unwrap(), claims());

    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let mut json = || serde_json::from_slice::<Value>(&parts.next().unwrap()).unwrap();
    assert_eq!(json(), header(key(1).kid()));
    assert_eq!(json(), payload());
}

#[test]
fn the_vectors_of_rfc_8037() {
    // Appendix A: a key, its thumbprint, and a signature, made and verified.
    let read = |text: &str| <[u8; 32]>::try_from(URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap();
    let key = SigningKey::from_seed(&read("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")).unwrap();
    assert_eq!(*key.public(), read("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
    assert_eq!(key.kid(), &"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"[..22]);

    let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    assert_eq!(crypto::sign(message, &key.encoding, Algorithm::EdDSA).unwrap(), signature);
    assert!(crypto::verify(signature, message, &key.verifying.decoding, Algorithm::EdDSA).unwrap());
    assert!(!crypto::verify(signature, b"another", &key.verifying.decoding, Algorithm::EdDSA).unwrap());
}

#[test]
fn others_find_the_keys_where_they_look() {
    let signer = Signer::new(
        URL,
        key(1),
        vec![
            VerifyingKey::new(*key(2).public(), Some(now())).unwrap(),
            VerifyingKey::new(*key(3).public(), Some(now() + TimeDelta::hours(1))).unwrap(),
        ],
    );
    let x = |seed| URL_SAFE_NO_PAD.encode(key(seed).public());
    let jwk = |seed| json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key(seed).kid(), "x": x(seed) });
    assert_eq!(signer.jwks(now()).unwrap(), json!({ "keys": [jwk(1), jwk(3)] }), "the second one is over");
}

#[test]
fn none_hs256_and_rs256_are_refused() {
    let (signer, key) = (signer(), key(1));
    for algorithm in ["none", "None", "HS256", "RS256", "ES256", "PS256", "Ed25519", "", "eddsa"] {
        let header = set(header(key.kid()), "alg", json!(algorithm));
        let message = format!("{}.{}", part(&header), part(&payload()));
        let unsigned = format!("{message}.");
        let rightly = signed_by(&key, &header, &payload());
        // The classic: the public key, which everybody has, as the secret of an HMAC.
        let secret = hmac::Key::new(hmac::HMAC_SHA256, key.public());
        let with_the_public_key =
            format!("{message}.{}", URL_SAFE_NO_PAD.encode(hmac::sign(&secret, message.as_bytes())));
        for token in [unsigned, rightly, with_the_public_key] {
            assert_eq!(signer.check(&token, now()), Err(BadToken::NotOurs), "{algorithm}: {token}");
        }
    }
}

#[test]
fn a_rightly_signed_token_must_also_say_the_right_things() {
    let (signer, key) = (signer(), key(1));
    let check = |header: &Value, payload: &Value| signer.check(&signed_by(&key, header, payload), now());
    let good = header(key.kid());
    assert!(check(&good, &payload()).is_ok());

    let headers = [
        set(good.clone(), "typ", json!("JWT")),
        without(good.clone(), "typ"),
        set(good.clone(), "kid", json!("another")),
        without(good.clone(), "kid"),
        set(good.clone(), "crit", json!(["b64"])),
        json!([]),
    ];
    for header in headers {
        assert_eq!(check(&header, &payload()), Err(BadToken::NotOurs), "{header}");
    }
    let mut payloads: Vec<Value> = ["iss", "aud", "sub", "sid", "realm", "iat", "exp", "jti"]
        .map(|field| without(payload(), field))
        .into();
    payloads.extend([
        set(payload(), "iss", json!("https://other.example")),
        set(payload(), "aud", json!("https://other.example")),
        set(payload(), "aud", json!([])),
        set(payload(), "sub", json!("anna")),
        set(payload(), "exp", json!("1800000600")),
        set(payload(), "exp", json!(-1)),
        set(payload(), "exp", json!(u64::MAX)),
        set(payload(), "exp", json!(1e300)),
        json!("a text"),
        json!(null),
    ]);
    for payload in payloads {
        let outcome = check(&good, &payload);
        assert!(outcome.is_err(), "{payload}");
    }
}

#[test]
fn a_token_of_another_shop_or_key_is_not_ours() {
    let signer = signer();
    let of_another_shop = Signer::new("https://other.example", key(1), Vec::new()).sign(&claims()).unwrap();
    assert_eq!(signer.check(&of_another_shop, now()), Err(BadToken::NotOurs));
    let of_another_key = Signer::new(URL, key(2), Vec::new()).sign(&claims()).unwrap();
    assert_eq!(signer.check(&of_another_key, now()), Err(BadToken::NotOurs));
    // By another key, in the name of ours.
    let forged = signed_by(&key(2), &header(key(1).kid()), &payload());
    assert_eq!(signer.check(&forged, now()), Err(BadToken::NotOurs));
}

#[test]
fn every_changed_letter_of_a_token_shows() {
    let signer = signer();
    let token = signer.sign(&claims()).unwrap();
    signer.check(&token, now()).unwrap();
    for at in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(signer.check(&changed, now()), Err(BadToken::NotOurs), "{changed}");
    }
    for longer in [format!("{token}."), format!("{token}A"), format!(" {token}"), "a".repeat(3_000)] {
        assert_eq!(signer.check(&longer, now()), Err(BadToken::NotOurs), "{longer}");
    }
    assert_eq!(signer.remembered.len(), 1, "what is not ours is not remembered");
}

#[test]
fn a_token_is_remembered_and_still_ends() {
    let signer = signer();
    let token = signer.sign(&claims()).unwrap();
    let first = signer.check(&token, now()).unwrap();
    let again = signer.check(&token, now()).unwrap();
    assert!(Arc::ptr_eq(&first, &again), "the second time nothing was verified");

    let last_second = claims().expires_at - TimeDelta::microseconds(1);
    assert!(signer.check(&token, last_second).is_ok());
    assert_eq!(signer.check(&token, claims().expires_at), Err(BadToken::Expired));
    // One that was never seen while it was good ends as well.
    let late = Signer::new(URL, key(1), Vec::new());
    assert_eq!(late.check(&token, claims().expires_at), Err(BadToken::Expired));
}

#[test]
fn a_token_of_the_last_key_is_good_until_that_key_ends() {
    let signer = signer();
    let token = signer.sign(&claims()).unwrap();
    signer.check(&token, now()).unwrap();

    let old = VerifyingKey::new(*key(1).public(), Some(now() + TimeDelta::minutes(5))).unwrap();
    signer.replace(key(2), vec![old]);
    assert!(signer.check(&token, now()).is_ok());
    assert_eq!(
        signer.check(&token, now() + TimeDelta::minutes(5)),
        Err(BadToken::NotOurs),
        "remembered or not"
    );
    assert!(signer.check(&signer.sign(&claims()).unwrap(), now()).is_ok());

    signer.replace(key(2), Vec::new());
    assert_eq!(signer.check(&token, now()), Err(BadToken::NotOurs));
}

#[test]
fn the_key_that_signs_is_good_whatever_is_said_of_it() {
    let over = VerifyingKey::new(*key(1).public(), Some(now() - TimeDelta::days(1))).unwrap();
    let signer = Signer::new(URL, key(1), vec![over]);
    assert!(signer.check(&signer.sign(&claims()).unwrap(), now()).is_ok());
    assert_eq!(signer.jwks(now()).unwrap()["keys"].as_array().unwrap().len(), 1);
}

#[test]
fn a_new_key_is_what_is_kept_of_it_and_has_no_debug_text() {
    let (made, seed) = SigningKey::generate().unwrap();
    assert_eq!(SigningKey::from_seed(&seed).unwrap().public(), made.public());
    assert_ne!(SigningKey::generate().unwrap().0.kid(), made.kid());
    let shown = format!("{made:?} {:?}", Signer::new(URL, made.clone(), Vec::new()));
    assert!(!shown.contains(&format!("{:?}", &seed[..4]).replace(['[', ']'], "")), "{shown}");
}

proptest! {
    #[test]
    fn no_text_makes_check_panic(text in "[A-Za-z0-9_-]{0,60}\\.[A-Za-z0-9_-]{0,60}\\.[A-Za-z0-9_-]{0,90}|.*") {
        prop_assert_eq!(signer().check(&text, now()), Err(BadToken::NotOurs));
    }

    #[test]
    fn no_payload_makes_check_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        // Signed by us, so that reading it is reached.
        let message = format!("{}.{}", part(&header(key(1).kid())), URL_SAFE_NO_PAD.encode(bytes));
        let signature = crypto::sign(message.as_bytes(), &key(1).encoding, Algorithm::EdDSA).unwrap();
        let token = [message, signature].join(".");
        prop_assert!(signer().check(&token, now()).is_err());
    }
}
