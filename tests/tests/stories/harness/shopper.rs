//! Somebody who buys, knowing nothing but the public API.

use super::{
    graphql::{Answer, Endpoint},
    shop::Shop,
};
use serde_json::{Value, json};
use stoa_domain::shared::OrderId;

/// What a cart is asked for in every story.
pub(crate) const CART: &str = "fragment Cart on Cart {
  id totalQuantity checkoutUrl note heldUntil
  cost { subtotalAmount { amount } totalAmount { amount currencyCode } totalTaxAmount { amount } }
  lines(first: 250) { nodes { id quantity attributes { key value } merchandise { ... on ProductVariant { id product { handle } } } } }
  deliveryGroups(first: 10) { edges { node { id selectedDeliveryOption { handle } deliveryOptions { handle title estimatedCost { amount } } } } }
  delivery { addresses { id selected address { ... on CartDeliveryAddress { city } } } }
}";

/// A buyer with a browser.
#[derive(Clone)]
pub(crate) struct Shopper {
    endpoint: Endpoint,
    base: String,
    /// The cart's id, once there is one.
    pub(crate) cart: String,
}

/// An order that was placed, as its buyer sees it.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) answer: Answer,
}

impl Placed {
    fn payload(&self) -> &Value {
        self.answer.at("/orderPlace")
    }

    pub(crate) fn order_id(&self) -> OrderId {
        let gid = self.payload()["order"]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("no order: {:#}", self.answer.body));
        gid.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an order's id")
    }

    pub(crate) fn token(&self) -> String {
        self.payload()["order"]["token"].as_str().expect("a token").to_owned()
    }

    pub(crate) fn intent(&self) -> String {
        self.payload()["paymentSession"]["paymentIntentId"].as_str().expect("a payment session").to_owned()
    }

    pub(crate) fn client_secret(&self) -> String {
        self.payload()["paymentSession"]["clientSecret"].as_str().expect("a payment session").to_owned()
    }

    /// Codes of the refusals, empty when the order stands.
    pub(crate) fn refusals(&self) -> Vec<String> {
        let errors = self.payload()["userErrors"].as_array().expect("userErrors");
        errors.iter().map(|e| e["code"].as_str().expect("a code").to_owned()).collect()
    }

    pub(crate) fn is_placed(&self) -> bool {
        !self.payload()["order"].is_null()
    }
}

impl Shopper {
    pub(crate) const fn new(endpoint: Endpoint, base: String) -> Self {
        Self { endpoint, base, cart: String::new() }
    }

    /// The same buyer, with the same cart, at another instance.
    pub(crate) fn at(&self, instance: &Shop) -> Self {
        Self { endpoint: instance.endpoint.clone(), base: instance.base.clone(), cart: self.cart.clone() }
    }

    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Answer {
        self.endpoint.ask(query, variables).await
    }

    /// Makes a cart with lines, an address of its owner's and a mail address.
    pub(crate) async fn create_cart(&mut self, lines: &[(String, u32)]) -> Answer {
        let lines: Vec<Value> =
            lines.iter().map(|(id, n)| json!({ "merchandiseId": id, "quantity": n })).collect();
        let input = json!({
            "lines": lines,
            "buyerIdentity": { "email": "Ada@Example.org", "countryCode": "US" },
            "delivery": { "addresses": [{ "selected": true, "address": { "deliveryAddress": address("Springfield") } }] },
        });
        let query = format!(
            "mutation($input: CartInput) {{ cartCreate(input: $input) {{ cart {{ ...Cart }} userErrors {{ code field message }} warnings {{ code message target }} }} }} {CART}"
        );
        let answer = self.ask(&query, json!({ "input": input })).await;
        if let Some(id) = answer.at("/cartCreate/cart/id").as_str() {
            self.cart = id.to_owned();
        }
        answer
    }

    /// Runs a mutation of the cart: `name` with `arguments` beside `cartId`, whose types are given as in the SDL.
    pub(crate) async fn change(&self, name: &str, arguments: &[(&str, &str, Value)]) -> Answer {
        let declared: String = arguments.iter().map(|(n, t, _)| format!(", ${n}: {t}")).collect();
        let passed: String = arguments.iter().map(|(n, _, _)| format!(", {n}: ${n}")).collect();
        let query = format!(
            "mutation($cartId: ID!{declared}) {{ {name}(cartId: $cartId{passed}) {{ cart {{ ...Cart }} userErrors {{ code field message }} warnings {{ code message target }} }} }} {CART}"
        );
        let mut variables = json!({ "cartId": self.cart });
        for (n, _, value) in arguments {
            variables[*n] = value.clone();
        }
        self.ask(&query, variables).await
    }

    pub(crate) async fn add(&self, merchandise: &str, quantity: u32) -> Answer {
        self.add_lines(json!([{ "merchandiseId": merchandise, "quantity": quantity }])).await
    }

    pub(crate) async fn add_lines(&self, lines: Value) -> Answer {
        self.change("cartLinesAdd", &[("lines", "[CartLineInput!]!", lines)]).await
    }

    pub(crate) async fn update_lines(&self, lines: Value) -> Answer {
        self.change("cartLinesUpdate", &[("lines", "[CartLineUpdateInput!]!", lines)]).await
    }

    /// The cart as it is now; null once it is gone.
    pub(crate) async fn read_cart(&self) -> Value {
        let query = format!("query($id: ID!) {{ cart(id: $id) {{ ...Cart }} }} {CART}");
        self.ask(&query, json!({ "id": self.cart })).await.at("/cart").clone()
    }

    /// Units of each line of the cart.
    pub(crate) async fn quantities(&self) -> Vec<u64> {
        let cart = self.read_cart().await;
        let lines = cart["lines"]["nodes"].as_array().expect("lines");
        lines.iter().map(|l| l["quantity"].as_u64().expect("a quantity")).collect()
    }

    /// Places the order, whatever it costs.
    pub(crate) async fn place_order(&self, key: &str) -> Placed {
        self.place_order_expecting(key, Value::Null).await
    }

    pub(crate) async fn place_order_expecting(&self, key: &str, expected_total: Value) -> Placed {
        let query = "mutation($cartId: ID!, $idempotencyKey: String!, $expectedTotal: MoneyInput) {
          orderPlace(cartId: $cartId, idempotencyKey: $idempotencyKey, expectedTotal: $expectedTotal) {
          order { id name token orderNumber financialStatus totalPrice { amount currencyCode } totalTax { amount } }
          paymentSession { gateway clientSecret publishableKey paymentIntentId paymentUrl }
          userErrors { code field message actualTotal { amount currencyCode } }
        } }";
        let mut variables = json!({ "cartId": self.cart, "idempotencyKey": key });
        if !expected_total.is_null() {
            variables["expectedTotal"] = expected_total;
        }
        Placed { answer: self.ask(query, variables).await }
    }

    /// Pays as a browser does: with the public key and the session's client secret.
    pub(crate) async fn pay(&self, placed: &Placed, card: &str) -> Value {
        let return_url = format!("{}/orders/{}", self.base, placed.token());
        self.confirm(&placed.intent(), &placed.client_secret(), card, return_url).await
    }

    /// The same, knowing the payment session only.
    pub(crate) async fn confirm(
        &self,
        intent: &str,
        client_secret: &str,
        card: &str,
        return_url: String,
    ) -> Value {
        let form = [
            ("client_secret", client_secret.to_owned()),
            ("payment_method_data[type]", "card".to_owned()),
            ("payment_method_data[card][number]", card.to_owned()),
            ("payment_method_data[card][exp_month]", "12".to_owned()),
            ("payment_method_data[card][exp_year]", "2040".to_owned()),
            ("payment_method_data[card][cvc]", "123".to_owned()),
            ("return_url", return_url),
        ];
        let url = format!("{}/v1/payment_intents/{intent}/confirm", self.base);
        let request = self.endpoint.http.post(url).bearer_auth("pk_test_sandbox").form(&form);
        request.send().await.expect("the sandbox answers").json().await.expect("its answer is JSON")
    }

    /// The order as whoever has the token sees it.
    pub(crate) async fn order(&self, token: &str) -> Value {
        let query = "query($token: String!) { order(lookup: { token: $token }) {
          id name orderNumber financialStatus fulfillmentStatus totalPrice { amount } currentTotalPrice { amount }
          lineItems(first: 10) { nodes { title quantity originalTotalPrice { amount } } } shippingAddress { city } } }";
        self.ask(query, json!({ "token": token })).await.at("/order").clone()
    }
}

/// An address that can be delivered to.
pub(crate) fn address(city: &str) -> Value {
    json!({
        "firstName": "Ada", "lastName": "Lovelace", "address1": "12 Analytical Way", "city": city,
        "provinceCode": "IL", "zip": "62701", "countryCode": "US",
    })
}
