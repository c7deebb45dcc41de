//! Story 46: whoever asks with an address learns nothing of whose it is, of customers' accounts and of staff's. What is answered is the
//! same to the last header, and what the answer has cost the database too. Hashes and jobs are counted in stoa-services
//! (`account::tests::sameness`, `staff::tests::passwords`), and `make drill` measures the time.

use crate::harness::{PASSWORD, Setup, Shop};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use std::{collections::BTreeMap, net::Ipv4Addr};

const ADA: &str = "ada@example.org";
const OLGA: &str = "olga@example.org";

const CREATE: &str = "mutation($email: String!) {
  customerCreate(input: { email: $email, password: \"tall oaks from little acorns grow\" }) {
    customer { id } customerUserErrors { code field message } } }";
const RECOVER: &str = "mutation($email: String!) {
  customerRecover(email: $email) { customerUserErrors { code field message } } }";
const SIGN_IN: &str = "mutation($email: String!) {
  customerSignIn(input: { email: $email, password: \"a lighthouse made of paper\" }) {
    customer { id } device tokens { accessToken } userErrors { code field message } } }";
const STAFF_SIGN_IN: &str = "mutation($email: String!) {
  staffSignIn(input: { email: $email, password: \"a lighthouse made of paper\" }) {
    device tokens { accessToken } userErrors { code field message } } }";
const STAFF_RECOVER: &str = "mutation($email: String!) {
  staffPasswordRecover(email: $email) { userErrors { code field message } } }";

/// A shop behind a proxy, so that whoever asks comes from wherever they say.
async fn shop() -> Shop {
    let setup = Setup::default().config(|config| {
        config.http.trusted_proxies = vec!["127.0.0.1/32".parse().expect("a network")];
    });
    Shop::with(setup).await
}

/// What is answered to somebody of a network of their own, but for what names the request.
async fn asks(shop: &Shop, from: u32, query: &str, email: &str) -> (u16, Value, HeaderMap) {
    let network = Ipv4Addr::from_bits(0x0a00_0000 + from * 0x0001_0000);
    let named = [("x-forwarded-for", network.to_string())];
    let (answer, mut headers) = shop.endpoint.ask_with(&named, query, json!({ "email": email })).await;
    headers.remove("x-request-id");
    headers.remove("date");
    assert!(answer.body.get("errors").is_none(), "{email}: {:#}", answer.body);
    (answer.status, answer.body, headers)
}

/// Customers, staff, whoever has only begun to be one of them, and nobody: all are told the same.
#[tokio::test]
async fn an_answer_never_tells_whose_an_address_is() {
    let shop = shop().await;
    shop.customer(ADA).await;
    shop.register("waiting@example.org").await;
    let owner = shop.owner(OLGA).await;
    shop.staff(&owner, "sam@example.org", &["orders:read"]).await;
    let all = [ADA, "waiting@example.org", OLGA, "sam@example.org", "nobody@example.org"];
    let mut from = 0;
    for query in [CREATE, RECOVER, SIGN_IN, STAFF_SIGN_IN, STAFF_RECOVER] {
        let mut told: Vec<(&str, (u16, Value, HeaderMap))> = Vec::new();
        for email in all {
            from += 1;
            told.push((email, asks(&shop, from, query, email).await));
        }
        let (_, first) = &told[0];
        assert_eq!(first.0, 200, "{query}");
        for (email, other) in &told {
            assert_eq!(other, first, "{email}: {query}");
        }
    }
    // The right password of a customer is none of staff's, and the other way round.
    let native = "mutation($e: String!, $p: String!) { customerSignIn(input: { email: $e, password: $p }) {
      tokens { accessToken } userErrors { code } } }";
    let theirs = shop.endpoint.ask(native, json!({ "e": OLGA, "p": PASSWORD })).await;
    assert!(theirs.at("/customerSignIn/tokens").is_null());
}

/// A refused sign-in asks the database as much for a known address as for one that is nobody's: the least of several tries is the
/// sign-in's own, since others tick in the background.
#[tokio::test]
async fn a_refused_sign_in_costs_as_many_statements_whoever_it_is() {
    let shop = shop().await;
    shop.customer(ADA).await;
    let owner = shop.owner(OLGA).await;
    shop.staff(&owner, "sam@example.org", &["orders:read"]).await;
    shop.settle().await;
    let mut from = 100;
    for query in [SIGN_IN, STAFF_SIGN_IN] {
        let mut least: BTreeMap<&str, u64> = BTreeMap::new();
        for _ in 0..6 {
            for email in [ADA, OLGA, "sam@example.org", "nobody@example.org"] {
                from += 1;
                let before = shop.db().statements();
                asks(&shop, from, query, email).await;
                let cost = shop.db().statements() - before;
                least.entry(email).and_modify(|known| *known = cost.min(*known)).or_insert(cost);
            }
        }
        let same = least["nobody@example.org"];
        assert!(same > 0, "it is looked up: {least:?}");
        assert!(least.values().all(|cost| *cost == same), "{query}: {least:?}");
    }
}
