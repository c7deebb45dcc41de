//! Carts as a client uses them.

use crate::shop::Shop;
use serde_json::{Value, json};

/// What tests look at of a cart.
pub(crate) const FIELDS: &str = "fragment Fields on Cart {
    id checkoutUrl totalQuantity note heldUntil createdAt updatedAt
    attributes { key value }
    buyerIdentity { email phone countryCode customer { id } }
    delivery { addresses { id selected oneTimeUse address { ... on CartDeliveryAddress {
        firstName lastName address1 city zip countryCode name formatted(withName: true) } } } }
    deliveryGroups(first: 10) { edges { node {
        id
        deliveryAddress { id lastName country countryCodeV2 formattedArea }
        deliveryOptions { handle code title deliveryMethodType estimatedCost { amount currencyCode } }
        selectedDeliveryOption { handle }
        cartLines(first: 250) { nodes { quantity } } } } }
    lines(first: 250) { nodes { __typename id quantity attributes { key value }
        cost { amountPerQuantity { amount } compareAtAmountPerQuantity { amount } subtotalAmount { amount }
               totalAmount { amount currencyCode } }
        merchandise { ... on ProductVariant { id title product { title } } } } }
    cost { subtotalAmount { amount } totalAmount { amount currencyCode } checkoutChargeAmount { amount }
           totalTaxAmount { amount } totalDutyAmount { amount } }
}";

/// What tests look at of a payload.
pub(crate) const PAYLOAD: &str =
    "{ cart { ...Fields } userErrors { code field message } warnings { code target message } }";

impl Shop {
    /// Makes a cart with these lines, and gives its id.
    pub(crate) async fn cart(&self, lines: &[(&str, u32)]) -> String {
        let lines: Vec<Value> =
            lines.iter().map(|(id, units)| json!({ "merchandiseId": id, "quantity": units })).collect();
        let payload = self.mutate("cartCreate(input: $v)", "CartInput", json!({ "lines": lines })).await;
        assert_eq!(payload["userErrors"], json!([]));
        payload["cart"]["id"].as_str().unwrap().to_owned()
    }

    /// Reads a cart; null when there is none.
    pub(crate) async fn read_cart(&self, id: &str) -> Value {
        let query = format!("query($id: ID!) {{ cart(id: $id) {{ ...Fields }} }} {FIELDS}");
        self.ask(&query, json!({ "id": id })).await
    }

    /// Runs a mutation with one variable `$v`, and gives its payload.
    pub(crate) async fn mutate(&self, call: &str, kind: &str, value: Value) -> Value {
        let query = format!("mutation($v: {kind}) {{ {call} {PAYLOAD} }} {FIELDS}");
        self.ask(&query, json!({ "v": value })).await
    }

    /// The same, whatever the answer is.
    pub(crate) async fn try_mutate(&self, call: &str, kind: &str, value: Value) -> Value {
        let query = format!("mutation($v: {kind}) {{ {call} {PAYLOAD} }} {FIELDS}");
        self.gql(&query, json!({ "v": value })).await
    }

    /// Adds lines to a cart, and gives the payload.
    pub(crate) async fn add_lines(&self, cart: &str, lines: Value) -> Value {
        self.mutate(&format!("cartLinesAdd(cartId: \"{cart}\", lines: $v)"), "[CartLineInput!]!", lines).await
    }

    /// Changes lines of a cart, and gives the payload.
    pub(crate) async fn update_lines(&self, cart: &str, lines: Value) -> Value {
        let call = format!("cartLinesUpdate(cartId: \"{cart}\", lines: $v)");
        self.mutate(&call, "[CartLineUpdateInput!]!", lines).await
    }

    /// Makes a cart that can be ordered: lines, a buyer, an address.
    pub(crate) async fn ready_cart(&self, lines: &[(&str, u32)]) -> String {
        let cart = self.cart(lines).await;
        let buyer = json!({ "email": "ada@example.org" });
        let call = format!("cartBuyerIdentityUpdate(cartId: \"{cart}\", buyerIdentity: $v)");
        self.mutate(&call, "CartBuyerIdentityInput!", buyer).await;
        let payload = self.add_addresses(&cart, json!([address("Lovelace")])).await;
        assert_eq!(payload["userErrors"], json!([]));
        cart
    }

    /// Adds delivery addresses to a cart, and gives the payload.
    pub(crate) async fn add_addresses(&self, cart: &str, addresses: Value) -> Value {
        let call = format!("cartDeliveryAddressesAdd(cartId: \"{cart}\", addresses: $v)");
        self.mutate(&call, "[CartSelectableAddressInput!]!", addresses).await
    }
}

/// An address that a parcel reaches.
pub(crate) fn address(last_name: &str) -> Value {
    json!({ "address": { "deliveryAddress": {
        "firstName": "Ada", "lastName": last_name, "address1": "12 St James's Square", "city": "London",
        "zip": "SW1Y 4JH", "countryCode": "GB" } } })
}

/// The units of each line.
pub(crate) fn quantities(cart: &Value) -> Vec<i64> {
    let lines = cart["lines"]["nodes"].as_array().unwrap();
    lines.iter().map(|line| line["quantity"].as_i64().unwrap()).collect()
}

/// The id of a line.
pub(crate) fn line_id(cart: &Value, at: usize) -> &str {
    cart["lines"]["nodes"][at]["id"].as_str().unwrap()
}

/// Code and place of the one refusal in a payload.
pub(crate) fn refusal(payload: &Value) -> (String, String) {
    let errors = payload["userErrors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{payload:#}");
    assert!(errors[0]["message"].as_str().is_some_and(|message| message.ends_with('.')));
    let field: Vec<&str> =
        errors[0]["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    (errors[0]["code"].as_str().unwrap().to_owned(), field.join("."))
}

/// Code of the first error of an answer.
pub(crate) fn error_code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none")
}
