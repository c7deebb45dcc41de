//! What customers do.

use super::Marks;
use crate::harness::{Shop, Socket};
use serde_json::{Value, json};

const EMAIL: &str = "Marked.Customer@example.org";
const OTHER_EMAIL: &str = "marked.other@example.org";
const PASSWORD: &str = "marked password of nobody else";
const NEXT_PASSWORD: &str = "marked password that came next";
const WRONG: &str = "marked password that is wrong";
const REGISTER: &str = "mutation($i: CustomerCreateInput!) { customerCreate(input: $i) { customerUserErrors { code message } } }";
const SIGN_IN: &str = "mutation($i: CustomerSignInInput!) { customerSignIn(input: $i) {
  device tokens { accessToken refreshToken } userErrors { code message } } }";
const RECOVER: &str =
    "mutation($e: String!) { customerRecover(email: $e) { customerUserErrors { code message } } }";

/// A customer comes, proves who they are in every way, is mistaken in every way, and changes what is known of them.
pub(super) async fn come_and_go(shop: &Shop, marks: &mut Marks, refused: &mut Vec<String>) {
    for (what, text) in [
        ("an e-mail address", EMAIL),
        ("another e-mail address", OTHER_EMAIL),
        ("a password", PASSWORD),
        ("the next password", NEXT_PASSWORD),
        ("a wrong password", WRONG),
        ("a given name", "Markedfirst"),
        ("a family name", "Markedlast"),
        ("a telephone number", "3090180000"),
        ("a street", "Markedstreet"),
        ("a town", "Markedtown"),
    ] {
        marks.add(what, text);
    }
    let input = json!({ "email": EMAIL, "password": PASSWORD, "firstName": "Markedfirst", "lastName": "Markedlast",
                        "phone": "+493090180000" });
    shop.endpoint.ask(REGISTER, json!({ "i": input })).await.at("/customerCreate");
    let link = shop.mailed_token(EMAIL, "activate").await;
    marks.add("the link of an activation", &link);
    let begun = shop.activate(&link, PASSWORD).await;
    let storefront = marks.take(
        "a storefront's token",
        &begun.body,
        "/data/customerActivate/customerAccessToken/accessToken",
    );
    refused.push(shop.activate(&link, PASSWORD).await.body.to_string());
    sign_in(shop, marks, refused).await;
    change(shop, marks, &storefront).await;
    recover(shop, marks).await;
}

async fn sign_in(shop: &Shop, marks: &mut Marks, refused: &mut Vec<String>) {
    let wrong = json!({ "i": { "email": EMAIL, "password": WRONG } });
    refused.push(shop.endpoint.ask(SIGN_IN, wrong).await.body.to_string());
    let right = json!({ "i": { "email": EMAIL, "password": PASSWORD, "mode": "TOKENS" } });
    let begun = shop.endpoint.ask(SIGN_IN, right.clone()).await.body;
    let access = marks.take("an access token", &begun, "/data/customerSignIn/tokens/accessToken");
    let refresh = marks.take("a refresh token", &begun, "/data/customerSignIn/tokens/refreshToken");
    marks.take("a device's token", &begun, "/data/customerSignIn/device");

    // With what is no GraphQL, no such field, of the wrong type, over every way that a request may come.
    let spoilt = [
        format!(
            "mutation {{ customerSignIn(input: {{ email: \"{EMAIL}\", password: \"{WRONG}\" }}) {{ nothing }} }}"
        ),
        format!("mutation {{ customerSignIn(input: {{ email: \"{EMAIL}\", secret: \"{WRONG}\" }} "),
    ];
    for document in &spoilt {
        shop.endpoint.ask(document, json!({})).await;
        let by_get = [("query", document.as_str()), ("password", WRONG)];
        let by_get = url::Url::parse_with_params(&shop.endpoint.url, by_get).expect("an address");
        shop.endpoint.http.get(by_get).send().await.expect("the server answers");
    }
    shop.endpoint.ask(SIGN_IN, json!({ "i": { "email": [EMAIL], "password": { "is": WRONG } } })).await;

    // Tokens where they belong, and where they do not.
    for header in ["authorization", "x-shopify-access-token", "cookie", "x-request-id", "user-agent"] {
        for value in [access.clone(), format!("Bearer {access}"), format!("__Host-stoa_session={access}")] {
            shop.endpoint
                .ask_with(&[(header, value)], "{ viewer { customer { email firstName } } }", Value::Null)
                .await;
        }
    }
    let stale = [("authorization", format!("Bearer {access}x"))];
    refused.push(shop.endpoint.ask_with(&stale, "{ shop { name } }", Value::Null).await.0.body.to_string());
    let next = "mutation($t: String!) { customerTokenRefresh(refreshToken: $t) { tokens { accessToken refreshToken } userErrors { code } } }";
    let renewed = shop.endpoint.ask(next, json!({ "t": refresh })).await.body;
    marks.take("the next access token", &renewed, "/data/customerTokenRefresh/tokens/accessToken");
    marks.take("the next refresh token", &renewed, "/data/customerTokenRefresh/tokens/refreshToken");
    refused.push(shop.endpoint.ask(next, json!({ "t": refresh })).await.body.to_string());

    let cookie = json!({ "i": { "email": EMAIL, "password": PASSWORD, "mode": "COOKIE" } });
    let (_, headers) = shop.endpoint.ask_with(&[], SIGN_IN, cookie).await;
    for set in headers.get_all("set-cookie") {
        let value = set.to_str().expect("text").split_once('=').expect("a cookie").1;
        marks.add("a cookie", value.split(';').next().expect("a value"));
    }

    // Over a WebSocket: what it begins with, and what is sent through it.
    let begun = shop.endpoint.ask(SIGN_IN, right.clone()).await.body;
    let access = marks.take("a socket's token", &begun, "/data/customerSignIn/tokens/accessToken");
    let mut socket = Socket::begin(shop, &json!({ "authorization": format!("Bearer {access}") })).await;
    assert_eq!(socket.receive().await["type"], "connection_ack");
    socket.subscribe("1", SIGN_IN, &right).await;
    let answer = socket.receive().await;
    marks.take("a token from a socket", &answer, "/payload/data/customerSignIn/tokens/accessToken");
}

async fn change(shop: &Shop, marks: &mut Marks, storefront: &str) {
    let address = json!({ "firstName": "Markedfirst", "lastName": "Markedlast", "address1": "7 Markedstreet", "city": "Markedtown",
                          "provinceCode": "IL", "zip": "62701", "countryCode": "US", "phone": "+493090180000" });
    let add = "mutation($t: String!, $a: MailingAddressInput!) { customerAddressCreate(customerAccessToken: $t, address: $a) {
      customerAddress { id } customerUserErrors { code } } }";
    let address = json!({ "t": storefront, "a": { "firstName": address["firstName"], "lastName": address["lastName"], "address1": address["address1"],
                          "city": address["city"], "zip": address["zip"], "country": "US", "province": "IL", "phone": address["phone"] } });
    shop.endpoint.ask(add, address).await;
    let update = "mutation($t: String!, $c: CustomerUpdateInput!) { customerUpdate(customerAccessToken: $t, customer: $c) {
      customer { email } customerAccessToken { accessToken } customerUserErrors { code } } }";
    let moved = shop
        .endpoint
        .ask(update, json!({ "t": storefront, "c": { "email": OTHER_EMAIL, "phone": "+493090180000" } }))
        .await;
    assert!(moved.body["errors"].is_null(), "{:#}", moved.body);
    let link = shop.mailed_token(OTHER_EMAIL, "email").await;
    marks.add("the link of another address", &link);
    let confirm = "mutation($t: String!) { customerEmailConfirm(token: $t) { userErrors { code } } }";
    shop.endpoint.ask(confirm, json!({ "t": link })).await;

    let shown = [("authorization", format!("Bearer {storefront}"))];
    shop.endpoint
        .ask_with(&shown, "mutation { customerDataRequest { userErrors { code } } }", Value::Null)
        .await;
    let link = shop.mailed_token(EMAIL, "archive").await;
    marks.add("the link of an archive", &link);
    let stays =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let opened =
        stays.get(format!("{}/account/archive/{link}", shop.base)).send().await.expect("the server answers");
    let file = opened.headers()["location"].to_str().expect("an address").to_owned();
    marks.add("the address of a file", file.rsplit_once("/media/").expect("a file").1);
    assert_eq!(stays.get(&file).send().await.expect("the server answers").status(), 200);
}

async fn recover(shop: &Shop, marks: &mut Marks) {
    for email in [EMAIL, "marked.nobody@example.org"] {
        shop.endpoint.ask(RECOVER, json!({ "e": email })).await;
    }
    marks.add("an address that nobody has", "marked.nobody");
    let link = shop.mailed_token(EMAIL, "reset").await;
    marks.add("the link of a reset", &link);
    let reset =
        "mutation($i: CustomerResetInput!) { customerReset(id: \"gid://stoa/Customer/me\", input: $i) {
      customerAccessToken { accessToken } customerUserErrors { code } } }";
    let done = shop
        .endpoint
        .ask(reset, json!({ "i": { "resetToken": link, "password": NEXT_PASSWORD } }))
        .await
        .body;
    marks.take("a token after a reset", &done, "/data/customerReset/customerAccessToken/accessToken");
}

/// Asks for all that is mailed to customers, and reads none of it.
pub(super) async fn ask_for_mails(shop: &Shop, marks: &mut Marks) {
    marks.add("an address that waits", "marked.waiting");
    let input =
        json!({ "email": "marked.waiting@example.org", "password": PASSWORD, "firstName": "Markedfirst" });
    shop.endpoint.ask(REGISTER, json!({ "i": input })).await;
    shop.endpoint.ask(RECOVER, json!({ "e": EMAIL })).await;
    let signed_in = json!({ "i": { "email": EMAIL, "password": NEXT_PASSWORD } });
    let begun = shop.endpoint.ask(SIGN_IN, signed_in).await.body;
    let access = marks.take("a later access token", &begun, "/data/customerSignIn/tokens/accessToken");
    let shown = [("authorization", format!("Bearer {access}"))];
    let change =
        "mutation($i: CustomerEmailChangeInput!) { customerEmailChange(input: $i) { userErrors { code } } }";
    let input = json!({ "i": { "newEmail": "marked.waiting.too@example.org", "password": NEXT_PASSWORD } });
    shop.endpoint.ask_with(&shown, change, input).await;
}
