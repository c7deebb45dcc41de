//! What buyers do, and the gateway.

use super::Marks;
use crate::harness::{Placed, Shop, Shopper, signed};
use serde_json::{Value, json};
use stoa_domain::shared::Clock;

const EMAIL: &str = "marked.buyer@example.org";
const CARD: &str = "4242424242424242";

/// Somebody buys as a guest, with all that a cart may hold, pays, looks at the order in each way, and the gateway tells of it.
pub(super) async fn buy(shop: &Shop, marks: &mut Marks, refused: &mut Vec<String>) {
    for (what, text) in [
        ("a buyer's address", EMAIL),
        ("a buyer's name", "Markedbuyer"),
        ("a buyer's street", "Markedlane"),
        ("a buyer's telephone number", "3090180001"),
        ("a note", "markednote"),
        ("an attribute", "markedattribute"),
        ("a card's number", CARD),
        ("a forged event", "markedforgery"),
    ] {
        marks.add(what, text);
    }
    let (shopper, placed) = order(shop, marks, "first").await;
    let base = &shop.base;
    let token = placed.token();
    for path in [
        format!("/orders/{token}"),
        format!("/orders/{token}/"),
        format!("/checkout/{}", shopper.cart.rsplit('/').next().expect("an id")),
        format!("/graphql?query=%7Bshop%7Bname%7D%7D&token={token}"),
        format!("/nowhere/{token}"),
    ] {
        shop.endpoint.http.get(format!("{base}{path}")).send().await.expect("the server answers");
    }
    shopper.pay(&placed, CARD).await;
    shop.settle().await;
    shopper.order(&token).await;
    let by_number =
        "query($l: OrderLookupInput!) { order(lookup: $l) { email phone shippingAddress { address1 } } }";
    for (number, email) in [(1001, EMAIL), (1001, "marked.guesser@example.org"), (7, EMAIL)] {
        let lookup = json!({ "l": { "contact": { "number": number, "email": email } } });
        let answer = shop.endpoint.ask(by_number, lookup).await;
        if answer.body["data"]["order"].is_null() {
            refused.push(answer.body.to_string());
        }
        let form = [("number", number.to_string()), ("email", email.to_owned())];
        shop.endpoint
            .http
            .post(format!("{base}/orders"))
            .form(&form)
            .send()
            .await
            .expect("the server answers");
    }
    marks.add("a guesser's address", "marked.guesser");
    gateway(shop, &placed.intent()).await;
}

/// Events that are forged, old, and no events, and one that is right.
async fn gateway(shop: &Shop, intent: &str) {
    let event = json!({
        "id": "evt_marked", "object": "event", "type": "payment_intent.processing", "created": 1_700_000_000, "livemode": false,
        "data": { "object": { "id": intent, "object": "payment_intent", "receipt_email": EMAIL, "description": "markedforgery",
                              "shipping": { "name": "Markedbuyer", "address": { "line1": "9 Markedlane" }, "phone": "+493090180001" } } },
    });
    let body = event.to_string();
    let now = shop.clock.now().timestamp();
    let right = signed(shop.webhook_secret(), now, &body);
    assert_eq!(shop.webhook_raw(&body, Some("t=1,v1=00")).await, 400);
    assert_eq!(shop.webhook_raw(&body, Some(&signed(shop.webhook_secret(), 1, &body))).await, 400);
    assert_eq!(shop.webhook_raw(&format!("{body} markedforgery"), Some(&right)).await, 400);
    assert_eq!(shop.webhook_raw(&body, Some(&right)).await, 200);
    let broken = format!("{{\"id\": \"markedforgery\", {body}");
    let signature = signed(shop.webhook_secret(), now, &broken);
    assert_eq!(shop.webhook_raw(&broken, Some(&signature)).await, 400);
}

async fn order(shop: &Shop, marks: &mut Marks, key: &str) -> (Shopper, Placed) {
    let input = json!({
        "lines": [{ "merchandiseId": shop.gid("mug").await, "quantity": 1, "attributes": [{ "key": "for", "value": "markedattribute" }] }],
        "note": "markednote",
        "buyerIdentity": { "email": EMAIL, "phone": "+493090180001", "countryCode": "US" },
        "delivery": { "addresses": [{ "selected": true, "address": { "deliveryAddress": {
            "firstName": "Markedbuyer", "lastName": "Markedbuyer", "address1": "9 Markedlane", "city": "Springfield",
            "provinceCode": "IL", "zip": "62701", "countryCode": "US", "phone": "+493090180001" } } }] },
    });
    let create =
        "mutation($i: CartInput) { cartCreate(input: $i) { cart { id } userErrors { code field message } } }";
    let made = shop.endpoint.ask(create, json!({ "i": input })).await;
    assert_eq!(made.at("/cartCreate/userErrors"), &json!([]));
    let mut shopper = shop.shopper();
    made.at("/cartCreate/cart/id").as_str().expect("a cart").clone_into(&mut shopper.cart);
    marks.add("the id of a cart", shopper.cart.rsplit('/').next().expect("an id"));
    let placed = shopper.place_order(key).await;
    assert!(placed.is_placed(), "{:?}", placed.refusals());
    marks.add("the token of an order", &placed.token());
    marks.add("the secret of a payment", &placed.client_secret());
    (shopper, placed)
}

/// The same once more, until it is paid.
pub(super) async fn buy_once_more(shop: &Shop, marks: &mut Marks) {
    let (shopper, placed) = order(shop, marks, "second").await;
    let paid: Value = shopper.pay(&placed, CARD).await;
    assert_eq!(paid["status"], "succeeded", "{paid:#}");
    shop.sandbox().webhooks_settled().await;
}
