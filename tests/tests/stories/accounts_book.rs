//! Address books, and that nobody reads in another one's.

use crate::harness::{Customer, Shop, refusals};
use serde_json::{Value, json};

async fn add(customer: &Customer, city: &str) -> Value {
    let query = "mutation($token: String!, $address: MailingAddressInput!) {
      customerAddressCreate(address: $address, customerAccessToken: $token) {
      customerAddress { id city country countryCodeV2 } customerUserErrors { code field } } }";
    let address = json!({ "firstName": "Ada", "lastName": "Lovelace", "address1": "12 Analytical Way",
                          "city": city, "province": "IL", "zip": "62701", "country": "United States" });
    customer.ask(query, json!({ "address": address })).await.at("/customerAddressCreate").clone()
}

fn id_of(added: &Value) -> String {
    added["customerAddress"]["id"].as_str().expect("an address").to_owned()
}

async fn cities(customer: &Customer) -> (Vec<String>, Value) {
    let seen = customer.sees("addresses(first: 10) { nodes { city } } defaultAddress { city }").await;
    let nodes = seen["addresses"]["nodes"].as_array().expect("addresses");
    let cities = nodes.iter().map(|node| node["city"].as_str().expect("a city").to_owned()).collect();
    (cities, seen["defaultAddress"]["city"].clone())
}

/// Addresses are added, changed, chosen and removed; as long as there is one, one is the default.
#[tokio::test]
async fn an_address_book_is_kept() {
    let shop = Shop::open().await;
    let ada = shop.customer("ada@example.org").await;
    let first = add(&ada, "Springfield").await;
    assert_eq!(first["customerAddress"]["countryCodeV2"], "US");
    let second = id_of(&add(&ada, "Shelbyville").await);
    assert_eq!(cities(&ada).await, (vec!["Springfield".into(), "Shelbyville".into()], json!("Springfield")));

    let choose = "mutation($token: String!, $id: ID!) {
      customerDefaultAddressUpdate(addressId: $id, customerAccessToken: $token) {
      customer { defaultAddress { city } } customerUserErrors { code field } } }";
    let chosen = ada.ask(choose, json!({ "id": second })).await;
    assert_eq!(chosen.at("/customerDefaultAddressUpdate/customer/defaultAddress/city"), "Shelbyville");

    let change = "mutation($token: String!, $id: ID!, $address: MailingAddressInput!) {
      customerAddressUpdate(address: $address, customerAccessToken: $token, id: $id) {
      customerAddress { id city } customerUserErrors { code field } } }";
    let changed = ada.ask(change, json!({ "id": second, "address": { "city": "Ogdenville" } })).await;
    assert_eq!(
        changed.at("/customerAddressUpdate/customerAddress"),
        &json!({ "id": second, "city": "Ogdenville" })
    );
    let nowhere = ada.ask(change, json!({ "id": second, "address": { "country": "Atlantis" } })).await;
    assert_eq!(
        nowhere.at("/customerAddressUpdate/customerUserErrors/0"),
        &json!({ "code": "INVALID", "field": ["address", "country"] })
    );

    let remove =
        "mutation($token: String!, $id: ID!) { customerAddressDelete(customerAccessToken: $token, id: $id) {
      deletedCustomerAddressId customerUserErrors { code field } } }";
    let removed = ada.ask(remove, json!({ "id": second })).await;
    assert_eq!(removed.at("/customerAddressDelete/deletedCustomerAddressId"), &json!(second));
    let again = ada.ask(remove, json!({ "id": second })).await;
    assert_eq!(refusals(again.at("/customerAddressDelete")), ["NOT_FOUND"]);
    assert_eq!(cities(&ada).await, (vec!["Springfield".into()], json!("Springfield")));
}

/// Whoever has a token of their own, and another one's id, is told that there is nothing; so is whoever has no token that counts.
#[tokio::test]
async fn another_one_s_addresses_are_not_there() {
    let shop = Shop::open().await;
    let ada = shop.customer("ada@example.org").await;
    let eve = shop.customer("eve@example.org").await;
    let id = id_of(&add(&ada, "Springfield").await);
    for (query, field) in [
        (
            "mutation($token: String!, $id: ID!) { customerAddressDelete(customerAccessToken: $token, id: $id) { customerUserErrors { code } } }",
            "customerAddressDelete",
        ),
        (
            "mutation($token: String!, $id: ID!) { customerDefaultAddressUpdate(customerAccessToken: $token, addressId: $id) { customerUserErrors { code } } }",
            "customerDefaultAddressUpdate",
        ),
        (
            "mutation($token: String!, $id: ID!) { customerAddressUpdate(customerAccessToken: $token, id: $id, address: { city: \"X\" }) { customerUserErrors { code } } }",
            "customerAddressUpdate",
        ),
    ] {
        let theirs = eve.ask(query, json!({ "id": id })).await;
        assert_eq!(refusals(theirs.at(&format!("/{field}"))), ["NOT_FOUND"]);
        let mut nobody = eve.clone();
        nobody.token = format!("{}x", ada.token);
        let refused = nobody.ask(query, json!({ "id": id })).await;
        assert_eq!(refusals(refused.at(&format!("/{field}"))), ["UNIDENTIFIED_CUSTOMER"]);
    }
    assert_eq!(cities(&ada).await, (vec!["Springfield".into()], json!("Springfield")));
    assert_eq!(cities(&eve).await, (Vec::new(), Value::Null));
}
