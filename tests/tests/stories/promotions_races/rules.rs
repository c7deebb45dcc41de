//! Rules that change while carts are priced and ordered: every order is one price or the other, never something between.

use super::{DISCOUNTED, costs, setup, shop};
use crate::harness::{Shop, Shopper, Staff, minor, percent_off, with};
use futures_util::future::join_all;
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};

/// 10.00 less 10 or 20 %, and 5.00 for delivery.
const TOTALS: [i64; 2] = [1_400, 1_300];

/// Buys as a careful storefront does: for the total that was shown, or that the refusal named. Gives what it cost.
async fn buys(shop: &Shop, shopper: &Shopper, key: &str) -> i64 {
    let mut expected = shopper.priced().await["cost"]["totalAmount"].clone();
    for _ in 0..200 {
        let placed = shopper.place_order_expecting(key, expected.clone()).await;
        if placed.is_placed() {
            let order = shop.priced_order(&placed.token()).await;
            let total = minor(&order["totalPrice"]);
            assert_eq!(total, minor(&expected), "what they agreed to");
            assert_eq!(shop.payment(placed.order_id()).await.amount, total, "and what they are charged");
            assert_eq!(minor(&order["totalDiscounts"]), 1_500 - total);
            return total;
        }
        assert_eq!(placed.refusals(), ["TOTAL_CHANGED"]);
        let actual = minor(&placed.answer.at("/orderPlace/userErrors/0")["actualTotal"]);
        assert!(TOTALS.contains(&actual), "{actual}");
        expected =
            json!({ "amount": format!("{}.{:02}", actual / 100, actual % 100), "currencyCode": "USD" });
    }
    panic!("a price that changes faster than anybody can agree to it");
}

/// Staff change their mind, until everybody has bought.
async fn flips(shop: &Shop, staff: &Staff, id: &str, over: &AtomicBool) -> u32 {
    let mut flips = 0;
    while !over.load(Ordering::SeqCst) {
        flips += 1;
        shop.rewrite(staff, id, percent_off(["10", "20"][flips as usize % 2])).await;
    }
    flips
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_change_while_carts_are_priced() {
    let (shop, staff) = shop().await;
    let id = shop.promote(&staff, percent_off("10")).await;
    let buyers = join_all((0..20).map(|_| shop.shopper_with_cart([("mug", 1)]))).await;
    let keys: Vec<String> = (0..20).map(|n| format!("buyer {n}")).collect();
    let over = AtomicBool::new(false);
    let buying = async {
        let paid = join_all(buyers.iter().zip(&keys).map(|(buyer, key)| buys(&shop, buyer, key))).await;
        over.store(true, Ordering::SeqCst);
        paid
    };
    let (paid, flips) = tokio::join!(buying, flips(&shop, &staff, &id, &over));
    assert!(flips > 0);
    assert!(paid.iter().all(|total| TOTALS.contains(total)), "{paid:?}");
    let off: i64 = paid.iter().map(|total| 1_500 - total).sum();
    assert_eq!(shop.uses_of(&id).await, [20, off]);
    shop.ledgers_balance().await;
}

/// What one instance is told the other goes by: at once where somebody orders, and soon where carts are shown.
#[tokio::test(flavor = "multi_thread")]
async fn another_instance_goes_by_the_same_rules_on_postgres() {
    let here = Shop::with(setup()).await;
    let staff = here.merchant().await;
    let there = here.beside(|_| {}).await;
    let first = here.shopper_with_cart([("mug", 1)]).await.at(&there);
    assert_eq!(first.total().await, 1_500);
    let id = here.promote(&staff, percent_off("10")).await;
    assert_eq!(first.total().await, 1_400, "a cart that is read is read by the rules of now");
    let shown = || async {
        let noted = first.change("cartNoteUpdate", &[("note", "String!", json!("please wrap"))]).await;
        minor(&noted.at("/cartNoteUpdate/cart/cost")["totalAmount"]) == 1_400
    };
    there.until("changes of carts go by it, too", shown).await;
    here.switch(&staff, "promotionDeactivate", &id).await;
    let agreed = json!({ "amount": "14.00", "currencyCode": "USD" });
    assert_eq!(first.place_order_expecting("k", agreed).await.refusals(), ["TOTAL_CHANGED"]);
    assert!(first.place_order("k").await.is_placed());

    // One use, and buyers at both.
    let limited = with(percent_off("10"), "limits", json!({ "uses": 1 }));
    for round in 0..5 {
        let code = format!("ONCE{round}");
        let id = here.promote_by_code(&staff, &code, limited.clone()).await;
        there.looks_again().await;
        let buyers = join_all((0..8).map(|n| {
            let (here, there, code) = (&here, &there, code.as_str());
            async move {
                let shopper = here.shopper_with_cart([("mug", 1)]).await.at([here, there][n % 2]);
                shopper.enter(&[code]).await;
                shopper
            }
        }))
        .await;
        let keys: Vec<String> = (0..8).map(|n| format!("{round} {n}")).collect();
        let placed = join_all(buyers.iter().zip(&keys).map(|(buyer, key)| buyer.place_order(key))).await;
        let paid: Vec<i64> = placed.iter().filter_map(costs).collect();
        assert_eq!(paid, [DISCOUNTED], "round {round}");
        assert_eq!(here.counted(&id).await, [1, 100], "round {round}");
    }
    here.ledgers_balance().await;
    there.ledgers_balance().await;
}
