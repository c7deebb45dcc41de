//! Stories 20 and 26: one use, one budget, one code.

use super::{DISCOUNTED, FULL, buyer, costs, shop, tenth};
use crate::harness::{minor, percent_off, with};
use futures_util::future::join_all;
use serde_json::json;

/// Story 20: twelve buyers, one use, of the promotion or of its code. One has it; the others are told what it costs now, and have it for that.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_for_one_gives_one_discounted_order() {
    let (shop, staff) = shop().await;
    let single = shop.promote_by_code(&staff, "PLAIN", percent_off("10")).await;
    for round in 0..10 {
        let code = format!("ONCE{round}");
        let by_code = round % 2 == 0;
        let id = if by_code {
            shop.add_code(&staff, &single, json!({ "code": code, "uses": 1 })).await;
            single.clone()
        } else {
            shop.promote_by_code(&staff, &code, tenth(json!({ "uses": 1 }))).await
        };
        let emails: Vec<String> = (0..12).map(|n| format!("buyer{n}@example.org")).collect();
        let buyers = join_all(emails.iter().map(|email| buyer(&shop, email, &code))).await;
        let keys: Vec<String> = (0..12).map(|n| format!("{round} {n}")).collect();
        let placed = join_all(buyers.iter().zip(&keys).map(|(buyer, key)| buyer.place_order(key))).await;
        let paid: Vec<i64> = placed.iter().filter_map(costs).collect();
        assert_eq!(paid, [DISCOUNTED], "round {round}");
        assert_eq!(shop.code_used(&staff, &id, &code).await, 1, "round {round}");
        if !by_code {
            assert_eq!((shop.uses_of(&id).await, shop.counted(&id).await), ([1, 100], [1, 100]));
        }
        // The same request again is what they agree to.
        let losers = buyers.iter().zip(&keys).zip(&placed).filter(|(_, placed)| !placed.is_placed());
        let again = join_all(losers.take(3).map(|((buyer, key), _)| buyer.place_order(key))).await;
        let paid: Vec<Option<i64>> = again.iter().map(costs).collect();
        assert_eq!(paid, [Some(FULL); 3], "round {round}");
    }
    assert_eq!(shop.uses_of(&single).await, [5, 500]);
    shop.ledgers_balance().await;
}

/// A budget for seven and a half, and thirty who want it: seven have it, and the half is left.
#[tokio::test(flavor = "multi_thread")]
async fn a_budget_is_never_overdrawn() {
    let (shop, staff) = shop().await;
    // A tenth of 10.00 is 1.00.
    let id = shop.promote_by_code(&staff, "BUDGET", tenth(json!({ "budget": "7.50" }))).await;
    let emails: Vec<String> = (0..30).map(|n| format!("buyer{n}@example.org")).collect();
    let buyers = join_all(emails.iter().map(|email| buyer(&shop, email, "BUDGET"))).await;
    let placed = join_all(buyers.iter().zip(&emails).map(|(buyer, key)| buyer.place_order(key))).await;
    let paid: Vec<i64> = placed.iter().filter_map(costs).collect();
    assert_eq!(paid, [DISCOUNTED; 7]);
    assert_eq!((shop.uses_of(&id).await, shop.counted(&id).await), ([7, 700], [7, 700]));

    let losers: Vec<_> = buyers.iter().zip(&emails).zip(&placed).filter(|(_, p)| !p.is_placed()).collect();
    assert_eq!(losers.len(), 23);
    let again = join_all(losers.iter().map(|((buyer, key), _)| buyer.place_order(key))).await;
    assert!(again.iter().all(|placed| costs(placed) == Some(FULL)));
    assert_eq!(shop.counted(&id).await, [7, 700]);
    shop.ledgers_balance().await;
}

/// A limit that staff put while twelve buyers order: whoever was priced before it is counted a minute later at the latest.
#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_comes_while_many_order_counts_them_all() {
    let (shop, staff) = shop().await;
    for round in 0..5 {
        let code = format!("OPEN{round}");
        let id = shop.promote_by_code(&staff, &code, percent_off("10")).await;
        let emails: Vec<String> = (0..12).map(|n| format!("buyer{n}@example.org")).collect();
        let buyers = join_all(emails.iter().map(|email| buyer(&shop, email, &code))).await;
        let keys: Vec<String> = (0..12).map(|n| format!("{round} {n}")).collect();
        let ordered = join_all(buyers.iter().zip(&keys).map(|(buyer, key)| buyer.place_order(key)));
        let limited = with(tenth(json!({ "uses": 1_000 })), "method", json!("CODE"));
        let (placed, ()) = tokio::join!(ordered, shop.rewrite(&staff, &id, limited));
        assert!(placed.iter().all(|placed| costs(placed) == Some(DISCOUNTED)), "round {round}");
        shop.clock.advance(chrono::TimeDelta::seconds(61));
        shop.run_jobs().await;
        assert_eq!(shop.uses_of(&id).await, [12, 1_200], "round {round}");
        shop.until("all are counted", || async { shop.counted(&id).await == [12, 1_200] }).await;
    }
    shop.ledgers_balance().await;
}

/// Story 26: the same code entered by three requests at once, and ordered by three with one key: one adjustment, one use.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_code_three_times_at_once_is_taken_off_once() {
    let (shop, staff) = shop().await;
    let id =
        shop.promote_by_code(&staff, "TEN", tenth(json!({ "uses": 1_000, "usesPerCustomer": 100 }))).await;
    for round in 0..6_i64 {
        let shopper = shop.shopper_with_cart([("mug", 1)]).await;
        let codes = ["TEN", "ten", "Ten"].map(|code| [code]);
        join_all(codes.iter().map(|code| shopper.enter(code))).await;
        let cart = shopper.priced().await;
        assert_eq!(cart["discountCodes"].as_array().map(Vec::len), Some(1), "{cart:#}");
        assert_eq!(minor(&cart["cost"]["totalAmount"]), DISCOUNTED);
        let key = format!("round {round}");
        let placed = join_all((0..3).map(|_| shopper.place_order(&key))).await;
        let orders: Vec<_> = placed.iter().map(crate::harness::Placed::order_id).collect();
        assert!(orders.iter().all(|order| *order == orders[0]), "{orders:?}");
        assert_eq!(minor(&shop.priced_order(&placed[0].token()).await["totalDiscounts"]), 100);
        assert_eq!(shop.counted(&id).await, [round + 1, 100 * (round + 1)]);
    }
    assert_eq!(shop.code_used(&staff, &id, "TEN").await, 6);
    shop.ledgers_balance().await;
}
