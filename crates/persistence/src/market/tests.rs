//! Markets and rates in the system of record.

use super::*;
use crate::{
    price_list,
    pricing::{
        Removed, Switched,
        sample::{countries, currency, id, market, price_list as sample_list, rate},
    },
    testing::{TestShop, at},
};
use futures_util::future::join_all;
use stoa_domain::{
    market::Market,
    pricing::{PriceList, RoundingRule},
    shared::{MarketId, page::PageRequest},
};

async fn made(shop: &TestShop, markets: &[Market]) {
    for market in markets {
        assert_eq!(shop.tx(async |tx| insert(tx, market, at(0)).await).await, MarketSaved::Saved);
    }
}

async fn read(shop: &TestShop, n: u128) -> Market {
    find(shop.db.read(), id(n)).await.unwrap().unwrap().rule
}

#[tokio::test]
async fn what_was_written_is_read_back() {
    let shop = TestShop::open().await;
    made(&shop, &[market(1, &["JP", "KR"]), market(2, &[])]).await;
    shop.tx(async |tx| price_list::insert(tx, &sample_list(1), at(0)).await).await;
    let to = Market {
        name: "Länder".into(),
        currency: currency("CHF"),
        price_list: Some(id(1)),
        rounding: RoundingRule::Nearest(5),
        prices_include_tax: None,
        net_prices: false,
        active: false,
        ..market(2, &["CH", "LI"])
    };
    let saved = shop.tx(async |tx| update(tx, 1, &to, at(5)).await).await;
    assert_eq!(saved, MarketSaved::Saved);
    let (found, cost) = shop.cost(find_all(shop.db.read(), &[id(2), id(9), id(1)])).await;
    let found = found.unwrap();
    assert_eq!(cost, 2);
    let rules: Vec<Market> = found.iter().map(|kept| kept.rule.clone()).collect();
    assert_eq!(rules, [to, market(1, &["JP", "KR"])]);
    assert_eq!((found[0].version, found[0].created_at, found[0].updated_at), (2, at(0), at(5)));
    assert_eq!(find(shop.db.read(), id(9)).await.unwrap(), None);
}

#[tokio::test]
async fn a_country_is_in_one_market() {
    let shop = TestShop::open().await;
    made(&shop, &[market(1, &["JP", "KR"]), market(2, &["CH"])]).await;
    let insert_too = async |new: Market| shop.given_up(async |tx| insert(tx, &new, at(0)).await).await;
    let update_to = async |to: Market| shop.given_up(async |tx| update(tx, 1, &to, at(0)).await).await;
    assert_eq!(insert_too(market(3, &["FR", "JP"])).await, MarketSaved::CountryTaken);
    assert_eq!(update_to(market(2, &["CH", "KR"])).await, MarketSaved::CountryTaken);
    assert_eq!(read(&shop, 2).await, market(2, &["CH"]));
    assert_eq!(find(shop.db.read(), id(3)).await.unwrap(), None);
    // It moves by leaving one first; those that stay are no others' either.
    let left = market(1, &["JP"]);
    assert_eq!(shop.tx(async |tx| update(tx, 1, &left, at(1)).await).await, MarketSaved::Saved);
    let taken = market(2, &["CH", "KR"]);
    assert_eq!(shop.tx(async |tx| update(tx, 1, &taken, at(1)).await).await, MarketSaved::Saved);
    assert_eq!((read(&shop, 1).await, read(&shop, 2).await), (left, taken));
}

#[tokio::test]
async fn of_those_who_take_a_country_at_once_one_has_it() {
    let shop = TestShop::open().await;
    let take = async |n: u128| {
        let new = market(n, &["JP"]);
        let tx = shop.write().await;
        let saved = insert(&tx, &new, at(0)).await.unwrap();
        if saved == MarketSaved::Saved {
            tx.commit().await.unwrap();
        } else {
            tx.rollback().await.unwrap();
        }
        saved
    };
    let outcomes = join_all((1..=6).map(take)).await;
    let having = outcomes.iter().filter(|saved| **saved == MarketSaved::Saved).count();
    let refused = outcomes.iter().filter(|saved| **saved == MarketSaved::CountryTaken).count();
    assert_eq!((having, refused), (1, 5), "{outcomes:?}");
    assert_eq!(active(shop.db.read()).await.unwrap().0.len(), 1);
}

#[tokio::test]
async fn a_name_is_one_markets_and_its_list_is_there() {
    let shop = TestShop::open().await;
    made(&shop, &[market(1, &[]), market(2, &[])]).await;
    let shouted = |n| Market { name: "MARKET 1".into(), ..market(n, &[]) };
    let listed = |n| Market { price_list: Some(id(8)), ..market(n, &[]) };
    for (new, saved) in [(shouted(3), MarketSaved::NameTaken), (listed(3), MarketSaved::NoList)] {
        assert_eq!(shop.given_up(async |tx| insert(tx, &new, at(0)).await).await, saved);
    }
    for (to, saved) in [(shouted(2), MarketSaved::NameTaken), (listed(2), MarketSaved::NoList)] {
        assert_eq!(shop.given_up(async |tx| update(tx, 1, &to, at(0)).await).await, saved);
    }
    // Its own name in another letter case is its own.
    assert_eq!(shop.tx(async |tx| update(tx, 1, &shouted(1), at(0)).await).await, MarketSaved::Saved);
}

#[tokio::test]
async fn who_has_read_an_older_version_changes_nothing() {
    let shop = TestShop::open().await;
    made(&shop, &[market(1, &["JP"])]).await;
    let now = market(1, &["JP", "KR"]);
    assert_eq!(shop.tx(async |tx| update(tx, 1, &now, at(1)).await).await, MarketSaved::Saved);
    for (version, to) in [(1, market(1, &["US"])), (3, market(1, &[])), (1, market(7, &["US"]))] {
        assert_eq!(shop.tx(async |tx| update(tx, version, &to, at(2)).await).await, MarketSaved::Stale);
    }
    for version in [1, 3] {
        assert_eq!(shop.tx(async |tx| remove(tx, id(1), version).await).await, Removed::Stale);
    }
    assert_eq!(read(&shop, 1).await, now, "its countries neither");
}

#[tokio::test]
async fn a_market_goes_with_its_countries_unless_a_list_is_for_it_alone() {
    let shop = TestShop::open().await;
    made(&shop, &[market(1, &["JP"])]).await;
    let list = sample_list(1);
    let list = Switched { rule: PriceList { market: Some(id(1)), ..list.rule }, ..list };
    shop.tx(async |tx| price_list::insert(tx, &list, at(0)).await).await;
    assert_eq!(shop.tx(async |tx| remove(tx, id(1), 1).await).await, Removed::InUse);
    assert_eq!(read(&shop, 1).await.countries, countries(&["JP"]));
    shop.tx(async |tx| price_list::remove(tx, id(1), 1).await).await;
    assert_eq!(shop.tx(async |tx| remove(tx, id(1), 1).await).await, Removed::Removed);
    made(&shop, &[market(2, &["JP"])]).await;
}

#[tokio::test]
async fn rates_are_set_changed_and_taken_away() {
    let shop = TestShop::open().await;
    let set = async |said: &[KeptRate]| shop.tx(async |tx| set_rates(tx, said, at(0)).await).await;
    let known = async || {
        let (known, cost) = shop.cost(rates(shop.db.read())).await;
        assert_eq!(cost, 1);
        known.unwrap()
    };
    assert_eq!(known().await, []);
    let all = ["JPY", "CHF", "KWD"].map(|code| rate(code, "0.000000001"));
    set(&all).await;
    assert_eq!(known().await, [all[1].clone(), all[0].clone(), all[2].clone()], "by currency");
    // Of two of a currency the later counts; others stay.
    let late = KeptRate { source: "x".repeat(70), as_of: at(3), ..rate("JPY", "163.205000001") };
    set(&[rate("JPY", "1"), late.clone(), rate("USD", "1")]).await;
    let kept = KeptRate { source: "x".repeat(64), ..late };
    assert_eq!(known().await, [all[1].clone(), kept, all[2].clone(), rate("USD", "1")]);
    set(&[]).await;
    assert!(shop.tx(async |tx| remove_rate(tx, currency("CHF")).await).await);
    assert!(!shop.tx(async |tx| remove_rate(tx, currency("CHF")).await).await);
    let codes: Vec<_> = known().await.iter().map(|known| known.currency).collect();
    assert_eq!(codes, ["JPY", "KWD", "USD"].map(currency));
}

#[tokio::test]
async fn staff_find_markets_by_name_page_by_page() {
    let shop = TestShop::open().await;
    let names = ["beta", "Alpha", "delta", "Gamma", "epsilon"];
    let markets = (1..).zip(names).map(|(n, name)| Market { name: name.into(), ..market(n, &[]) });
    made(&shop, &markets.collect::<Vec<_>>()).await;
    let mut found: Vec<MarketId> = Vec::new();
    let mut request = PageRequest::first(2);
    loop {
        let (page, cost) = shop.cost(list_markets(shop.db.read(), &request)).await;
        let page = page.unwrap();
        assert_eq!(cost, 1);
        found.extend(page.nodes().copied());
        match page.rows.last() {
            Some(last) if page.info.has_next => request.after = Some(last.cursor.clone()),
            _ => break,
        }
    }
    assert_eq!(found, [2, 1, 3, 5, 4].map(id::<MarketId>));
    let reversed = PageRequest { from_end: true, ..PageRequest::first(2) };
    let last = list_markets(shop.db.read(), &reversed).await.unwrap();
    assert_eq!(last.nodes().copied().collect::<Vec<_>>(), [5, 4].map(id::<MarketId>));
}
