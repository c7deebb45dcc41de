//! What an issuer says of itself: when it is asked, and what it may not say.

use crate::{
    issuer::Key,
    world::{STATE, World, return_to},
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::sync::Arc;
use stoa_domain::shared::{Fault, FaultKind};
use stoa_oidc::{ExchangeError, Untrusted};
use wiremock::ResponseTemplate;

const DISCOVERY: &str = "/.well-known/openid-configuration";

async fn asked(world: &World) -> (usize, usize) {
    (world.issuer.asked(DISCOVERY).await.len(), world.issuer.asked("/keys").await.len())
}

#[tokio::test]
async fn many_at_once_ask_once_and_then_every_ten_minutes() {
    let world = World::start().await;
    assert_eq!(asked(&world).await, (0, 0), "a shop starts without its providers");

    let world = Arc::new(world);
    let begin = |world: Arc<World>| async move { world.begin().await };
    let begun: Vec<_> = (0..8).map(|_| tokio::spawn(begin(Arc::clone(&world)))).collect();
    for begun in begun {
        begun.await.unwrap();
    }
    assert_eq!(asked(&world).await, (1, 1));

    world.clock.advance(TimeDelta::seconds(599));
    world.sign_in(|_, _| ()).await.unwrap();
    assert_eq!(asked(&world).await, (1, 1));
    world.clock.advance(TimeDelta::seconds(1));
    world.begin().await;
    assert_eq!(asked(&world).await, (2, 2));
}

#[tokio::test]
async fn a_new_key_is_found_and_an_old_one_forgotten() {
    let world = World::start().await;
    world.sign_in(|_, _| ()).await.unwrap();

    let new = Key::new("k2");
    world.issuer.has_keys(&[new.jwk()]);
    world.clock.advance(TimeDelta::minutes(1));
    let begun = world.begin().await;
    world.issuer.gives(&new.sign(&new.header(), &world.claims(&begun)));
    let found = world.finish(&begun.attempt).await;
    assert!(found.is_ok(), "{found:?}");
    assert_eq!(asked(&world).await, (2, 2));

    let old = world.sign_in(|_, _| ()).await;
    assert!(matches!(old, Err(ExchangeError::Untrusted(Untrusted::UnknownKey))), "{old:?}");
}

/// An issuer without names for its keys: a wrong signature may be a right one by the next key.
#[tokio::test]
async fn a_new_key_without_a_name_is_found_too() {
    let world = World::start().await;
    world.sign_in(|_, _| ()).await.unwrap();

    let new = Key::new("k1");
    world.issuer.has_keys(&[new.jwk()]);
    world.clock.advance(TimeDelta::minutes(1));
    let begun = world.begin().await;
    world.issuer.gives(&new.sign(&json!({ "alg": "ES256" }), &world.claims(&begun)));
    assert!(world.finish(&begun.attempt).await.is_ok());
}

#[tokio::test]
async fn bad_tokens_do_not_have_us_ask_without_end() {
    let world = World::start().await;
    let begun = world.begin().await;
    let unknown = Key::new("k9");
    world.issuer.gives(&unknown.sign(&unknown.header(), &world.claims(&begun)));

    for (after, discoveries) in [(0, 1), (29, 1), (1, 2), (0, 2), (29, 2), (1, 3)] {
        world.clock.advance(TimeDelta::seconds(after));
        let finish = || async { world.finish(&begun.attempt).await };
        for outcome in [tokio::join!(finish(), finish(), finish()).0, finish().await] {
            assert!(matches!(outcome, Err(ExchangeError::Untrusted(Untrusted::UnknownKey))), "{outcome:?}");
        }
        assert_eq!(asked(&world).await, (discoveries, discoveries));
    }
}

#[tokio::test]
async fn an_outage_is_told_and_not_hammered() {
    let world = World::start().await;
    world.issuer.discovery(ResponseTemplate::new(503));
    let begin = || world.provider.authorize(&world.ids, STATE.into(), return_to());
    for outcome in <[_; 3]>::from(tokio::join!(begin(), begin(), begin())) {
        assert_eq!(outcome.unwrap_err().kind(), FaultKind::Unavailable);
    }
    assert_eq!(asked(&world).await, (1, 0));

    world.issuer.declares(|_| ());
    world.clock.advance(TimeDelta::seconds(4));
    assert!(begin().await.is_err());
    world.clock.advance(TimeDelta::seconds(1));
    assert!(begin().await.is_ok());
}

#[tokio::test]
async fn metadata_of_another_issuer_is_not_this_ones() {
    let world = World::start().await;
    for issuer in ["https://evil.example".to_owned(), format!("{}/", world.issuer.url())] {
        let fault = declared(&world, "issuer", json!(issuer)).await;
        assert_eq!(fault.kind(), FaultKind::Internal);
        // Who configured it wrongly sees how it is written.
        assert!(fault.to_string().contains(&issuer), "{fault}");
    }
}

#[tokio::test]
async fn no_endpoint_may_be_without_https_or_elsewhere_than_the_web() {
    let world = World::start().await;
    for endpoint in ["authorization_endpoint", "jwks_uri"] {
        for url in
            ["http://evil.example/x", "http://10.0.0.1/x", "file:///etc/passwd", "javascript:alert(1)", "x"]
        {
            declared(&world, endpoint, json!(url)).await;
        }
    }
    let url = json!("http://evil.example/x");
    // The other two are looked at when they are asked.
    world.issuer.declares(|metadata| {
        metadata["token_endpoint"] = url.clone();
    });
    world.clock.advance(TimeDelta::minutes(10));
    assert!(matches!(world.sign_in(|_, _| ()).await, Err(ExchangeError::Fault(_))));
    world.issuer.declares(|metadata| metadata["userinfo_endpoint"] = url.clone());
    world.clock.advance(TimeDelta::minutes(10));
    let without_email = |_: &mut Value, claims: &mut Value| claims["email"] = json!(null);
    assert!(matches!(world.sign_in(without_email).await, Err(ExchangeError::Fault(_))));
}

#[tokio::test]
async fn metadata_that_leads_nowhere_is_a_fault_that_says_so() {
    let world = World::start().await;
    let fault = declared(&world, "token_endpoint", json!(null)).await;
    assert!(fault.to_string().contains("token_endpoint"), "{fault}");
    let fault = declared(&world, "id_token_signing_alg_values_supported", json!(["none", "HS256"])).await;
    assert!(fault.to_string().contains("no way that we take"), "{fault}");
    declared(&world, "jwks_uri", json!(null)).await;

    for answer in [
        ResponseTemplate::new(404),
        ResponseTemplate::new(200).set_body_string("<html>"),
        ResponseTemplate::new(200).set_body_raw("{}", "application/json"),
        ResponseTemplate::new(200).set_body_raw("{", "application/json"),
    ] {
        world.issuer.discovery(answer);
        faulty(&world).await;
    }
    world.issuer.declares(|_| ());
    for keys in
        [ResponseTemplate::new(404), ResponseTemplate::new(200).set_body_raw("[]", "application/json")]
    {
        world.issuer.keys(keys);
        faulty(&world).await;
    }
    // A key that nobody can read does not spoil the others.
    world.issuer.has_keys(&[json!({ "kty": "XX" }), json!(7), world.key.jwk()]);
    world.clock.advance(TimeDelta::minutes(10));
    assert!(world.sign_in(|_, _| ()).await.is_ok());
}

async fn declared(world: &World, field: &str, value: Value) -> Fault {
    world.issuer.declares(|metadata| metadata[field] = value);
    faulty(world).await
}

async fn faulty(world: &World) -> Fault {
    world.clock.advance(TimeDelta::minutes(10));
    world.provider.discover().await.unwrap_err()
}
