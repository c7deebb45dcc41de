//! Price lists in the system of record.

use super::*;
use crate::{
    market,
    pricing::{
        Removed, Saved, Switched,
        sample::{currency, id, market as sample_market, price, price_list},
    },
    testing::{TestShop, at},
};
use futures_util::future::join_all;
use stoa_domain::{
    pricing::{ListPrice, PriceList, PriceListKind},
    shared::{
        PriceListId, VariantId,
        page::{Page, PageRequest},
    },
};

async fn made(shop: &TestShop, lists: impl IntoIterator<Item = u128>) {
    for n in lists {
        assert_eq!(shop.tx(async |tx| insert(tx, &price_list(n), at(0)).await).await, Saved::Saved);
    }
}

async fn fixed(shop: &TestShop, list: u128, prices: &[ListPrice]) {
    let set = shop.tx(async |tx| set_prices(tx, id(list), prices).await).await;
    assert_eq!(set, PricesSet::Set);
}

/// A list with everything that a list can have.
fn full(n: u128) -> Switched<PriceList> {
    let list = price_list(n);
    let rule = PriceList {
        name: "Größe \"L\"".into(),
        kind: PriceListKind::Group([id(1), id(2)].into()),
        currency: currency("KWD"),
        adjustment: Some(-999_999),
        market: Some(id(1)),
        starts_at: Some(at(5)),
        ends_at: Some(at(6)),
        ..list.rule
    };
    Switched { rule, active: false }
}

#[tokio::test]
async fn what_was_written_is_read_back() {
    let shop = TestShop::open().await;
    made(&shop, [1, 2]).await;
    shop.tx(async |tx| market::insert(tx, &sample_market(1, &[]), at(0)).await).await;
    assert_eq!(shop.tx(async |tx| update(tx, 1, &full(2), at(5)).await).await, Saved::Saved);
    let (read, cost) = shop.cost(find_all(shop.db.read(), &[id(2), id(9), id(1)])).await;
    let read = read.unwrap();
    assert_eq!(cost, 1);
    assert_eq!(read.iter().map(|kept| kept.rule.clone()).collect::<Vec<_>>(), [full(2), price_list(1)]);
    assert_eq!((read[0].version, read[0].created_at, read[0].updated_at), (2, at(0), at(5)));
    assert_eq!((read[1].version, read[1].created_at, read[1].updated_at), (1, at(0), at(0)));
    assert_eq!(find(shop.db.read(), id(9)).await.unwrap(), None);
}

#[tokio::test]
async fn a_name_is_one_lists_and_a_market_is_there() {
    let shop = TestShop::open().await;
    made(&shop, [1, 2]).await;
    let shouted = Switched { rule: PriceList { name: "SALE 1".into(), ..price_list(3).rule }, active: true };
    assert_eq!(shop.given_up(async |tx| insert(tx, &shouted, at(0)).await).await, Saved::Taken);
    let second = Switched { rule: PriceList { id: id(2), ..shouted.rule }, active: true };
    assert_eq!(shop.given_up(async |tx| update(tx, 1, &second, at(0)).await).await, Saved::Taken);
    let nowhere = Switched { rule: PriceList { market: Some(id(8)), ..price_list(3).rule }, active: true };
    assert_eq!(shop.given_up(async |tx| insert(tx, &nowhere, at(0)).await).await, Saved::Unknown);
    let second = Switched { rule: PriceList { id: id(2), ..nowhere.rule }, active: true };
    assert_eq!(shop.given_up(async |tx| update(tx, 1, &second, at(0)).await).await, Saved::Unknown);
    assert_eq!(find(shop.db.read(), id(2)).await.unwrap().unwrap().rule, price_list(2));
}

#[tokio::test]
async fn who_has_read_an_older_version_changes_nothing() {
    let shop = TestShop::open().await;
    made(&shop, [1]).await;
    fixed(&shop, 1, &[price(1, 2, 1, 3)]).await;
    assert_eq!(shop.tx(async |tx| update(tx, 1, &price_list(1), at(1)).await).await, Saved::Saved);
    let other = Switched { active: false, ..price_list(1) };
    for (version, to) in [(1, &other), (3, &other), (1, &price_list(7))] {
        assert_eq!(shop.tx(async |tx| update(tx, version, to, at(2)).await).await, Saved::Stale);
    }
    for version in [1, 3] {
        assert_eq!(shop.tx(async |tx| remove(tx, id(1), version).await).await, Removed::Stale);
    }
    assert!(find(shop.db.read(), id(1)).await.unwrap().unwrap().rule.active);
    assert_eq!(prices_of(shop.db.read(), id(1), &[id(2)]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_list_goes_with_what_it_fixes_unless_a_market_has_it() {
    let shop = TestShop::open().await;
    made(&shop, [1, 2]).await;
    fixed(&shop, 1, &[price(1, 2, 1, 3), price(1, 2, 10, 2)]).await;
    fixed(&shop, 2, &[price(2, 2, 1, 9)]).await;
    let of_list = stoa_domain::market::Market { price_list: Some(id(1)), ..sample_market(1, &[]) };
    shop.tx(async |tx| market::insert(tx, &of_list, at(0)).await).await;
    assert_eq!(shop.tx(async |tx| remove(tx, id(1), 1).await).await, Removed::InUse);
    assert_eq!(prices_of(shop.db.read(), id(1), &[id(2)]).await.unwrap().len(), 2);
    shop.tx(async |tx| market::remove(tx, id(1), 1).await).await;
    assert_eq!(shop.tx(async |tx| remove(tx, id(1), 1).await).await, Removed::Removed);
    assert_eq!(find(shop.db.read(), id(1)).await.unwrap(), None);
    assert_eq!(prices_of(shop.db.read(), id(1), &[id(2)]).await.unwrap(), []);
    assert_eq!(prices_of(shop.db.read(), id(2), &[id(2)]).await.unwrap(), [price(2, 2, 1, 9)]);
    assert_eq!(shop.tx(async |tx| remove(tx, id(1), 1).await).await, Removed::Stale, "it was gone before");
}

#[tokio::test]
async fn as_many_prices_as_one_request_has_are_fixed_at_the_cost_of_one() {
    let shop = TestShop::open().await;
    made(&shop, [1, 2]).await;
    fixed(&shop, 2, &[price(2, 1, 1, 7)]).await;
    let set = async |prices: &[ListPrice]| {
        let (set, cost) = shop.cost(shop.tx(async |tx| set_prices(tx, id(1), prices).await)).await;
        assert_eq!(set, PricesSet::Set);
        cost
    };
    let all: Vec<ListPrice> = (0..250).map(|n| price(1, n / 2, 1 + 9 * (n % 2) as u32, 5)).collect();
    assert_eq!(set(&all[..1]).await, set(&all).await);
    let variants: Vec<VariantId> = (0..125).map(id).collect();
    let (read, cost) = shop.cost(prices_of(shop.db.read(), id(1), &variants)).await;
    assert_eq!((read.unwrap(), cost), (all.clone(), 1), "by variant and quantity");

    // Again, with others: those that are there change, and the later of two counts.
    let changed = ListPrice { compare_at: Some(9), ..price(1, 3, 10, 6) };
    set(&[price(1, 3, 10, 1), price(1, 900, 1, 4), changed]).await;
    let read = prices_of(shop.db.read(), id(1), &[id(900), id(3)]).await.unwrap();
    assert_eq!(read, [price(1, 3, 1, 5), changed, price(1, 900, 1, 4)]);
    // Whatever list a price says that it is of, it is of the one that is named.
    set(&[price(2, 1, 1, 8)]).await;
    assert_eq!(prices_of(shop.db.read(), id(1), &[id(1)]).await.unwrap()[0], price(1, 1, 1, 8));
    assert_eq!(prices_of(shop.db.read(), id(2), &[id(1)]).await.unwrap(), [price(2, 1, 1, 7)]);
    assert_eq!(shop.cost(prices_of(shop.db.read(), id(1), &[])).await.1, 0);
}

#[tokio::test]
async fn of_those_who_fix_the_same_prices_at_once_one_has_fixed_all() {
    let shop = TestShop::open().await;
    made(&shop, [1]).await;
    let fix = async |n: i64| {
        // In any order.
        let mut prices: Vec<ListPrice> = (0..20).map(|variant| price(1, variant, 1, n)).collect();
        if n % 2 == 0 {
            prices.reverse();
        }
        fixed(&shop, 1, &prices).await;
    };
    join_all((0..8).map(fix)).await;
    let variants: Vec<VariantId> = (0..20).map(id).collect();
    let read = prices_of(shop.db.read(), id(1), &variants).await.unwrap();
    assert_eq!(read.len(), 20);
    assert!(read.iter().all(|price| price.price == read[0].price), "{read:?}");
}

#[tokio::test]
async fn a_list_that_is_not_there_fixes_nothing() {
    let shop = TestShop::open().await;
    let set = shop.given_up(async |tx| set_prices(tx, id(1), &[price(1, 2, 1, 3)]).await).await;
    assert_eq!(set, PricesSet::NoList);
    assert_eq!(shop.tx(async |tx| remove_prices(tx, id(1), &[id(2)]).await).await, 0);
    assert_eq!(shop.tx(async |tx| remove_breaks(tx, id(1), &[(id(2), 1)]).await).await, 0);
}

/// They are kept in memory.
#[tokio::test]
async fn a_shop_fixes_no_more_prices_than_it_can_keep() {
    let shop = TestShop::open().await;
    made(&shop, [1, 2]).await;
    let (list, variant) = (id::<PriceListId>(1).uuid(), id::<VariantId>(1).uuid());
    let many = format!(
        "INSERT INTO price_list_prices (price_list_id, variant_id, from_quantity, price) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MOST_PRICES}) SELECT {}, {}, i, 1 FROM n",
        shop.literal(list),
        shop.literal(variant)
    );
    shop.run_sql(&[many]).await;
    let one_more = [price(2, 2, 1, 3)];
    let refused = shop.given_up(async |tx| set_prices(tx, id(2), &one_more).await).await;
    assert_eq!(refused, PricesSet::TooMany);
    // Changing one is none more, and where one has gone there is room for one.
    fixed(&shop, 1, &[price(1, 1, 1, 2)]).await;
    assert_eq!(shop.tx(async |tx| remove_breaks(tx, id(1), &[(id(1), 7)]).await).await, 1);
    fixed(&shop, 2, &one_more).await;
}

#[tokio::test]
async fn prices_are_taken_away_by_variant_or_by_quantity() {
    let shop = TestShop::open().await;
    made(&shop, [1, 2]).await;
    let all: Vec<ListPrice> =
        (1..=4).flat_map(|n| [price(1, n, 1, 9), price(1, n, 5, 8), price(1, n, 10, 7)]).collect();
    fixed(&shop, 1, &all).await;
    fixed(&shop, 2, &[price(2, 1, 1, 3)]).await;
    let left = async || prices_of(shop.db.read(), id(1), &[id(1), id(2), id(3), id(4)]).await.unwrap();
    let gone = shop.tx(async |tx| remove_prices(tx, id(1), &[id(1), id(3), id(99)]).await).await;
    assert_eq!(gone, 6);
    assert_eq!(left().await, [&all[3..6], &all[9..]].concat());
    let breaks = [(id(2), 5), (id(4), 1), (id(4), 99), (id(1), 5)];
    assert_eq!(shop.tx(async |tx| remove_breaks(tx, id(1), &breaks).await).await, 2);
    assert_eq!(left().await, [all[3], all[5], all[10], all[11]]);
    assert_eq!(shop.tx(async |tx| remove_breaks(tx, id(1), &[]).await).await, 0);
    assert_eq!(prices_of(shop.db.read(), id(2), &[id(1)]).await.unwrap(), [price(2, 1, 1, 3)]);
}

/// All pages of a list, three at a time and each with one statement.
async fn walked<Id: Copy>(
    shop: &TestShop,
    page: impl AsyncFn(PageRequest) -> Result<Page<Id>, crate::db::ListError>,
) -> Vec<Id> {
    let mut found = Vec::new();
    let mut request = PageRequest::first(3);
    loop {
        let (read, cost) = shop.cost(page(request.clone())).await;
        let read = read.unwrap();
        assert_eq!(cost, 1);
        found.extend(read.nodes().copied());
        match read.rows.last() {
            Some(last) if read.info.has_next => request.after = Some(last.cursor.clone()),
            _ => return found,
        }
    }
}

#[tokio::test]
async fn staff_find_lists_by_name_and_what_they_fix_by_variant() {
    let shop = TestShop::open().await;
    let names = ["beta", "Alpha", "delta", "Gamma", "epsilon"];
    for (n, name) in (1..).zip(names) {
        let list = price_list(n);
        let list = Switched { rule: PriceList { name: name.into(), ..list.rule }, ..list };
        shop.tx(async |tx| insert(tx, &list, at(0)).await).await;
    }
    let lists = walked(&shop, async |request| list_price_lists(shop.db.read(), &request).await).await;
    assert_eq!(lists, [2, 1, 3, 5, 4].map(id::<PriceListId>));

    let prices: Vec<ListPrice> = (1..=7).rev().flat_map(|n| [price(1, n, 1, 9), price(1, n, 5, 8)]).collect();
    fixed(&shop, 1, &prices).await;
    fixed(&shop, 2, &[price(2, 70, 1, 3)]).await;
    let variants =
        walked(&shop, async |request| list_priced_variants(shop.db.read(), id(1), &request).await).await;
    assert_eq!(variants, [1, 2, 3, 4, 5, 6, 7].map(id::<VariantId>), "each once");

    // A cursor of one of the two is none of the other.
    let page = list_price_lists(shop.db.read(), &PageRequest::first(1)).await.unwrap();
    let foreign = PageRequest { after: Some(page.rows[0].cursor.clone()), ..PageRequest::first(1) };
    let refused = list_priced_variants(shop.db.read(), id(1), &foreign).await;
    assert!(matches!(refused, Err(crate::db::ListError::Cursor(_))));
}
