//! Delivery in the system of record.

use super::*;
use crate::{
    pricing::{
        Removed, Saved, Switched,
        sample::{delivery_method, delivery_zone, id, tax_category},
    },
    tax,
    testing::{TestShop, at},
};
use stoa_domain::{
    delivery::{Bounds, DeliveryMethod, DeliveryZone, LoadBounds, Measure, MethodKind, RateTable},
    shared::{DeliveryMethodId, DeliveryZoneId, page::PageRequest},
};

async fn zones(shop: &TestShop, all: impl IntoIterator<Item = u128>) {
    for n in all {
        shop.tx(async |tx| insert_zone(tx, &delivery_zone(n), at(0)).await).await;
    }
}

async fn methods(shop: &TestShop, all: &[Switched<DeliveryMethod>]) {
    for method in all {
        assert_eq!(shop.tx(async |tx| insert_method(tx, method, at(0)).await).await, Saved::Saved);
    }
}

fn changed(
    method: Switched<DeliveryMethod>,
    change: impl FnOnce(&mut DeliveryMethod),
) -> Switched<DeliveryMethod> {
    let mut method = method;
    change(&mut method.rule);
    method
}

#[tokio::test]
async fn zones_are_read_back_as_they_were_written() {
    let shop = TestShop::open().await;
    zones(&shop, [1, 2]).await;
    let everywhere = DeliveryZone {
        name: "Überall".into(),
        countries: [].into(),
        provinces: [].into(),
        postal_ranges: Vec::new(),
        priority: 7,
        ..delivery_zone(2)
    };
    assert_eq!(shop.tx(async |tx| update_zone(tx, 1, &everywhere, at(5)).await).await, Saved::Saved);
    let (read, cost) = shop.cost(find_zones(shop.db.read(), &[id(2), id(9), id(1)])).await;
    let read = read.unwrap();
    assert_eq!(cost, 1);
    assert_eq!(read.iter().map(|kept| kept.rule.clone()).collect::<Vec<_>>(), [everywhere, delivery_zone(1)]);
    assert_eq!((read[0].version, read[0].created_at, read[0].updated_at), (2, at(0), at(5)));
    assert_eq!(find_zone(shop.db.read(), id(9)).await.unwrap(), None);
}

#[tokio::test]
async fn a_zone_stays_while_something_is_delivered_to_it() {
    let shop = TestShop::open().await;
    zones(&shop, [1]).await;
    methods(&shop, &[delivery_method(1, Some(id(1)))]).await;
    let removed = async |version| shop.tx(async |tx| remove_zone(tx, id(1), version).await).await;
    assert_eq!(removed(1).await, Removed::InUse);
    let anywhere = delivery_method(1, None);
    shop.tx(async |tx| update_method(tx, 1, &anywhere, at(1)).await).await;
    assert_eq!(removed(2).await, Removed::Stale);
    assert_eq!(removed(1).await, Removed::Removed);
    assert_eq!(removed(1).await, Removed::Stale, "it was gone before");
}

#[tokio::test]
async fn every_way_of_delivering_is_read_back_as_it_was_written() {
    let shop = TestShop::open().await;
    zones(&shop, [1]).await;
    shop.tx(async |tx| tax::insert_category(tx, &tax_category(1), at(0)).await).await;
    let two_to_nine = Bounds { least: Some(2), most: Some(9) };
    let all = [
        delivery_method(1, Some(id(1))),
        changed(delivery_method(2, None), |method| {
            method.kind = MethodKind::Shipping;
            method.rates = RateTable::flat(0);
            method.free_from = None;
            method.divisor = None;
            method.days = None;
            method.description = None;
            method.bounds = LoadBounds::default();
        }),
        changed(delivery_method(3, None), |method| {
            method.kind = MethodKind::Local;
            method.rates.by = Measure::Subtotal;
            method.tax_category = Some(id(1));
            method.bounds = LoadBounds { weight: two_to_nine, subtotal: two_to_nine, quantity: two_to_nine };
        }),
        Switched {
            active: false,
            ..changed(delivery_method(4, None), |method| method.kind = MethodKind::Carrier)
        },
    ];
    methods(&shop, &all).await;
    let wanted = [4, 9, 3, 2, 1].map(id::<DeliveryMethodId>);
    let (read, cost) = shop.cost(find_methods(shop.db.read(), &wanted)).await;
    assert_eq!(cost, 1);
    let read: Vec<_> = read.unwrap().into_iter().rev().map(|kept| kept.rule).collect();
    assert_eq!(read, all);

    // Each becomes each other.
    for (version, (to, n)) in (1..).zip(all.iter().cycle().skip(1).zip([1; 4])) {
        let to = changed(to.clone(), |method| {
            method.id = id(n);
            method.handle = "other".into();
        });
        let saved = shop.tx(async |tx| update_method(tx, version, &to, at(version)).await).await;
        assert_eq!(saved, Saved::Saved);
        let read = find_method(shop.db.read(), id(n)).await.unwrap().unwrap();
        assert_eq!((read.rule, read.version, read.updated_at), (to, version + 1, at(version)));
    }
}

#[tokio::test]
async fn a_handle_is_one_methods_and_what_a_method_speaks_of_is_there() {
    let shop = TestShop::open().await;
    methods(&shop, &[delivery_method(1, None), delivery_method(2, None)]).await;
    let alike = |n| changed(delivery_method(n, None), |method| method.handle = "post-1".into());
    let elsewhere = |n| delivery_method(n, Some(id(8)));
    let taxed = |n| changed(delivery_method(n, None), |method| method.tax_category = Some(id(8)));
    let insert = async |new| shop.given_up(async |tx| insert_method(tx, &new, at(0)).await).await;
    let update = async |to| shop.given_up(async |tx| update_method(tx, 1, &to, at(0)).await).await;
    assert_eq!((insert(alike(3)).await, update(alike(2)).await), (Saved::Taken, Saved::Taken));
    assert_eq!((insert(elsewhere(3)).await, update(elsewhere(2)).await), (Saved::Unknown, Saved::Unknown));
    assert_eq!((insert(taxed(3)).await, update(taxed(2)).await), (Saved::Unknown, Saved::Unknown));
    let (all, unreadable) = all_methods(shop.db.read()).await.unwrap();
    assert_eq!((all.len(), unreadable), (2, Vec::new()));
    assert_eq!(
        (count_methods(shop.db.read()).await.unwrap(), count_zones(shop.db.read()).await.unwrap()),
        (2, 0)
    );
}

#[tokio::test]
async fn who_has_read_an_older_version_changes_nothing() {
    let shop = TestShop::open().await;
    zones(&shop, [1]).await;
    methods(&shop, &[delivery_method(1, None)]).await;
    let zone = |n| DeliveryZone { priority: 99, ..delivery_zone(n) };
    let method = |n| changed(delivery_method(n, None), |method| method.free_from = None);
    for (version, n) in [(0, 1), (2, 1), (1, 7)] {
        assert_eq!(shop.tx(async |tx| update_zone(tx, version, &zone(n), at(2)).await).await, Saved::Stale);
        let saved = shop.tx(async |tx| update_method(tx, version, &method(n), at(2)).await).await;
        assert_eq!(saved, Saved::Stale);
        let gone = shop.tx(async |tx| remove_method(tx, id(n), version).await).await;
        assert_eq!(gone, Removed::Stale);
    }
    assert_eq!(find_zone(shop.db.read(), id(1)).await.unwrap().unwrap().rule, delivery_zone(1));
    assert_eq!(find_method(shop.db.read(), id(1)).await.unwrap().unwrap().rule, delivery_method(1, None));
    assert_eq!(shop.tx(async |tx| remove_method(tx, id(1), 1).await).await, Removed::Removed);
    assert_eq!(find_method(shop.db.read(), id(1)).await.unwrap(), None);
}

#[tokio::test]
async fn staff_find_methods_as_buyers_are_offered_them_and_zones_as_they_were_made() {
    let shop = TestShop::open().await;
    let placed = |(n, position)| changed(delivery_method(n, None), |method| method.position = position);
    methods(&shop, &[(1, 7), (2, -4), (3, 7), (4, 0), (5, -4)].map(placed)).await;
    let mut found: Vec<DeliveryMethodId> = Vec::new();
    let mut request = PageRequest::first(2);
    for more in [true, true, false] {
        let (page, cost) = shop.cost(list_methods(shop.db.read(), &request)).await;
        let page = page.unwrap();
        assert_eq!((cost, page.info.has_next), (1, more));
        found.extend(page.nodes().copied());
        request.after = page.rows.last().map(|last| last.cursor.clone());
    }
    assert_eq!(found, [2, 5, 4, 1, 3].map(id::<DeliveryMethodId>), "alike, the older first");

    zones(&shop, [3, 1, 2]).await;
    let mut found: Vec<DeliveryZoneId> = Vec::new();
    let mut request = PageRequest::first(2);
    for more in [true, false] {
        let (page, cost) = shop.cost(list_zones(shop.db.read(), &request)).await;
        let page = page.unwrap();
        assert_eq!((cost, page.info.has_next), (1, more));
        found.extend(page.nodes().copied());
        request.after = page.rows.last().map(|last| last.cursor.clone());
    }
    assert_eq!(found, [1, 2, 3].map(id::<DeliveryZoneId>));
}
