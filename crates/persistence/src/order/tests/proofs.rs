//! The proofs find what is made up, and nothing else.

use super::*;
use crate::{
    db::Raw,
    fulfillment::{self, NewFulfillment},
    gift_card::{self, NewEntry},
    inventory,
    payment::{Refund, RefundLine, RefundMemo, RefundState, request_refund_for},
    promotion::{self, Taking},
};
use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use stoa_domain::{
    gift_card::{CardChange, EntryKind, GiftCard, GiftCardKind, GiftCardState, Last4, LedgerEntry},
    order::{CancelReason, FulfillmentLine, OrderNumber, Tracking, fulfillment_status},
    shared::{FulfillmentId, GiftCardId, PromotionId, RefundId},
};

pub(super) async fn wrong(shop: &TestShop) -> Vec<(Contradiction, Vec<OrderNumber>)> {
    let mut found = Vec::new();
    for what in Contradiction::ALL {
        let numbers = contradictions(shop.db.read(), what, 9).await.unwrap();
        if !numbers.is_empty() {
            found.push((what, numbers));
        }
    }
    found
}

pub(super) async fn by_hand(shop: &TestShop, sql: &str) {
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

/// A card with so much on it.
async fn card(shop: &TestShop, balance: i64) -> GiftCard {
    let card = GiftCard {
        id: GiftCardId::new(shop.ids.id()),
        kind: GiftCardKind::Card { last: Last4::parse("7KQ2").unwrap() },
        currency: Currency::USD,
        initial: balance,
        balance,
        state: GiftCardState::Enabled,
        expires_at: None,
        version: 1,
        created_at: at(0),
        updated_at: at(0),
    };
    shop.tx(async |tx| gift_card::insert(tx, &card, None, (shop.ids.id(), "test")).await).await;
    card
}

/// An order of two units at 10.00, of which a promotion took 1.00 off and a card pays 5.00; as services place it.
async fn discounted(shop: &TestShop, mug: VariantId) -> (Order, Payment) {
    let card = card(shop, 900).await;
    let mut order = order_of(shop, &[(mug, 2)]);
    order.lines[0].discount = 100;
    order.figures = OrderFigures { discount: 100, total: 1_900, charge: 1_400, ..order.figures };
    let cards = Payment {
        gateway: Payment::STORED_VALUE.to_owned(),
        intent: Some(Payment::stored_value_intent(card.id, order.id)),
        amount: 500,
        ..payment_of(shop, &order, PaymentState::Succeeded, (500, 0))
    };
    let gateways = Payment { amount: 1_400, ..payment_of(shop, &order, PaymentState::Succeeded, (1_400, 0)) };
    order.state = OrderState::Paid { payment: Some(gateways.id), paid_at: at(1) };
    let uses = [Taking {
        promotion: PromotionId::new(shop.ids.id()),
        title: "Summer".to_owned(),
        code: None,
        amount: 100,
        amount_shop: 100,
        limited: false,
        buyer: None,
    }];
    let key = order.id.to_string();
    shop.tx(async |tx| {
        let demand = [(mug, 2)];
        let owned = inventory::allocate(tx, &demand, &BTreeMap::new(), &TestShop::cause()).await.unwrap();
        assert!(gift_card::spend(tx, &[(card.id, 500)], Currency::USD, at(1)).await?);
        assert!(promotion::take(tx, &uses).await?);
        let mut beside = Batch::new();
        payment::insert(&mut beside, &gateways);
        payment::insert(&mut beside, &cards);
        let entry = LedgerEntry { kind: EntryKind::Spent(order.id), delta: -500, at: at(1) };
        let spent = NewEntry { id: shop.ids.id(), card: card.id, entry, actor: "system".to_owned() };
        gift_card::append(&mut beside, &[spent]);
        promotion::write_uses(&mut beside, order.id, &uses, at(1))?;
        let tax = OrderTax {
            name: "VAT".to_owned(),
            zone: "Here".to_owned(),
            rate: Rate::from_millionths(0),
            compound: false,
            base: 1_900,
            amount: 0,
            inside: true,
        };
        let kept = OrderPricing { taxes: vec![tax], ..OrderPricing::default() };
        write_pricing(&mut beside, order.id, &kept, at(1))?;
        let new = NewOrder {
            order: &order,
            terms: OrderTerms::default(),
            owned: &owned.allocations,
            key: ("test", &key),
            fingerprint: String::new(),
        };
        assert_eq!(insert(tx, new, |batch| batch.append(beside)).await?, InsertOutcome::Inserted);
        Ok(())
    })
    .await;
    (order, cards)
}

#[tokio::test]
async fn discounts_cards_and_taxes_by_rate_are_proved() {
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(99)).await;
    let mut placed = Vec::new();
    for _ in 0..7 {
        placed.push(discounted(&shop, mug).await);
    }
    assert_eq!(wrong(&shop).await, []);
    let number = |n: usize| placed[n].0.number;
    let of = |n: usize| format!("(SELECT id FROM orders WHERE number = {})", number(n));
    let cases: [(usize, String, &[Contradiction]); 7] = [
        (
            0,
            format!("UPDATE order_lines SET discount = 99 WHERE order_id = {}", of(0)),
            &[Contradiction::Discount],
        ),
        (
            1,
            format!("UPDATE order_taxes SET amount = 4 WHERE position = 0 AND order_id = {}", of(1)),
            &[Contradiction::Taxes],
        ),
        // The card has paid what it did, and the order says that less is charged.
        (
            2,
            format!("UPDATE orders SET charge = 1300 WHERE id = {}", of(2)),
            &[Contradiction::OtherPayment, Contradiction::OtherStoredValue],
        ),
        (
            3,
            format!("UPDATE gift_card_entries SET delta = -400 WHERE order_id = {}", of(3)),
            &[Contradiction::LedgerDiffers],
        ),
        (
            4,
            format!("UPDATE promotion_uses SET amount = 101 WHERE order_id = {}", of(4)),
            &[Contradiction::UsesDiffer],
        ),
        (
            5,
            format!("UPDATE orders SET total = 1901, charge = 1401 WHERE id = {}", of(5)),
            &[Contradiction::Total, Contradiction::OtherPayment],
        ),
        (
            6,
            format!(
                "UPDATE payments SET state = 'canceled', amount_received = 0 WHERE gateway = 'gift_card' AND order_id = {}",
                of(6)
            ),
            &[Contradiction::LedgerDiffers],
        ),
    ];
    let mut expected: Vec<(Contradiction, Vec<OrderNumber>)> = Vec::new();
    for (n, sql, found) in &cases {
        by_hand(&shop, sql).await;
        for what in Contradiction::ALL.into_iter().filter(|what| found.contains(what)) {
            match expected.iter_mut().find(|(known, _)| *known == what) {
                Some((_, numbers)) => numbers.push(number(*n)),
                None => expected.push((what, vec![number(*n)])),
            }
        }
        expected.sort_by_key(|(what, _)| Contradiction::ALL.iter().position(|known| known == what));
        assert_eq!(wrong(&shop).await, expected, "{sql}");
    }
    // What a cancelled order took and did not give back.
    let (order, _) = discounted(&shop, mug).await;
    shop.tx(async |tx| {
        let cancelled = OrderState::Cancelled { reason: CancelReason::Staff, at: at(2) };
        assert!(set_state(tx, order.id, &order.state, &cancelled, at(2)).await?);
        let owned = take_allocations(tx, order.id).await?;
        inventory::give_back(tx, &owned, &TestShop::cause()).await.map(drop)
    })
    .await;
    assert!(wrong(&shop).await.contains(&(Contradiction::CancelledUses, vec![order.number])));
    shop.tx(async |tx| promotion::give_back(tx, order.id, at(3)).await).await;
    assert_eq!(wrong(&shop).await, expected, "what was given back was taken off all the same");
}

#[tokio::test]
async fn what_a_card_gets_back_contradicts_nothing() {
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(9)).await;
    let (_, cards) = discounted(&shop, mug).await;
    let refund = |amount| Refund {
        id: RefundId::new(shop.ids.id()),
        payment: cards.id,
        amount,
        reason: "returned".to_owned(),
        gateway_refund: None,
        state: RefundState::Accepted,
        shop_amount: None,
        parent: None,
    };
    // Of several at once that together exceed what the card has paid, so many are given as fit.
    let at_once = (0..4).map(async |_| {
        let asked = refund(200);
        shop.tx(async |tx| {
            if !request_refund_for(tx, &asked, &RefundMemo::default(), at(5)).await? {
                return Ok(false);
            }
            let locked = gift_card::lock(tx, &[cards.card().unwrap()]).await?;
            let change = CardChange::Refund { refund: asked.id, amount: asked.amount };
            let (changed, entries) = locked[0].change(change, at(5)).unwrap();
            let entries: Vec<NewEntry> = entries
                .into_iter()
                .map(|entry| NewEntry { id: shop.ids.id(), card: changed.id, entry, actor: "Eve".to_owned() })
                .collect();
            gift_card::save(tx, &changed, &entries).await?;
            Ok(true)
        })
        .await
    });
    let given = join_all(at_once).await.into_iter().filter(|given| *given).count();
    assert_eq!(given, 2);
    let card = gift_card::find(shop.db.read(), cards.card().unwrap()).await.unwrap().unwrap().card;
    assert_eq!(card.balance, 900 - 500 + 400);
    assert_eq!(wrong(&shop).await, []);
    assert!(gift_card::out_of_balance(shop.db.read(), 9).await.unwrap().is_empty());
}
