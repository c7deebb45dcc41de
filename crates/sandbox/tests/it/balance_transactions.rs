//! What charges and refunds move on the balance.

use serde_json::{Value, json};

use crate::harness::{NOW, World};

#[tokio::test]
async fn a_charge_and_its_intent_show_what_came_in_and_what_stripe_keeps() {
    let world = World::start().await;
    let form = "payment_method=pm_card_visa&description=Mugs&expand[]=latest_charge.balance_transaction";
    let paid = world.pay(form).await.ok();
    let charge = &paid["latest_charge"];
    let moved = &charge["balance_transaction"];
    let expected = json!({
        "id": moved["id"],
        "object": "balance_transaction",
        "amount": 2000,
        "available_on": NOW + 2 * 86_400,
        "balance_type": "payments",
        "created": NOW,
        "currency": "usd",
        "description": "Mugs",
        "exchange_rate": null,
        "fee": 88,
        "fee_details": [{
            "amount": 88,
            "application": null,
            "currency": "usd",
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }],
        "net": 1912,
        "reporting_category": "charge",
        "source": charge["id"],
        "status": "pending",
        "type": "charge",
    });
    assert_eq!(*moved, expected);
    let id = moved["id"].as_str().unwrap();
    assert!(id.starts_with("txn_"));

    let path = format!("/v1/charges/{}", charge["id"].as_str().unwrap());
    assert_eq!(world.get(&path).await.ok()["balance_transaction"], id, "unexpanded it is an id");
    let expanded = world.get(&format!("{path}?expand[]=balance_transaction")).await.ok();
    assert_eq!(expanded["balance_transaction"], expected);
    let alone = world.get(&format!("/v1/balance_transactions/{id}?expand[]=source")).await.ok();
    assert_eq!((&alone["net"], &alone["source"]["object"]), (&json!(1912), &json!("charge")));
}

#[tokio::test]
async fn money_that_is_held_declined_or_released_has_not_moved() {
    let world = World::start().await;
    let expand = "expand[]=latest_charge.balance_transaction";
    let held = world.pay(&format!("payment_method=pm_card_visa&capture_method=manual&{expand}")).await.ok();
    assert_eq!(held["latest_charge"]["balance_transaction"], Value::Null);
    let declined = world.pay("payment_method=pm_card_visa_chargeDeclined").await.json();
    let charge = declined["error"]["charge"].as_str().unwrap();
    let failed = world.get(&format!("/v1/charges/{charge}?expand[]=balance_transaction")).await.ok();
    assert_eq!(failed["balance_transaction"], Value::Null);

    let capture = format!("/v1/payment_intents/{}/capture", held["id"].as_str().unwrap());
    let captured = world.post(&capture, &format!("amount_to_capture=500&{expand}")).await.ok();
    let moved = &captured["latest_charge"]["balance_transaction"];
    assert_eq!((&moved["amount"], &moved["net"]), (&json!(500), &json!(455)));
    let refunds = world.get("/v1/refunds").await.ok();
    assert_eq!(refunds["data"][0]["amount"], 1500, "what was released");
    assert_eq!(refunds["data"][0]["balance_transaction"], Value::Null);
}

#[tokio::test]
async fn a_refund_takes_the_money_away_but_not_the_fee() {
    let world = World::start().await;
    let paid = world.pay("payment_method=pm_card_visa&description=Mugs").await.ok();
    let form = format!("payment_intent={}&amount=500", paid["id"].as_str().unwrap());
    let refund = world.post("/v1/refunds", &format!("{form}&expand[]=balance_transaction")).await.ok();
    let moved = &refund["balance_transaction"];
    assert_eq!((&moved["amount"], &moved["fee"], &moved["net"]), (&json!(-500), &json!(0), &json!(-500)));
    assert_eq!((&moved["type"], &moved["fee_details"]), (&json!("refund"), &json!([])));
    assert_eq!(moved["source"], refund["id"]);
    assert_eq!(moved["description"], "REFUND FOR CHARGE (Mugs)");
    let path = format!("/v1/balance_transactions/{}", moved["id"].as_str().unwrap());
    assert_eq!(world.get(&path).await.ok(), *moved);

    let paid = world.pay("payment_method=pm_card_pendingRefund").await.ok();
    let refund = world.post("/v1/refunds", &format!("payment_intent={}", paid["id"].as_str().unwrap())).await;
    let refund = refund.ok();
    assert_eq!(refund["balance_transaction"], Value::Null);
    let settle = format!("/sandbox/refunds/{}/settle", refund["id"].as_str().unwrap());
    let settled = world.control(&settle, r#"{"outcome":"succeeded"}"#).await.ok();
    assert!(settled["balance_transaction"].as_str().unwrap().starts_with("txn_"));
}
