//! Signing in with Apple: its own kind of secret, a posted answer, and names beside the code.

use crate::world::{STATE, World, callback, parameter};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
    },
};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::collections::HashMap;
use stoa_oidc::{AppleKey, ClientAuth, Identity};
use url::form_urlencoded;

const NAMES: &str = r#"{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"victim@example.org"}"#;

/// A shop that signs in with Apple, and Apple's copy of the key.
async fn apple() -> (World, Vec<u8>) {
    let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    let pair =
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref(), &SystemRandom::new())
            .unwrap();
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----", STANDARD.encode(made));
    let key = AppleKey::parse("TEAM123456", "KEY1234567", &SecretString::from(pem)).unwrap();
    let world = World::with(|config| config.auth = ClientAuth::Apple(key)).await;
    world.issuer.declares(|metadata| {
        metadata["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
        metadata.as_object_mut().unwrap().remove("userinfo_endpoint");
    });
    (world, pair.public_key().as_ref().to_vec())
}

async fn sign_in(world: &World, user: Option<&str>) -> Identity {
    let begun = world.begin().await;
    assert_eq!(parameter(&begun.url, "response_mode").as_deref(), Some("form_post"));
    let mut claims = world.claims(&begun);
    // Apple tells no names in its tokens.
    for name in ["given_name", "family_name"] {
        claims.as_object_mut().unwrap().remove(name);
    }
    claims["email_verified"] = json!("true");
    world.issuer.gives(&world.key.sign(&world.key.header(), &claims));
    let mut form = form_urlencoded::Serializer::new(format!("state={STATE}&code=c"));
    form.extend_pairs(user.map(|user| ("user", user)));
    world.provider.exchange(callback(&form.finish()), &begun.attempt).await.unwrap()
}

#[tokio::test]
async fn the_secret_is_signed_for_each_exchange() {
    let (world, public) = apple().await;
    assert!(world.provider.posts_its_answer());
    sign_in(&world, None).await;

    let asked = world.issuer.asked("/token").await;
    let form: HashMap<_, _> = form_urlencoded::parse(&asked[0].body).into_owned().collect();
    let (said, signature) = form["client_secret"].rsplit_once('.').unwrap();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public)
        .verify(said.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap())
        .unwrap();
    let claims = URL_SAFE_NO_PAD.decode(said.split_once('.').unwrap().1).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["aud"], world.issuer.url());
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(1_800_000_000), &json!(1_800_000_300)));
}

#[tokio::test]
async fn names_come_beside_the_code_and_an_address_does_not() {
    let (world, _) = apple().await;
    let first = sign_in(&world, Some(NAMES)).await;
    assert_eq!((first.given_name.as_deref(), first.family_name.as_deref()), (Some("Ada"), Some("Lovelace")));
    assert_eq!(first.proved_email().unwrap().as_str(), "ada@example.org");

    // Afterwards Apple never tells them again.
    for user in [None, Some(""), Some("{\"name\":"), Some("{\"name\":{\"firstName\":7}}")] {
        let again = sign_in(&world, user).await;
        assert_eq!((again.given_name, again.family_name), (None, None), "{user:?}");
    }
}

#[tokio::test]
async fn nobody_else_is_named_by_the_browser() {
    let world = World::start().await;
    let begun = world.begin().await;
    let mut claims = world.claims(&begun);
    claims.as_object_mut().unwrap().remove("given_name");
    world.issuer.gives(&world.key.sign(&world.key.header(), &claims));
    let mut form = form_urlencoded::Serializer::new(format!("state={STATE}&code=c"));
    form.append_pair("user", NAMES);
    let identity = world.provider.exchange(callback(&form.finish()), &begun.attempt).await.unwrap();
    assert_eq!(identity.given_name, None);
}
