//! What is told of the person, and what of it may be decided by.

use crate::world::World;
use chrono::TimeDelta;
use serde_json::{Value, json};
use stoa_domain::shared::FaultKind;
use stoa_oidc::{Email, ExchangeError, Identity, Untrusted};
use wiremock::ResponseTemplate;

const SUBJECT: &str = "248289761001";

async fn told(world: &World, change: impl FnOnce(&mut Value)) -> Identity {
    world.sign_in(|_, claims| change(claims)).await.unwrap()
}

#[tokio::test]
async fn verified_is_what_says_so_as_truth_or_as_text() {
    let world = World::start().await;
    for (verified, proved) in [
        (json!(true), true),
        // As Apple may send it.
        (json!("true"), true),
        (json!(false), false),
        (json!("false"), false),
        (json!(null), false),
    ] {
        let identity = told(&world, |claims| claims["email_verified"] = verified.clone()).await;
        assert_eq!(identity.proved_email().is_some(), proved, "{verified}");
        assert!(matches!(identity.email, Email::Proved(_) | Email::Claimed(_)), "{verified}");
    }
    let identity =
        told(&world, |claims| drop(claims.as_object_mut().unwrap().remove("email_verified"))).await;
    assert!(matches!(identity.email, Email::Claimed(_)));
    for nonsense in [json!("yes"), json!(1), json!("TRUE"), json!({})] {
        let outcome = world.sign_in(|_, claims| claims["email_verified"] = nonsense.clone()).await;
        assert!(matches!(outcome, Err(ExchangeError::Untrusted(Untrusted::Malformed))), "{nonsense}");
    }
}

#[tokio::test]
async fn a_provider_that_is_not_trusted_with_addresses_proves_none() {
    let world = World::with(|config| config.trust_email = false).await;
    let identity = told(&world, |_| ()).await;
    assert!(matches!(identity.email, Email::Claimed(address) if address.as_str() == "ada@example.org"));
}

#[tokio::test]
async fn an_address_that_the_token_lacks_is_asked_for() {
    let world = World::start().await;
    let about = json!({
        "sub": SUBJECT, "email": "ada@example.org", "email_verified": true, "given_name": "Ada", "family_name": "L",
    });
    world.issuer.tells(ResponseTemplate::new(200).set_body_json(&about));
    let bare = |claims: &mut Value| {
        for claim in ["email", "email_verified", "given_name"] {
            claims.as_object_mut().unwrap().remove(claim);
        }
    };
    let identity = told(&world, bare).await;
    assert_eq!(identity.proved_email().unwrap().as_str(), "ada@example.org");
    // The token's word comes first.
    assert_eq!(
        (identity.given_name.as_deref(), identity.family_name.as_deref()),
        (Some("Ada"), Some("Lovelace"))
    );
    let asked = world.issuer.asked("/me").await;
    assert_eq!((asked.len(), asked[0].headers["authorization"].to_str().unwrap()), (1, "Bearer at"));

    told(&world, |_| ()).await;
    assert_eq!(world.issuer.asked("/me").await.len(), 1, "not asked where the token says it");
}

/// `email_verified` of the token says nothing of an address that came another way.
#[tokio::test]
async fn half_a_word_here_and_half_there_proves_nothing() {
    let world = World::start().await;
    let about = json!({ "sub": SUBJECT, "email": "victim@example.org" });
    world.issuer.tells(ResponseTemplate::new(200).set_body_json(&about));
    let identity = told(&world, |claims| drop(claims.as_object_mut().unwrap().remove("email"))).await;
    assert!(matches!(identity.email, Email::Claimed(_)), "{identity:?}");
}

#[tokio::test]
async fn what_is_told_of_somebody_else_is_not_believed() {
    let world = World::start().await;
    let bare = |_: &mut Value, claims: &mut Value| drop(claims.as_object_mut().unwrap().remove("email"));
    let victim = json!({ "sub": "victim", "email": "victim@example.org", "email_verified": true });
    let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIyNDgyODk3NjEwMDEiLCJpc3MiOiJ4IiwiYXVkIjoieCJ9.";
    for answer in [
        ResponseTemplate::new(200).set_body_json(&victim),
        ResponseTemplate::new(200).set_body_json(json!({ "email": "a@example.org", "email_verified": true })),
        ResponseTemplate::new(200).set_body_raw("{", "application/json"),
        ResponseTemplate::new(200).set_body_raw(unsigned, "application/jwt"),
    ] {
        world.issuer.tells(answer);
        let outcome = world.sign_in(bare).await;
        assert!(matches!(outcome, Err(ExchangeError::Untrusted(Untrusted::UserInfo))), "{outcome:?}");
    }
    for (status, kind) in [(401, FaultKind::Internal), (503, FaultKind::Unavailable)] {
        world.issuer.tells(ResponseTemplate::new(status));
        let Err(ExchangeError::Fault(fault)) = world.sign_in(bare).await else { panic!("{status}") };
        assert_eq!(fault.kind(), kind);
    }
}

#[tokio::test]
async fn somebody_without_an_address_is_somebody_still() {
    let world = World::start().await;
    world.issuer.declares(|metadata| metadata["userinfo_endpoint"] = json!(null));
    for email in [json!(null), json!(""), json!("ada"), json!("ada@localhost")] {
        let identity = told(&world, |claims| claims["email"] = email.clone()).await;
        assert_eq!((identity.email, identity.subject.as_str()), (Email::Unknown, SUBJECT), "{email}");
    }
    // And where the person is asked about and nothing more is told.
    world.issuer.declares(|_| ());
    world.issuer.tells(ResponseTemplate::new(200).set_body_json(json!({ "sub": SUBJECT })));
    world.clock.advance(TimeDelta::minutes(10));
    let identity = told(&world, |claims| claims["email"] = json!(null)).await;
    assert_eq!(identity.email, Email::Unknown);
}

#[tokio::test]
async fn names_that_cannot_be_kept_are_left_out() {
    let world = World::start().await;
    for name in [json!(null), json!(""), json!("a\u{0}"), json!("a".repeat(256))] {
        let identity = told(&world, |claims| claims["given_name"] = name.clone()).await;
        assert_eq!(identity.given_name, None, "{name}");
        assert_eq!(identity.family_name.as_deref(), Some("Lovelace"));
    }
}
