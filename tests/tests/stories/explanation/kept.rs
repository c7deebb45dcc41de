//! Everything is changed, and then taken away: what was placed before stays as it was, and is given back as it was paid.

use super::{Rules, ordered, shop};
use crate::harness::{Item, Placed, Shop, Staff, percent_off, rate};
use serde_json::{Value, json};

/// All that is kept of some orders: as their buyers read them, as staff do, and as the program has them.
async fn kept(
    shop: &Shop,
    staff: &Staff,
    placed: &[Placed],
) -> Vec<(Value, Value, stoa_domain::order::Order)> {
    let mut all = Vec::new();
    for placed in placed {
        let read = shop.priced_order(&placed.token()).await;
        let staffs = shop.money_of(staff, placed.order_id()).await;
        all.push((read, staffs, shop.order(placed.order_id()).await));
    }
    all
}

/// One thing after another that a shop decides otherwise. Each is done when the next begins.
async fn decide_otherwise(shop: &Shop, staff: &Staff, rules: &Rules, step: usize) -> &'static str {
    match step {
        0 => {
            shop.retax(staff, &rules.tax, &[rate("Sales tax", "25"), rate("Another", "3")]).await;
            "a tax is higher"
        }
        1 => {
            shop.restock(&[Item::new("mug", "14.99", 500), Item::new("bowl", "1.00", 500)]).await;
            shop.looks_again().await;
            "prices are others"
        }
        2 => {
            shop.rewrite(
                staff,
                &rules.promotion,
                crate::harness::with(percent_off("90"), "method", json!("CODE")),
            )
            .await;
            "a promotion is another"
        }
        3 => {
            shop.change_delivery(
                staff,
                &rules.post,
                json!({ "title": "Pigeon", "rates": [{ "base": "77.00" }] }),
            )
            .await;
            "delivering is dearer"
        }
        4 => {
            let change = "mutation($i: PriceListUpdateInput!) { priceListUpdate(input: $i) { priceList { id } userErrors { code field message } } }";
            let change_to = json!({ "id": rules.sale, "name": "Clearance", "adjustment": "-50" });
            shop.staff_does(staff, change, json!({ "i": change_to })).await;
            "a sale is another"
        }
        5 => {
            shop.exchange_rate(staff, "EUR", "1.9").await;
            shop.change_market(staff, &rules.market, json!({ "rounding": { "nearest": 100 } })).await;
            "a rate is another"
        }
        6 => {
            let home = json!({ "countryCode": "US", "provinceCode": "IL" });
            shop.decides(staff, json!({ "taxRounding": "TOTAL", "deliveryTax": "RATE", "pricesIncludeTax": true, "home": home })).await;
            "taxes are reckoned otherwise"
        }
        7 => {
            shop.switch(staff, "promotionDeactivate", &rules.promotion).await;
            shop.switch(staff, "promotionArchive", &rules.promotion).await;
            shop.drop_delivery(staff, &rules.post).await;
            shop.untax(staff, &rules.tax).await;
            "all of it is gone"
        }
        8 => {
            let market = "mutation($id: ID!) { marketDelete(id: $id) { userErrors { code field message } } }";
            shop.staff_does(staff, market, json!({ "id": rules.market })).await;
            let list =
                "mutation($id: ID!) { priceListDelete(id: $id) { userErrors { code field message } } }";
            shop.staff_does(staff, list, json!({ "id": rules.sale })).await;
            "markets and lists are gone"
        }
        _ => "",
    }
}

#[tokio::test]
async fn an_order_keeps_its_figures() {
    let (shop, staff, rules) = shop().await;
    let placed = [ordered(&shop, &staff, "US-IL").await.1, ordered(&shop, &staff, "DE").await.1];
    let before = kept(&shop, &staff, &placed).await;
    let shopper = shop.shopper_in(&crate::harness::place("US-IL", "62701"), [("mug", 1)]).await;
    let mut totals = vec![shopper.total().await];
    for step in 0..9 {
        let what = decide_otherwise(&shop, &staff, &rules, step).await;
        assert_eq!(kept(&shop, &staff, &placed).await, before, "{what}");
        totals.push(shopper.total().await);
    }
    totals.dedup();
    assert!(totals.len() > 4, "a cart notices what an order does not: {totals:?}");

    // What is given back is what was paid: three units and a bowl one after another, and the delivery, in their currency.
    for (placed, (read, staffs, order)) in placed.iter().zip(&before) {
        let lines = staffs["lineItems"]["nodes"].as_array().expect("lines");
        let gid = format!("gid://stoa/Order/{}", placed.order_id());
        for (n, line) in lines.iter().enumerate() {
            let units = json!([{ "lineItemId": line["id"], "quantity": line["quantity"] }]);
            let refund =
                json!({ "orderId": gid, "idempotencyKey": format!("line {n}"), "refundLineItems": units });
            assert_eq!(shop.refund(&staff, refund).await["userErrors"], json!([]), "{read:#}");
        }
        let delivery = &read["totalShippingPrice"];
        let rest =
            json!({ "orderId": gid, "idempotencyKey": "delivery", "amount": delivery, "shipping": delivery });
        assert_eq!(shop.refund(&staff, rest).await["userErrors"], json!([]), "{read:#}");
        shop.settle().await;
        let books = shop.money_of(&staff, placed.order_id()).await;
        assert_eq!(books["totalRefunded"], read["totalPrice"], "all of it, and no more");
        assert_eq!(crate::harness::minor(&books["refundableAmount"]), 0);
        assert_eq!(
            shop.refunded_at_gateway(&placed.intent()).await.iter().sum::<i64>(),
            order.figures.charge
        );
        let after = shop.priced_order(&placed.token()).await;
        assert_eq!(&after, read, "and it still tells how its price came about");
    }
    shop.ledgers_balance().await;
}

/// A card that paid is taken away later: the order is what it was, and what goes back goes to the card.
#[tokio::test]
async fn an_order_is_not_touched_by_what_becomes_of_its_card() {
    let (shop, staff, _) = shop().await;
    let shopper = shop.shopper_in(&crate::harness::place("US-IL", "62701"), [("mug", 1)]).await;
    let card = shop.card(&staff, "5.00").await;
    shopper.has_paid_with(&[&card.code]).await;
    let placed = [shopper.place_order("k").await];
    shopper.pay(&placed[0], super::GOOD).await;
    shop.settle().await;
    let before = kept(&shop, &staff, &placed).await;
    let off = "mutation($id: ID!) { giftCardDisable(id: $id) { giftCard { enabled } userErrors { code field message } } }";
    shop.staff_does(&staff, off, json!({ "id": card.id })).await;
    assert_eq!(kept(&shop, &staff, &placed).await, before);
    // What comes back to it makes it good again, for just that.
    let gid = format!("gid://stoa/Order/{}", placed[0].order_id());
    let amount = before[0].0["totalPrice"].clone();
    let refund = json!({ "orderId": gid, "idempotencyKey": "all", "amount": amount });
    assert_eq!(shop.refund(&staff, refund).await["userErrors"], json!([]));
    shop.settle().await;
    assert_eq!(shop.balance(&staff, &card.id).await, 500);
    let other = shop.shopper_in(&crate::harness::place("US-IL", "62701"), [("mug", 1)]).await;
    let cart = other.has_paid_with(&[&card.code]).await;
    assert_eq!(crate::harness::steps_of(&cart, "GIFT_CARD")[0].1, -500);
    shop.ledgers_balance().await;
}
