//! Lists of orders.

use super::shop::ADA;
use crate::{
    admin::{NewParcel, parse_order_search},
    testing::TestShop,
};
use stoa_domain::{
    access::grants::OrdersRead,
    order::{Order, Tracking, Wanted},
    shared::page::PageRequest,
};
use stoa_persistence::order::OrdersListing;

async fn found(shop: &TestShop, text: &str) -> Vec<i64> {
    let listing = parse_order_search(text, OrdersListing::default()).unwrap();
    let (orders, by) = (&shop.services.admin.orders, shop.eve::<OrdersRead>());
    let page = orders.list(&by, &listing, &PageRequest::first(9)).await.unwrap();
    let ids: Vec<_> = page.nodes().copied().collect();
    orders.find_all(&by, &ids).await.unwrap().iter().map(|order| order.number).collect()
}

#[tokio::test]
async fn orders_are_found_by_what_is_known_of_them() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let first = shop.paid(&[(mug, 1)]).await;
    let second = shop.unpaid(&[(mug, 1)]).await;
    let third = shop.paid(&[(mug, 1)]).await;
    let (wanted, tracking) = (Wanted::Everything, Tracking::default());
    let parcel = NewParcel { order: third.id, wanted, tracking, notify: false, key: Some("one".to_owned()) };
    shop.services.admin.fulfillments.create(&shop.eve(), &parcel).await.unwrap();
    let numbers = |orders: &[&Order]| orders.iter().map(|order| order.number).collect::<Vec<_>>();
    assert_eq!(found(&shop, "").await, numbers(&[&first, &second, &third]));
    assert_eq!(found(&shop, &second.name()).await, numbers(&[&second]));
    assert_eq!(found(&shop, "financial_status:pending").await, numbers(&[&second]));
    assert_eq!(found(&shop, "status:open fulfillment_status:unfulfilled").await, numbers(&[&first]));
    assert_eq!(found(&shop, &format!("email:{}", ADA.to_uppercase())).await.len(), 3);
    assert_eq!(found(&shop, "email:eve@example.org").await, Vec::<i64>::new());
    assert_eq!(found(&shop, "created_at:<2026-01-01").await, Vec::<i64>::new());
}

#[tokio::test]
async fn what_belongs_to_orders_is_read_for_all_of_them_at_once() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let (first, second) = (shop.paid(&[(mug, 1)]).await, shop.paid(&[(mug, 2)]).await);
    let (orders, by) = (&shop.services.admin.orders, shop.eve::<OrdersRead>());
    let ids = [first.id, second.id];
    let (payments, cost) = shop.cost(orders.payments(&by, &ids)).await;
    let payments = payments.unwrap();
    assert_eq!((payments.len(), cost[0]), (2, 1));
    let of_second = payments[&second.id][0].id;
    let refundable = orders.refundable(&by, &[of_second]).await.unwrap();
    assert_eq!(refundable[&of_second], second.figures.total);
    let standing = orders.standings(&by, second.id).await.unwrap();
    assert_eq!(standing[0].left(), 2);
    assert!(orders.fulfillments(&by, &ids).await.unwrap().is_empty());
    assert!(orders.refunds(&by, first.id).await.unwrap().is_empty());
}
