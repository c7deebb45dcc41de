//! The keys of access tokens: made once, changed in time, the same on every instance.

use crate::{
    account::{Client, Credential, Issued, rotate_keys},
    testing::{TestShop, refresh_token},
};
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use stoa_domain::account::{Realm, SessionKind};
use stoa_persistence::account::signing_keys;

fn access(credential: &Issued) -> SecretString {
    match credential {
        Issued::Tokens { access, .. } => access.clone(),
        Issued::Cookie { .. } | Issued::Storefront { .. } => panic!("it has no access token"),
    }
}

async fn kids(services: &crate::Services) -> Vec<String> {
    let jwks = services.public_keys.run().await.unwrap();
    let keys = jwks["keys"].as_array().unwrap();
    assert!(keys.iter().all(|key| key["d"].is_null() && key["crv"] == "Ed25519"), "{jwks}");
    keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn two_instances_know_each_others_tokens() {
    let shop = TestShop::open().await;
    shop.customer("ada@example.org").await;
    let other = shop.beside().await;
    let (here, there) = tokio::join!(kids(&shop.services), kids(&other));
    let shown = shop.sign_in("ada@example.org", SessionKind::Tokens).await;
    let credential = Credential::Bearer(access(&shown.credential));
    assert!(other.authenticate.run(&credential, Client::default()).await.is_ok(), "{here:?} {there:?}");
}

#[tokio::test]
async fn a_token_of_the_last_key_is_good_until_it_ends() {
    let shop = TestShop::open().await;
    shop.customer("ada@example.org").await;
    let [first]: [String; 1] = kids(&shop.services).await.try_into().unwrap();
    rotate_keys(shop.ctx()).await.unwrap();
    assert_eq!(kids(&shop.services).await, std::slice::from_ref(&first), "it is new");

    shop.wait(TimeDelta::days(29) + TimeDelta::hours(1));
    let (a, b) = tokio::join!(rotate_keys(shop.ctx()), rotate_keys(shop.ctx()));
    a.unwrap();
    b.unwrap();
    rotate_keys(shop.ctx()).await.unwrap();
    let published = kids(&shop.services).await;
    assert_eq!(published.len(), 2, "one more, however often: {published:?}");
    assert_eq!(published[0], first, "the old one signs still");

    let before = signing_keys(shop.db.read()).await.unwrap()[0].retires_at.unwrap();
    shop.wait((before - shop.services.now()) - TimeDelta::minutes(1));
    let shown = shop.sign_in("ada@example.org", SessionKind::Tokens).await;
    shop.wait(TimeDelta::minutes(5));
    assert!(shop.caller(&shown).await.is_some(), "of the last key");
    let refreshed = shop.services.refresh.run(Realm::Customer, refresh_token(&shown).expose_secret()).await;
    let refreshed = refreshed.unwrap();
    assert!(shop.caller(&refreshed).await.is_some());
    shop.wait(TimeDelta::minutes(6));
    assert_ne!(kids(&shop.services).await[0], first, "the new one signs");

    shop.wait(TimeDelta::hours(2));
    rotate_keys(shop.ctx()).await.unwrap();
    assert_eq!(kids(&shop.services).await, [published[1].clone()], "what nothing is good by is gone");
}
