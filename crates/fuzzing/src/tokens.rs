//! What somebody shows to be let in: access tokens (JWT), refresh tokens, sign-ins of storefronts, cookies, keys.

use crate::shop::{now, shop, to};
use axum::http::{HeaderName, HeaderValue, header};
use chrono::TimeDelta;
use std::sync::LazyLock;
use stoa_auth::{
    ApiKeyHash, Claims, Devices, Presented, PresentedRefresh, Purpose, RootKeys, Signer, SigningKey, Tokens,
};
use uuid::Uuid;

const URL: &str = "http://shop.test";
const QUESTION: &[u8] = br#"{"query":"{ viewer { customer { email } } }"}"#;

/// Signs with a key that every run has, so that the corpus may hold tokens which are nearly right.
static SIGNER: LazyLock<Signer> = LazyLock::new(|| {
    let key = SigningKey::from_seed(&[7; 32]).unwrap_or_else(|fault| panic!("no key: {fault}"));
    Signer::new(URL, key, Vec::new())
});

/// What nobody has: each run has others.
static SECRETS: LazyLock<(Tokens, Devices)> = LazyLock::new(|| {
    let made = RootKeys::generate().and_then(|(roots, _)| Ok((Tokens::new(&roots)?, Devices::new(&roots)?)));
    made.unwrap_or_else(|fault| panic!("no randomness: {fault}"))
});

/// A text that is shown as each kind of credential, and a token of ours that it has been at.
///
/// # Panics
/// It is believed, or the shop answers with a fault.
pub fn jwt(input: &[u8]) {
    changed(input);
    let Ok(text) = str::from_utf8(input) else { return };
    if let Ok(claims) = SIGNER.check(text, now()) {
        // Ed25519 signs a text in one way only: what is believed is what we would have written.
        assert_eq!(SIGNER.sign(&claims).ok().as_deref(), Some(text), "nobody has signed this");
    }
    let (tokens, devices) = &*SECRETS;
    for purpose in [Purpose::STOREFRONT, Purpose::COOKIE, Purpose::of("reset")] {
        let shown = Presented::parse(purpose, text);
        assert!(!shown.is_some_and(|shown| tokens.proves(&shown, &[3; 16])), "nobody has minted this");
    }
    let shown = PresentedRefresh::parse(text);
    assert!(!shown.is_some_and(|shown| tokens.proves_refresh(&shown, "customer", &[3; 16])));
    assert!(devices.read("customer", Uuid::nil(), text, now()).is_none());
    let _ = ApiKeyHash::of(text);
    show(text);
}

/// A token of ours, each letter of which is changed by a byte of the input: it is ours only if nothing has changed.
fn changed(input: &[u8]) {
    let claims = Claims {
        subject: Uuid::from_u128(1),
        session: Uuid::from_u128(2),
        realm: "customer".to_owned(),
        issued_at: now(),
        expires_at: now() + TimeDelta::minutes(10),
        id: Uuid::from_u128(3),
    };
    let ours = SIGNER.sign(&claims).unwrap_or_else(|fault| panic!("a token cannot be signed: {fault}"));
    let bytes: Vec<u8> =
        ours.bytes().zip(input.iter().copied().chain(std::iter::repeat(0))).map(|(a, b)| a ^ b).collect();
    let Ok(text) = String::from_utf8(bytes) else { return };
    assert_eq!(SIGNER.check(&text, now()).is_ok(), text == ours, "{text}");
}

/// Asks the shop with it, in every place where one may stand. Where a credential is asked for, it is none.
fn show(text: &str) {
    let shop = shop();
    let places: [(HeaderName, String, bool); 4] = [
        (header::AUTHORIZATION, format!("Bearer {text}"), true),
        (header::AUTHORIZATION, text.to_owned(), false),
        (HeaderName::from_static("x-shopify-access-token"), text.to_owned(), true),
        (header::COOKIE, format!("__Host-stoa_session={text}; __Host-stoa_device={text}"), false),
    ];
    for (name, value, is_credential) in places {
        let Ok(value) = HeaderValue::from_str(&value) else { continue };
        let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let site = (HeaderName::from_static("sec-fetch-site"), HeaderValue::from_static("same-origin"));
        let answer = shop.send(to("/graphql", &[json, site, (name, value)], QUESTION.to_vec()));
        answer.is_no_fault();
        assert!(!is_credential || answer.status == 401, "{}: {text:?} is believed", answer.status);
    }
}
