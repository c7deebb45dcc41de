//! Giving money back.

use super::shop::{ADA, DELIVERY, EVE, PRICE, change, key, units};
use crate::{
    admin::{NewParcel, RefundOrderError, RefundRequest},
    testing::TestShop,
};
use serde_json::json;
use stoa_domain::{
    access::grants::OrdersRead,
    order::{FulfillmentLine, FulfillmentStatus, Order, RefundRefusal, RefundUnits, Tracking, Wanted},
    shared::OrderId,
};
use stoa_persistence::{order, payment::RefundState};

/// For units of the order's first line.
fn of_units(order: &Order, quantity: u32, restock: bool) -> RefundRequest {
    let units = vec![RefundUnits { line: order.lines[0].id, quantity, restock }];
    RefundRequest { units, ..money(order.id, None) }
}

/// For money alone.
pub(super) fn money(order: OrderId, amount: Option<i64>) -> RefundRequest {
    RefundRequest {
        order,
        amount,
        delivery: 0,
        units: Vec::new(),
        tenders: Vec::new(),
        location: None,
        note: None,
        notify: false,
        key: key(),
    }
}

async fn send(shop: &TestShop, order: &Order, quantity: u32) {
    let lines = vec![FulfillmentLine { line: order.lines[0].id, quantity }];
    let parcel = NewParcel {
        order: order.id,
        wanted: Wanted::These(lines),
        tracking: Tracking::default(),
        notify: false,
        key: Some(key()),
    };
    shop.services.admin.fulfillments.create(&shop.eve(), &parcel).await.unwrap();
}

#[tokio::test]
async fn a_refund_of_units_gives_back_what_they_cost_and_nobody_waits_for_them() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.paid(&[(mug, 3)]).await;
    assert_eq!(shop.stocked(mug).await, (10, 3));
    let note = Some("broken\0, says Ada".to_owned());
    let asked = RefundRequest { note, notify: true, delivery: DELIVERY, ..of_units(&order, 1, true) };
    let given = shop.services.admin.refund_order.run(&shop.eve(), &asked).await.unwrap();
    assert_eq!((given.refund.amount, given.refund.state), (PRICE + DELIVERY, RefundState::Requested));
    assert_eq!(shop.stocked(mug).await, (10, 2), "free again");
    assert_eq!(shop.gone_back(&order).await, Vec::<i64>::new(), "a job asks the gateway");
    shop.settle().await;
    assert_eq!(shop.gone_back(&order).await, [PRICE + DELIVERY]);
    // The mail may have been too early, and is tried again.
    shop.wait(chrono::TimeDelta::minutes(2));
    let subjects = shop.subjects(ADA).await;
    assert_eq!(subjects.len(), 1, "{subjects:?}");

    let views = shop.services.admin.orders.refunds(&shop.eve::<OrdersRead>(), order.id).await.unwrap();
    assert_eq!(views.len(), 1);
    assert_eq!((views[0].refund.state, views[0].created_at), (RefundState::Accepted, given.created_at));
    assert_eq!(views[0].memo.created_by.as_deref(), Some(EVE));
    assert_eq!(views[0].memo.note.as_deref(), Some("broken, says Ada"));
    let history = order::history(shop.db.read(), order.id).await.unwrap();
    let told: Vec<_> = history.iter().map(|entry| (entry.actor.as_str(), entry.kind.as_str())).collect();
    assert_eq!(told, [(EVE, "refund_requested"), ("system", "refund_sent")]);

    let log = shop.log(order.id).await;
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].0, "order.refund");
    let total = order.figures.total;
    let left = change(&log[0].1, "refundable").unwrap();
    assert_eq!(left, (&json!(total), &json!(total - PRICE - DELIVERY)));
    assert_eq!(change(&log[0].1, "restocked").unwrap().1, &json!([format!("{} x 1", order.lines[0].id)]));
    assert!(!log[0].1.to_string().contains("broken"), "what is noted is not in it");
    shop.balances().await;
}

#[tokio::test]
async fn a_refund_that_is_asked_for_again_with_its_key_is_given_once() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.paid(&[(mug, 3)]).await;
    let refunds = &shop.services.admin.refund_order;
    let asked = RefundRequest { key: "one".into(), ..of_units(&order, 1, true) };
    let by = shop.eve();
    let (a, b) = tokio::join!(refunds.run(&by, &asked), refunds.run(&by, &asked));
    let again = refunds.run(&by, &asked).await.unwrap();
    assert_eq!(a.unwrap(), again);
    assert_eq!(b.unwrap(), again);
    assert_eq!(shop.stocked(mug).await, (10, 2));
    shop.settle().await;
    assert_eq!(shop.gone_back(&order).await, [PRICE]);
    assert_eq!(shop.acts(order.id).await, ["order.refund"]);

    let other = RefundRequest { key: "one".into(), ..of_units(&order, 2, true) };
    assert!(matches!(refunds.run(&by, &other).await, Err(RefundOrderError::KeyReused)));
    let more = RefundRequest { amount: Some(7), ..asked.clone() };
    assert!(matches!(refunds.run(&by, &more).await, Err(RefundOrderError::KeyReused)));
    let empty = RefundRequest { key: String::new(), ..asked.clone() };
    assert!(matches!(refunds.run(&by, &empty).await, Err(RefundOrderError::Key(_))));
    // Whatever is other of it makes another request of it.
    let others = [
        RefundRequest { delivery: 1, ..asked.clone() },
        RefundRequest { location: Some(shop.another_place("Shed").await), ..asked.clone() },
        RefundRequest { key: "one".into(), ..of_units(&order, 1, false) },
        RefundRequest { notify: true, ..asked.clone() },
    ];
    for other in &others {
        let refused = refunds.run(&by, other).await;
        assert!(matches!(refused, Err(RefundOrderError::KeyReused)), "{other:?}: {refused:?}");
    }
    let noted = RefundRequest { note: Some("again".into()), ..asked.clone() };
    assert_eq!(
        refunds.run(&by, &noted).await.unwrap().refund.id,
        again.refund.id,
        "the gateway has taken it since"
    );
    let elsewhere = shop.paid(&[(mug, 1)]).await;
    let same_key = RefundRequest { key: "one".into(), ..of_units(&elsewhere, 1, true) };
    refunds.run(&by, &same_key).await.unwrap();
    shop.balances().await;
}

#[tokio::test]
async fn no_two_refunds_exceed_what_has_come_and_the_exact_rest_is_allowed() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.paid(&[(mug, 3)]).await;
    let refunds = &shop.services.admin.refund_order;
    let (by, total) = (shop.eve(), order.figures.total);
    let (most, too) = (money(order.id, Some(total - 500)), money(order.id, Some(total - 500)));
    let (a, b) = tokio::join!(refunds.run(&by, &most), refunds.run(&by, &too));
    let (given, refused): (Vec<_>, Vec<_>) = [a, b].into_iter().partition(Result::is_ok);
    assert_eq!(given.len(), 1);
    let Some(Err(RefundOrderError::TooMuch { left })) = refused.into_iter().next() else {
        panic!("both were given");
    };
    assert_eq!(left.minor, 500);
    let one_more = refunds.run(&by, &money(order.id, Some(501))).await;
    assert!(matches!(one_more, Err(RefundOrderError::TooMuch { left }) if left.minor == 500));
    refunds.run(&by, &money(order.id, Some(500))).await.unwrap();
    shop.settle().await;
    assert_eq!(shop.gone_back(&order).await.iter().sum::<i64>(), total);
    assert_eq!(shop.stocked(mug).await, (10, 3), "for money alone no stock moves");
    shop.balances().await;
}

#[tokio::test]
async fn units_that_are_not_to_be_sold_again_are_written_off() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.paid(&[(mug, 3)]).await;
    shop.services.admin.refund_order.run(&shop.eve(), &of_units(&order, 2, false)).await.unwrap();
    assert_eq!(shop.stocked(mug).await, (8, 1));
    shop.balances().await;

    // Of five that were sold two are there: what never came in cannot be lost.
    let bowl = shop.add("Bowl", units(2, 9)).await.variants[0].id;
    let beyond = shop.paid(&[(bowl, 5)]).await;
    assert_eq!(shop.stocked(bowl).await, (2, 5));
    shop.services.admin.refund_order.run(&shop.eve(), &of_units(&beyond, 4, false)).await.unwrap();
    assert_eq!(shop.stocked(bowl).await, (0, 1));
    shop.balances().await;
}

#[tokio::test]
async fn units_that_were_sent_come_back_only_if_that_is_said() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.paid(&[(mug, 3)]).await;
    send(&shop, &order, 2).await;
    assert_eq!(shop.stocked(mug).await, (8, 1));
    // The one that was not sent goes first, and one that was.
    let refunds = &shop.services.admin.refund_order;
    refunds.run(&shop.eve(), &of_units(&order, 2, true)).await.unwrap();
    assert_eq!(shop.stocked(mug).await, (9, 0));
    assert_eq!(shop.order(order.id).await.fulfillment, FulfillmentStatus::Fulfilled, "nobody waits");
    refunds.run(&shop.eve(), &of_units(&order, 1, false)).await.unwrap();
    assert_eq!(shop.stocked(mug).await, (9, 0), "it stays where it was sent");
    let more = refunds.run(&shop.eve(), &of_units(&order, 1, true)).await;
    assert!(matches!(more, Err(RefundOrderError::Units(RefundRefusal::TooMany { left: 0, .. }))), "{more:?}");
    shop.balances().await;
}

#[tokio::test]
async fn what_is_not_counted_is_refunded_all_the_same() {
    let shop = TestShop::open().await;
    let loose = stoa_domain::catalog::StockInput { tracked: false, backorder_limit: None, on_hand: None };
    let song = shop.add("Song", loose).await.variants[0].id;
    let order = shop.paid(&[(song, 2)]).await;
    send(&shop, &order, 1).await;
    shop.services.admin.refund_order.run(&shop.eve(), &of_units(&order, 2, true)).await.unwrap();
    assert_eq!(shop.stocked(song).await, (0, 0));
    shop.balances().await;
}

#[tokio::test]
async fn what_is_refused_changes_nothing_and_is_not_in_the_log() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let (order, waiting) = (shop.paid(&[(mug, 3)]).await, shop.unpaid(&[(mug, 1)]).await);
    let before = (shop.log_length().await, shop.stocked(mug).await);
    let run = async |asked: &RefundRequest| {
        shop.services.admin.refund_order.run(&shop.eve(), asked).await.unwrap_err()
    };
    let unknown = OrderId::new(uuid::Uuid::from_u128(7));
    assert!(matches!(run(&money(unknown, Some(1))).await, RefundOrderError::NotFound));
    let RefundOrderError::State(refused) = run(&of_units(&waiting, 1, true)).await else { panic!() };
    assert_eq!((refused.from, refused.legal), ("awaiting_payment", &["paid", "cancelled"][..]));
    for amount in [Some(0), Some(-5), None] {
        assert!(matches!(run(&money(order.id, amount)).await, RefundOrderError::NoAmount), "{amount:?}");
    }
    let units = run(&of_units(&order, 4, true)).await;
    assert!(matches!(units, RefundOrderError::Units(RefundRefusal::TooMany { left: 3, .. })), "{units}");
    let delivery = run(&RefundRequest { delivery: DELIVERY + 1, ..of_units(&order, 1, true) }).await;
    assert!(matches!(delivery, RefundOrderError::Delivery { left } if left.minor == DELIVERY));
    let note = Some("x".repeat(5_001));
    let long = run(&RefundRequest { note, ..of_units(&order, 1, true) }).await;
    assert!(matches!(long, RefundOrderError::NoteTooLong));
    assert_eq!((shop.log_length().await, shop.stocked(mug).await), before);
    shop.balances().await;
}

#[tokio::test]
async fn the_delivery_is_given_back_once_in_however_many_parts() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.paid(&[(mug, 3)]).await;
    let refunds = &shop.services.admin.refund_order;
    let of = |delivery, amount| RefundRequest { delivery, ..money(order.id, amount) };
    let by = shop.eve();
    // Two at once of more than half of it: one is.
    let (one, other) = (of(DELIVERY - 200, None), of(DELIVERY - 200, None));
    let (a, b) = tokio::join!(refunds.run(&by, &one), refunds.run(&by, &other));
    let (given, refused): (Vec<_>, Vec<_>) = [a, b].into_iter().partition(Result::is_ok);
    assert_eq!(given.len(), 1);
    assert_eq!(given[0].as_ref().unwrap().memo.delivery, DELIVERY - 200);
    let refused = refused.into_iter().next().unwrap();
    assert!(matches!(&refused, Err(RefundOrderError::Delivery { left }) if left.minor == 200), "{refused:?}");
    // A named amount may be for the delivery, too, and not for more of it than it is.
    let more = refunds.run(&by, &of(150, Some(149))).await;
    assert!(matches!(&more, Err(RefundOrderError::Delivery { left }) if left.minor == 149), "{more:?}");
    refunds.run(&by, &of(150, Some(900))).await.unwrap();
    let more = refunds.run(&by, &of(51, None)).await;
    assert!(matches!(&more, Err(RefundOrderError::Delivery { left }) if left.minor == 50), "{more:?}");
    refunds.run(&by, &of(50, None)).await.unwrap();
    let nothing = refunds.run(&by, &RefundRequest { delivery: 1, ..of_units(&order, 1, true) }).await;
    assert!(matches!(&nothing, Err(RefundOrderError::Delivery { left }) if left.minor == 0), "{nothing:?}");
    shop.settle().await;
    assert_eq!(shop.gone_back(&order).await.iter().sum::<i64>(), DELIVERY - 200 + 900 + 50);
    shop.balances().await;
}
