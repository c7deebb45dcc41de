//! Refunds of orders that several things have paid for.

use super::{ordering::*, shop::*};
use crate::{
    admin::{Cancellation, RefundGiven, RefundOrderError, RefundRequest},
    checkout::Placed,
    order::OrderView,
    testing::TestShop,
};
use stoa_domain::{
    gift_card::{CardChange, GiftCardState},
    order::{CancelReason, FinancialStatus, RefundPart, RefundUnits, SplitRefusal},
    shared::{GiftCardId, OrderId},
};
use stoa_persistence::{Durability, gift_card, payment, payment::RefundState};

fn money(order: OrderId, amount: Option<i64>, key: &str) -> RefundRequest {
    RefundRequest {
        order,
        amount,
        delivery: 0,
        units: Vec::new(),
        tenders: Vec::new(),
        location: None,
        note: None,
        notify: false,
        key: key.to_owned(),
    }
}

/// Two mugs at 10.00 and their delivery, of which one card has paid 3.00, another 5.00, and the gateway the rest.
async fn paid(shop: &TestShop) -> (Placed, [GiftCardId; 2], String) {
    let mug = sell(shop, 1, 50).await[0];
    let eur = currency("EUR");
    let cards =
        [issue(shop, 1, "FIRSTCARD", (300, eur)).await, issue(shop, 2, "SECONDCARD", (500, eur)).await];
    let cart = ready(shop, "ada@example.org", &[(mug, 2)]).await;
    pay_with(shop, cart, &["FIRSTCARD", "SECONDCARD"]).await;
    let placed = place(shop, cart, "one").await;
    assert_eq!(placed.order.figures.charge, 1_200 + DELIVERY);
    let intent = pay(shop, &placed).await;
    (placed, cards, intent)
}

async fn give(shop: &TestShop, asked: &RefundRequest) -> Result<RefundGiven, RefundOrderError> {
    Box::pin(shop.services.admin.refund_order.run(&shop.eve(), asked)).await
}

async fn at_gateway(shop: &TestShop, intent: &str) -> i64 {
    shop.settle().await;
    let refunds = shop.ctx().ports.gateway.refunds(intent).await.unwrap();
    refunds.iter().map(|refund| refund.amount).sum()
}

async fn view(shop: &TestShop, order: OrderId) -> OrderView {
    crate::order::view_of(shop.ctx(), order).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_refund_goes_back_the_way_it_came() {
    let shop = TestShop::open().await;
    let (placed, cards, intent) = paid(&shop).await;
    let order = &placed.order;
    let units = |quantity| vec![RefundUnits { line: order.lines[0].id, quantity, restock: true }];
    let first =
        give(&shop, &RefundRequest { units: units(1), ..money(order.id, None, "one") }).await.unwrap();
    assert_eq!((first.refund.amount, first.further.len()), (1_000, 0), "the gateway's first");
    assert_eq!(at_gateway(&shop, &intent).await, 1_000);

    let rest = RefundRequest { units: units(1), delivery: DELIVERY, ..money(order.id, None, "two") };
    let by = shop.eve();
    let refunds = &shop.services.admin.refund_order;
    let (a, b) = tokio::join!(Box::pin(refunds.run(&by, &rest)), Box::pin(refunds.run(&by, &rest)));
    let (a, b) = (a.unwrap(), b.unwrap());
    let parts = |given: &RefundGiven| -> Vec<(i64, RefundState, i64)> {
        std::iter::once(&given.refund)
            .chain(&given.further)
            .map(|part| (part.amount, part.state, i64::from(part.parent.is_some())))
            .collect()
    };
    let expected =
        [(700, RefundState::Requested, 0), (500, RefundState::Accepted, 1), (300, RefundState::Accepted, 1)];
    assert_eq!(parts(&a), expected, "then the card that was used last, and what is left on the first");
    assert_eq!(parts(&b), expected, "asked for twice at once, given once");
    assert_eq!(a.further, b.further);
    assert_eq!([on(&shop, cards[0]).await, on(&shop, cards[1]).await], [300, 500]);
    assert_eq!(at_gateway(&shop, &intent).await, 1_700);
    let again = give(&shop, &rest).await.unwrap();
    assert_eq!((again.refund.id, again.further), (a.refund.id, a.further));

    let view = view(&shop, order.id).await;
    assert_eq!(view.stored.iter().map(|paid| paid.amount_refunded).sum::<i64>(), 800);
    let refunds = shop.services.admin.orders.refunds(&shop.eve(), order.id).await.unwrap();
    let sum: i64 = refunds.iter().map(|of| of.refund.amount).sum();
    let delivery: i64 = refunds.iter().map(|of| of.memo.delivery).sum();
    assert_eq!((refunds.len(), sum, delivery), (4, order.figures.total, DELIVERY), "the parts sum exactly");
    assert!(matches!(
        give(&shop, &money(order.id, Some(1), "three")).await,
        Err(RefundOrderError::TooMuch { left }) if left.minor == 0
    ));
    shop.balances().await;
}

#[tokio::test]
async fn staff_say_where_it_goes_and_no_payment_gives_more_than_it_has() {
    let shop = TestShop::open().await;
    let (placed, cards, intent) = paid(&shop).await;
    let order = placed.order.id;
    let [first, second] = [placed.stored[0].id, placed.stored[1].id];
    let over = |tenders: &[(stoa_domain::shared::PaymentId, i64)], amount, key: &str| RefundRequest {
        tenders: tenders
            .iter()
            .map(|(payment, amount)| RefundPart { payment: *payment, amount: *amount })
            .collect(),
        ..money(order, Some(amount), key)
    };
    let refused = async |asked: RefundRequest| match give(&shop, &asked).await.unwrap_err() {
        RefundOrderError::Tenders(refused) => refused,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        refused(over(&[(first, 301)], 301, "a")).await,
        SplitRefusal::TooMuch { payment: Some(first), left: 300 }
    );
    assert_eq!(refused(over(&[(first, 200)], 300, "b")).await, SplitRefusal::OtherSum { parts: 200 });
    assert_eq!(refused(over(&[(first, 100), (first, 100)], 200, "c")).await, SplitRefusal::NamedTwice(first));
    let given = give(&shop, &over(&[(first, 200), (second, 100)], 300, "d")).await.unwrap();
    assert_eq!((given.refund.payment, given.further[0].payment), (first, second));
    assert_eq!([on(&shop, cards[0]).await, on(&shop, cards[1]).await], [200, 100]);
    assert_eq!(at_gateway(&shop, &intent).await, 0);
    let other = over(&[(first, 100), (second, 200)], 300, "d");
    assert!(matches!(give(&shop, &other).await, Err(RefundOrderError::KeyReused)));
    // Two at once of all that is left of a card: one is.
    let (one, two) = (over(&[(second, 400)], 400, "e"), over(&[(second, 400)], 400, "f"));
    let (a, b) = tokio::join!(give(&shop, &one), give(&shop, &two));
    assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count(), 1);
    assert_eq!(on(&shop, cards[1]).await, 500);
    assert_eq!(view(&shop, order).await.financial_status(), FinancialStatus::PartiallyRefunded);
    shop.balances().await;
}

#[tokio::test]
async fn cancelling_gives_every_payment_back_once() {
    let shop = TestShop::open().await;
    let (placed, cards, intent) = paid(&shop).await;
    let asked = Cancellation {
        order: placed.order.id,
        reason: CancelReason::Customer,
        restock: false,
        location: None,
        notify: false,
    };
    let (by, refund, cancels) = (shop.eve(), shop.eve(), &shop.services.admin.cancel_order);
    let (a, b) = tokio::join!(
        Box::pin(cancels.run(&by, Some(&refund), &asked)),
        Box::pin(cancels.run(&by, Some(&refund), &asked))
    );
    assert_eq!((a.unwrap().state.name(), b.unwrap().state.name()), ("cancelled", "cancelled"));
    assert_eq!([on(&shop, cards[0]).await, on(&shop, cards[1]).await], [300, 500]);
    assert_eq!(at_gateway(&shop, &intent).await, 1_200 + DELIVERY);
    assert_eq!(view(&shop, placed.order.id).await.stored[0].amount_refunded, 300);
    shop.balances().await;
}

/// What comes back to a card that is over, or was switched off, is worth something.
#[tokio::test]
async fn a_card_that_cannot_be_spent_any_more_can_be_once_something_came_back() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let id = issue(&shop, 1, "FIRSTCARD", (5_000, currency("EUR"))).await;
    let cart = ready(&shop, "ada@example.org", &[(mug, 1)]).await;
    pay_with(&shop, cart, &["FIRSTCARD"]).await;
    let placed = place(&shop, cart, "one").await;
    // All of it was on the card, which is over and switched off since.
    let now = shop.ctx().now();
    let tx = shop.db.write(Durability::Full).await.unwrap();
    let mut card = gift_card::lock(&tx, &[id]).await.unwrap().remove(0);
    (card.state, card.expires_at, card.version) = (GiftCardState::Disabled, Some(now), card.version + 1);
    gift_card::save(&tx, &card, &[]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(crate::gift_card::expire(shop.ctx()).await.unwrap());
    assert!(crate::gift_card::expire(shop.ctx()).await.unwrap(), "again there is nothing left");
    assert_eq!(on(&shop, id).await, 0);
    assert!(card.change(CardChange::Expire, now).is_ok());
    let given = give(&shop, &money(placed.order.id, Some(600), "back")).await.unwrap();
    assert_eq!(given.refund.state, RefundState::Accepted);
    let card = gift_card::of_cart(shop.db.read(), &[id], None).await.unwrap().remove(0);
    assert_eq!((card.balance, card.state, card.expires_at), (600, GiftCardState::Enabled, None));
    assert!(payment::find_by_order(shop.db.read(), placed.order.id).await.unwrap().is_none());
    shop.balances().await;
}

#[tokio::test]
async fn who_gets_something_back_on_a_card_is_told_which() {
    let shop = TestShop::open().await;
    let (placed, ..) = paid(&shop).await;
    shop.settle().await;
    let order = placed.order.id;
    let part = RefundPart { payment: placed.stored[1].id, amount: 200 };
    let back = RefundRequest { tenders: vec![part], notify: true, ..money(order, Some(200), "one") };
    give(&shop, &back).await.unwrap();
    give(&shop, &back).await.unwrap();
    shop.settle().await;
    let subjects = shop.subjects("ada@example.org").await;
    let told: Vec<&String> = subjects.iter().filter(|subject| subject.contains("Refund")).collect();
    assert_eq!(told.len(), 1, "{subjects:?}");
    let letter = shop.last_mail("ada@example.org").await;
    let last = stoa_domain::gift_card::GiftCardCode::normalise("SECONDCARD").unwrap().last().unwrap();
    assert!(letter.contains(last.as_str()) && !letter.contains("SECONDCARD"), "{letter}");
}
