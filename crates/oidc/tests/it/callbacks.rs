//! What is asked of the provider, and what comes back by way of the browser.

use crate::world::{CLIENT, SECRET, STATE, World, callback, config, parameter, provider, return_to};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::digest::{SHA256, digest};
use serde_json::json;
use std::{collections::HashMap, sync::Arc};
use stoa_domain::shared::FaultKind;
use stoa_oidc::{Attempt, ClientAuth, ExchangeError, ProviderConfig, Untrusted};
use url::form_urlencoded;
use wiremock::ResponseTemplate;

#[tokio::test]
async fn the_browser_is_sent_with_pkce_state_and_nonce() {
    let world = World::start().await;
    let (first, second) = (world.begin().await, world.begin().await);

    assert_eq!(first.url.path(), "/auth");
    let return_to = return_to();
    let expected = [
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", return_to.as_str()),
        ("scope", "openid email profile"),
        ("state", STATE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in expected {
        assert_eq!(parameter(&first.url, name).as_deref(), Some(value), "{name}");
    }
    for fresh in ["nonce", "code_challenge"] {
        let (one, other) = (parameter(&first.url, fresh).unwrap(), parameter(&second.url, fresh).unwrap());
        assert!(one.len() >= 43 && one != other, "{fresh}: {one} {other}");
    }
    assert_eq!(parameter(&first.url, "response_mode"), None);
}

#[tokio::test]
async fn the_code_is_exchanged_with_the_verifier_and_the_secret() {
    let world = World::start().await;
    let begun = world.begin().await;
    world.issuer.gives(&world.key.sign(&world.key.header(), &world.claims(&begun)));
    let answer = callback(&format!("code=a%2Fb&state={STATE}"));
    world.provider.exchange(answer, &begun.attempt).await.unwrap();

    let asked = world.issuer.asked("/token").await;
    let form: HashMap<_, _> = form_urlencoded::parse(&asked[0].body).into_owned().collect();
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["code"], "a/b");
    assert_eq!(form["redirect_uri"], return_to().as_str());
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, form["code_verifier"].as_bytes()));
    assert_eq!(parameter(&begun.url, "code_challenge").unwrap(), challenge);
    assert!(!form.contains_key("client_secret"), "the secret goes into a header");

    // Both halves of the header are encoded once more before they are joined (RFC 6749, section 2.3.1).
    let header = asked[0].headers["authorization"].to_str().unwrap();
    let pair = STANDARD.decode(header.strip_prefix("Basic ").unwrap()).unwrap();
    let secret: String = form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    assert_eq!(String::from_utf8(pair).unwrap(), format!("{CLIENT}:{secret}"));
}

#[tokio::test]
async fn the_secret_goes_into_the_body_only_where_no_header_is_taken() {
    let world = World::start().await;
    let methods = "token_endpoint_auth_methods_supported";
    world.issuer.declares(|metadata| metadata[methods] = json!(["client_secret_post"]));
    world.sign_in(|_, _| ()).await.unwrap();
    let asked = world.issuer.asked("/token").await;
    let form: HashMap<_, _> = form_urlencoded::parse(&asked[0].body).into_owned().collect();
    assert_eq!((form["client_id"].as_str(), form["client_secret"].as_str()), (CLIENT, SECRET));
    assert!(!asked[0].headers.contains_key("authorization"));

    let world = World::with(|config| config.auth = ClientAuth::Public).await;
    world.sign_in(|_, _| ()).await.unwrap();
    let asked = world.issuer.asked("/token").await;
    let form: HashMap<_, _> = form_urlencoded::parse(&asked[0].body).into_owned().collect();
    assert_eq!(form["client_id"], CLIENT);
    assert!(!form.contains_key("client_secret") && !asked[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn an_answer_to_another_attempt_is_not_looked_at() {
    let world = World::start().await;
    let begun = world.begin().await;
    world.issuer.gives(&world.key.sign(&world.key.header(), &world.claims(&begun)));

    for form in ["code=c", "code=c&state=", "code=c&state=another", &format!("code=c&state={STATE}x")] {
        assert_eq!(refused(&world, form, &begun.attempt).await, Untrusted::State, "{form}");
    }
    // A provider's answer at another provider's address: the code would go to the wrong one.
    let other = ProviderConfig { name: "other".into(), ..config(&world.issuer.url()) };
    let other = provider(other, Arc::clone(&world.clock));
    let mixed_up = other.exchange(callback(&format!("code=c&state={STATE}")), &begun.attempt).await;
    assert!(matches!(mixed_up, Err(ExchangeError::Untrusted(Untrusted::State))), "{mixed_up:?}");

    assert_eq!(world.issuer.asked("/token").await.len(), 0, "no code was given away");
    assert!(world.finish(&begun.attempt).await.is_ok());
}

#[tokio::test]
async fn an_answer_of_another_issuer_is_not_looked_at() {
    let world = World::start().await;
    let begun = world.begin().await;
    for iss in ["https%3A%2F%2Fevil.example", "", &format!("{}/", world.issuer.url())] {
        let form = format!("code=c&state={STATE}&iss={iss}");
        assert_eq!(refused(&world, &form, &begun.attempt).await, Untrusted::Sender, "{iss}");
        // A refusal of another issuer is none of this one.
        let form = format!("error=access_denied&state={STATE}&iss={iss}");
        assert_eq!(refused(&world, &form, &begun.attempt).await, Untrusted::Sender, "{iss}");
    }
    assert_eq!(world.issuer.asked("/token").await.len(), 0);

    world.issuer.gives(&world.key.sign(&world.key.header(), &world.claims(&begun)));
    let named = callback(&format!("code=c&state={STATE}&iss={}", world.issuer.url()));
    assert!(world.provider.exchange(named, &begun.attempt).await.is_ok());
}

#[tokio::test]
async fn an_issuer_that_always_names_itself_is_missed_when_it_does_not() {
    let world = World::start().await;
    world
        .issuer
        .declares(|metadata| metadata["authorization_response_iss_parameter_supported"] = json!(true));
    let begun = world.begin().await;
    world.issuer.gives(&world.key.sign(&world.key.header(), &world.claims(&begun)));

    assert_eq!(refused(&world, &format!("code=c&state={STATE}"), &begun.attempt).await, Untrusted::Sender);
    let named = callback(&format!("code=c&state={STATE}&iss={}", world.issuer.url()));
    assert!(world.provider.exchange(named, &begun.attempt).await.is_ok());
}

#[tokio::test]
async fn a_no_is_a_no_even_beside_a_code() {
    let world = World::start().await;
    let begun = world.begin().await;
    let answer = callback(&format!("error=access_denied&code=c&state={STATE}"));
    let outcome = world.provider.exchange(answer, &begun.attempt).await;
    assert!(matches!(outcome, Err(ExchangeError::Denied)), "{outcome:?}");
    for nothing in ["", "&code="] {
        let form = format!("state={STATE}{nothing}");
        assert_eq!(refused(&world, &form, &begun.attempt).await, Untrusted::Malformed);
    }
    assert_eq!(world.issuer.asked("/token").await.len(), 0);
}

#[tokio::test]
async fn a_refused_code_is_told_from_a_wrong_setting_and_from_an_outage() {
    let world = World::start().await;
    let begun = world.begin().await;
    let says = |status: u16, body: serde_json::Value| {
        world.issuer.tokens(ResponseTemplate::new(status).set_body_json(body));
    };

    says(400, json!({ "error": "invalid_grant", "error_description": "ada@example.org used it" }));
    assert_eq!(untrusted(world.finish(&begun.attempt).await), Untrusted::Code);

    says(401, json!({ "error": "invalid_client", "error_description": "wrong: s3cret" }));
    let fault = fault(world.finish(&begun.attempt).await);
    assert_eq!(fault.kind(), FaultKind::Internal);
    let text = fault.to_string();
    assert!(text.contains("invalid_client") && !text.contains("s3cret"), "{text}");

    says(400, json!({ "error": "a fake log line" }));
    let text = self::fault(world.finish(&begun.attempt).await).to_string();
    assert!(!text.contains("fake"), "{text}");

    for status in [500, 503, 429] {
        says(status, json!({}));
        let fault = self::fault(world.finish(&begun.attempt).await);
        assert_eq!(fault.kind(), FaultKind::Unavailable, "{status}");
    }
    for body in [json!({}), json!([]), json!({ "access_token": "at", "id_token": 7, "token_type": "Bearer" })]
    {
        says(200, body);
        assert_eq!(untrusted(world.finish(&begun.attempt).await), Untrusted::Malformed);
    }
    says(200, json!({ "access_token": "at", "token_type": "Bearer" }));
    assert_eq!(untrusted(world.finish(&begun.attempt).await), Untrusted::NoToken);
    world.issuer.tokens(ResponseTemplate::new(200).set_body_string("<html>"));
    assert_eq!(untrusted(world.finish(&begun.attempt).await), Untrusted::Malformed);
}

#[tokio::test]
async fn an_attempt_is_kept_as_text_and_shows_nothing() {
    let world = World::start().await;
    let begun = world.begin().await;
    let kept = serde_json::to_string(&begun.attempt).unwrap();
    let again: Attempt = serde_json::from_str(&kept).unwrap();
    assert_eq!((&again, again.provider()), (&begun.attempt, "test"));
    assert_eq!(format!("{again:?}"), "Attempt(test)");

    world.issuer.gives(&world.key.sign(&world.key.header(), &world.claims(&begun)));
    assert!(world.finish(&again).await.is_ok());
}

async fn refused(world: &World, form: &str, attempt: &Attempt) -> Untrusted {
    untrusted(world.provider.exchange(callback(form), attempt).await)
}

fn untrusted<T: std::fmt::Debug>(outcome: Result<T, ExchangeError>) -> Untrusted {
    match outcome {
        Err(ExchangeError::Untrusted(why)) => why,
        other => panic!("{other:?}"),
    }
}

fn fault<T: std::fmt::Debug>(outcome: Result<T, ExchangeError>) -> stoa_domain::shared::Fault {
    match outcome {
        Err(ExchangeError::Fault(fault)) => fault,
        other => panic!("{other:?}"),
    }
}
