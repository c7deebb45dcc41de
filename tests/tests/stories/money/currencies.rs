//! Story 29: other currencies, in the gateway's units and in the shop's.

use super::{ERRORS, buyer_in, selling};
use crate::harness::{Shop, Staff, number};
use serde_json::{Value, json};

/// Japan pays in yen: one dollar is so many.
async fn yen(shop: &Shop, by: &Staff, rate: &str) {
    let query = format!(
        "mutation($r: [ExchangeRateInput!]!) {{ exchangeRatesSet(rates: $r) {{ exchangeRates {{ rate }} {ERRORS} }} }}"
    );
    shop.staff_does(by, &query, json!({ "r": [{ "currencyCode": "JPY", "rate": rate }] })).await;
}

async fn japan(shop: &Shop, by: &Staff) {
    let query = format!(
        "mutation($m: MarketCreateInput!) {{ marketCreate(input: $m) {{ market {{ id }} {ERRORS} }} }}"
    );
    let market = json!({ "name": "Japan", "countries": ["JP"], "currencyCode": "JPY" });
    shop.staff_does(by, &query, json!({ "m": market })).await;
}

fn yen_of(money: &Value) -> i64 {
    let text = money["amount"].as_str().expect("an amount");
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    assert!(rest.chars().all(|c| c == '0'), "there are no parts of a yen: {text}");
    whole.parse().expect("digits")
}

/// 19.99 dollars at 160.5 are 3,208.395 yen, 3,208; which come to the gateway as 3,208, and go back in two parts that are 19.99 dollars together.
#[tokio::test]
async fn yen_reach_the_gateway_whole_and_come_back_exact_in_both_currencies() {
    let (shop, staff) = selling(&[("pattern", "19.99")], false).await;
    yen(&shop, &staff, "160.5").await;
    japan(&shop, &staff).await;
    let shopper = buyer_in(&shop, "JP", &["pattern"]).await;
    let query = "query($id: ID!) { cart(id: $id) { cost { totalAmount { amount currencyCode } } } }";
    let read = shopper.ask(query, json!({ "id": shopper.cart })).await;
    let total = read.at("/cart/cost/totalAmount").clone();
    assert_eq!((yen_of(&total), &total["currencyCode"]), (3_208, &json!("JPY")));
    let placed = shopper.place_order("k").await;
    assert_eq!(placed.refusals(), [""; 0]);
    let paid = shopper.pay(&placed, "4242424242424242").await;
    assert_eq!((&paid["amount"], &paid["currency"]), (&json!(3_208), &json!("jpy")));
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);

    // Another rate is for others.
    yen(&shop, &staff, "200").await;
    let read = "query($id: ID!) { admin { order(id: $id) { totalPrice { amount } totalCharge { amount } shopTotalPrice { amount currencyCode } shopExchangeRate
      pricingSteps { amount { amount } } } } }";
    let id = placed.answer.at("/orderPlace/order/id").clone();
    let order = shop.ask_as(&staff, read, json!({ "id": id })).await.at("/admin/order").clone();
    assert_eq!((yen_of(&order["totalPrice"]), yen_of(&order["totalCharge"])), (3_208, 3_208));
    assert_eq!(order["shopTotalPrice"], json!({ "amount": "19.99", "currencyCode": "USD" }));
    assert_eq!(order["shopExchangeRate"], "160.5");
    let refund = "mutation($i: RefundInput!) { refundCreate(input: $i) { refunds { id } userErrors { code field message } } }";
    for part in ["1000", "2208"] {
        let amount = json!({ "amount": part, "currencyCode": "JPY" });
        let input = json!({ "orderId": id, "amount": amount, "idempotencyKey": part });
        shop.staff_does(&staff, refund, json!({ "i": input })).await;
    }
    shop.run_jobs().await;
    shop.settle().await;
    let sum = |column: &'static str| {
        format!("SELECT CAST(SUM({column}) AS BIGINT) FROM refunds WHERE state <> 'failed'")
    };
    assert_eq!(number(shop.folder.path(), &sum("amount")).await, 3_208);
    assert_eq!(number(shop.folder.path(), &sum("shop_amount")).await, 1_999);
    shop.ledgers_balance().await;
}

/// Story 16 of a rate: it changes between the cart and the order, and nobody is charged what they were not shown.
#[tokio::test]
async fn a_rate_that_changes_between_cart_and_order_is_seen_first() {
    let (shop, staff) = selling(&[("pattern", "10.00")], false).await;
    yen(&shop, &staff, "150").await;
    japan(&shop, &staff).await;
    let shopper = buyer_in(&shop, "JP", &["pattern"]).await;
    yen(&shop, &staff, "160").await;
    let shown = json!({ "amount": "1500", "currencyCode": "JPY" });
    let refused = shopper.place_order_expecting("k", shown).await;
    assert_eq!(refused.refusals(), ["TOTAL_CHANGED"]);
    assert_eq!(yen_of(refused.answer.at("/orderPlace/userErrors/0/actualTotal")), 1_600);
    let agreed = json!({ "amount": "1600", "currencyCode": "JPY" });
    let placed = shopper.place_order_expecting("k", agreed).await;
    assert_eq!(placed.refusals(), [""; 0]);
    assert_eq!(shopper.pay(&placed, "4242424242424242").await["amount"], 1_600);
    shop.settle().await;
    shop.ledgers_balance().await;
}
