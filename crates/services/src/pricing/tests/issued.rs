//! Gift cards that are sold.

use super::{ordering::*, shop::*};
use crate::{
    admin::{CancelOrderError, Cancellation, RefundOrderError, RefundRequest},
    checkout::Placed,
    gift_card::{issue as issue_cards, issued_with},
    testing::TestShop,
};
use chrono::TimeDelta;
use stoa_domain::{
    gift_card::{GiftCard, GiftCardCode, GiftCardState},
    order::{CancelReason, RefundUnits},
    shared::VariantId,
};
use stoa_persistence::{catalog, gift_card};

const ADA: &str = "ada@example.org";

/// Goods of 10.00, of which the first are gift cards.
async fn sell_cards(shop: &TestShop) -> (VariantId, VariantId) {
    let goods = sell(shop, 2, 50).await;
    let product = read(shop, cart(shop, &[(goods[0], 1)]).await).await.lines[0].merchandise.product;
    write(shop, async |tx| catalog::set_product_facts(tx, product, true, None).await).await;
    (goods[0], goods[1])
}

/// So many cards, paid for.
async fn bought(shop: &TestShop, card: VariantId, quantity: u32) -> Placed {
    let cart = ready(shop, ADA, &[(card, quantity)]).await;
    let placed = place(shop, cart, &format!("{quantity} cards")).await;
    assert!(placed.order.lines[0].gift_card);
    pay(shop, &placed).await;
    placed
}

async fn cards(shop: &TestShop, placed: &Placed) -> Vec<(GiftCardCode, GiftCard)> {
    issued_with(shop.ctx(), &placed.order).await.unwrap()
}

fn refund(placed: &Placed, quantity: u32, key: &str) -> RefundRequest {
    RefundRequest {
        order: placed.order.id,
        amount: None,
        delivery: 0,
        units: vec![RefundUnits { line: placed.order.lines[0].id, quantity, restock: false }],
        tenders: Vec::new(),
        location: None,
        note: None,
        notify: false,
        key: key.to_owned(),
    }
}

#[tokio::test]
async fn a_card_is_sold_mailed_once_and_spent() {
    let shop = TestShop::open().await;
    let (card, mug) = sell_cards(&shop).await;
    let placed = bought(&shop, card, 3).await;
    let subjects = shop.subjects(ADA).await;
    assert_eq!(subjects.iter().filter(|subject| subject.contains("gift cards")).count(), 1, "{subjects:?}");
    let issued = cards(&shop, &placed).await;
    assert_eq!(issued.len(), 3);
    assert!(
        issued.iter().all(|(_, card)| (card.initial, card.balance, card.expires_at) == (1_000, 1_000, None))
    );
    // Once more, twice at once, by another instance: the same cards, and no mail.
    let elsewhere = shop.beside().await;
    let (a, b) = tokio::join!(
        issue_cards(shop.ctx(), placed.order.id, 0),
        issue_cards(elsewhere.context(), placed.order.id, 0)
    );
    assert_eq!((a.unwrap(), b.unwrap()), (None, None));
    assert_eq!(shop.subjects(ADA).await, subjects);
    assert_eq!(cards(&shop, &placed).await, issued);
    // It pays for goods, and for no other card.
    let cart = ready(&shop, "bob@example.org", &[(mug, 1), (card, 1)]).await;
    pay_with(&shop, cart, &[&issued[1].0.grouped()]).await;
    let spent = place(&shop, cart, "bob").await;
    assert_eq!((spent.stored[0].amount, spent.order.figures.charge), (1_000, 1_000 + DELIVERY));
    assert_eq!(on(&shop, issued[1].1.id).await, 0);
    shop.balances().await;
}

#[tokio::test]
async fn the_money_of_a_card_goes_back_only_while_nothing_was_paid_with_it() {
    let shop = TestShop::open().await;
    let (card, mug) = sell_cards(&shop).await;
    let placed = bought(&shop, card, 3).await;
    shop.settle().await;
    let issued = cards(&shop, &placed).await;
    let cart = ready(&shop, "bob@example.org", &[(mug, 1)]).await;
    pay_with(&shop, cart, &[issued[2].0.expose()]).await;
    place(&shop, cart, "bob").await;
    let by = shop.eve();
    let refunds = &shop.services.admin.refund_order;
    Box::pin(refunds.run(&by, &refund(&placed, 1, "one"))).await.unwrap();
    let left: Vec<_> = cards(&shop, &placed).await.into_iter().map(|(_, card)| card.id).collect();
    assert_eq!(left, [issued[0].1.id, issued[2].1.id], "the last that is as it was sold");
    let all = Box::pin(refunds.run(&by, &refund(&placed, 2, "all"))).await;
    let line = placed.order.lines[0].id;
    assert!(matches!(all, Err(RefundOrderError::GiftCardUsed { line: of }) if of == line), "{all:?}");
    let cancel = Cancellation {
        order: placed.order.id,
        reason: CancelReason::Customer,
        restock: false,
        location: None,
        notify: false,
    };
    let cancels = &shop.services.admin.cancel_order;
    let cancelled = Box::pin(cancels.run(&shop.eve(), Some(&by), &cancel)).await;
    assert!(matches!(cancelled, Err(CancelOrderError::GiftCardUsed { .. })), "{cancelled:?}");
    assert_eq!(state(&shop, placed.order.id).await, "paid", "nothing has changed");
    Box::pin(refunds.run(&by, &refund(&placed, 1, "two"))).await.unwrap();
    assert_eq!(cards(&shop, &placed).await.len(), 1);
    // The job again makes none in place of those.
    assert_eq!(issue_cards(shop.ctx(), placed.order.id, 0).await.unwrap(), None);
    assert_eq!(cards(&shop, &placed).await.len(), 1);
    shop.balances().await;
}

#[tokio::test]
async fn of_what_was_refunded_before_it_was_made_no_card_is_made() {
    let shop = TestShop::open().await;
    let (card, _) = sell_cards(&shop).await;
    let placed = bought(&shop, card, 3).await;
    Box::pin(shop.services.admin.refund_order.run(&shop.eve(), &refund(&placed, 2, "two"))).await.unwrap();
    shop.settle().await;
    assert_eq!(cards(&shop, &placed).await.len(), 1);
    let cancelled = bought(&shop, card, 2).await;
    let cancel = Cancellation {
        order: cancelled.order.id,
        reason: CancelReason::Customer,
        restock: false,
        location: None,
        notify: false,
    };
    Box::pin(shop.services.admin.cancel_order.run(&shop.eve(), None, &cancel)).await.unwrap();
    shop.settle().await;
    assert_eq!(cards(&shop, &cancelled).await.len(), 0);
    shop.balances().await;
}

#[tokio::test]
async fn what_is_on_a_card_that_is_over_is_written_off_once() {
    let shop = TestShop::with(|settings| settings.gift_cards.expires_months = 1).await;
    let (card, mug) = sell_cards(&shop).await;
    let placed = bought(&shop, card, 2).await;
    shop.settle().await;
    let issued = cards(&shop, &placed).await;
    assert_eq!(
        issued[0].1.expires_at,
        shop.ctx().now().checked_add_months(chrono::Months::new(1)),
        "a month from when it was made"
    );
    assert!(crate::gift_card::expire(shop.ctx()).await.unwrap());
    assert_eq!(on(&shop, issued[0].1.id).await, 1_000);
    let cart = ready(&shop, "bob@example.org", &[(mug, 1)]).await;
    pay_with(&shop, cart, &[issued[0].0.expose()]).await;
    shop.wait(TimeDelta::days(31));
    // Before anybody has written it off nothing is paid with it any more.
    let fresh = ready(&shop, "eve@example.org", &[(mug, 1)]).await;
    let codes = [issued[1].0.expose().to_owned()];
    assert!(Box::pin(shop.services.gift_card_codes.add(&guest(), fresh, &codes)).await.is_err());
    let (a, b) = tokio::join!(crate::gift_card::expire(shop.ctx()), crate::gift_card::expire(shop.ctx()));
    assert!(a.unwrap() && b.unwrap());
    for (_, card) in &issued {
        let now = gift_card::of_cart(shop.db.read(), &[card.id], None).await.unwrap().remove(0);
        assert_eq!((now.balance, now.state), (0, GiftCardState::Enabled));
    }
    shop.balances().await;
}
