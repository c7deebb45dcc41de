//! Sending, on both databases.

use super::*;
use crate::{
    order::{self, tests as orders},
    payment::{
        Refund, RefundLine, RefundMemo, RefundState, refund_memos, request_refund_for, units_refunded,
    },
    testing::{TestShop, at, units},
};
use futures_util::future::join_all;
use stoa_domain::{
    order::{
        Fulfillment, FulfillmentLine, FulfillmentStatus, LineStanding, Order, Tracking, Wanted,
        fulfillment_status, plan_fulfillment,
    },
    shared::{FulfillmentId, IdGenerator, LineItemId, OrderId, RefundId},
};

fn parcel(shop: &TestShop, order: &Order, lines: Vec<FulfillmentLine>) -> NewFulfillment {
    let urls = ["https://example.org/track"];
    NewFulfillment {
        id: FulfillmentId::new(shop.ids.id()),
        order: order.id,
        lines,
        tracking: Tracking::try_new(Some("DHL"), &urls[..0], &urls).unwrap(),
        created_by: "Eve".to_owned(),
        status: FulfillmentStatus::PartiallyFulfilled,
    }
}

#[tokio::test]
async fn parcels_are_numbered_and_read_as_they_were_written() {
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(9)).await;
    let bowl = shop.add_stocked("Bowl", units(9)).await;
    let order = orders::paid(&shop, &[(mug, 3), (bowl, 1)]).await;
    let [mugs, bowls] = [&order.lines[0], &order.lines[1]].map(|line| line.id);
    let of = |line, quantity| FulfillmentLine { line, quantity };
    let write = async |new: &NewFulfillment| shop.tx(async |tx| insert(tx, new.clone(), at(5)).await).await;
    let (first, second) =
        (parcel(&shop, &order, vec![of(bowls, 1), of(mugs, 1)]), parcel(&shop, &order, vec![of(mugs, 2)]));
    let sent = write(&first).await.unwrap();
    assert_eq!(sent.lines, [of(mugs, 1), of(bowls, 1)]);
    assert_eq!((sent.position, sent.created_by.as_str(), sent.created_at), (1, "Eve", at(5)));
    let again = write(&second).await.unwrap();
    assert_eq!(again.position, 2);
    let before = shop.db.statements();
    assert_eq!(of_order(shop.db.read(), order.id).await.unwrap(), [sent.clone(), again]);
    assert_eq!(shop.db.statements() - before, 2);
    assert_eq!(of_order(shop.db.read(), OrderId::new(shop.ids.id())).await.unwrap(), []);
    let now = order::find(shop.db.read(), order.id).await.unwrap().unwrap();
    assert_eq!(now.lines.iter().map(|line| line.fulfilled).collect::<Vec<_>>(), [3, 1]);
    assert_eq!((now.fulfillment, now.updated_at), (FulfillmentStatus::PartiallyFulfilled, at(5)));

    let elsewhere = Tracking::try_new(None, &["123"], &[]).unwrap();
    let known = shop.tx(async |tx| set_tracking(tx, sent.id, &elsewhere).await).await;
    assert_eq!(known, Some(sent.clone()), "as it was");
    let expected = Fulfillment { tracking: elsewhere.clone(), ..sent };
    assert_eq!(find(shop.db.read(), expected.id).await.unwrap(), Some(expected));
    let nothing = FulfillmentId::new(shop.ids.id());
    assert_eq!(shop.tx(async |tx| set_tracking(tx, nothing, &elsewhere).await).await, None);

    // A unit more than was sold, and a line of another order.
    let other = orders::paid(&shop, &[(mug, 1)]).await;
    for line in [of(mugs, 1), of(other.lines[0].id, 1), of(LineItemId::new(shop.ids.id()), 1)] {
        let tx = shop.write().await;
        assert_eq!(insert(&tx, parcel(&shop, &order, vec![line]), at(6)).await.unwrap(), None);
        tx.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn units_that_are_refunded_are_not_waited_for() {
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(9)).await;
    let order = orders::paid(&shop, &[(mug, 3)]).await;
    let line = order.lines[0].id;
    let standing = async || standings(shop.db.read(), order.id).await.unwrap()[0];
    assert_eq!(standing().await, LineStanding { line, quantity: 3, fulfilled: 0, withdrawn: 0 });
    let payment = crate::payment::find_by_order(shop.db.read(), order.id).await.unwrap().unwrap();
    let ask = async |quantity: u32| {
        let refund = Refund {
            id: RefundId::new(shop.ids.id()),
            payment: payment.id,
            amount: 100,
            reason: "returned".to_owned(),
            gateway_refund: None,
            state: RefundState::Requested,
            shop_amount: None,
            parent: None,
        };
        let lines = vec![RefundLine { line, quantity, restocked: true }];
        let memo = RefundMemo {
            created_by: Some("Eve".into()),
            note: Some("broken\0".into()),
            lines,
            delivery: 7,
            fingerprint: Some("f".repeat(64)),
        };
        assert!(shop.tx(async |tx| request_refund_for(tx, &refund, &memo, at(4)).await).await);
        (refund.id, memo)
    };
    let (id, memo) = ask(1).await;
    let kept = refund_memos(shop.db.read(), &[id]).await.unwrap().remove(&id).unwrap();
    assert_eq!(kept, RefundMemo { note: Some("broken".to_owned()), ..memo });
    assert_eq!(standing().await, LineStanding { line, quantity: 3, fulfilled: 0, withdrawn: 1 });
    let new = parcel(&shop, &order, vec![FulfillmentLine { line, quantity: 2 }]);
    shop.tx(async |tx| insert(tx, new.clone(), at(5)).await).await;
    assert_eq!(standing().await.left(), 0);
    // One of those that were sent.
    ask(1).await;
    assert_eq!(standing().await, LineStanding { line, quantity: 3, fulfilled: 2, withdrawn: 1 });
    assert_eq!(units_refunded(shop.db.read(), order.id).await.unwrap()[&line], 2);
}

/// As a service does it: behind the order's lock.
#[tokio::test]
async fn several_who_send_all_that_is_left_at_once_send_it_once() {
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(9)).await;
    let order = orders::paid(&shop, &[(mug, 3)]).await;
    let send = async |_| {
        shop.tx(async |tx| {
            let order = order::find_for_update(tx, order.id).await?.unwrap();
            let mut lines = standings(tx, order.id).await?;
            let Ok(planned) = plan_fulfillment(&order.state, &lines, &Wanted::Everything) else {
                return Ok(0);
            };
            let taken = order::take_part(
                tx,
                order.id,
                &[(mug, i64::from(planned[0].quantity))],
                order::TakeFirst::Lying,
            )
            .await?;
            lines[0].fulfilled += planned[0].quantity;
            let new = NewFulfillment {
                status: fulfillment_status(&lines),
                ..parcel(&shop, &order, planned.clone())
            };
            assert!(insert(tx, new, at(5)).await?.is_some());
            crate::inventory::fulfil(tx, &taken, &TestShop::cause()).await.unwrap();
            Ok(planned[0].quantity)
        })
        .await
    };
    let sent = join_all((0..4).map(send)).await;
    assert_eq!(sent.iter().sum::<u32>(), 3, "{sent:?}");
    assert_eq!(of_order(shop.db.read(), order.id).await.unwrap().len(), 1);
    let now = order::find(shop.db.read(), order.id).await.unwrap().unwrap();
    assert_eq!(now.fulfillment, FulfillmentStatus::Fulfilled);
    assert_eq!(crate::inventory::discrepancies(shop.db.read()).await.unwrap(), []);
}
