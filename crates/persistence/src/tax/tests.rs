//! Taxes in the system of record.

use super::*;
use crate::{
    catalog, delivery,
    pricing::{
        Removed, Saved, Switched,
        sample::{delivery_method, id, tax_category, tax_rate, tax_zone},
    },
    testing::{TestShop, at, product},
};
use std::sync::Arc;
use stoa_domain::{
    delivery::DeliveryMethod,
    shared::{TaxCategoryId, TaxRateId, TaxZoneId, page::PageRequest},
    tax::{CategoryKind, TaxCategory, TaxRate, TaxZone},
};

async fn categories(shop: &TestShop, all: impl IntoIterator<Item = u128>) {
    for n in all {
        let saved = shop.tx(async |tx| insert_category(tx, &tax_category(n), at(0)).await).await;
        assert_eq!(saved, Saved::Saved);
    }
}

async fn zones(shop: &TestShop, all: &[TaxZone]) {
    for zone in all {
        assert_eq!(shop.tx(async |tx| insert_zone(tx, zone, at(0)).await).await, Saved::Saved);
    }
}

#[tokio::test]
async fn categories_are_read_back_as_they_were_written() {
    let shop = TestShop::open().await;
    categories(&shop, [1, 2]).await;
    let to = TaxCategory { name: "Livres".into(), kind: CategoryKind::Exempt, ..tax_category(2) };
    assert_eq!(shop.tx(async |tx| update_category(tx, 1, &to, at(5)).await).await, Saved::Saved);
    let (read, cost) = shop.cost(find_categories(shop.db.read(), &[id(2), id(9), id(1)])).await;
    let read = read.unwrap();
    assert_eq!(cost, 1);
    assert_eq!(read.iter().map(|kept| kept.rule.clone()).collect::<Vec<_>>(), [to, tax_category(1)]);
    assert_eq!((read[0].version, read[0].created_at, read[0].updated_at), (2, at(0), at(5)));
}

#[tokio::test]
async fn a_code_is_one_categorys_and_an_older_version_changes_nothing() {
    let shop = TestShop::open().await;
    categories(&shop, [1, 2]).await;
    let alike = |n| TaxCategory { code: "reduced-1".into(), ..tax_category(n) };
    assert_eq!(shop.given_up(async |tx| insert_category(tx, &alike(3), at(0)).await).await, Saved::Taken);
    assert_eq!(shop.given_up(async |tx| update_category(tx, 1, &alike(2), at(0)).await).await, Saved::Taken);
    let other = TaxCategory { kind: CategoryKind::Exempt, ..tax_category(2) };
    for (version, to) in [(0, other.clone()), (2, other), (1, tax_category(7))] {
        assert_eq!(shop.tx(async |tx| update_category(tx, version, &to, at(2)).await).await, Saved::Stale);
    }
    assert_eq!(shop.tx(async |tx| remove_category(tx, id(2), 2).await).await, Removed::Stale);
    let read = find_categories(shop.db.read(), &[id(2)]).await.unwrap();
    assert_eq!(read[0].rule, tax_category(2));
}

#[tokio::test]
async fn a_category_stays_while_anything_is_of_it() {
    let shop = TestShop::open().await;
    categories(&shop, [1]).await;
    let category: TaxCategoryId = id(1);
    let removed = async || shop.tx(async |tx| remove_category(tx, category, 1).await).await;

    zones(&shop, &[tax_zone(1, vec![tax_rate(1, Some(category))])]).await;
    assert_eq!(removed().await, Removed::InUse, "a rate");
    shop.tx(async |tx| remove_zone(tx, id(1), 1).await).await;

    let mug = shop.add(&[product("Mug")]).await[0];
    let of = async |category| {
        assert!(shop.tx(async |tx| catalog::set_product_facts(tx, mug, false, category).await).await);
    };
    of(Some(category)).await;
    assert_eq!(removed().await, Removed::InUse, "goods");
    of(None).await;

    let method = delivery_method(1, None);
    let method = Switched { rule: DeliveryMethod { tax_category: Some(category), ..method.rule }, ..method };
    shop.tx(async |tx| delivery::insert_method(tx, &method, at(0)).await).await;
    assert_eq!(removed().await, Removed::InUse, "a way of delivering");
    shop.tx(async |tx| delivery::remove_method(tx, id(1), 1).await).await;

    assert_eq!(removed().await, Removed::Removed);
    assert_eq!(removed().await, Removed::Stale, "it was gone before");
}

#[tokio::test]
async fn a_zone_is_read_back_with_its_rates_in_their_order() {
    let shop = TestShop::open().await;
    categories(&shop, [1]).await;
    let plain = TaxRate {
        category: Some(id(1)),
        compound: false,
        on_delivery: false,
        valid_from: None,
        valid_until: None,
        ..tax_rate(3, None)
    };
    let full = tax_zone(1, vec![tax_rate(1, None), tax_rate(2, Some(id(1))), plain]);
    let everywhere = TaxZone {
        level: 3,
        country: None,
        provinces: [].into(),
        postal_ranges: Vec::new(),
        ..tax_zone(2, Vec::new())
    };
    zones(&shop, &[full.clone(), everywhere.clone()]).await;
    let (read, cost) = shop.cost(find_zones(shop.db.read(), &[id(2), id(9), id(1)])).await;
    let read = read.unwrap();
    assert_eq!(cost, 2);
    assert_eq!(read.iter().map(|kept| kept.rule.clone()).collect::<Vec<_>>(), [everywhere, full.clone()]);

    // Its rates are those that it is given, and no others: one stays, one is new, one is first where it was last.
    let first = Arc::new(TaxRate { position: -1, ..(*full.rates[2]).clone() });
    let rates = vec![first, Arc::clone(&full.rates[0]), Arc::new(tax_rate(9, None))];
    let to = TaxZone { name: "New".into(), priority: -3, rates, ..full };
    assert_eq!(shop.tx(async |tx| update_zone(tx, 1, &to, at(5)).await).await, Saved::Saved);
    let read = find_zone(shop.db.read(), id(1)).await.unwrap().unwrap();
    assert_eq!((read.rule, read.version, read.created_at, read.updated_at), (to, 2, at(0), at(5)));
    assert_eq!(find_zone(shop.db.read(), id(9)).await.unwrap(), None);
}

#[tokio::test]
async fn an_older_version_changes_neither_a_zone_nor_its_rates() {
    let shop = TestShop::open().await;
    let zone = tax_zone(1, vec![tax_rate(1, None)]);
    zones(&shop, std::slice::from_ref(&zone)).await;
    for (version, to) in
        [(0, tax_zone(1, Vec::new())), (2, tax_zone(1, Vec::new())), (1, tax_zone(7, Vec::new()))]
    {
        assert_eq!(shop.tx(async |tx| update_zone(tx, version, &to, at(2)).await).await, Saved::Stale);
    }
    assert_eq!(shop.tx(async |tx| remove_zone(tx, id(1), 2).await).await, Removed::Stale);
    assert_eq!(find_zone(shop.db.read(), id(1)).await.unwrap().unwrap().rule, zone);
    assert_eq!(shop.tx(async |tx| remove_zone(tx, id(1), 1).await).await, Removed::Removed);
    assert_eq!(find_zone(shop.db.read(), id(1)).await.unwrap(), None);
    assert_eq!(shop.tx(async |tx| remove_zone(tx, id(1), 1).await).await, Removed::Stale);
    // Its rates have gone with it.
    zones(&shop, &[tax_zone(2, vec![tax_rate(1, None)])]).await;
}

#[tokio::test]
async fn a_rate_is_of_a_category_that_is_there() {
    let shop = TestShop::open().await;
    let lost = tax_zone(1, vec![tax_rate(1, Some(id(8)))]);
    assert_eq!(shop.given_up(async |tx| insert_zone(tx, &lost, at(0)).await).await, Saved::Unknown);
    assert_eq!(find_zone(shop.db.read(), id(1)).await.unwrap(), None);
    zones(&shop, &[tax_zone(1, Vec::new())]).await;
    assert_eq!(shop.given_up(async |tx| update_zone(tx, 1, &lost, at(0)).await).await, Saved::Unknown);
    assert_eq!(find_zone(shop.db.read(), id(1)).await.unwrap().unwrap().rule, tax_zone(1, Vec::new()));
}

/// As an import writes them.
#[tokio::test]
async fn a_zone_has_as_many_rates_as_it_is_given() {
    let shop = TestShop::open().await;
    let rates: Vec<TaxRate> =
        (1..=2_000).map(|n| TaxRate { id: id::<TaxRateId>(n), ..tax_rate(n, None) }).collect();
    let zone = tax_zone(1, rates);
    zones(&shop, std::slice::from_ref(&zone)).await;
    assert_eq!(find_zone(shop.db.read(), id(1)).await.unwrap().unwrap().rule, zone);
}

#[tokio::test]
async fn staff_find_categories_by_code_and_zones_as_they_were_made() {
    let shop = TestShop::open().await;
    for (n, code) in (1..).zip(["c", "a", "d", "b"]) {
        let category = TaxCategory { code: code.into(), ..tax_category(n) };
        shop.tx(async |tx| insert_category(tx, &category, at(0)).await).await;
    }
    zones(&shop, &[4, 2, 3, 1].map(|n| tax_zone(n, Vec::new()))).await;
    let (mut by_code, mut made): (Vec<TaxCategoryId>, Vec<TaxZoneId>) = (Vec::new(), Vec::new());
    let mut request = PageRequest::first(3);
    for more in [true, false] {
        let (page, cost) = shop.cost(list_categories(shop.db.read(), &request)).await;
        let page = page.unwrap();
        assert_eq!((cost, page.info.has_next), (1, more));
        by_code.extend(page.nodes().copied());
        request.after = page.rows.last().map(|last| last.cursor.clone());
    }
    assert_eq!(by_code, [2, 4, 1, 3].map(id::<TaxCategoryId>));
    let mut request = PageRequest::first(3);
    for more in [true, false] {
        let (page, cost) = shop.cost(list_zones(shop.db.read(), &request)).await;
        let page = page.unwrap();
        assert_eq!((cost, page.info.has_next), (1, more));
        made.extend(page.nodes().copied());
        request.after = page.rows.last().map(|last| last.cursor.clone());
    }
    assert_eq!(made, [1, 2, 3, 4].map(id::<TaxZoneId>));
}
