//! Story 47: another password ends every sign-in but the one that has asked for it, of customers and of staff.

use crate::harness::{Answer, PASSWORD, Shop, Staff, refusals};
use serde_json::{Value, json};

const ADA: &str = "ada@example.org";
const SAM: &str = "sam@example.org";
const NEW: &str = "a lighthouse made of paper";

/// Signs a customer in with tokens, and gives both.
async fn tokens(shop: &Shop, password: &str) -> Value {
    let query = "mutation($email: String!, $password: String!) {
      customerSignIn(input: { email: $email, password: $password }) {
        tokens { accessToken refreshToken } userErrors { code } } }";
    let signed_in = shop.endpoint.ask(query, json!({ "email": ADA, "password": password })).await;
    signed_in.at("/customerSignIn/tokens").clone()
}

/// What is answered to whoever shows this access token.
async fn shows(shop: &Shop, tokens: &Value, query: &str, variables: Value) -> Answer {
    let token = tokens["accessToken"].as_str().expect("a token");
    shop.endpoint.ask_with(&[("authorization", format!("Bearer {token}"))], query, variables).await.0
}

/// Tokens and a storefront's, all of one customer: one sign-in changes the password, and stays alone.
#[tokio::test]
async fn a_customers_new_password_ends_every_other_sign_in() {
    const VIEWER: &str = "{ viewer { customer { email } } }";
    let shop = Shop::open().await;
    let storefront = shop.customer(ADA).await;
    let (own, other) = (tokens(&shop, PASSWORD).await, tokens(&shop, PASSWORD).await);
    let change = "mutation($password: String!, $new: String!) {
      customerPasswordChange(input: { password: $password, newPassword: $new }) {
        tokens { accessToken refreshToken } userErrors { code } } }";
    let wrong = json!({ "password": "not the one there is", "new": NEW });
    let wrong = shows(&shop, &own, change, wrong).await;
    assert_eq!(refusals(wrong.at("/customerPasswordChange")), ["UNIDENTIFIED"]);
    shows(&shop, &other, VIEWER, json!({})).await.at("/viewer/customer/email");
    assert!(storefront.is_signed_in().await, "nothing has changed");

    let changed = json!({ "password": PASSWORD, "new": NEW });
    let changed = shows(&shop, &own, change, changed).await.at("/customerPasswordChange").clone();
    assert!(refusals(&changed).is_empty(), "{changed:#}");
    assert_eq!(shows(&shop, &other, VIEWER, json!({})).await.code(), "UNAUTHENTICATED");
    assert!(!storefront.is_signed_in().await);
    let refresh = "mutation($t: String!) { customerTokenRefresh(refreshToken: $t) { tokens { accessToken } userErrors { code } } }";
    let renewed = shop.endpoint.ask(refresh, json!({ "t": other["refreshToken"] })).await;
    assert_eq!(refusals(renewed.at("/customerTokenRefresh")), ["TOKEN_INVALID"]);
    let kept = if changed["tokens"].is_null() { &own } else { &changed["tokens"] };
    assert_eq!(shows(&shop, kept, VIEWER, json!({})).await.at("/viewer/customer/email"), ADA);
    assert!(tokens(&shop, PASSWORD).await.is_null(), "the old one opens nothing");
    assert!(tokens(&shop, NEW).await.is_object());
}

#[tokio::test]
async fn a_new_password_of_staff_ends_every_other_sign_in() {
    const VIEWER: &str = "{ admin { me { member { email } } } }";
    let shop = Shop::open().await;
    let owner = shop.owner("olga@example.org").await;
    let own = shop.staff(&owner, SAM, &["orders:read"]).await;
    let other = shop.signed_in(SAM).await;
    let signed_in = async |who: &Staff| {
        let seen = shop.ask_as(who, VIEWER, json!({})).await;
        seen.body["data"].pointer("/admin/me/member/email") == Some(&json!(SAM))
    };
    assert!(signed_in(&own).await && signed_in(&other).await);
    shop.prove(&own).await;
    let change =
        "mutation($new: String!) { staffPasswordChange(newPassword: $new) { userErrors { code message } } }";
    let changed = shop.ask_as(&own, change, json!({ "new": NEW })).await;
    assert!(refusals(changed.at("/staffPasswordChange")).is_empty(), "{:#}", changed.body);
    assert!(signed_in(&own).await);
    assert!(!signed_in(&other).await);
    let again = "mutation($email: String!, $password: String!) {
      staffSignIn(input: { email: $email, password: $password }) { tokens { accessToken } userErrors { code } } }";
    for (password, opens) in [(PASSWORD, false), (NEW, true)] {
        let tried = shop.endpoint.ask(again, json!({ "email": SAM, "password": password })).await;
        assert_eq!(tried.at("/staffSignIn/tokens").is_object(), opens);
    }
}
