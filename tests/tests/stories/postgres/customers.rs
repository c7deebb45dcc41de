//! Everything that customers do with their accounts, through the very services: a shop at work, seen from outside.

use crate::harness::{Customer, PASSWORD, Shop, refusals};
use chrono::TimeDelta;
use serde_json::{Value, json};

const ADA: &str = "ada@example.org";
const EVE: &str = "eve@example.org";

/// Does something as a customer, which must not be refused, and gives the payload.
async fn does(customer: &Customer, field: &str, query: &str, variables: Value) -> Value {
    let payload = customer.request(query, variables).await.at(&format!("/{field}")).clone();
    assert!(refusals(&payload).is_empty(), "{field}: {payload:#}");
    payload
}

/// An account from its beginning to its end, whose owner has ordered as a guest before.
pub(super) async fn everything(shop: &Shop) {
    let ada = shop.customer(ADA).await;
    tells_of_themselves(&ada).await;
    keeps_addresses(&ada).await;
    comes_with_a_full_cart(shop, &ada).await;
    moves(shop, &ada).await;
    is_signed_in_and_out(shop).await;

    let eve = shop.customer(EVE).await;
    does(&eve, "customerDataRequest", "mutation { customerDataRequest { userErrors { code } } }", json!({}))
        .await;
    shop.mailed_token(EVE, "archive").await;
    keeps_addresses(&eve).await;
    comes_with_a_full_cart(shop, &eve).await;
    let erase = "mutation($password: String!) { customerErase(input: { password: $password }) { userErrors { code } } }";
    does(&eve, "customerErase", erase, json!({ "password": PASSWORD })).await;
    shop.register("nobody@example.org").await;
    shop.settle().await;
    // Much later what is over is swept up.
    shop.clock.advance(TimeDelta::days(200));
    shop.run_jobs().await;
    shop.settle().await;
}

async fn tells_of_themselves(customer: &Customer) {
    let update = "mutation($token: String!, $customer: CustomerUpdateInput!) {
      customerUpdate(customer: $customer, customerAccessToken: $token) { customerUserErrors { code } } }";
    for accepts in [true, false] {
        let said =
            json!({ "firstName": "Augusta", "phone": "+44 20 7946 0000", "acceptsMarketing": accepts });
        does(customer, "customerUpdate", update, json!({ "token": customer.token, "customer": said })).await;
    }
}

async fn keeps_addresses(customer: &Customer) {
    let add = "mutation($token: String!, $address: MailingAddressInput!) {
      customerAddressCreate(address: $address, customerAccessToken: $token) {
      customerAddress { id } customerUserErrors { code } } }";
    let choose = "mutation($token: String!, $id: ID!) {
      customerDefaultAddressUpdate(addressId: $id, customerAccessToken: $token) { customerUserErrors { code } } }";
    let remove = "mutation($token: String!, $id: ID!) {
      customerAddressDelete(id: $id, customerAccessToken: $token) { customerUserErrors { code } } }";
    let mut ids = Vec::new();
    for city in ["Springfield", "Shelbyville"] {
        let address = json!({ "lastName": "Lovelace", "address1": "12 Analytical Way", "city": city,
                              "province": "IL", "zip": "62701", "country": "US" });
        let added = json!({ "token": customer.token, "address": address });
        let added = does(customer, "customerAddressCreate", add, added).await;
        ids.push(added["customerAddress"]["id"].clone());
    }
    for id in &ids {
        let chosen = json!({ "token": customer.token, "id": id });
        does(customer, "customerDefaultAddressUpdate", choose, chosen).await;
    }
    let gone = json!({ "token": customer.token, "id": ids[0] });
    does(customer, "customerAddressDelete", remove, gone).await;
}

/// Their first cart becomes theirs, the next goes into it.
async fn comes_with_a_full_cart(shop: &Shop, customer: &Customer) {
    let claim = "mutation($id: ID!, $token: String!) {
      cartBuyerIdentityUpdate(cartId: $id, buyerIdentity: { customerAccessToken: $token }) {
      cart { id } userErrors { code } } }";
    for _ in 0..2 {
        let guest = shop.shopper_with_cart([("mug", 1)]).await;
        let theirs = json!({ "id": guest.cart, "token": customer.token });
        does(customer, "cartBuyerIdentityUpdate", claim, theirs).await;
    }
}

/// Another address, and another password for whoever has forgotten it.
async fn moves(shop: &Shop, customer: &Customer) {
    let ask = "mutation($password: String!) {
      customerEmailChange(input: { newEmail: \"lovelace@example.org\", password: $password }) { userErrors { code } } }";
    does(customer, "customerEmailChange", ask, json!({ "password": PASSWORD })).await;
    let link = shop.mailed_token("lovelace@example.org", "email").await;
    let confirm = "mutation($link: String!) { customerEmailConfirm(token: $link) { userErrors { code } } }";
    does(customer, "customerEmailConfirm", confirm, json!({ "link": link })).await;

    let recover =
        "mutation { customerRecover(email: \"lovelace@example.org\") { customerUserErrors { code } } }";
    does(customer, "customerRecover", recover, json!({})).await;
    let token = shop.mailed_token("lovelace@example.org", "reset").await;
    let reset = "mutation($id: ID!, $input: CustomerResetInput!) { customerReset(id: $id, input: $input) {
      customerUserErrors { code } } }";
    let input = json!({ "resetToken": token, "password": PASSWORD });
    let done = shop.endpoint.ask(reset, json!({ "id": "gid://stoa/Customer/me", "input": input })).await;
    assert!(refusals(done.at("/customerReset")).is_empty(), "{:#}", done.body);
}

/// Tokens that are refreshed, and once too often; sign-ins that are ended one by one, and all at once.
async fn is_signed_in_and_out(shop: &Shop) {
    let sign_in = "mutation($input: CustomerSignInInput!) { customerSignIn(input: $input) {
      tokens { accessToken refreshToken } userErrors { code } } }";
    let input = json!({ "input": { "email": "lovelace@example.org", "password": PASSWORD } });
    let refresh = "mutation($t: String!) { customerTokenRefresh(refreshToken: $t) { userErrors { code } } }";
    let begun = shop.endpoint.ask(sign_in, input.clone()).await.at("/customerSignIn/tokens").clone();
    for wanted in [vec![], vec!["TOKEN_INVALID"]] {
        let token = json!({ "t": begun["refreshToken"] });
        let refreshed = shop.endpoint.ask(refresh, token).await;
        assert_eq!(refusals(refreshed.at("/customerTokenRefresh")), wanted);
    }
    let begun = shop.endpoint.ask(sign_in, input).await.at("/customerSignIn/tokens/accessToken").clone();
    let shown = [("authorization", format!("Bearer {}", begun.as_str().expect("a token")))];
    let asks = async |query: &str, variables: Value| shop.endpoint.ask_with(&shown, query, variables).await.0;
    let mine = asks("{ viewer { sessions(first: 10) { nodes { id current } } } }", json!({})).await;
    let others = mine.at("/viewer/sessions/nodes").as_array().expect("sessions").clone();
    let revoke = "mutation($id: ID!) { customerSessionRevoke(id: $id) { userErrors { code } } }";
    for other in others.iter().filter(|session| session["current"] == false) {
        let ended = asks(revoke, json!({ "id": other["id"] })).await;
        assert!(refusals(ended.at("/customerSessionRevoke")).is_empty());
    }
    let out = asks("mutation { customerSignOutEverywhere { userErrors { code } } }", json!({})).await;
    assert!(refusals(out.at("/customerSignOutEverywhere")).is_empty());
}
