//! Orders of whoever is not known any more.

use super::{
    fulfils::parcel,
    refunds::money,
    shop::{ADA, PRICE},
};
use crate::{
    admin::{NewParcel, RefundRequest},
    jobs::Turn,
    testing::TestShop,
};
use chrono::TimeDelta;
use stoa_domain::{
    order::{Order, OrderState},
    shared::CustomerId,
};
use stoa_persistence::{Durability, customer, order, outbox};

/// Makes an order a customer's, as if they had placed it.
async fn give(shop: &TestShop, order: &Order, to: CustomerId) {
    let tx = shop.db.write(Durability::Full).await.unwrap();
    assert_eq!(order::claim(&tx, to, &order.email).await.unwrap(), 1);
    tx.commit().await.unwrap();
}

/// Empties somebody's account, and nothing else.
async fn erase_account(shop: &TestShop, id: CustomerId) {
    let tx = shop.db.write(Durability::Full).await.unwrap();
    let (last, now) = (shop.ctx().ports.ids.id(), shop.ctx().now());
    assert!(customer::erase(&tx, id, last, "customer", now).await.unwrap());
    tx.commit().await.unwrap();
}

async fn forget(shop: &TestShop) {
    let ended_at = crate::customer::forget_persons(shop.ctx(), None, &mut Turn::new()).await.unwrap();
    assert_eq!(ended_at, None);
}

#[tokio::test]
async fn an_order_on_its_way_while_its_customer_was_erased_is_emptied_once_it_may_be() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(9).await;
    let ada = shop.customer(ADA).await.customer;
    let late = shop.paid(&[(mug, 1)]).await;
    give(&shop, &late, ada).await;
    erase_account(&shop, ada).await;
    let forgotten = async || {
        tokio::join!(forget(&shop), forget(&shop));
        shop.order(late.id).await
    };
    assert_eq!(forgotten().await.email, late.email, "it is still to be sent");
    shop.wait(TimeDelta::days(31));
    let emptied = forgotten().await;
    assert!(emptied.email.is_erased() && emptied.token != late.token);
    assert_eq!(emptied.shipping_address, late.shipping_address, "the tax office may ask");
    assert_eq!(forgotten().await, emptied, "once is enough");
}

#[tokio::test]
async fn who_has_to_stay_for_now_keeps_nobody_else_from_being_forgotten() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(9).await;
    let mut orders = Vec::new();
    for of in ["a@example.org", "b@example.org", "c@example.org"] {
        let (customer, order) = (shop.customer(of).await.customer, shop.paid(&[(mug, 1)]).await);
        give(&shop, &order, customer).await;
        erase_account(&shop, customer).await;
        orders.push((customer, order));
    }
    orders.sort_by_key(|(customer, _)| *customer);
    let turn =
        async |from| crate::customer::forget_persons(shop.ctx(), from, &mut Turn::of(1)).await.unwrap();
    let first = turn(None).await;
    assert_eq!(first, Some(orders[0].0), "what they have bought is still to be sent");
    let second = turn(first).await;
    assert_eq!(second, Some(orders[1].0), "the next turn comes to the next one");
    assert_eq!(turn(second).await, None);
}

#[tokio::test]
async fn what_guests_give_up_unpaid_forgets_them_after_a_month() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(9).await;
    let (unpaid, paid) = (shop.unpaid(&[(mug, 1)]).await, shop.paid(&[(mug, 1)]).await);
    let tx = shop.db.write(Durability::Full).await.unwrap();
    let reason = stoa_domain::order::CancelReason::Expired;
    let over = unpaid.state.clone().give_up(reason, shop.ctx().now()).unwrap();
    assert!(order::set_state(&tx, unpaid.id, &unpaid.state, &over, shop.ctx().now()).await.unwrap());
    order::take_allocations(&tx, unpaid.id).await.unwrap();
    tx.commit().await.unwrap();
    shop.wait(TimeDelta::days(29));
    forget(&shop).await;
    assert_eq!(shop.order(unpaid.id).await.email, unpaid.email);
    shop.wait(TimeDelta::days(2));
    forget(&shop).await;
    let left = shop.order(unpaid.id).await;
    assert!(left.email.is_erased() && left.shipping_address.is_none(), "{left:?}");
    assert!(matches!(left.state, OrderState::Cancelled { .. }));
    assert_eq!(shop.order(paid.id).await, paid);
}

#[tokio::test]
async fn nobody_is_written_to_who_was_erased() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(9).await;
    let ada = shop.customer(ADA).await.customer;
    let order = shop.paid(&[(mug, 2)]).await;
    give(&shop, &order, ada).await;
    erase_account(&shop, ada).await;
    let tx = shop.db.write(Durability::Full).await.unwrap();
    order::erase(&tx, ada, 10, &*shop.ctx().ports.ids, shop.ctx().now()).await.unwrap();
    tx.commit().await.unwrap();
    let nowhere = shop.order(order.id).await.email;
    assert!(nowhere.is_erased());
    shop.settle().await;

    let sent = NewParcel { notify: true, ..parcel(&order, &[(0, 1)]) };
    shop.services.admin.fulfillments.create(&shop.eve(), &sent).await.unwrap();
    let back = RefundRequest { notify: true, ..money(order.id, Some(PRICE)) };
    shop.services.admin.refund_order.run(&shop.eve(), &back).await.unwrap();
    shop.settle().await;
    shop.wait(TimeDelta::minutes(2));
    assert_eq!(shop.subjects(nowhere.as_str()).await, Vec::<String>::new());
    assert_eq!(outbox::pending(shop.db.read()).await.unwrap(), 0, "nothing is tried again");
}
