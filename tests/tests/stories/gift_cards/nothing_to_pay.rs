//! Story 30: where nothing is left to pay nobody is asked for it.

use super::{at_gateway, charge, entries, gid, money, places, shop};
use crate::harness::{Shop, Shopper, minor, percent_off};
use serde_json::{Value, json};
use stoa_sandbox::{ApiAction, Fault};

/// The gateway does what it is asked for and says that it did not: whoever asks it notices, and it shows what it was asked for.
fn gateway_is_down(shop: &Shop) {
    let fault = Fault::api("POST", "/v1/payment_intents", ApiAction::Answer { status: 503, acted: true });
    shop.sandbox().faults().add(fault.times(50)).expect("a fault");
}

/// Ordered by two requests at once with one key: one order, which is paid, and no payment.
async fn completes(shop: &Shop, shopper: &Shopper, key: &str, total: i64) -> crate::harness::Placed {
    let before = shop.letters("ada@example.org").await.len();
    let (one, other) = tokio::join!(places(shopper, key), places(shopper, key));
    assert_eq!(one.order_id(), other.order_id());
    for placed in [&one, &other] {
        let payload = placed.answer.at("/orderPlace");
        assert_eq!(
            (&payload["paymentSession"], &payload["order"]["financialStatus"]),
            (&Value::Null, &json!("PAID"))
        );
    }
    let order = shop.priced_order(&one.token()).await;
    assert_eq!([minor(&order["totalPrice"]), minor(&order["totalCharge"])], [total, 0]);
    shop.settle().await;
    assert!(shop.is_paid(one.order_id()).await);
    let mails = async || shop.letters("ada@example.org").await.len();
    shop.until("it is confirmed", || async { mails().await > before }).await;
    assert_eq!(mails().await, before + 1, "once");
    assert_eq!(at_gateway(shop).await, [0; 0]);
    one
}

#[tokio::test]
async fn nothing_to_pay_asks_no_gateway() {
    let (shop, staff) = shop().await;
    gateway_is_down(&shop);
    let promotion = shop.promote_by_code(&staff, "FREE", percent_off("100")).await;

    // 25.00 less all of it, and nothing to deliver.
    let shopper = shop.shopper_with_cart([("pattern", 1)]).await;
    shopper.enter(&["FREE"]).await;
    assert_eq!(shopper.total().await, 0);
    let free = completes(&shop, &shopper, "free", 0).await;
    assert_eq!(shop.stock("pattern").await.allocated, 1);

    // A card that has enough: 10.00 + 5.00 of 50.00.
    let card = shop.card(&staff, "50.00").await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(charge(&shopper.has_paid_with(&[&card.code]).await), 0);
    let by_card = completes(&shop, &shopper, "by card", 1_500).await;
    assert_eq!(shop.entries(&staff, &card.id).await, entries(&[("ISSUED", 5_000), ("SPENT", -1_500)]));

    // Both: what costs nothing takes nothing off a card.
    let shopper = shop.shopper_with_cart([("pattern", 1)]).await;
    shopper.enter(&["FREE"]).await;
    shopper.has_paid_with(&[&card.code]).await;
    completes(&shop, &shopper, "both", 0).await;
    assert_eq!(shop.balance(&staff, &card.id).await, 3_500);

    // What is given back needs no gateway either.
    for placed in [&free, &by_card] {
        let cancelled = shop.cancel(&staff, placed.order_id()).await;
        assert_eq!(cancelled.at("/orderCancel/userErrors"), &json!([]));
        shop.settle().await;
    }
    assert_eq!(shop.balance(&staff, &card.id).await, 5_000);
    assert_eq!(shop.stock("pattern").await.allocated, 1);
    assert_eq!(shop.code_used(&staff, &promotion, "FREE").await, 1);
    shop.ledgers_balance().await;
}

/// What a card alone has paid for goes back to it by units, and no further than it came.
#[tokio::test]
async fn what_a_card_alone_has_paid_goes_back_to_it() {
    let (shop, staff) = shop().await;
    gateway_is_down(&shop);
    let card = shop.card(&staff, "60.00").await;
    let shopper = shop.shopper_with_cart([("mug", 3)]).await;
    shopper.has_paid_with(&[&card.code]).await;
    let placed = completes(&shop, &shopper, "k", 3_500).await;
    let line = shop.money_of(&staff, placed.order_id()).await["lineItems"]["nodes"][0]["id"].clone();
    let units = json!([{ "lineItemId": line, "quantity": 2 }]);
    let refund = json!({ "orderId": gid(&placed), "idempotencyKey": "two", "refundLineItems": units });
    for _ in 0..2 {
        assert_eq!(shop.refund(&staff, refund.clone()).await["userErrors"], json!([]));
        assert_eq!(shop.balance(&staff, &card.id).await, 6_000 - 3_500 + 2_000);
    }
    let rest = json!({ "orderId": gid(&placed), "idempotencyKey": "rest", "amount": money("15.01") });
    let refused = shop.refund(&staff, rest).await;
    assert_eq!(refused["userErrors"][0]["code"], "TOO_MUCH", "{refused:#}");
    let rest = json!({ "orderId": gid(&placed), "idempotencyKey": "rest", "amount": money("15.00") });
    assert_eq!(shop.refund(&staff, rest).await["userErrors"], json!([]));
    let told = entries(&[("ISSUED", 6_000), ("SPENT", -3_500), ("REFUNDED", 2_000), ("REFUNDED", 1_500)]);
    assert_eq!(shop.entries(&staff, &card.id).await, told);
    assert_eq!(shop.money_of(&staff, placed.order_id()).await["displayFinancialStatus"], "REFUNDED");
    shop.ledgers_balance().await;
}
