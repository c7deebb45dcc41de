//! Payments with gift cards beside those at the gateway, on both databases.

use super::*;
use crate::{
    order::tests as orders,
    testing::{TestShop, at},
};
use futures_util::future::join_all;
use stoa_domain::{
    order::Order,
    payment::{Payment, PaymentState},
    shared::{GiftCardId, IdGenerator, RefundId, VariantId},
};

/// An order that two cards and then the gateway have paid.
async fn paid_with_all(shop: &TestShop) -> (Order, [Payment; 3]) {
    let order = orders::order_of(shop, &[(VariantId::new(shop.ids.id()), 3)]);
    orders::place(shop, &order, &[]).await;
    let card = |amount| {
        let card = GiftCardId::new(shop.ids.id());
        Payment {
            gateway: Payment::STORED_VALUE.to_owned(),
            intent: Some(Payment::stored_value_intent(card, order.id)),
            amount,
            ..orders::payment_of(shop, &order, PaymentState::Succeeded, (amount, 0))
        }
    };
    let state = PaymentState::RequiresPaymentMethod;
    let payments = [card(500), card(700), orders::payment_of(shop, &order, state, (0, 0))];
    for payment in &payments {
        orders::add_payment(shop, payment).await;
    }
    (order, payments)
}

#[tokio::test]
async fn the_payment_of_an_order_is_the_gateways_and_cards_are_asked_for_by_name() {
    let shop = TestShop::open().await;
    let (order, [one, other, gateways]) = paid_with_all(&shop).await;
    let read = shop.db.read();
    assert_eq!(find_by_order(read, order.id).await.unwrap(), Some(gateways.clone()));
    assert_eq!(stored_value_of(read, order.id).await.unwrap(), [one.clone(), other.clone()]);
    let all = shop.tx(async |tx| find_by_order_for_update(tx, order.id).await).await;
    assert_eq!(all, [one, other, gateways]);
    let nobodys = orders::order_of(&shop, &[]);
    assert_eq!(find_by_order(read, nobodys.id).await.unwrap(), None);
    assert_eq!(stored_value_of(read, nobodys.id).await.unwrap(), []);
}

#[tokio::test]
async fn no_gateway_is_asked_about_a_card_even_while_something_goes_back_to_it() {
    let shop = TestShop::open().await;
    let (_, [one, _, gateways]) = paid_with_all(&shop).await;
    // Of a card a refund never waits; were one to, whoever looks at the gateway is told nothing of it all the same.
    let waiting = refund(&shop, &one, 100, RefundState::Requested);
    assert!(shop.tx(async |tx| request_refund(tx, &waiting, at(1)).await).await);
    let found = open(shop.db.read(), at(9), None, 9).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&gateways));
    assert_eq!(latest(shop.db.read(), 9).await.unwrap(), [gateways]);
}

#[tokio::test]
async fn no_more_goes_back_to_a_card_than_it_has_paid_however_many_ask() {
    let shop = TestShop::open().await;
    let (_, [one, other, _]) = paid_with_all(&shop).await;
    let ask = async |n: i64| {
        let asked = refund(&shop, &one, 100 + n, RefundState::Accepted);
        shop.tx(async |tx| request_refund(tx, &asked, at(1)).await).await.then_some(asked)
    };
    let given: Vec<Refund> = join_all((0..8).map(ask)).await.into_iter().flatten().collect();
    assert_eq!(given.len(), 4);
    let left = refundable(shop.db.read(), &[one.id, other.id]).await.unwrap();
    assert_eq!(left[&one.id], 500 - given.iter().map(|refund| refund.amount).sum::<i64>());
    assert_eq!(left[&other.id], 700, "each payment has its own bound");
    assert_eq!(refunds_of(shop.db.read(), one.id).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_refund_says_what_it_is_in_the_shops_currency_and_of_which_it_is_a_part() {
    let shop = TestShop::open().await;
    let (_, [one, other, _]) = paid_with_all(&shop).await;
    let first = Refund { shop_amount: Some(93), ..refund(&shop, &one, 100, RefundState::Accepted) };
    let further = Refund {
        shop_amount: Some(186),
        parent: Some(first.id),
        ..refund(&shop, &other, 200, RefundState::Accepted)
    };
    for asked in [&first, &further] {
        assert!(shop.tx(async |tx| request_refund(tx, asked, at(1)).await).await);
        assert_eq!(find_refund(shop.db.read(), asked.id).await.unwrap().as_ref(), Some(asked));
    }
}

fn refund(shop: &TestShop, of: &Payment, amount: i64, state: RefundState) -> Refund {
    Refund {
        id: RefundId::new(shop.ids.id()),
        payment: of.id,
        amount,
        reason: "test".to_owned(),
        gateway_refund: None,
        state,
        shop_amount: None,
        parent: None,
    }
}
