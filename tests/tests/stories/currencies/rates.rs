//! A rate that changes: nobody pays what they were not shown, and what was paid stays what it was.

use super::{GOOD, home, money, shop, told};
use crate::harness::{Placed, Shop, Shopper};
use serde_json::json;

async fn pays(shop: &Shop, shopper: &Shopper, placed: &Placed, total: i64) {
    assert_eq!(placed.refusals(), [""; 0]);
    assert_eq!(shopper.pay(placed, GOOD).await["amount"], total);
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
}

/// In billionths, what a dollar was when the order was placed.
async fn rate_of(shop: &Shop, placed: &Placed) -> i64 {
    let kept = shop.order(placed.order_id()).await.figures.shop.expect("figures in both currencies");
    let of = kept.figures;
    assert_eq!(
        of.subtotal - of.discount + of.delivery - of.delivery_discount - of.removed_tax + of.tax,
        of.total,
        "they sum in the shop's currency, too"
    );
    kept.rate.billionths()
}

/// Story 16: a dollar becomes dearer between looking and paying. 1600 + 160 + 800 at 160; at 170 1700 + 170 + 850.
#[tokio::test]
async fn a_rate_that_changes_is_told_before_it_is_charged() {
    let (shop, staff) = shop().await;
    let shopper = shop.shopper_in(&home("JP"), [("mug", 1)]).await;
    assert_eq!(told(&shopper.priced().await["cost"]["totalAmount"]), ("JPY", 2_560));
    shop.exchange_rate(&staff, "JPY", "170").await;
    let refused = shopper.place_order("k").await;
    assert_eq!(refused.refusals(), ["TOTAL_CHANGED"]);
    assert_eq!(told(&refused.answer.at("/orderPlace/userErrors/0")["actualTotal"]), ("JPY", 2_720));
    let placed = shopper.place_order("k").await;
    pays(&shop, &shopper, &placed, 2_720).await;
    assert_eq!(rate_of(&shop, &placed).await, 170_000_000_000);

    // Whoever says what they were shown is told of what is cheaper, too: 1500 + 150 + 750.
    let shopper = shop.shopper_in(&home("JP"), [("mug", 1)]).await;
    shop.exchange_rate(&staff, "JPY", "150").await;
    let refused = shopper.place_order_expecting("later", money("2720", "JPY")).await;
    assert_eq!(refused.refusals(), ["TOTAL_CHANGED"]);
    // The same figure of another currency is another total.
    let refused = shopper.place_order_expecting("later", money("2400", "USD")).await;
    assert_eq!(refused.answer.at("/orderPlace/order"), &json!(null), "{:#}", refused.answer.body);
    let placed = shopper.place_order_expecting("later", money("2400", "JPY")).await;
    pays(&shop, &shopper, &placed, 2_400).await;
    assert_eq!(rate_of(&shop, &placed).await, 150_000_000_000);
    shop.ledgers_balance().await;
}

/// An order keeps the rate that it was placed at, to the last of nine decimals, and so does what is given back of it.
#[tokio::test]
async fn an_order_keeps_its_rate() {
    let (shop, staff) = shop().await;
    shop.exchange_rate(&staff, "EUR", "0.912345678").await;
    let shopper = shop.shopper_in(&home("DE"), [("mug", 1)]).await;
    // 10.00 is 9.12, and 20 % of it 1.82; delivery 4.56. 15.50 / 0.912345678 = 16.9892.
    let placed = shopper.place_order("k").await;
    pays(&shop, &shopper, &placed, 1_550).await;
    let order = shop.priced_order(&placed.token()).await;
    assert_eq!(told(&order["shopTotalPrice"]), ("USD", 1_699));
    for rate in ["0.5", "1.7"] {
        shop.exchange_rate(&staff, "EUR", rate).await;
        assert_eq!(rate_of(&shop, &placed).await, 912_345_678);
        assert_eq!(shop.priced_order(&placed.token()).await, order, "{rate}");
    }
    let gid = format!("gid://stoa/Order/{}", placed.order_id());
    let read = "query($id: ID!) { admin { order(id: $id) { shopExchangeRate } } }";
    let told_staff = shop.ask_as(&staff, read, json!({ "id": gid })).await;
    assert_eq!(told_staff.at("/admin/order/shopExchangeRate"), "0.912345678");
    let refund = json!({ "orderId": gid, "idempotencyKey": "all", "amount": money("15.50", "EUR") });
    assert_eq!(shop.refund(&staff, refund).await["userErrors"], json!([]));
    shop.settle().await;
    assert_eq!(shop.refunded_at_gateway(&placed.intent()).await, [1_550]);
    let left =
        "SELECT CAST(SUM(o.shop_total) - (SELECT SUM(r.shop_amount) FROM refunds r) AS BIGINT) FROM orders o";
    assert_eq!(crate::harness::number(shop.folder.path(), left).await, 0);
    shop.ledgers_balance().await;
}
