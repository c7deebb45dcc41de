//! The pages of an account: signing in, the book of addresses, and the orders.

use super::{nodes, shop, texts, whole};
use crate::harness::{Answer, Customer, PASSWORD, Shop, refusals};
use serde_json::{Value, json};

const ADA: &str = "ada@example.org";

/// Twenty orders with a hundred lines each, and a hundred addresses.
const AT_MOST: u64 = 30_000;

const UPDATE: &str =
    "mutation CustomerUpdate($customerAccessToken: String!, $customer: CustomerUpdateInput!) {
  customerUpdate(customer: $customer, customerAccessToken: $customerAccessToken) {
    customer { acceptsMarketing email firstName id lastName phone }
    customerAccessToken { accessToken expiresAt }
    customerUserErrors { code field message } } }";

const ADD: &str = "mutation AddressCreate($customerAccessToken: String!, $address: MailingAddressInput!) {
  customerAddressCreate(customerAccessToken: $customerAccessToken, address: $address) {
    customerAddress { id formatted } customerUserErrors { code field message } } }";

const EDIT: &str =
    "mutation AddressUpdate($customerAccessToken: String!, $id: ID!, $address: MailingAddressInput!) {
  customerAddressUpdate(customerAccessToken: $customerAccessToken, id: $id, address: $address) {
    customerAddress { id city } customerUserErrors { code field message } } }";

const REMOVE: &str = "mutation AddressDelete($customerAccessToken: String!, $id: ID!) {
  customerAddressDelete(customerAccessToken: $customerAccessToken, id: $id) {
    deletedCustomerAddressId customerUserErrors { code field message } } }";

const DEFAULT: &str = "mutation AddressDefault($customerAccessToken: String!, $addressId: ID!) {
  customerDefaultAddressUpdate(customerAccessToken: $customerAccessToken, addressId: $addressId) {
    customer { id defaultAddress { id } } customerUserErrors { code field message } } }";

const SIGN_IN: &str = "mutation SignIn($input: CustomerAccessTokenCreateInput!) {
  customerAccessTokenCreate(input: $input) {
    customerAccessToken { accessToken expiresAt } customerUserErrors { code field message } } }";

const RENEW: &str = "mutation Renew($customerAccessToken: String!) {
  customerAccessTokenRenew(customerAccessToken: $customerAccessToken) {
    customerAccessToken { accessToken expiresAt } userErrors { field message } } }";

const SIGN_OUT: &str = "mutation SignOut($customerAccessToken: String!) {
  customerAccessTokenDelete(customerAccessToken: $customerAccessToken) {
    deletedAccessToken deletedCustomerAccessTokenId userErrors { field message } } }";

/// Sends a document of the account's, which is not refused, and gives its payload.
async fn does(shop: &Shop, customer: &Customer, field: &str, query: &str, mut variables: Value) -> Value {
    variables["customerAccessToken"] = json!(customer.token);
    let payload = whole(field, &shop.endpoint.ask(query, variables).await, AT_MOST)[field].take();
    let errors = payload.get("customerUserErrors").or_else(|| payload.get("userErrors"));
    assert_eq!(errors, Some(&json!([])), "{field}: {payload:#}");
    payload
}

/// The account's page.
async fn account(customer: &Customer, first: u32) -> Value {
    let answer: Answer =
        customer.ask(include_str!("documents/account.graphql"), json!({ "first": first })).await;
    whole("account", &answer, AT_MOST)["customer"].take()
}

#[tokio::test]
async fn a_storefronts_account_and_book_of_addresses_are_answered() {
    let shop = shop().await;
    let mut ada = shop.customer(ADA).await;
    let signed_in =
        shop.endpoint.ask(SIGN_IN, json!({ "input": { "email": ADA, "password": PASSWORD } })).await;
    let payload = whole("customerAccessTokenCreate", &signed_in, AT_MOST)["customerAccessTokenCreate"].take();
    assert!(refusals(&payload).is_empty(), "{payload:#}");
    let token = payload["customerAccessToken"]["accessToken"].as_str().expect("a token");
    token.clone_into(&mut ada.token);
    does(&shop, &ada, "customerAccessTokenRenew", RENEW, json!({})).await;

    let told = json!({ "customer": { "firstName": "Augusta", "acceptsMarketing": true } });
    let told = does(&shop, &ada, "customerUpdate", UPDATE, told).await;
    assert_eq!(told["customer"]["firstName"], "Augusta");
    let mut ids = Vec::new();
    for city in ["Springfield", "Shelbyville", "Ogdenville"] {
        let address = json!({ "firstName": "Ada", "lastName": "Lovelace", "address1": "12 Analytical Way", "city": city,
                              "province": "IL", "zip": "62701", "country": "US" });
        let added = does(&shop, &ada, "customerAddressCreate", ADD, json!({ "address": address })).await;
        ids.push(added["customerAddress"]["id"].clone());
    }
    let edited = json!({ "id": ids[1], "address": { "firstName": "Ada", "lastName": "Lovelace", "city": "Capital City",
        "address1": "1 Main Street", "province": "IL", "zip": "62701", "country": "US" } });
    let edited = does(&shop, &ada, "customerAddressUpdate", EDIT, edited).await;
    assert_eq!(edited["customerAddress"]["city"], "Capital City");
    does(&shop, &ada, "customerAddressDelete", REMOVE, json!({ "id": ids[2] })).await;
    let chosen = does(
        &shop,
        &ada,
        "customerDefaultAddressUpdate",
        DEFAULT,
        json!({ "addressId": edited["customerAddress"]["id"] }),
    )
    .await;
    assert_eq!(chosen["customer"]["defaultAddress"]["id"], edited["customerAddress"]["id"]);

    let seen = account(&ada, 20).await;
    assert_eq!((&seen["firstName"], &seen["acceptsMarketing"]), (&json!("Augusta"), &json!(true)));
    assert_eq!(seen["defaultAddress"]["city"], "Capital City");
    let mut cities = texts(&nodes(&seen["addresses"]), "city");
    cities.sort_unstable();
    assert_eq!(cities, ["Capital City", "Springfield"]);
    assert!(nodes(&seen["orders"]).is_empty());

    does(&shop, &ada, "customerAccessTokenDelete", SIGN_OUT, json!({})).await;
    assert!(account(&ada, 20).await.is_null());
}

#[tokio::test]
async fn a_storefronts_pages_of_orders_are_answered() {
    let shop = shop().await;
    // Placed as a guest; theirs once the address is proved.
    for n in 0..3 {
        let mut shopper = shop.shopper();
        let mug = first_variant(&shop, "harbour-mug").await;
        let cup = first_variant(&shop, "espresso-cup").await;
        shopper.create_cart(&[(mug, 1), (cup, 1 + n)]).await;
        let placed = shopper.place_order(&format!("k{n}")).await;
        assert!(placed.is_placed(), "{:?}", placed.refusals());
        shopper.pay(&placed, "4242424242424242").await;
        shop.settle().await;
    }
    let ada = shop.customer(ADA).await;
    let seen = account(&ada, 20).await;
    assert_eq!(seen["numberOfOrders"], "3");
    let orders = nodes(&seen["orders"]);
    assert_eq!(orders.len(), 3);
    let names = texts(&orders, "name");
    for order in &orders {
        assert_eq!(order["financialStatus"], "PAID");
        assert_eq!(order["shippingAddress"]["city"], "Springfield");
        let lines = nodes(&order["lineItems"]);
        let mut titles = texts(&lines, "title");
        titles.sort_unstable();
        assert_eq!(titles, ["Espresso Cup - Chalk", "Harbour Mug - Chalk / Small"]);
        let is_mug = |line: &&&Value| line["variant"]["product"]["handle"] == "harbour-mug";
        let mug = lines.iter().find(is_mug).expect("it is one of them");
        assert_eq!(mug["originalTotalPrice"]["amount"], "18.00");
    }
    let first = account(&ada, 2).await;
    assert_eq!(texts(&nodes(&first["orders"]), "name"), names[..2]);
    let next = json!({ "first": 2, "after": first["orders"]["pageInfo"]["endCursor"] });
    let next = ada.ask(include_str!("documents/account.graphql"), next).await;
    let next = whole("account", &next, AT_MOST);
    assert_eq!(texts(&nodes(&next["customer"]["orders"]), "name"), names[2..]);
    shop.books_balance().await;
}

/// The variant that is shown first.
async fn first_variant(shop: &Shop, handle: &str) -> String {
    let query =
        "query($handle: String!) { product(handle: $handle) { variants(first: 1) { nodes { id } } } }";
    let answer = shop.endpoint.ask(query, json!({ "handle": handle })).await;
    answer.at("/product/variants/nodes/0/id").as_str().expect("an id").to_owned()
}
