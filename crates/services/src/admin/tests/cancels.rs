//! Cancelling orders.

use super::shop::{DELIVERY, EVE, PRICE, change, key};
use crate::{
    admin::{
        CancelOrderError, Cancellation, ClearAttentionError, FulfillOrderError, NewParcel, RefundRequest,
        SeenMark, Undone,
    },
    testing::TestShop,
};
use serde_json::json;
use stoa_domain::{
    access::grants::{OrdersRead, OrdersRefund},
    order::{
        Attention, CancelReason, FulfilRefusal, FulfillmentLine, Order, OrderState, RefundUnits, Tracking,
        Wanted,
    },
    payment::PaymentState,
    shared::OrderId,
};
use stoa_persistence::{order, payment};

fn asked(order: OrderId, restock: bool) -> Cancellation {
    Cancellation { order, reason: CancelReason::Customer, restock, location: None, notify: false }
}

fn parcel(order: &Order, quantity: u32) -> NewParcel {
    let lines = vec![FulfillmentLine { line: order.lines[0].id, quantity }];
    let (wanted, tracking) = (Wanted::These(lines), Tracking::default());
    NewParcel { order: order.id, wanted, tracking, notify: false, key: Some(key()) }
}

#[tokio::test]
async fn cancelling_gives_back_exactly_what_was_promised_and_all_of_the_money_once() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let (order, other) = (shop.paid(&[(mug, 3)]).await, shop.paid(&[(mug, 2)]).await);
    let cancel = &shop.services.admin.cancel_order;
    let (by, refund, request) = (shop.eve(), shop.eve::<OrdersRefund>(), asked(order.id, false));
    let at_once = tokio::join!(
        Box::pin(cancel.run(&by, Some(&refund), &request)),
        Box::pin(cancel.run(&by, Some(&refund), &request)),
    );
    let again =
        cancel.run(&by, Some(&refund), &Cancellation { reason: CancelReason::Fraud, ..request }).await;
    for cancelled in [at_once.0, at_once.1, again] {
        let OrderState::Cancelled { reason, .. } = cancelled.unwrap().state else { panic!() };
        assert_eq!(reason, CancelReason::Customer);
    }
    assert_eq!(shop.stocked(mug).await, (10, 2), "the other order keeps its own");
    shop.settle().await;
    assert_eq!(shop.gone_back(&order).await, [order.figures.total]);
    assert_eq!(shop.gone_back(&other).await, Vec::<i64>::new());
    let log = shop.log(order.id).await;
    assert_eq!(log.iter().map(|(act, _)| act.as_str()).collect::<Vec<_>>(), ["order.cancel"]);
    assert_eq!(change(&log[0].1, "state"), Some((&json!("paid"), &json!("cancelled"))));
    assert_eq!(change(&log[0].1, "refundable"), Some((&json!(order.figures.total), &json!(0))));
    let history = order::history(shop.db.read(), order.id).await.unwrap();
    assert_eq!((history[0].actor.as_str(), history[0].detail.as_str()), (EVE, "customer"));
    shop.balances().await;
}

#[tokio::test]
async fn what_was_sent_is_on_the_shelf_again_only_if_that_is_said() {
    for (restock, on_hand) in [(false, 8), (true, 10)] {
        let shop = TestShop::open().await;
        let mug = shop.mugs(10).await;
        let order = shop.paid(&[(mug, 3)]).await;
        shop.services.admin.fulfillments.create(&shop.eve(), &parcel(&order, 2)).await.unwrap();
        let cancel = &shop.services.admin.cancel_order;
        let refund = shop.eve::<OrdersRefund>();
        cancel.run(&shop.eve(), Some(&refund), &asked(order.id, restock)).await.unwrap();
        assert_eq!(shop.stocked(mug).await, (on_hand, 0), "{restock}");
        let refunds = shop.services.admin.orders.refunds(&shop.eve::<OrdersRead>(), order.id).await.unwrap();
        let lines = &refunds[0].memo.lines;
        assert_eq!((lines[0].quantity, lines[0].restocked), (3, restock));
        // What was done is as good as done again; what was not is not.
        let again = cancel.run(&shop.eve(), Some(&refund), &asked(order.id, true)).await;
        match restock {
            true => assert_eq!(again.unwrap().state.name(), "cancelled"),
            false => assert!(matches!(again, Err(CancelOrderError::Before(Undone::Units))), "{again:?}"),
        }
        cancel.run(&shop.eve(), None, &asked(order.id, false)).await.unwrap();
        assert_eq!(shop.stocked(mug).await, (on_hand, 0), "{restock}");
        shop.balances().await;
    }
}

#[tokio::test]
async fn units_that_were_refunded_before_come_back_once() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.paid(&[(mug, 3)]).await;
    shop.services.admin.fulfillments.create(&shop.eve(), &parcel(&order, 2)).await.unwrap();
    let back = RefundRequest {
        order: order.id,
        amount: None,
        delivery: 0,
        // The one that was not sent, and one that was.
        units: vec![RefundUnits { line: order.lines[0].id, quantity: 2, restock: true }],
        location: None,
        note: None,
        notify: false,
        key: key(),
    };
    shop.services.admin.refund_order.run(&shop.eve(), &back).await.unwrap();
    assert_eq!(shop.stocked(mug).await, (9, 0));
    let refund = shop.eve::<OrdersRefund>();
    let cancel = &shop.services.admin.cancel_order;
    cancel.run(&shop.eve(), Some(&refund), &asked(order.id, true)).await.unwrap();
    assert_eq!(shop.stocked(mug).await, (10, 0), "all ten are there");
    shop.settle().await;
    assert_eq!(shop.gone_back(&order).await, [2 * PRICE, PRICE + DELIVERY], "the rest");
    shop.balances().await;
}

#[tokio::test]
async fn money_stays_without_the_permit_for_it_and_can_go_back_later() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.paid(&[(mug, 3)]).await;
    let cancel = &shop.services.admin.cancel_order;
    cancel.run(&shop.eve(), None, &asked(order.id, true)).await.unwrap();
    shop.settle().await;
    assert_eq!(shop.gone_back(&order).await, Vec::<i64>::new());
    assert_eq!(shop.stocked(mug).await, (10, 0));
    let refund = shop.eve::<OrdersRefund>();
    let not_done = cancel.run(&shop.eve(), Some(&refund), &asked(order.id, true)).await;
    assert!(matches!(not_done, Err(CancelOrderError::Before(Undone::Money))), "{not_done:?}");
    let back = RefundRequest {
        order: order.id,
        amount: Some(order.figures.total),
        delivery: 0,
        units: vec![RefundUnits { line: order.lines[0].id, quantity: 3, restock: true }],
        location: None,
        note: None,
        notify: false,
        key: key(),
    };
    let given = shop.services.admin.refund_order.run(&shop.eve(), &back).await.unwrap();
    assert!(!given.memo.lines[0].restocked, "its stock was decided when it was cancelled");
    assert_eq!(shop.stocked(mug).await, (10, 0));
    shop.settle().await;
    assert_eq!(shop.gone_back(&order).await, [order.figures.total]);
    shop.balances().await;
}

#[tokio::test]
async fn an_order_that_waits_for_payment_is_given_up() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.unpaid(&[(mug, 3)]).await;
    let cancel = &shop.services.admin.cancel_order;
    for reason in [CancelReason::Inventory, CancelReason::Other] {
        let request = Cancellation { reason, ..asked(order.id, false) };
        let cancelled = cancel.run(&shop.eve(), None, &request).await.unwrap();
        let OrderState::Cancelled { reason, .. } = cancelled.state else { panic!("{cancelled:?}") };
        assert_eq!(reason, CancelReason::Inventory);
    }
    assert_eq!(shop.stocked(mug).await, (10, 0));
    assert_eq!(shop.acts(order.id).await, ["order.ask_cancel", "order.cancel"]);
    let history = order::history(shop.db.read(), order.id).await.unwrap();
    assert!(history.iter().any(|entry| entry.actor == EVE), "who has asked for it: {history:?}");
    shop.balances().await;
}

#[tokio::test]
async fn nobody_can_pay_any_more_what_was_given_up() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.unpaid_by(&[(mug, 3)], |_| Some("pi_open".to_owned())).await;
    let cancel = &shop.services.admin.cancel_order;
    let (by, request) = (shop.eve(), asked(order.id, false));
    let (a, b) =
        tokio::join!(Box::pin(cancel.run(&by, None, &request)), Box::pin(cancel.run(&by, None, &request)));
    for cancelled in [a, b] {
        assert_eq!(cancelled.unwrap().state.name(), "cancelled");
    }
    let paid = payment::find_by_order(shop.db.read(), order.id).await.unwrap().unwrap();
    assert_eq!(paid.state, PaymentState::Canceled);
    assert_eq!(shop.stocked(mug).await, (10, 0), "once");
    let acts = shop.acts(order.id).await;
    assert_eq!(acts.iter().filter(|act| *act == "order.cancel").count(), 1, "{acts:?}");
    shop.balances().await;
}

#[tokio::test]
async fn a_payment_that_was_faster_confirms_the_order_and_whoever_wanted_it_cancelled_is_told() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let paid = |order: &Order| Some(format!("pi_paid_{}", order.figures.total));
    let order = shop.unpaid_by(&[(mug, 3)], paid).await;
    let cancel = &shop.services.admin.cancel_order;
    let refund = shop.eve::<OrdersRefund>();
    let refused = cancel.run(&shop.eve(), Some(&refund), &asked(order.id, false)).await;
    assert!(matches!(refused, Err(CancelOrderError::State(_))), "{refused:?}");
    assert_eq!(shop.order(order.id).await.state.name(), "paid");
    assert_eq!(shop.stocked(mug).await, (10, 3));
    // Whatever comes of it, and should nobody live to write more: who has asked, and why, is known.
    let log = shop.log(order.id).await;
    assert_eq!(log.iter().map(|(act, _)| act.as_str()).collect::<Vec<_>>(), ["order.ask_cancel"]);
    assert_eq!(change(&log[0].1, "cancelAsked"), Some((&json!(null), &json!("customer"))));
    let history = order::history(shop.db.read(), order.id).await.unwrap();
    assert_eq!((history[0].actor.as_str(), history[0].kind.as_str()), (EVE, "cancel_asked"));
    // Now that they know, they may mean it.
    cancel.run(&shop.eve(), Some(&refund), &asked(order.id, false)).await.unwrap();
    assert_eq!(shop.stocked(mug).await, (10, 0));
    shop.balances().await;
}

#[tokio::test]
async fn nothing_is_sent_of_what_was_cancelled_and_nothing_is_cancelled_that_is_not_there() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.paid(&[(mug, 3)]).await;
    let cancel = &shop.services.admin.cancel_order;
    cancel.run(&shop.eve(), None, &asked(order.id, false)).await.unwrap();
    let before = shop.log_length().await;
    let sent = shop.services.admin.fulfillments.create(&shop.eve(), &parcel(&order, 1)).await;
    let Err(FulfillOrderError::Refused(FulfilRefusal::State(refused))) = sent else { panic!("{sent:?}") };
    assert_eq!((refused.from, refused.legal), ("cancelled", &[][..]));
    let unknown = OrderId::new(uuid::Uuid::from_u128(7));
    let nothing = cancel.run(&shop.eve(), None, &asked(unknown, false)).await;
    assert!(matches!(nothing, Err(CancelOrderError::NotFound)));
    assert_eq!(shop.log_length().await, before);
}

#[tokio::test]
async fn of_sending_and_cancelling_at_once_both_or_one_happens_and_the_books_balance() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.paid(&[(mug, 3)]).await;
    let (services, refund) = (&shop.services.admin, shop.eve::<OrdersRefund>());
    let (write, send) = (shop.eve(), shop.eve());
    let (all, cancellation) = (parcel(&order, 3), asked(order.id, false));
    let (sent, cancelled) = tokio::join!(
        Box::pin(services.fulfillments.create(&send, &all)),
        Box::pin(services.cancel_order.run(&write, Some(&refund), &cancellation)),
    );
    cancelled.unwrap();
    let on_hand = if sent.is_ok() { 7 } else { 10 };
    assert_eq!(shop.stocked(mug).await, (on_hand, 0));
    shop.settle().await;
    assert_eq!(shop.gone_back(&order).await, [order.figures.total]);
    shop.balances().await;
}

/// The gateway has taken 1.23 for it, which is not its price.
#[tokio::test]
async fn odd_money_of_an_order_that_is_given_up_goes_back_by_whoever_may_give_money_back() {
    for may in [false, true] {
        let shop = TestShop::open().await;
        let mug = shop.mugs(10).await;
        let order = shop.unpaid_by(&[(mug, 3)], |_| Some("pi_paid_123".to_owned())).await;
        let cancel = &shop.services.admin.cancel_order;
        let refund = shop.eve::<OrdersRefund>();
        let (all, request) = (may.then_some(&refund), asked(order.id, false));
        let looked = cancel.run(&shop.eve(), all, &request).await;
        assert!(matches!(looked, Err(CancelOrderError::State(_))), "its payment was on its way: {looked:?}");
        assert!(shop.order(order.id).await.attention.is_some());
        cancel.run(&shop.eve(), all, &request).await.unwrap();
        assert_eq!(shop.stocked(mug).await, (10, 0));
        shop.settle().await;
        let back = shop.ctx().ports.gateway.refunds("pi_paid_123").await.unwrap();
        assert_eq!(back.iter().map(|refund| refund.amount).collect::<Vec<_>>(), [123][..usize::from(may)]);
        let log = shop.log(order.id).await;
        let (act, changes) = log.last().unwrap();
        assert_eq!(act, "order.cancel");
        let (was, is) = (json!(123), json!(0));
        assert_eq!(change(changes, "refundable"), may.then_some((&was, &is)));
        let again = cancel.run(&shop.eve(), Some(&refund), &request).await;
        assert_eq!(again.is_ok(), may, "{again:?}");
        shop.balances().await;
    }
}

#[tokio::test]
async fn a_mark_goes_when_somebody_has_looked_at_what_it_was_for_and_at_nothing_else() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.unpaid_by(&[(mug, 3)], |_| Some("pi_paid_123".to_owned())).await;
    let clear = &shop.services.admin.clear_attention;
    let by = shop.eve();
    let seen = |attention| SeenMark { attention, version: None };
    let nothing_there = clear.run(&by, order.id, seen(Attention::Disputed)).await;
    assert!(nothing_there.is_ok(), "there is no mark: {nothing_there:?}");
    let refund = shop.eve::<OrdersRefund>();
    shop.services
        .admin
        .cancel_order
        .run(&shop.eve(), Some(&refund), &asked(order.id, false))
        .await
        .unwrap_err();
    let mark = shop.order(order.id).await.attention.unwrap();
    assert_eq!(mark, Attention::AmountDiffers);

    let before = shop.log_length().await;
    let other = clear.run(&by, order.id, seen(Attention::Disputed)).await;
    assert!(matches!(other, Err(ClearAttentionError::Other(Attention::AmountDiffers))), "{other:?}");
    let unknown = clear.run(&by, OrderId::new(shop.ctx().ports.ids.id()), seen(mark)).await;
    assert!(matches!(unknown, Err(ClearAttentionError::NotFound)), "{unknown:?}");
    assert_eq!((shop.order(order.id).await.attention, shop.log_length().await), (Some(mark), before));

    let (a, b) = tokio::join!(clear.run(&by, order.id, seen(mark)), clear.run(&by, order.id, seen(mark)));
    assert!(a.is_ok() && b.is_ok(), "{a:?} {b:?}");
    assert_eq!(shop.order(order.id).await.attention, None);
    let log = shop.log(order.id).await;
    let cleared: Vec<_> = log.iter().filter(|(act, _)| act == "order.clear_attention").collect();
    assert_eq!(cleared.len(), 1, "{log:?}");
    assert_eq!(change(&cleared[0].1, "attention"), Some((&json!("amount_differs"), &json!(null))));
    let history = order::history(shop.db.read(), order.id).await.unwrap();
    let told = history.iter().find(|event| event.kind == "attention_cleared").unwrap();
    assert_eq!((told.actor.as_str(), told.detail.as_str()), (EVE, "amount_differs"));
}
