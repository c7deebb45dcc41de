//! Taking people out of orders.

use super::*;
use crate::customer;
use chrono::TimeDelta;
use stoa_domain::{
    customer::{ErasureObstacle, erased_email},
    order::CancelReason,
};

#[tokio::test]
async fn what_is_still_owed_stands_in_the_way() {
    let shop = TestShop::open().await;
    let mug = VariantId::new(shop.ids.id());
    let ada = CustomerId::new(shop.ids.id());
    let obstacle =
        async |days| erasure_obstacle(shop.db.read(), ada, at(0) + TimeDelta::days(days)).await.unwrap();
    assert_eq!(obstacle(0).await, None);
    let sent = Order {
        customer: Some(ada),
        state: OrderState::Paid { payment: None, paid_at: at(0) },
        fulfillment: FulfillmentStatus::Fulfilled,
        ..order_of(&shop, &[(mug, 1)])
    };
    place(&shop, &sent, &[]).await;
    assert_eq!(obstacle(0).await, None);
    let unsent = Order { fulfillment: FulfillmentStatus::Unfulfilled, ..order_of(&shop, &[(mug, 1)]) };
    place(&shop, &Order { customer: Some(ada), state: sent.state.clone(), ..unsent }, &[]).await;
    assert_eq!((obstacle(29).await, obstacle(30).await), (Some(ErasureObstacle::Unsent), None));
    place(&shop, &Order { customer: Some(ada), ..order_of(&shop, &[(mug, 1)]) }, &[]).await;
    assert_eq!(obstacle(365).await, Some(ErasureObstacle::AwaitingPayment));
    let somebody_else = CustomerId::new(shop.ids.id());
    assert_eq!(erasure_obstacle(shop.db.read(), somebody_else, at(0)).await.unwrap(), None);
}

#[tokio::test]
async fn an_order_forgets_its_buyer_and_keeps_what_the_tax_office_asks_for() {
    let shop = TestShop::open().await;
    let mug = VariantId::new(shop.ids.id());
    let ada = CustomerId::new(shop.ids.id());
    let mine = Order { customer: Some(ada), locale: Some(Locale::De), ..order_of(&shop, &[(mug, 2)]) };
    let bobs = Order { email: email("bob@example.org"), ..order_of(&shop, &[(mug, 1)]) };
    for order in [&mine, &bobs] {
        place(&shop, order, &[]).await;
    }
    let tax_number =
        async |order: &Order| terms_of(shop.db.read(), order.id).await.unwrap().unwrap().tax_number;
    super::proofs::by_hand(&shop, "UPDATE orders SET tax_number = 'GB980780684'").await;
    let gone = async || shop.tx(async |tx| erase(tx, ada, 10, &shop.ids, at(9)).await).await;
    assert_eq!(gone().await, 1);
    let after = find(shop.db.read(), mine.id).await.unwrap().unwrap();
    assert_ne!(after.token, mine.token, "no link leads there any more");
    assert_eq!(find_by_token(shop.db.read(), &mine.token).await.unwrap(), None);
    let lines = mine.lines.iter().map(|line| LineItem { attributes: Vec::new(), ..line.clone() });
    let expected = Order {
        email: erased_email(ada),
        phone: None,
        note: None,
        locale: None,
        attributes: Vec::new(),
        token: after.token.clone(),
        lines: lines.collect(),
        updated_at: at(9),
        ..mine
    };
    assert_eq!(after, expected, "figures, number and the delivery's address stay");
    assert_eq!(find(shop.db.read(), bobs.id).await.unwrap(), Some(bobs.clone()), "nobody else's");
    assert!(tax_number(&after).await.is_some(), "the invoice names it, as it does the address");
    assert_eq!(gone().await, 0, "once is enough");

    // Ten years later the name goes as well.
    let forget = async |days| {
        let now = at(0) + TimeDelta::days(days);
        shop.tx(async |tx| forget_persons(tx, now, 100).await).await
    };
    assert_eq!(forget(3_651).await, 0);
    assert_eq!(forget(3_653).await, 1);
    assert_eq!(forget(3_653).await, 0);
    assert_eq!(find(shop.db.read(), after.id).await.unwrap().unwrap().shipping_address, None);
    assert_eq!(tax_number(&after).await, None);
    assert!(tax_number(&bobs).await.is_some());
    assert_eq!(find(shop.db.read(), bobs.id).await.unwrap(), Some(bobs));
    let left = shop.dump(&["orders", "order_lines"]).await;
    let hers = left.lines().filter(|line| !line.contains("bob@")).collect::<String>();
    assert!(!hers.contains("Ada@") && !hers.contains("Byron") && !hers.contains("Town"), "{hers}");
}

#[tokio::test]
async fn what_is_kept_for_ever_is_not_forgotten_at_once() {
    let shop = TestShop::open().await;
    let mug = VariantId::new(shop.ids.id());
    let ada = CustomerId::new(shop.ids.id());
    let mine = Order { customer: Some(ada), ..order_of(&shop, &[(mug, 1)]) };
    place(&shop, &mine, &[]).await;
    shop.tx(async |tx| erase(tx, ada, u32::MAX, &shop.ids, at(9)).await).await;
    assert_eq!(shop.tx(async |tx| forget_persons(tx, at(9), 100).await).await, 0);
    let after = find(shop.db.read(), mine.id).await.unwrap().unwrap();
    assert_eq!(after.shipping_address, mine.shipping_address);
}

fn given_up(seconds: i64) -> OrderState {
    OrderState::Cancelled { reason: CancelReason::Expired, at: at(seconds) }
}

#[tokio::test]
async fn nobody_asks_for_the_address_of_what_was_never_paid() {
    let shop = TestShop::open().await;
    let mug = VariantId::new(shop.ids.id());
    let ada = CustomerId::new(shop.ids.id());
    let hers = || Order { customer: Some(ada), state: given_up(1), ..order_of(&shop, &[(mug, 1)]) };
    let (unpaid, sent_back, free) = (hers(), hers(), hers());
    let free = Order { state: OrderState::Paid { payment: None, paid_at: at(1) }, ..free };
    for order in [&unpaid, &sent_back, &free] {
        place(&shop, order, &[]).await;
    }
    super::proofs::by_hand(&shop, "UPDATE orders SET tax_number = 'GB980780684'").await;
    add_payment(&shop, &payment_of(&shop, &unpaid, PaymentState::Canceled, (0, 0))).await;
    add_payment(&shop, &payment_of(&shop, &sent_back, PaymentState::Succeeded, (1_000, 1_000))).await;
    assert_eq!(shop.tx(async |tx| erase(tx, ada, 10, &shop.ids, at(9)).await).await, 3);
    let address =
        async |order: &Order| find(shop.db.read(), order.id).await.unwrap().unwrap().shipping_address;
    assert_eq!(address(&unpaid).await, None);
    let number = async |order: &Order| terms_of(shop.db.read(), order.id).await.unwrap().unwrap().tax_number;
    assert_eq!((number(&unpaid).await, number(&free).await), (None, Some("GB980780684".to_owned())));
    assert_eq!(address(&sent_back).await, sent_back.shipping_address, "money came, and went");
    assert_eq!(address(&free).await, free.shipping_address);
    let ten_years = at(0) + TimeDelta::days(3_653);
    assert_eq!(shop.tx(async |tx| forget_persons(tx, ten_years, 100).await).await, 2);
}

#[tokio::test]
async fn an_order_that_was_on_its_way_while_its_customer_was_erased_is_found() {
    let shop = TestShop::open().await;
    let mug = VariantId::new(shop.ids.id());
    let somebody = async |address: &str| {
        let id = CustomerId::new(shop.ids.id());
        let new = customer::NewCustomer {
            id,
            email: email(address),
            first_name: None,
            last_name: None,
            phone: None,
            locale: None,
        };
        shop.tx(async |tx| customer::insert_pending(tx, &new, at(0)).await).await;
        id
    };
    let (ada, bob, eve) = (
        somebody("ada@example.org").await,
        somebody("bob@example.org").await,
        somebody("eve@example.org").await,
    );
    for id in [ada, eve] {
        let last = shop.ids.id();
        assert!(shop.tx(async |tx| customer::erase(tx, id, last, "customer", at(5)).await).await);
    }
    for of in [ada, bob, eve] {
        place(&shop, &Order { customer: Some(of), ..order_of(&shop, &[(mug, 1)]) }, &[]).await;
    }
    let named = async |after| still_named(shop.db.read(), after, 9).await.unwrap();
    assert_eq!(named(None).await, [ada, eve], "and nobody who has an account");
    assert_eq!(named(Some(ada)).await, [eve]);
    assert_eq!(still_named(shop.db.read(), None, 1).await.unwrap(), [ada]);
    assert_eq!(shop.tx(async |tx| erase(tx, ada, 10, &shop.ids, at(9)).await).await, 1);
    assert_eq!(named(None).await, [eve]);
}

#[tokio::test]
async fn what_a_guest_has_given_up_unpaid_forgets_them() {
    let shop = TestShop::open().await;
    let mug = VariantId::new(shop.ids.id());
    let guests = |seconds| Order { state: given_up(seconds), ..order_of(&shop, &[(mug, 1)]) };
    let (unpaid, late, paid_once) = (guests(10), guests(90), guests(10));
    let hers = Order { customer: Some(CustomerId::new(shop.ids.id())), ..guests(10) };
    let waiting = order_of(&shop, &[(mug, 1)]);
    for order in [&unpaid, &late, &paid_once, &hers, &waiting] {
        place(&shop, order, &[]).await;
    }
    add_payment(&shop, &payment_of(&shop, &unpaid, PaymentState::Canceled, (0, 0))).await;
    add_payment(&shop, &payment_of(&shop, &paid_once, PaymentState::Succeeded, (1_000, 1_000))).await;
    let found = async |after| given_up_by_guests(shop.db.read(), at(50), after, 9).await.unwrap();
    assert_eq!(found(None).await, [unpaid.id]);
    assert_eq!(found(Some(unpaid.id)).await, []);

    // Whatever is named, nothing but these is emptied.
    let all = [unpaid.id, late.id, paid_once.id, hers.id, waiting.id];
    let forget = async || shop.tx(async |tx| forget_guests(tx, &all, at(50), &shop.ids, at(99)).await).await;
    assert_eq!(forget().await, 1);
    assert_eq!(forget().await, 0);
    let left = find(shop.db.read(), unpaid.id).await.unwrap().unwrap();
    assert_eq!((left.figures.clone(), left.number), (unpaid.figures.clone(), unpaid.number));
    assert!(left.email.is_erased() && left.token != unpaid.token);
    assert_eq!((left.shipping_address, left.phone, left.note), (None, None, None));
    assert!(left.attributes.is_empty() && left.lines.iter().all(|line| line.attributes.is_empty()));
    for kept in [&late, &paid_once, &hers, &waiting] {
        assert_eq!(find(shop.db.read(), kept.id).await.unwrap().as_ref(), Some(kept));
    }
}
