//! The proofs find what is made up, and nothing else.

use super::*;
use crate::{
    db::Raw,
    fulfillment::{self, NewFulfillment},
    inventory,
    payment::{Refund, RefundLine, RefundMemo, RefundState, request_refund_for},
};
use sea_orm::ConnectionTrait;
use stoa_domain::{
    order::{FulfillmentLine, OrderNumber, Tracking, fulfillment_status},
    shared::{FulfillmentId, RefundId},
};

async fn wrong(shop: &TestShop) -> Vec<(Contradiction, Vec<OrderNumber>)> {
    let mut found = Vec::new();
    for what in Contradiction::ALL {
        let numbers = contradictions(shop.db.read(), what, 9).await.unwrap();
        if !numbers.is_empty() {
            found.push((what, numbers));
        }
    }
    found
}

async fn by_hand(shop: &TestShop, sql: &str) {
    let tx = shop.write().await;
    tx.raw().execute_unprepared(sql).await.unwrap();
    tx.commit().await.unwrap();
}

/// Sends so many units of the first line, as a service does.
async fn send(shop: &TestShop, order: &Order, quantity: u32) {
    shop.tx(async |tx| {
        let order = find_for_update(tx, order.id).await?.unwrap();
        let line = &order.lines[0];
        let taken = take_part(tx, order.id, &[(line.variant, i64::from(quantity))], TakeFirst::Lying).await?;
        let sent = FulfillmentLine { line: line.id, quantity };
        let mut standings = fulfillment::standings(tx, order.id).await?;
        standings[0].fulfilled += quantity;
        let new = NewFulfillment {
            id: FulfillmentId::new(shop.ids.id()),
            order: order.id,
            lines: vec![sent],
            tracking: Tracking::default(),
            created_by: "Eve".to_owned(),
            status: fulfillment_status(&standings),
        };
        assert!(fulfillment::insert(tx, new, at(5)).await?.is_some());
        inventory::fulfil(tx, &taken, &TestShop::cause()).await.unwrap();
        Ok(())
    })
    .await;
}

/// Refunds so many units of the first line and puts them back.
async fn refund(shop: &TestShop, order: &Order, quantity: u32, restocked: bool) {
    shop.tx(async |tx| {
        let order = find_for_update(tx, order.id).await?.unwrap();
        let payment = payment::find_by_order(tx, order.id).await?.unwrap();
        let line = &order.lines[0];
        let refund = Refund {
            id: RefundId::new(shop.ids.id()),
            payment: payment.id,
            amount: 1_000 * i64::from(quantity),
            reason: "returned".to_owned(),
            gateway_refund: None,
            state: RefundState::Requested,
            shop_amount: None,
            parent: None,
        };
        let lines = vec![RefundLine { line: line.id, quantity, restocked }];
        let memo = RefundMemo { created_by: Some("Eve".to_owned()), lines, ..RefundMemo::default() };
        assert!(request_refund_for(tx, &refund, &memo, at(6)).await?);
        let taken = take_part(tx, order.id, &[(line.variant, i64::from(quantity))], TakeFirst::Lying).await?;
        inventory::give_back(tx, &taken, &TestShop::cause()).await
    })
    .await;
}

#[tokio::test]
async fn what_is_sent_and_refunded_by_the_rules_contradicts_nothing() {
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(20)).await;
    let order = paid(&shop, &[(mug, 5)]).await;
    assert_eq!(wrong(&shop).await, []);
    send(&shop, &order, 2).await;
    assert_eq!(wrong(&shop).await, []);
    let now = find(shop.db.read(), order.id).await.unwrap().unwrap();
    assert_eq!((now.fulfillment, now.lines[0].fulfilled), (FulfillmentStatus::PartiallyFulfilled, 2));
    refund(&shop, &order, 1, true).await;
    assert_eq!(wrong(&shop).await, []);
    send(&shop, &order, 2).await;
    assert_eq!(wrong(&shop).await, []);
    let now = find(shop.db.read(), order.id).await.unwrap().unwrap();
    assert_eq!((now.fulfillment, now.lines[0].fulfilled), (FulfillmentStatus::Fulfilled, 4));
    // One that was sent comes back.
    refund(&shop, &order, 1, false).await;
    assert_eq!(wrong(&shop).await, []);
    assert_eq!(inventory::discrepancies(shop.db.read()).await.unwrap(), []);
}

#[tokio::test]
async fn proofs_find_made_up_contradictions() {
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(99)).await;
    let mut orders = Vec::new();
    for _ in 0..6 {
        orders.push(paid(&shop, &[(mug, 5)]).await);
    }
    send(&shop, &orders[0], 2).await;
    send(&shop, &orders[1], 2).await;
    refund(&shop, &orders[2], 2, true).await;
    assert_eq!(wrong(&shop).await, []);
    let numbers: Vec<OrderNumber> = orders.iter().map(|order| order.number).collect();
    let of = |n: usize, table: &str| {
        format!("{table}.order_id = (SELECT id FROM orders WHERE number = {})", numbers[n])
    };
    // The parcels hold less than the line says.
    let line = |n: usize| format!("(SELECT id FROM order_lines WHERE {} LIMIT 1)", of(n, "order_lines"));
    by_hand(&shop, &format!("UPDATE fulfillment_lines SET quantity = 1 WHERE line_id = {}", line(0))).await;
    // It owns as if nothing had been sent.
    by_hand(
        &shop,
        &format!("UPDATE order_allocations SET quantity = 5 WHERE {}", of(1, "order_allocations")),
    )
    .await;
    // More was refunded than was sold.
    by_hand(&shop, &format!("UPDATE refund_lines SET quantity = 7 WHERE line_id = {}", line(2))).await;
    // It owns nothing of what it was promised.
    by_hand(&shop, &format!("DELETE FROM order_allocations WHERE {}", of(3, "order_allocations"))).await;
    // What was sent stands in no parcel.
    by_hand(&shop, &format!("UPDATE order_lines SET fulfilled = 1 WHERE {}", of(4, "order_lines"))).await;
    let found = wrong(&shop).await;
    let of = |what| found.iter().find(|(w, _)| *w == what).map(|(_, numbers)| numbers.clone());
    assert_eq!(of(Contradiction::Owns), Some(vec![numbers[1], numbers[2], numbers[4]]), "{found:?}");
    assert_eq!(of(Contradiction::OwnsNothing), Some(vec![numbers[3]]), "{found:?}");
    let too_much = Some(vec![numbers[0], numbers[2], numbers[4]]);
    assert_eq!(of(Contradiction::FulfilledTooMuch), too_much, "{found:?}");
    assert_eq!(found.len(), 3, "{found:?}");
}
