//! Story 21: what a dead order took comes back, once, whoever gives it up and however often; and nobody loses by it what they have just taken.

use super::{DISCOUNTED, buyer, costs, setup, tenth};
use crate::harness::{Event, Placed, Shop, Shopper, Staff};
use chrono::TimeDelta;
use serde_json::{Value, json};

const GOOD: &str = "4242424242424242";

async fn deaf_shop() -> (Shop, Staff) {
    // The gateway tells nothing by itself: each of its events is sent by the story.
    let shop = Shop::with(setup().sandbox(|s| s.webhook = None)).await;
    let staff = shop.merchant().await;
    (shop, staff)
}

async fn cancelled_at_the_gateway(shop: &Shop, placed: &Placed, id: &str) -> Event {
    let mut object = shop.gateway_get(&format!("/v1/payment_intents/{}", placed.intent())).await;
    object["status"] = json!("canceled");
    Event::intent(id, "payment_intent.canceled", &object)
}

/// Asks until the last use is theirs, or a hundred times.
async fn tries_for_the_last_use(shopper: &Shopper, key: &str) -> Option<Placed> {
    let expected = json!({ "amount": "14.00", "currencyCode": "USD" });
    for _ in 0..100 {
        let placed = shopper.place_order_expecting(key, expected.clone()).await;
        if costs(&placed).is_some() {
            return Some(placed);
        }
    }
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_order_took_comes_back_once() {
    let (shop, staff) = deaf_shop().await;
    for round in 0..8_u32 {
        let code = format!("LAST{round}");
        let id = shop.promote_by_code(&staff, &code, tenth(json!({ "uses": 1, "budget": "1.00" }))).await;
        let first = buyer(&shop, "ada@example.org", &code).await;
        let second = buyer(&shop, "bob@example.org", &code).await;
        let dying = first.place_order(&format!("first {round}")).await;
        assert_eq!(costs(&dying), Some(DISCOUNTED));
        let event = cancelled_at_the_gateway(&shop, &dying, &format!("evt_{round}")).await;

        // Its time is over, the gateway says so too, staff cancel it; and somebody waits for the use it had.
        shop.clock.advance(TimeDelta::minutes(61));
        let key = format!("second {round}");
        let (taken, (), status, again, by_staff, by_staff_again) = tokio::join!(
            tries_for_the_last_use(&second, &key),
            shop.run_jobs(),
            shop.webhook(&event),
            shop.webhook(&event),
            shop.cancel(&staff, dying.order_id()),
            shop.cancel(&staff, dying.order_id()),
        );
        assert_eq!((status, again), (200, 200), "round {round}");
        for answer in [by_staff, by_staff_again] {
            assert!(answer.body.get("errors").is_none(), "round {round}: {:#}", answer.body);
        }
        shop.run_jobs().await;
        let (shop, order) = (&shop, dying.order_id());
        shop.until(
            "the order is given up",
            || async move { shop.order(order).await.state.name() == "cancelled" },
        )
        .await;
        let history = shop.history(order).await;
        assert_eq!(
            history.iter().filter(|kind| *kind == "cancelled").count(),
            1,
            "round {round}: {history:?}"
        );

        // Whoever was too early has it now.
        let taken = match taken {
            Some(taken) => taken,
            None => tries_for_the_last_use(&second, &key).await.expect("it has come back"),
        };
        assert_eq!((shop.uses_of(&id).await, shop.counted(&id).await), ([1, 100], [1, 100]), "round {round}");
        assert_eq!(shop.code_used(&staff, &id, &code).await, 1);
        // Giving the first one up once more takes it away from nobody.
        shop.cancel(&staff, order).await;
        assert_eq!(shop.webhook(&event).await, 200);
        shop.run_jobs().await;
        assert_eq!(shop.counted(&id).await, [1, 100], "round {round}");
        second.pay(&taken, GOOD).await;
        shop.app.services().sync_payment.run(taken.order_id()).await.expect("the gateway answers");
        assert!(shop.is_paid(taken.order_id()).await, "round {round}");
    }
    shop.ledgers_balance().await;
}

/// A paid order that two of the staff cancel at once gives its use back once, with its money; a refund alone gives none back.
#[tokio::test(flavor = "multi_thread")]
async fn a_paid_order_gives_its_use_back_when_it_is_cancelled_and_not_when_it_is_refunded() {
    let shop = Shop::with(setup()).await;
    let staff = shop.merchant().await;
    let id = shop.promote_by_code(&staff, "TWICE", tenth(json!({ "uses": 2 }))).await;
    let [one, other] =
        [buyer(&shop, "ada@example.org", "TWICE").await, buyer(&shop, "bob@example.org", "TWICE").await];
    let [first, second] = [one.place_order("one").await, other.place_order("other").await];
    for (shopper, placed) in [(&one, &first), (&other, &second)] {
        assert_eq!(costs(placed), Some(DISCOUNTED));
        shopper.pay(placed, GOOD).await;
    }
    shop.settle().await;
    assert_eq!(shop.counted(&id).await, [2, 200]);

    shop.gateway_post("/v1/refunds", &[("payment_intent", &second.intent())]).await;
    shop.settle().await;
    assert_eq!(shop.payment(second.order_id()).await.amount_refunded, DISCOUNTED);
    assert_eq!(shop.counted(&id).await, [2, 200], "the order has had it");

    let order = first.order_id();
    let (a, b) = tokio::join!(shop.cancel(&staff, order), shop.cancel(&staff, order));
    let errors: Vec<Value> = [a, b].map(|answer| answer.at("/orderCancel/userErrors").clone()).into();
    assert!(errors.contains(&json!([])), "{errors:?}");
    shop.settle().await;
    assert_eq!((shop.uses_of(&id).await, shop.counted(&id).await), ([1, 100], [1, 100]));
    shop.ledgers_balance().await;
}
