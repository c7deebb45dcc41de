//! Orders that gift cards pay for.

use super::{ordering::*, shop::*};
use crate::{order::OrderView, testing::TestShop};
use stoa_domain::{
    checkout::{PlaceOrder, PlaceOrderRefusal},
    order::{FinancialStatus, OrderState},
    payment::PaymentState,
    shared::Money,
};
use stoa_persistence::payment;

#[tokio::test]
async fn a_card_pays_beside_the_gateway_which_hears_nothing_of_it() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let eur = currency("EUR");
    let card = issue(&shop, 1, "FIRSTCARD", (700, eur)).await;
    let cart = ready(&shop, "ada@example.org", &[(mug, 1)]).await;
    pay_with(&shop, cart, &["FIRSTCARD"]).await;
    let placed = place(&shop, cart, "one").await;
    let figures = &placed.order.figures;
    assert_eq!((figures.total, figures.charge), (1_000 + DELIVERY, 300 + DELIVERY));
    assert_eq!(placed.payment.as_ref().unwrap().amount, 300 + DELIVERY);
    let stored: Vec<_> = placed.stored.iter().map(|paid| (paid.card(), paid.amount_received)).collect();
    assert_eq!((stored, on(&shop, card).await), (vec![(Some(card), 700)], 0));
    let again = place(&shop, cart, "one").await;
    assert_eq!((again.order.id, &again.stored, on(&shop, card).await), (placed.order.id, &placed.stored, 0));
    let view = OrderView::new(placed.order.clone(), payment_rows(&shop, &placed.order).await);
    assert_eq!(view.financial_status(), FinancialStatus::Pending, "the card alone does not pay it");
    // Nothing that asks the gateway asks about the card's payment.
    let open = payment::open(shop.db.read(), shop.ctx().now() + chrono::TimeDelta::days(1), None, 9).await;
    assert_eq!(open.unwrap(), []);
    assert!(payment::latest(shop.db.read(), 9).await.unwrap().is_empty());
    pay(&shop, &placed).await;
    assert_eq!(state(&shop, placed.order.id).await, "paid");
    let rows = payment_rows(&shop, &placed.order).await;
    let received: i64 = rows.iter().map(|paid| paid.amount_received).sum();
    assert_eq!((rows.len(), received), (2, 1_000 + DELIVERY));
    shop.balances().await;
}

async fn payment_rows(
    shop: &TestShop,
    order: &stoa_domain::order::Order,
) -> Vec<stoa_domain::payment::Payment> {
    payment::find_by_orders(shop.db.read(), &[order.id]).await.unwrap()
}

#[tokio::test]
async fn two_orders_cannot_spend_one_card() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let card = issue(&shop, 1, "FIRSTCARD", (1_000, currency("EUR"))).await;
    let mut carts = Vec::new();
    for n in 0..4 {
        let cart = ready(&shop, &format!("buyer{n}@example.org"), &[(mug, 1)]).await;
        pay_with(&shop, cart, &["FIRSTCARD"]).await;
        carts.push(cart);
    }
    let at_once = futures_util::future::join_all(carts.iter().map(|cart| try_place(&shop, *cart, "first")));
    let (placed, refused): (Vec<_>, Vec<_>) = at_once.await.into_iter().partition(Result::is_ok);
    assert_eq!((placed.len(), on(&shop, card).await), (1, 0));
    let winner = placed.into_iter().next().unwrap().unwrap();
    assert_eq!(winner.order.figures.charge, DELIVERY);
    for refused in refused {
        match refusal(refused) {
            PlaceOrderRefusal::GiftCardUnavailable { actual }
            | PlaceOrderRefusal::ChargeChanged { actual } => {
                assert_eq!(actual.minor, 1_000 + DELIVERY);
            }
            other => panic!("{other:?}"),
        }
    }
    let loser = carts.iter().find(|cart| **cart != winner.order.cart).unwrap();
    let again = place(&shop, *loser, "second").await;
    assert_eq!((again.order.figures.charge, again.stored.len()), (1_000 + DELIVERY, 0));
    shop.balances().await;
}

#[tokio::test]
async fn nothing_to_pay_asks_no_gateway() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let eur = currency("EUR");
    let cards =
        [issue(&shop, 1, "FIRSTCARD", (300, eur)).await, issue(&shop, 2, "SECONDCARD", (5_000, eur)).await];
    let cart = ready(&shop, "ada@example.org", &[(mug, 1)]).await;
    pay_with(&shop, cart, &["FIRSTCARD", "SECONDCARD"]).await;
    let (a, b) = tokio::join!(try_place(&shop, cart, "one"), try_place(&shop, cart, "one"));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!(a.order.id, b.order.id, "two requests with one key");
    assert!(matches!(a.order.state, OrderState::Paid { payment: None, .. }));
    assert!(a.payment.is_none() && matches!(a.session, Ok(None)));
    assert_eq!([on(&shop, cards[0]).await, on(&shop, cards[1]).await], [0, 5_000 - 1_200]);
    assert_eq!(shop.subjects("ada@example.org").await.len(), 1, "it is confirmed");
    let view = OrderView::new(a.order.clone(), payment_rows(&shop, &a.order).await);
    assert_eq!((view.financial_status(), view.refunded()), (FinancialStatus::Paid, 0));
    shop.balances().await;
}

#[tokio::test]
async fn a_card_comes_back_once() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let card = issue(&shop, 1, "FIRSTCARD", (700, currency("EUR"))).await;
    let cart = ready(&shop, "ada@example.org", &[(mug, 1)]).await;
    pay_with(&shop, cart, &["FIRSTCARD"]).await;
    let placed = place(&shop, cart, "one").await;
    assert_eq!(on(&shop, card).await, 0);
    shop.wait(shop.ctx().settings.pay_within + chrono::TimeDelta::minutes(1));
    // Its time is over, and the staff cancel it at the same moment.
    let cancel = crate::admin::Cancellation {
        order: placed.order.id,
        reason: stoa_domain::order::CancelReason::Customer,
        restock: false,
        location: None,
        notify: false,
    };
    let (by, refund) = (shop.eve(), shop.eve());
    let (cancelled, ()) = tokio::join!(
        Box::pin(shop.services.admin.cancel_order.run(&by, Some(&refund), &cancel)),
        shop.settle()
    );
    cancelled.unwrap();
    shop.settle().await;
    assert_eq!((state(&shop, placed.order.id).await, on(&shop, card).await), ("cancelled", 700));
    let tx = shop.db.write(stoa_persistence::Durability::Full).await.unwrap();
    crate::gift_card::give_back(shop.ctx(), &tx, &placed.order, shop.ctx().now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(on(&shop, card).await, 700);
    let rows = payment_rows(&shop, &placed.order).await;
    let of_card = rows.iter().find(|paid| paid.is_stored_value()).unwrap();
    assert_eq!((of_card.state, of_card.amount_received), (PaymentState::Canceled, 0));
    let view = OrderView::new(placed.order, rows);
    assert_eq!(view.refunded(), 0, "nothing was paid");
    shop.balances().await;
}

#[tokio::test]
async fn nobody_is_charged_more_than_they_were_told() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let card = issue(&shop, 1, "FIRSTCARD", (700, currency("EUR"))).await;
    let cart = ready(&shop, "ada@example.org", &[(mug, 1)]).await;
    pay_with(&shop, cart, &["FIRSTCARD"]).await;
    let elsewhere = ready(&shop, "bob@example.org", &[(mug, 1)]).await;
    pay_with(&shop, elsewhere, &["FIRSTCARD"]).await;
    place(&shop, elsewhere, "bob").await;
    let charged = |minor| Money::new(minor, currency("EUR"));
    let place_expecting = async |total, charge| {
        let request = PlaceOrder {
            expected_total: total,
            expected_charge: charge,
            ..request(cart, &format!("{total:?} {charge:?}"))
        };
        Box::pin(shop.services.place_order.run(&buyer(), request)).await
    };
    // The total is what it was, and more of it would be charged.
    let refused = refusal(place_expecting(Some(charged(1_000 + DELIVERY)), None).await);
    assert_eq!(refused, PlaceOrderRefusal::ChargeChanged { actual: charged(1_000 + DELIVERY) });
    let refused = refusal(place_expecting(None, Some(charged(300 + DELIVERY))).await);
    assert_eq!(refused, PlaceOrderRefusal::ChargeChanged { actual: charged(1_000 + DELIVERY) });
    let placed = place_expecting(None, Some(charged(1_000 + DELIVERY))).await.unwrap();
    assert_eq!(placed.order.figures.charge, 1_000 + DELIVERY);
    assert_eq!(on(&shop, card).await, 0);
}
