//! Stories 1 to 9 and 11: who gets the last one.

use crate::harness::{Item, Policy, Setup, Shop, Stock};
use futures_util::future::join_all;
use serde_json::json;
use stoa_domain::inventory::HoldTiming;

/// Story 1: two buyers go for the last unit at once. Exactly one order owns it; the other is refused before paying.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_unit_has_one_owner() {
    for timing in [HoldTiming::Cart, HoldTiming::Checkout] {
        let setup = Setup::selling([Item::new("mug", "12.50", 0)]);
        let shop = Shop::with(setup.config(move |c| c.settings.hold_timing = timing)).await;
        for round in 0..10_i64 {
            shop.restock(&[Item::new("mug", "12.50", round + 1)]).await;
            let mut shoppers = [shop.shopper(), shop.shopper()];
            let mug = shop.gid("mug").await;
            let keys = [format!("a{round}"), format!("b{round}")];
            let placed = join_all(shoppers.iter_mut().zip(&keys).map(|(shopper, key)| {
                let mug = mug.clone();
                async move {
                    shopper.create_cart(&[(mug, 1)]).await;
                    shopper.place_order(key).await
                }
            }))
            .await;
            let (owners, losers): (Vec<_>, Vec<_>) = placed.iter().partition(|p| p.is_placed());
            assert_eq!((owners.len(), losers.len()), (1, 1), "round {round}");
            let why = losers[0].refusals();
            assert!(
                why == ["MERCHANDISE_NOT_ENOUGH_STOCK"] || why == ["CART_EMPTY"],
                "told before paying: {why:?}"
            );
            shoppers[0].pay(owners[0], "4242424242424242").await;
            shop.settle().await;
            assert!(shop.is_paid(owners[0].order_id()).await);
            assert_eq!(shop.stock("mug").await, Stock { on_hand: round + 1, allocated: round + 1 });
        }
        shop.books_balance().await;
    }
}

/// Story 2: 200 buyers, 50 units, 1 to 3 each.
#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_buyers_share_fifty_units() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 50)])).await;
    let mug = shop.gid("mug").await;
    let buyers = (0..200_u32).map(|n| {
        let (mut shopper, mug) = (shop.shopper(), mug.clone());
        async move {
            let wanted = n % 3 + 1;
            let answer = shopper.create_cart(&[(mug, wanted)]).await;
            let got = answer.at("/cartCreate/cart/totalQuantity").as_u64().expect("a quantity");
            let told = answer.at("/cartCreate/warnings").as_array().expect("warnings").len();
            assert_eq!(got < u64::from(wanted), told > 0, "whoever gets less is told");
            if got == 0 {
                return 0;
            }
            let placed = shopper.place_order(&format!("buyer-{n}")).await;
            assert!(placed.is_placed(), "what is held can be bought: {:?}", placed.refusals());
            got
        }
    });
    let sold: u64 = join_all(buyers).await.into_iter().sum();
    assert_eq!(sold, 50, "everything is sold, and nothing twice");
    assert_eq!(shop.stock("mug").await, Stock { on_hand: 50, allocated: 50 });
    shop.books_balance().await;
}

/// Story 3: the same variant on two lines with different engravings counts as one.
#[tokio::test]
async fn two_lines_of_one_variant_are_one_demand() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 5)])).await;
    let shopper = shop.shopper_with_cart([("mug", 3)]).await;
    let engraved = json!([{ "merchandiseId": shop.gid("mug").await, "quantity": 3, "attributes": [{ "key": "engraving", "value": "Ada" }] }]);
    let answer = shopper.add_lines(engraved).await;
    assert_eq!(answer.at("/cartLinesAdd/warnings/0/code"), "MERCHANDISE_NOT_ENOUGH_STOCK");
    assert_eq!(shopper.quantities().await, [3, 2]);
    let line = answer.at("/cartLinesAdd/cart/lines/nodes/0/id").clone();
    let grown = shopper.update_lines(json!([{ "id": line, "quantity": 5 }])).await;
    assert_eq!(grown.at("/cartLinesUpdate/cart/totalQuantity"), 5);
    assert!(shopper.place_order("k").await.is_placed());
    assert_eq!(shop.stock("mug").await.allocated, 5);
    shop.books_balance().await;
}

/// Story 4: more than is left is cut down to what is left; nothing left adds no line.
#[tokio::test]
async fn more_than_is_left_is_cut_down() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 4), Item::new("gone", "1.00", 0)])).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let some = shopper.add(&shop.gid("mug").await, 9).await;
    assert_eq!(some.at("/cartLinesAdd/warnings/0/code"), "MERCHANDISE_NOT_ENOUGH_STOCK");
    assert_eq!(some.at("/cartLinesAdd/cart/totalQuantity"), 4);
    let none = shopper.add(&shop.gid("gone").await, 1).await;
    assert_eq!(none.at("/cartLinesAdd/warnings/0/code"), "MERCHANDISE_OUT_OF_STOCK");
    assert_eq!(none.at("/cartLinesAdd/cart/lines/nodes").as_array().map(Vec::len), Some(1), "no empty line");
}

/// Story 5: a hold ends at its time, with no job run.
#[tokio::test]
async fn a_hold_that_is_over_frees_its_units_at_once() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 1)])).await;
    let first = shop.shopper_with_cart([("mug", 1)]).await;
    assert!(!first.read_cart().await["heldUntil"].is_null(), "the cart says until when");
    let second = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(second.quantities().await, Vec::<u64>::new(), "it is held");

    shop.clock.advance(chrono::TimeDelta::minutes(16));
    assert!(first.read_cart().await["heldUntil"].is_null());
    let added = second.add(&shop.gid("mug").await, 1).await;
    assert_eq!(added.at("/cartLinesAdd/cart/totalQuantity"), 1);
    let refused = first.place_order("late").await;
    assert_eq!(refused.refusals(), ["MERCHANDISE_NOT_ENOUGH_STOCK"]);
    assert_eq!(first.quantities().await, [1], "the cart is as it was");
    assert!(second.place_order("in time").await.is_placed());
    shop.books_balance().await;
}

/// Story 5, the other half: nobody took it meanwhile, so checkout holds it again.
#[tokio::test]
async fn a_lapsed_hold_is_taken_again_at_checkout() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 1)])).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    shop.clock.advance(chrono::TimeDelta::hours(2));
    assert!(shopper.place_order("late but alone").await.is_placed());
}

/// Story 5: activity on the cart extends its hold.
#[tokio::test]
async fn activity_extends_the_hold() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 1)])).await;
    let first = shop.shopper_with_cart([("mug", 1)]).await;
    shop.clock.advance(chrono::TimeDelta::minutes(10));
    first
        .change("cartNoteUpdate", &[("note", "String!", json!("please wrap it"))])
        .await
        .at("/cartNoteUpdate/cart/id");
    shop.clock.advance(chrono::TimeDelta::minutes(10));
    let second = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(second.quantities().await, Vec::<u64>::new(), "still held, twenty minutes on");
}

/// Story 6: a buyer's own hold is never in their way.
#[tokio::test]
async fn an_own_hold_never_blocks() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 3)])).await;
    let shopper = shop.shopper_with_cart([("mug", 3)]).await;
    let line = shopper.read_cart().await["lines"]["nodes"][0]["id"].clone();
    for quantity in [1, 3, 2] {
        let answer = shopper.update_lines(json!([{ "id": line, "quantity": quantity }])).await;
        assert_eq!(answer.at("/cartLinesUpdate/warnings"), &json!([]));
    }
    let other = shop.shopper_with_cart([("mug", 3)]).await;
    assert_eq!(other.quantities().await, [1], "the hold was replaced: one is free again");
    assert!(shopper.place_order("k").await.is_placed());
    assert_eq!(shop.stock("mug").await.allocated, 2);
}

/// Story 7: sold out after it was put in a cart.
#[tokio::test]
async fn what_sold_out_meanwhile_is_refused_at_checkout_and_the_cart_still_reads() {
    let shop = Shop::with(
        Setup::selling([Item::new("mug", "12.50", 2)])
            .config(|c| c.settings.hold_timing = HoldTiming::Checkout),
    )
    .await;
    let slow = shop.shopper_with_cart([("mug", 2)]).await;
    let quick = shop.shopper_with_cart([("mug", 1)]).await;
    assert!(quick.place_order("quick").await.is_placed());
    assert_eq!(slow.place_order("slow").await.refusals(), ["MERCHANDISE_NOT_ENOUGH_STOCK"]);
    assert_eq!(slow.quantities().await, [2]);
    shop.books_balance().await;
}

/// Story 8: what is not counted sells without limit.
#[tokio::test]
async fn untracked_and_backordered_goods_sell_on() {
    let untracked = Item { policy: Policy::Untracked, ..Item::new("letter", "1.00", 0) };
    let backordered = Item { policy: Policy::Continue, ..Item::new("lamp", "9.00", 2) };
    let shop = Shop::with(Setup::selling([untracked, backordered])).await;
    let shopper = shop.shopper_with_cart([("letter", 900), ("lamp", 5)]).await;
    assert_eq!(shopper.quantities().await, [900, 5]);
    assert!(shopper.place_order("k").await.is_placed());
    assert_eq!(shop.stock("lamp").await, Stock { on_hand: 2, allocated: 5 });
    shop.books_balance().await;
}

/// Story 9: an order that dies gives back exactly what it had, once.
#[tokio::test]
async fn an_order_that_is_not_paid_gives_its_stock_back_once() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 5)])).await;
    let shopper = shop.shopper_with_cart([("mug", 3)]).await;
    let placed = shopper.place_order("k").await;
    assert_eq!(shop.stock("mug").await.allocated, 3);

    shop.clock.advance(chrono::TimeDelta::minutes(61));
    shop.until("the order expires", || async { shop.stock("mug").await.allocated == 0 }).await;
    shop.run_jobs().await;
    shop.settle().await;
    assert_eq!(shop.stock("mug").await, Stock { on_hand: 5, allocated: 0 });
    assert_eq!(shop.order(placed.order_id()).await.state.name(), "cancelled");
    let cancelled = shop.history(placed.order_id()).await.iter().filter(|k| *k == "cancelled").count();
    assert_eq!(cancelled, 1);
    let paid_late = shopper.pay(&placed, "4242424242424242").await;
    assert_eq!(paid_late["error"]["code"], "payment_intent_unexpected_state", "the gateway was told first");
    shop.books_balance().await;
}

/// Story 9, raced: the payment wins, and the order is confirmed rather than cancelled; or it loses, and is not charged.
#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_races_the_expiry_is_honoured_or_not_taken() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 100)])).await;
    for round in 0..12 {
        let shopper = shop.shopper_with_cart([("mug", 1)]).await;
        let placed = shopper.place_order(&format!("k{round}")).await;
        shop.clock.advance(chrono::TimeDelta::minutes(61));
        let (paid, ()) = tokio::join!(shopper.pay(&placed, "4242424242424242"), shop.run_jobs());
        let charged = paid["status"] == "succeeded";
        let (shop, id) = (&shop, placed.order_id());
        shop.until("the race is decided", || async move {
            shop.order(id).await.state.name() != "awaiting_payment"
        })
        .await;
        shop.settle().await;
        assert_eq!(shop.is_paid(id).await, charged, "round {round}: {paid}");
    }
    let paid: i64 = shop.stock("mug").await.allocated;
    assert!((0..=12).contains(&paid));
    shop.books_balance().await;
}
