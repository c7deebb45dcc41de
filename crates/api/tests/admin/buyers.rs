//! People who buy in a shop with staff.

use crate::{gateway::SIGNATURE, office::Office, shop::read};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

/// An order, as its buyer knows it.
pub(crate) struct Bought {
    /// Its global id.
    pub(crate) id: String,
    intent: String,
}

impl Office {
    /// An order of so many units of this, which waits for its money.
    pub(crate) async fn bought(&self, variant: &str, quantity: u32) -> Bought {
        self.bought_with(variant, quantity, &[]).await
    }

    /// The same of which gift cards pay what they can.
    pub(crate) async fn bought_with(&self, variant: &str, quantity: u32, cards: &[&str]) -> Bought {
        let input = json!({
            "lines": [{ "merchandiseId": variant, "quantity": quantity }],
            "giftCardCodes": cards,
            "buyerIdentity": { "email": "ada@example.org", "countryCode": "DE" },
            "delivery": { "addresses": [{ "selected": true, "address": { "deliveryAddress": {
                "firstName": "Ada", "lastName": "Lovelace", "address1": "Lindenweg 1", "city": "Berlin",
                "zip": "10115", "countryCode": "DE" } } }] },
        });
        let create = "mutation($input: CartInput) { cartCreate(input: $input) { cart { id } userErrors { message } } }";
        let cart = self.stranger(create, json!({ "input": input })).await;
        let place = "mutation($id: ID!, $key: String!) { orderPlace(cartId: $id, idempotencyKey: $key) {
          order { id } paymentSession { paymentIntentId } userErrors { code message } } }";
        let id = &cart["cart"]["id"];
        let placed = self.stranger(place, json!({ "id": id, "key": id })).await;
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{cart} {placed}")).to_owned();
        Bought {
            id: text(&placed["order"]["id"]),
            intent: text(&placed["paymentSession"]["paymentIntentId"]),
        }
    }

    /// The gateway says that so much has come for an order.
    pub(crate) async fn paid(&self, bought: &Bought, amount: i64) {
        let event = json!({ "id": bought.intent, "type": "paid", "intent": bought.intent, "amount": amount });
        let request = Request::post("/webhooks/stripe").header("stripe-signature", SIGNATURE);
        let answer = self.shop.send(request.body(Body::from(event.to_string())).unwrap()).await;
        assert_eq!(read(answer).await, json!({ "received": true }));
    }
}
