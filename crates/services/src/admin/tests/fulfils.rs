//! Sending what was bought.

use super::shop::{ADA, EVE, change, key, units};
use crate::{
    admin::{ChangeStock, FulfillOrderError, NewParcel, StockAdjustment},
    testing::TestShop,
};
use futures_util::future::join_all;
use serde_json::json;
use stoa_domain::{
    access::grants::InventoryRead,
    order::{FulfilRefusal, FulfillmentLine, FulfillmentStatus, Order, Tracking, Wanted},
    shared::{FulfillmentId, OrderId},
};

pub(super) fn parcel(order: &Order, wanted: &[(usize, u32)]) -> NewParcel {
    let of =
        |(at, quantity): &(usize, u32)| FulfillmentLine { line: order.lines[*at].id, quantity: *quantity };
    let wanted = Wanted::These(wanted.iter().map(of).collect());
    NewParcel { order: order.id, wanted, tracking: Tracking::default(), notify: false, key: Some(key()) }
}

#[tokio::test]
async fn an_order_is_sent_in_parts_never_too_much_and_is_sent_only_when_all_is() {
    let shop = TestShop::open().await;
    let (mug, bowl) = (shop.mugs(10).await, shop.add("Bowl", units(5, 0)).await.variants[0].id);
    let order = shop.paid(&[(mug, 3), (bowl, 1)]).await;
    let fulfillments = &shop.services.admin.fulfillments;
    let urls = ["https://example.org/track?n=1"];
    let tracking = Tracking::try_new(Some("DHL"), &["1"], &urls).unwrap();
    let first = NewParcel { tracking: tracking.clone(), notify: true, ..parcel(&order, &[(0, 2)]) };
    let sent = fulfillments.create(&shop.eve(), &first).await.unwrap();
    assert_eq!((sent.position, sent.created_by.as_str(), &sent.tracking), (1, EVE, &tracking));
    assert_eq!(shop.stocked(mug).await, (8, 1));
    assert_eq!(shop.order(order.id).await.fulfillment, FulfillmentStatus::PartiallyFulfilled);
    let before = shop.log_length().await;
    let too_much = fulfillments.create(&shop.eve(), &parcel(&order, &[(0, 2)])).await;
    let Err(FulfillOrderError::Refused(FulfilRefusal::TooMany { left, .. })) = too_much else {
        panic!("{too_much:?}");
    };
    assert_eq!((left, shop.log_length().await), (1, before));
    let rest = NewParcel { wanted: Wanted::Everything, key: None, ..parcel(&order, &[]) };
    let sent = fulfillments.create(&shop.eve(), &rest).await.unwrap();
    assert_eq!(sent.lines.iter().map(|line| line.quantity).sum::<u32>(), 2);
    assert_eq!(shop.order(order.id).await.fulfillment, FulfillmentStatus::Fulfilled);
    assert_eq!((shop.stocked(mug).await, shop.stocked(bowl).await), ((7, 0), (4, 0)));
    let nothing = fulfillments.create(&shop.eve(), &rest).await;
    assert!(matches!(nothing, Err(FulfillOrderError::Refused(FulfilRefusal::Nothing))));

    let log = shop.log(order.id).await;
    assert_eq!(log.len(), 2);
    assert_eq!(
        change(&log[0].1, "fulfillmentStatus"),
        Some((&json!("unfulfilled"), &json!("partially_fulfilled")))
    );
    assert_eq!(shop.subjects(ADA).await.len(), 1, "of the parcel that was to be told of");
    shop.balances().await;
}

#[tokio::test]
async fn several_who_send_all_that_is_left_at_once_send_it_once() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.paid(&[(mug, 3)]).await;
    let all = NewParcel { wanted: Wanted::Everything, key: None, ..parcel(&order, &[]) };
    let by = shop.eve();
    let sent = join_all((0..4).map(|_| shop.services.admin.fulfillments.create(&by, &all))).await;
    assert_eq!(sent.iter().filter(|one| one.is_ok()).count(), 1, "{sent:?}");
    assert_eq!(shop.stocked(mug).await, (7, 0));
    assert_eq!(shop.acts(order.id).await, ["order.fulfill"]);
    shop.balances().await;
}

#[tokio::test]
async fn a_parcel_that_is_asked_for_again_with_its_key_is_sent_once() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.paid(&[(mug, 3)]).await;
    let fulfillments = &shop.services.admin.fulfillments;
    let one = NewParcel { key: Some("one".into()), ..parcel(&order, &[(0, 1)]) };
    let by = shop.eve();
    let (a, b) = tokio::join!(fulfillments.create(&by, &one), fulfillments.create(&by, &one));
    assert_eq!(a.unwrap(), b.unwrap());
    assert_eq!(shop.stocked(mug).await, (9, 2));
    let two = NewParcel { key: Some("one".into()), ..parcel(&order, &[(0, 2)]) };
    assert!(matches!(fulfillments.create(&by, &two).await, Err(FulfillOrderError::KeyReused)));
    let long = NewParcel { key: Some("x".repeat(256)), ..two };
    assert!(matches!(fulfillments.create(&by, &long).await, Err(FulfillOrderError::Key(_))));
    shop.balances().await;
}

#[tokio::test]
async fn what_was_sold_beyond_the_stock_is_sent_when_it_has_come_in() {
    let shop = TestShop::open().await;
    let mug = shop.add("Mug", units(1, 5)).await.variants[0].id;
    let order = shop.paid(&[(mug, 3)]).await;
    let fulfillments = &shop.services.admin.fulfillments;
    let too_early = fulfillments.create(&shop.eve(), &parcel(&order, &[(0, 3)])).await;
    let Err(FulfillOrderError::NotThere { variant, location, there }) = too_early else {
        panic!("{too_early:?}");
    };
    assert_eq!((variant, there), (mug, 1));
    assert_eq!(shop.stocked(mug).await, (1, 3), "nothing has moved");
    let places = shop.services.admin.stock.locations(&shop.eve::<InventoryRead>()).await.unwrap();
    assert_eq!(places[0].id, location);
    let stock: &ChangeStock = &shop.services.admin.change_stock;
    let come_in = StockAdjustment { variant: mug, location, by: 2, compare: Some(1) };
    stock.adjust(&shop.eve(), &[come_in], None).await.unwrap();
    fulfillments.create(&shop.eve(), &parcel(&order, &[(0, 3)])).await.unwrap();
    assert_eq!(shop.stocked(mug).await, (0, 0));
    shop.balances().await;
}

#[tokio::test]
async fn where_a_parcel_is_can_be_said_anew() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.paid(&[(mug, 1)]).await;
    let fulfillments = &shop.services.admin.fulfillments;
    let sent = fulfillments.create(&shop.eve(), &parcel(&order, &[(0, 1)])).await.unwrap();
    let tracking = Tracking::try_new(Some("DHL"), &["123"], &[]).unwrap();
    for _ in 0..2 {
        let told = fulfillments.set_tracking(&shop.eve(), sent.id, (&tracking, true)).await.unwrap();
        assert_eq!(told.tracking, tracking);
    }
    let log = shop.log(sent.id).await;
    assert_eq!(log.len(), 1, "the second time nothing was other");
    assert_eq!(change(&log[0].1, "trackingCompany"), Some((&json!(null), &json!("DHL"))));
    assert!(change(&log[0].1, "trackingNumbers").is_some(), "that there is one is said");
    assert!(!log[0].1.to_string().contains("123"), "and not which: {}", log[0].1);
    assert_eq!(shop.subjects(ADA).await.len(), 1);
    let unknown = FulfillmentId::new(uuid::Uuid::from_u128(7));
    let nothing = fulfillments.set_tracking(&shop.eve(), unknown, (&tracking, false)).await;
    assert!(matches!(nothing, Err(FulfillOrderError::NotFound)));
}

#[tokio::test]
async fn nothing_is_sent_of_an_order_that_is_not_paid_or_not_there() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.unpaid(&[(mug, 1)]).await;
    let fulfillments = &shop.services.admin.fulfillments;
    let refused = fulfillments.create(&shop.eve(), &parcel(&order, &[(0, 1)])).await;
    let Err(FulfillOrderError::Refused(FulfilRefusal::State(state))) = refused else { panic!("{refused:?}") };
    assert_eq!((state.from, state.legal), ("awaiting_payment", &["paid", "cancelled"][..]));
    let unknown = NewParcel { order: OrderId::new(uuid::Uuid::from_u128(7)), ..parcel(&order, &[(0, 1)]) };
    assert!(matches!(fulfillments.create(&shop.eve(), &unknown).await, Err(FulfillOrderError::NotFound)));
    assert_eq!(shop.acts(order.id).await, Vec::<String>::new());
}

#[tokio::test]
async fn to_send_some_units_takes_a_key_and_to_send_the_rest_does_not() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let order = shop.paid(&[(mug, 3)]).await;
    let fulfillments = &shop.services.admin.fulfillments;
    let some = NewParcel { key: None, ..parcel(&order, &[(0, 1)]) };
    let refused = fulfillments.create(&shop.eve(), &some).await;
    assert!(matches!(refused, Err(FulfillOrderError::KeyRequired)), "{refused:?}");
    assert_eq!(shop.stocked(mug).await, (10, 3));
    let rest = NewParcel { wanted: Wanted::Everything, ..some };
    fulfillments.create(&shop.eve(), &rest).await.unwrap();
    let again = fulfillments.create(&shop.eve(), &rest).await;
    assert!(matches!(again, Err(FulfillOrderError::Refused(FulfilRefusal::Nothing))), "{again:?}");
    shop.balances().await;
}

/// The first place owes what was sold beyond the stock; the second has what it has promised.
#[tokio::test]
async fn units_leave_from_where_they_lie() {
    let shop = TestShop::open().await;
    let mug = shop.add("Mug", units(0, 5)).await.variants[0].id;
    let shed = shop.another_place("Shed").await;
    let come_in = StockAdjustment { variant: mug, location: shed, by: 2, compare: Some(0) };
    shop.services.admin.change_stock.adjust(&shop.eve(), &[come_in], None).await.unwrap();
    let order = shop.paid(&[(mug, 3)]).await;
    let fulfillments = &shop.services.admin.fulfillments;
    fulfillments.create(&shop.eve(), &parcel(&order, &[(0, 2)])).await.unwrap();
    assert_eq!(shop.stocked(mug).await, (0, 1));
    let owed = fulfillments.create(&shop.eve(), &parcel(&order, &[(0, 1)])).await;
    assert!(matches!(owed, Err(FulfillOrderError::NotThere { there: 0, .. })), "{owed:?}");
    shop.balances().await;
}
