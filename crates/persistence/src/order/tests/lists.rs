//! Lists of orders, and whose they are.

use super::*;
use crate::db::ListError;
use stoa_domain::{
    catalog::search::Moments,
    order::{CancelReason, FinancialStatus, financial_status},
    shared::page::PageRequest,
};

async fn listed(shop: &TestShop, listing: &OrdersListing) -> Vec<OrderId> {
    let page = list_orders(shop.db.read(), listing, &PageRequest::first(250)).await.unwrap();
    page.nodes().copied().collect()
}

#[tokio::test]
async fn orders_of_a_guest_are_theirs_once_the_address_is_proved() {
    let shop = TestShop::open().await;
    let mug = VariantId::new(shop.ids.id());
    let (ada, eve) = (CustomerId::new(shop.ids.id()), CustomerId::new(shop.ids.id()));
    let first = order_of(&shop, &[(mug, 1)]);
    let second = Order { email: email("ADA@example.ORG"), ..order_of(&shop, &[(mug, 1)]) };
    // A customer's, whatever address it was placed with; and somebody else's.
    let eves = Order { customer: Some(eve), ..order_of(&shop, &[(mug, 1)]) };
    let bobs = Order { email: email("bob@example.org"), ..order_of(&shop, &[(mug, 1)]) };
    for order in [&first, &second, &eves, &bobs] {
        place(&shop, order, &[]).await;
    }
    let of = async |who| {
        let order = (OrderSort::Number, true);
        let page = of_customer(shop.db.read(), who, order, &PageRequest::first(9)).await.unwrap();
        page.nodes().copied().collect::<Vec<_>>()
    };
    assert_eq!(of(ada).await, []);
    let claim_all = async || shop.tx(async |tx| claim(tx, ada, &email("ada@example.org")).await).await;
    let (one, other) = tokio::join!(claim_all(), claim_all());
    assert_eq!(one + other, 2, "each once");
    assert_eq!(of(ada).await, [second.id, first.id]);
    assert_eq!(of(eve).await, [eves.id], "what has an owner keeps it");
    assert_eq!(find(shop.db.read(), bobs.id).await.unwrap().unwrap().customer, None);
    assert_eq!(count_of_customer(shop.db.read(), ada).await.unwrap(), 2);
    let claimed = find(shop.db.read(), first.id).await.unwrap().unwrap();
    assert_eq!(claimed, Order { customer: Some(ada), ..first }, "nothing else changed");
}

#[tokio::test]
async fn what_nobody_has_paid_is_nobodys_until_it_is() {
    let shop = TestShop::open().await;
    let mug = VariantId::new(shop.ids.id());
    let ada = CustomerId::new(shop.ids.id());
    let open = order_of(&shop, &[(mug, 1)]);
    assert!(matches!(open.state, OrderState::AwaitingPayment { .. }));
    let state = OrderState::Paid { payment: None, paid_at: at(3) };
    let paid = Order { state, ..order_of(&shop, &[(mug, 1)]) };
    let state = OrderState::Cancelled { reason: CancelReason::Expired, at: at(4) };
    let given_up = Order { state, ..order_of(&shop, &[(mug, 1)]) };
    for order in [&open, &paid, &given_up] {
        place(&shop, order, &[]).await;
    }
    let claimed = shop.tx(async |tx| claim_paid(tx, ada, &email("ada@example.org")).await).await;
    assert_eq!(claimed, 1);
    let of = async |id| find(shop.db.read(), id).await.unwrap().unwrap().customer;
    assert_eq!((of(open.id).await, of(paid.id).await, of(given_up.id).await), (None, Some(ada), None));
    let claimed = shop.tx(async |tx| claim(tx, ada, &email("ada@example.org")).await).await;
    assert_eq!(
        (claimed, of(open.id).await, of(given_up.id).await),
        (1, Some(ada), None),
        "it may still be paid"
    );
    // An erasure takes along what nobody will ever pay, and empties it.
    let claimed = shop.tx(async |tx| claim_decided(tx, ada, &email("ada@example.org")).await).await;
    assert_eq!((claimed, of(given_up.id).await), (1, Some(ada)));
}

#[tokio::test]
async fn orders_are_found_by_what_staff_ask_for() {
    let shop = TestShop::open().await;
    let mug = VariantId::new(shop.ids.id());
    let ada = CustomerId::new(shop.ids.id());
    let cheap = order_of(&shop, &[(mug, 1)]);
    let dear = Order {
        customer: Some(ada),
        fulfillment: FulfillmentStatus::PartiallyFulfilled,
        placed_at: at(50),
        updated_at: at(60),
        ..order_of(&shop, &[(mug, 9)])
    };
    let given_up = Order {
        email: email("bob@example.org"),
        state: OrderState::Cancelled { reason: CancelReason::Expired, at: at(99) },
        attention: Some(stoa_domain::order::Attention::Disputed),
        placed_at: at(90),
        updated_at: at(30),
        ..order_of(&shop, &[(mug, 5)])
    };
    for order in [&cheap, &dear, &given_up] {
        place(&shop, order, &[]).await;
    }
    let [a, b, c] = [cheap.id, dear.id, given_up.id];
    let all = OrdersListing::default();
    let from = |from, until| Some(Moments { from: Some(at(from)), until: Some(at(until)) });
    let cases: Vec<(OrdersListing, Vec<OrderId>)> = vec![
        (all.clone(), vec![a, b, c]),
        (OrdersListing { reverse: true, ..all.clone() }, vec![c, b, a]),
        (OrdersListing { sort: OrderSort::Total, ..all.clone() }, vec![a, c, b]),
        (OrdersListing { sort: OrderSort::UpdatedAt, reverse: true, ..all.clone() }, vec![b, c, a]),
        (OrdersListing { customer: Some(ada), ..all.clone() }, vec![b]),
        (OrdersListing { number: Some(given_up.number), ..all.clone() }, vec![c]),
        (OrdersListing { email: Some(email("ADA@example.org")), ..all.clone() }, vec![a, b]),
        (OrdersListing { state: Some("cancelled"), ..all.clone() }, vec![c]),
        (OrdersListing { fulfillment: Some(FulfillmentStatus::PartiallyFulfilled), ..all.clone() }, vec![b]),
        (OrdersListing { attention: Some(true), ..all.clone() }, vec![c]),
        (OrdersListing { attention: Some(false), ..all.clone() }, vec![a, b]),
        (OrdersListing { placed: from(50, 90), ..all.clone() }, vec![b]),
        (OrdersListing { updated: from(0, 60), ..all.clone() }, vec![a, c]),
        (OrdersListing { state: Some("cancelled"), customer: Some(ada), ..all.clone() }, vec![]),
    ];
    for (listing, expected) in cases {
        assert_eq!(listed(&shop, &listing).await, expected, "{listing:?}");
    }
    // Pages meet, in both directions and in every order, and a cursor is of its order.
    for sort in OrderSort::ALL {
        for reverse in [false, true] {
            let listing = OrdersListing { sort, reverse, ..all.clone() };
            let whole = listed(&shop, &listing).await;
            let before = shop.db.statements();
            let first = list_orders(shop.db.read(), &listing, &PageRequest::first(2)).await.unwrap();
            assert_eq!(shop.db.statements() - before, 1);
            let after = first.rows.last().map(|row| row.cursor.clone());
            let rest = PageRequest { after, ..PageRequest::first(2) };
            let last = list_orders(shop.db.read(), &listing, &rest).await.unwrap();
            let seen: Vec<_> = first.nodes().chain(last.nodes()).copied().collect();
            assert_eq!(seen, whole, "{sort:?} {reverse}");
            let other = OrdersListing { sort: OrderSort::ALL[(sort as usize + 1) % 3], ..listing };
            let refused = list_orders(shop.db.read(), &other, &rest).await;
            assert!(matches!(refused, Err(ListError::Cursor(_))));
        }
    }
}

/// What one order's money is said to be, and what the list says, are one.
#[tokio::test]
async fn the_list_and_the_order_agree_how_its_money_stands() {
    let shop = TestShop::open().await;
    let mug = VariantId::new(shop.ids.id());
    let states = [
        OrderState::AwaitingPayment { expires_at: at(9) },
        OrderState::Paid { payment: None, paid_at: at(9) },
        OrderState::Cancelled { reason: CancelReason::Staff, at: at(9) },
    ];
    let payments = [
        None,
        Some((PaymentState::RequiresPaymentMethod, (0, 0))),
        Some((PaymentState::RequiresCapture, (0, 0))),
        Some((PaymentState::RequiresCapture, (500, 0))),
        Some((PaymentState::Succeeded, (1_000, 0))),
        Some((PaymentState::Succeeded, (1_000, 400))),
        Some((PaymentState::Succeeded, (1_000, 1_000))),
        Some((PaymentState::Canceled, (0, 0))),
    ];
    let mut expected = Vec::new();
    for state in &states {
        for payment in &payments {
            let order = Order { state: state.clone(), ..order_of(&shop, &[(mug, 1)]) };
            place(&shop, &order, &[]).await;
            let payment = payment.map(|(state, money)| payment_of(&shop, &order, state, money));
            if let Some(payment) = &payment {
                add_payment(&shop, payment).await;
            }
            expected.push((order.id, financial_status(state, payment.as_ref())));
        }
    }
    let all = [
        FinancialStatus::Pending,
        FinancialStatus::Authorized,
        FinancialStatus::Paid,
        FinancialStatus::PartiallyRefunded,
        FinancialStatus::Refunded,
        FinancialStatus::Voided,
    ];
    for status in all {
        let listing = OrdersListing { financial: Some(status), ..OrdersListing::default() };
        let of_it = expected.iter().filter(|(_, s)| *s == status).map(|(id, _)| *id).collect::<Vec<_>>();
        assert!(!of_it.is_empty(), "{status:?}");
        assert_eq!(listed(&shop, &listing).await, of_it, "{status:?}");
    }
}

#[tokio::test]
async fn a_customers_orders_walk_an_index_on_sqlite() {
    let shop = TestShop::open().await;
    let mug = VariantId::new(shop.ids.id());
    let ada = CustomerId::new(shop.ids.id());
    for n in 0..30 {
        let customer = (n % 3 == 0).then_some(ada);
        place(&shop, &Order { customer, ..order_of(&shop, &[(mug, 1)]) }, &[]).await;
    }
    shop.db.keep_statements();
    for reverse in [false, true] {
        let order = (OrderSort::Number, reverse);
        let first = of_customer(shop.db.read(), ada, order, &PageRequest::first(2)).await.unwrap();
        let after = first.rows.last().map(|row| row.cursor.clone());
        let next = PageRequest { after, ..PageRequest::first(5) };
        let next = of_customer(shop.db.read(), ada, order, &next).await.unwrap();
        let ids: Vec<OrderId> = next.nodes().copied().collect();
        find_all(shop.db.read(), &ids).await.unwrap();
        crate::fulfillment::of_orders(shop.db.read(), &ids).await.unwrap();
        crate::fulfillment::standings(shop.db.read(), ids[0]).await.unwrap();
    }
    count_of_customer(shop.db.read(), ada).await.unwrap();
    for (sort, reverse) in OrderSort::ALL.into_iter().flat_map(|sort| [(sort, false), (sort, true)]) {
        let listing = OrdersListing { sort, reverse, ..OrdersListing::default() };
        let first = list_orders(shop.db.read(), &listing, &PageRequest::first(5)).await.unwrap();
        let after = first.rows.last().map(|row| row.cursor.clone());
        let next = PageRequest { after, ..PageRequest::first(5) };
        list_orders(shop.db.read(), &listing, &next).await.unwrap();
    }
    shop.tx(async |tx| claim(tx, ada, &email("ada@example.org")).await).await;
    shop.tx(async |tx| forget_persons(tx, at(9), 9).await).await;
    let plans = shop.db.plans().await.unwrap();
    assert!(plans.len() > 10, "{}", plans.len());
    for plan in plans {
        assert!(plan.scanned.is_empty(), "{plan:?}");
    }
}
