//! ID tokens that are not to be believed, each but for one thing as good as any.

use crate::{
    issuer::{Key, said},
    world::{SECRET, World},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::TimeDelta;
use ring::{
    digest::{SHA256, digest},
    hmac,
};
use serde_json::{Value, json};
use stoa_oidc::{ExchangeError, Untrusted};

/// Why nobody is signed in by a token that is changed like this.
async fn why(world: &World, change: impl FnOnce(&mut Value, &mut Value)) -> Untrusted {
    match world.sign_in(change).await.unwrap_err() {
        ExchangeError::Untrusted(why) => why,
        other => panic!("{other}"),
    }
}

async fn why_claim(world: &World, claim: &str, value: Value) -> Untrusted {
    why(world, |_, claims| claims[claim] = value).await
}

#[tokio::test]
async fn a_good_token_is_believed() {
    let world = World::start().await;
    let identity = world.sign_in(|_, _| ()).await.unwrap();

    assert_eq!(identity.issuer, world.issuer.url());
    assert_eq!(identity.subject, "248289761001");
    assert_eq!(identity.proved_email().unwrap().as_str(), "ada@example.org");
    assert_eq!(identity.given_name.as_deref(), Some("Ada"));
    assert_eq!(identity.family_name.as_deref(), Some("Lovelace"));
}

#[tokio::test]
async fn another_issuer_is_not_this_one() {
    let world = World::start().await;
    let slash = format!("{}/", world.issuer.url());
    for iss in ["https://evil.example", &slash] {
        assert_eq!(why_claim(&world, "iss", json!(iss)).await, Untrusted::Issuer, "{iss}");
    }
    assert_eq!(why_claim(&world, "iss", json!("not an address")).await, Untrusted::Malformed);
    assert_eq!(why(&world, |_, claims| without(claims, "iss")).await, Untrusted::Malformed);
}

#[tokio::test]
async fn a_token_for_somebody_else_is_not_for_us() {
    let world = World::start().await;
    for aud in
        [json!("another-client"), json!(["another-client"]), json!([]), json!("our-client2"), json!("")]
    {
        assert_eq!(why_claim(&world, "aud", aud.clone()).await, Untrusted::Audience, "{aud}");
    }
    assert_eq!(why(&world, |_, claims| without(claims, "aud")).await, Untrusted::Audience);
    // For us and for somebody else: they could hand it on to us.
    assert_eq!(why_claim(&world, "aud", json!(["our-client", "another-client"])).await, Untrusted::Audience);
    assert!(world.sign_in(|_, claims| claims["aud"] = json!(["our-client"])).await.is_ok());
}

#[tokio::test]
async fn a_token_that_was_given_to_somebody_else_is_not_ours() {
    let world = World::start().await;
    assert_eq!(why_claim(&world, "azp", json!("another-client")).await, Untrusted::AuthorizedParty);
    assert_eq!(why_claim(&world, "azp", json!("")).await, Untrusted::AuthorizedParty);
    assert!(world.sign_in(|_, claims| claims["azp"] = json!("our-client")).await.is_ok());
}

#[tokio::test]
async fn a_token_of_another_attempt_is_not_this_ones() {
    let world = World::start().await;
    assert_eq!(why_claim(&world, "nonce", json!("another")).await, Untrusted::Nonce);
    assert_eq!(why_claim(&world, "nonce", json!("")).await, Untrusted::Nonce);
    assert_eq!(why(&world, |_, claims| without(claims, "nonce")).await, Untrusted::Nonce);

    let first = world.begin().await;
    let token = world.key.sign(&world.key.header(), &world.claims(&first));
    let second = world.begin().await;
    world.issuer.gives(&token);
    let replayed = world.finish(&second.attempt).await;
    assert!(matches!(replayed, Err(ExchangeError::Untrusted(Untrusted::Nonce))), "{replayed:?}");
}

#[tokio::test]
async fn a_token_is_good_in_its_time_only() {
    let world = World::start().await;
    let now = json!(1_800_000_000);
    let later = |seconds: i64| json!(1_800_000_000 + seconds);

    for exp in [now.clone(), later(-1), json!(0), json!(-1), json!(1.5)] {
        assert_eq!(why_claim(&world, "exp", exp.clone()).await, Untrusted::Expired, "{exp}");
    }
    assert!(world.sign_in(|_, claims| claims["exp"] = later(1)).await.is_ok());
    for exp in [json!("soon"), json!(null), json!(1e300), json!(i64::MAX)] {
        assert_eq!(why_claim(&world, "exp", exp.clone()).await, Untrusted::Malformed, "{exp}");
    }
    assert_eq!(why(&world, |_, claims| without(claims, "exp")).await, Untrusted::Malformed);

    // Their clock may be ahead by a minute.
    for claim in ["nbf", "iat"] {
        assert_eq!(why_claim(&world, claim, later(61)).await, Untrusted::NotYetValid, "{claim}");
        assert!(world.sign_in(|_, claims| claims[claim] = later(60)).await.is_ok(), "{claim}");
    }
    assert_eq!(why_claim(&world, "nbf", json!(1e300)).await, Untrusted::NotYetValid);
    assert_eq!(why_claim(&world, "nbf", json!("now")).await, Untrusted::Malformed);
    assert_eq!(why(&world, |_, claims| without(claims, "iat")).await, Untrusted::Malformed);
}

#[tokio::test]
async fn a_token_says_whom_it_is_about() {
    let world = World::start().await;
    for sub in ["", "ä", "a\nb", &"a".repeat(256)] {
        assert_eq!(why_claim(&world, "sub", json!(sub)).await, Untrusted::Subject, "{sub}");
    }
    assert_eq!(why(&world, |_, claims| without(claims, "sub")).await, Untrusted::Malformed);
    assert!(world.sign_in(|_, claims| claims["sub"] = json!("auth0|a".repeat(36))).await.is_ok());
}

#[tokio::test]
async fn an_unsigned_token_says_nothing() {
    let world = World::start().await;
    let begun = world.begin().await;
    let claims = world.claims(&begun);
    let good = world.key.sign(&world.key.header(), &claims);
    let (_, signature) = good.rsplit_once('.').unwrap();
    for (algorithm, expected) in [
        ("none", Untrusted::Algorithm),
        // What no standard knows is not read any further.
        ("None", Untrusted::Malformed),
        ("nOnE", Untrusted::Malformed),
        ("", Untrusted::Malformed),
    ] {
        let said = said(&json!({ "alg": algorithm, "kid": "k1" }), &claims);
        for token in [format!("{said}."), format!("{said}.{signature}")] {
            world.issuer.gives(&token);
            assert_eq!(untrusted(world.finish(&begun.attempt).await), expected, "{algorithm}");
        }
    }
    for broken in
        ["", ".", "..", "a.b.c", &good.replace('.', ""), &format!("{good}.x"), &good[..good.len() - 90]]
    {
        world.issuer.gives(broken);
        assert_eq!(untrusted(world.finish(&begun.attempt).await), Untrusted::Malformed, "{broken}");
    }
}

/// The oldest trick: what everybody knows, the public key, taken for a secret. The metadata even lists HS256.
#[tokio::test]
async fn no_secret_ever_checks_a_token() {
    let world = World::start().await;
    let begun = world.begin().await;
    let claims = world.claims(&begun);
    let spki_head = hex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
    let spki = [spki_head.as_slice(), world.key.public()].concat();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(&spki));
    let jwk = world.key.jwk().to_string();
    let secrets: [&[u8]; 6] =
        [world.key.public(), &spki, pem.as_bytes(), jwk.as_bytes(), SECRET.as_bytes(), b""];
    for secret in secrets {
        for header in [json!({ "alg": "HS256" }), json!({ "alg": "HS256", "kid": "k1" })] {
            let said = said(&header, &claims);
            let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), said.as_bytes());
            world.issuer.gives(&format!("{said}.{}", URL_SAFE_NO_PAD.encode(mac)));
            assert_eq!(untrusted(world.finish(&begun.attempt).await), Untrusted::Algorithm);
        }
    }
}

#[tokio::test]
async fn an_algorithm_that_the_issuer_does_not_name_is_not_its_own() {
    let world = World::start().await;
    for algorithm in ["RS256", "ES384", "EdDSA", "HS512"] {
        let found = why(&world, |header, _| header["alg"] = json!(algorithm)).await;
        assert_eq!(found, Untrusted::Algorithm, "{algorithm}");
    }
    // Named, but no key of that kind is there.
    world
        .issuer
        .declares(|metadata| metadata["id_token_signing_alg_values_supported"] = json!(["ES256", "RS256"]));
    world.clock.advance(TimeDelta::minutes(10));
    assert_eq!(why(&world, |header, _| header["alg"] = json!("RS256")).await, Untrusted::UnknownKey);
}

#[tokio::test]
async fn a_changed_token_shows() {
    let world = World::start().await;
    let begun = world.begin().await;
    let good = world.key.sign(&world.key.header(), &world.claims(&begun));
    let mut forged = world.claims(&begun);
    forged["sub"] = json!("somebody-else");
    let said = said(&world.key.header(), &forged);
    let (_, signature) = good.rsplit_once('.').unwrap();
    let zeros = URL_SAFE_NO_PAD.encode([0; 64]);
    for signature in [signature, "", &signature[..40], &zeros] {
        world.issuer.gives(&format!("{said}.{signature}"));
        assert_eq!(untrusted(world.finish(&begun.attempt).await), Untrusted::Signature);
    }
    world.issuer.gives(&good);
    assert!(world.finish(&begun.attempt).await.is_ok());
}

#[tokio::test]
async fn a_key_that_is_not_the_issuers_signs_nothing() {
    let world = World::start().await;
    let begun = world.begin().await;
    let claims = world.claims(&begun);

    // Under the name of the issuer's key, and with the key itself and its address in the header.
    let forger = Key::new("k1");
    let mut header = forger.header();
    header["jwk"] = forger.jwk();
    header["jku"] = json!("https://evil.example/keys");
    world.issuer.gives(&forger.sign(&header, &claims));
    assert_eq!(untrusted(world.finish(&begun.attempt).await), Untrusted::Signature);

    let unknown = Key::new("k2");
    world.issuer.gives(&unknown.sign(&unknown.header(), &claims));
    assert_eq!(untrusted(world.finish(&begun.attempt).await), Untrusted::UnknownKey);

    // A key for encryption signs nothing, even if it is the issuer's.
    let mut jwk = world.key.jwk();
    jwk["use"] = json!("enc");
    world.issuer.has_keys(&[jwk]);
    world.clock.advance(TimeDelta::minutes(10));
    assert_eq!(why(&world, |_, _| ()).await, Untrusted::UnknownKey);
}

#[tokio::test]
async fn a_token_without_a_keys_name_is_taken_if_there_is_one_key() {
    let world = World::start().await;
    assert!(world.sign_in(|header, _| without(header, "kid")).await.is_ok());

    world.issuer.has_keys(&[world.key.jwk(), Key::new("k2").jwk()]);
    world.clock.advance(TimeDelta::minutes(10));
    assert_eq!(why(&world, |header, _| without(header, "kid")).await, Untrusted::UnknownKey);
    assert!(world.sign_in(|_, _| ()).await.is_ok());
}

#[tokio::test]
async fn another_kind_of_token_is_no_id_token() {
    let world = World::start().await;
    assert_eq!(why(&world, |header, _| header["typ"] = json!("at+jwt")).await, Untrusted::Malformed);
    assert_eq!(why(&world, |header, _| header["typ"] = json!("logout+jwt")).await, Untrusted::Malformed);
    assert_eq!(why(&world, |header, _| header["crit"] = json!(["exp"])).await, Untrusted::Malformed);
    assert_eq!(why(&world, |header, _| header["cty"] = json!("JWT")).await, Untrusted::Malformed);
    assert!(world.sign_in(|header, _| header["typ"] = json!("JWT")).await.is_ok());
}

#[tokio::test]
async fn the_access_token_is_the_one_that_came_along() {
    let world = World::start().await;
    let half = URL_SAFE_NO_PAD.encode(&digest(&SHA256, b"at").as_ref()[..16]);
    assert!(world.sign_in(|_, claims| claims["at_hash"] = json!(half)).await.is_ok());
    let other = URL_SAFE_NO_PAD.encode(&digest(&SHA256, b"another").as_ref()[..16]);
    assert_eq!(why_claim(&world, "at_hash", json!(other)).await, Untrusted::AccessToken);
}

/// Whatever a token says, whoever signed it: nobody panics, and only what fits the rules signs in.
#[tokio::test]
async fn no_kind_of_value_at_any_place_makes_us_stumble() {
    let world = World::start().await;
    let claims = [
        "iss",
        "sub",
        "aud",
        "exp",
        "iat",
        "nbf",
        "nonce",
        "azp",
        "at_hash",
        "c_hash",
        "auth_time",
        "acr",
        "amr",
        "email",
        "email_verified",
        "given_name",
        "family_name#de",
        "name#",
        "#",
        "locale",
        "updated_at",
        "address",
    ];
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let values = [
        json!(null),
        json!(true),
        json!(""),
        json!("\u{0}"),
        json!(-1),
        json!(i64::MAX),
        json!(1e308),
        json!([]),
        json!([null, 1, "a"]),
        json!({}),
        json!({ "a": 1 }),
        serde_json::from_str(&deep).unwrap(),
    ];
    for claim in claims {
        for value in &values {
            let outcome = world.sign_in(|_, claims| claims[claim] = value.clone()).await;
            // An address that is none is asked for, and the person is told about nowhere here.
            let fine = matches!(outcome, Ok(_) | Err(ExchangeError::Untrusted(_)))
                || (claim == "email" && matches!(outcome, Err(ExchangeError::Fault(_))));
            assert!(fine, "{claim} {value}: {outcome:?}");
        }
    }
    for field in ["alg", "kid", "typ", "cty", "crit", "jwk", "x"] {
        for value in &values {
            let outcome = world.sign_in(|header, _| header[field] = value.clone()).await;
            assert!(
                matches!(outcome, Ok(_) | Err(ExchangeError::Untrusted(_))),
                "{field} {value}: {outcome:?}"
            );
        }
    }
}

fn untrusted<T: std::fmt::Debug>(outcome: Result<T, ExchangeError>) -> Untrusted {
    match outcome {
        Err(ExchangeError::Untrusted(why)) => why,
        other => panic!("{other:?}"),
    }
}

fn without(value: &mut Value, field: &str) {
    value.as_object_mut().unwrap().remove(field);
}

fn hex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digit).collect()
}
