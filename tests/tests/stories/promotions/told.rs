//! Story 16, what is new of it: whatever changes a price between looking and paying, nobody is charged what they were not told.

use super::shop;
use crate::harness::{Placed, Shop, Shopper, minor, percent_off, with};
use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};
use stoa_domain::shared::Clock;

fn money(minor: i64) -> Value {
    json!({ "amount": format!("{}.{:02}", minor / 100, minor % 100), "currencyCode": "USD" })
}

/// They were shown one price and it is another now: told so, they agree, and pay that.
async fn pays_what_was_told(shop: &Shop, shopper: &Shopper, [shown, now]: [i64; 2], what: &str) {
    let refused = shopper.place_order_expecting(what, money(shown)).await;
    assert_eq!(refused.refusals(), ["TOTAL_CHANGED"], "{what}");
    let error = refused.answer.at("/orderPlace/userErrors/0");
    assert_eq!(minor(&error["actualTotal"]), now, "{what}: {error}");
    assert_eq!(shopper.total().await, now, "{what}: the cart says the same");
    let placed = shopper.place_order_expecting(what, money(now)).await;
    assert_eq!(placed.refusals(), [""; 0], "{what}");
    is_paid(shop, shopper, &placed, now).await;
}

/// The gateway has asked for so much, the order says so, and so do its steps.
async fn is_paid(shop: &Shop, shopper: &Shopper, placed: &Placed, total: i64) {
    assert_eq!(minor(&shop.priced_order(&placed.token()).await["totalPrice"]), total);
    let paid = shopper.pay(placed, "4242424242424242").await;
    assert_eq!(paid["amount"].as_i64(), Some(total));
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
    assert_eq!(shop.payment(placed.order_id()).await.amount_received, total);
}

#[tokio::test]
async fn a_price_that_changes_is_told_before_it_is_charged() {
    let (shop, staff) = shop().await;
    let in_an_hour = || {
        let at = shop.clock.now() + TimeDelta::hours(1);
        json!(at.to_rfc3339_opts(SecondsFormat::Micros, true))
    };

    // A promotion ends by itself: 9.00 and 5.00, then 10.00 and 5.00.
    shop.promote(&staff, with(percent_off("10"), "endsAt", in_an_hour())).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(shopper.total().await, 1_400);
    shop.clock.advance(TimeDelta::hours(1));
    pays_what_was_told(&shop, &shopper, [1_400, 1_500], "its time is over").await;

    // Staff take one out of use.
    let id = shop.promote(&staff, percent_off("20")).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(shopper.total().await, 1_300);
    shop.switch(&staff, "promotionDeactivate", &id).await;
    pays_what_was_told(&shop, &shopper, [1_300, 1_500], "staff end it").await;

    // Staff make it smaller.
    shop.switch(&staff, "promotionActivate", &id).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    shop.rewrite(&staff, &id, percent_off("5")).await;
    pays_what_was_told(&shop, &shopper, [1_300, 1_450], "staff write it anew").await;
    shop.switch(&staff, "promotionArchive", &id).await;

    // Somebody else has the last use of a code.
    let once = with(percent_off("10"), "limits", json!({ "uses": 1 }));
    shop.promote_by_code(&staff, "ONCE", once).await;
    let [first, second] =
        [shop.shopper_with_cart([("mug", 1)]).await, shop.shopper_with_cart([("mug", 1)]).await];
    for shopper in [&first, &second] {
        shopper.enter(&["ONCE"]).await;
        assert_eq!(shopper.total().await, 1_400);
    }
    assert!(first.place_order_expecting("first", money(1_400)).await.is_placed());
    pays_what_was_told(&shop, &second, [1_400, 1_500], "a code is used up").await;

    // A list of prices ends: 8.00 and 5.00, then 10.00 and 5.00.
    let sale = "mutation($input: PriceListCreateInput!) { priceListCreate(input: $input) { priceList { id } userErrors { code field message } } }";
    let input = json!({ "name": "Sale", "kind": "SALE", "currencyCode": "USD", "adjustment": "-20", "endsAt": in_an_hour() });
    shop.staff_does(&staff, sale, json!({ "input": input })).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(shopper.total().await, 1_300);
    shop.clock.advance(TimeDelta::hours(1));
    pays_what_was_told(&shop, &shopper, [1_300, 1_500], "a sale is over").await;
    shop.ledgers_balance().await;
}

/// Who says nothing of a total is charged no more than they were told last; less, they are charged at once.
#[tokio::test]
async fn nobody_pays_more_than_they_were_told_though_they_say_nothing() {
    let (shop, staff) = shop().await;
    let id = shop.promote(&staff, percent_off("10")).await;
    let dearer = shop.shopper_with_cart([("mug", 1)]).await;
    shop.switch(&staff, "promotionDeactivate", &id).await;
    let cheaper = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(dearer.place_order("dearer").await.refusals(), ["TOTAL_CHANGED"]);
    // Told by that refusal, they go on.
    let placed = dearer.place_order("dearer").await;
    is_paid(&shop, &dearer, &placed, 1_500).await;

    shop.switch(&staff, "promotionActivate", &id).await;
    let placed = cheaper.place_order("cheaper").await;
    is_paid(&shop, &cheaper, &placed, 1_400).await;
    shop.ledgers_balance().await;
}

/// A placed order is priced no more: its session asks for what it cost then, however often it is opened.
#[tokio::test]
async fn an_order_that_waits_for_its_money_keeps_its_discount() {
    let (shop, staff) = shop().await;
    let id = shop.promote_by_code(&staff, "TEN", percent_off("10")).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    shopper.enter(&["TEN"]).await;
    let placed = shopper.place_order("k").await;
    let before = shop.priced_order(&placed.token()).await;
    shop.rewrite(&staff, &id, with(percent_off("50"), "method", json!("CODE"))).await;
    shop.switch(&staff, "promotionArchive", &id).await;
    let again = shopper.place_order("k").await;
    assert_eq!((again.order_id(), again.intent()), (placed.order_id(), placed.intent()));
    assert_eq!(shop.priced_order(&placed.token()).await, before);
    is_paid(&shop, &shopper, &again, 1_400).await;
    shop.ledgers_balance().await;
}
