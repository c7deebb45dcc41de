//! The number of the rules: what raises it, who is told, and when it changes what shows by the clock.

use super::*;
use crate::{WriteTx, catalog, db::LOCK_ORDER, testing::product};
use std::sync::{Arc, Mutex};
use stoa_domain::{
    catalog::ProductInput,
    shared::{Fault, Timestamp, VariantId},
    tax::TaxRate,
};

/// A shop whose statements are looked at.
struct Watched {
    shop: TestShop,
    run: Arc<Mutex<Vec<String>>>,
}

impl Watched {
    async fn open() -> Self {
        let (shop, run) = (TestShop::open().await, Arc::<Mutex<Vec<String>>>::default());
        let seen = Arc::clone(&run);
        shop.db.observe(move |statement| seen.lock().unwrap().push(statement.sql.to_owned()));
        Self { shop, run }
    }

    /// By how much some work raises the catalogue's version and the number of the rules. Given up, it raises neither.
    async fn raised<T: Send>(&self, work: impl AsyncFn(&WriteTx) -> Result<T, Fault>) -> (i64, i64) {
        let shop = &self.shop;
        let before = versions(shop.db.read()).await;
        shop.given_up(&work).await;
        assert_eq!(versions(shop.db.read()).await, before);
        self.run.lock().unwrap().clear();
        shop.tx(&work).await;
        in_order(&self.run.lock().unwrap());
        let after = versions(shop.db.read()).await;
        (after.0 - before.0, after.1 - before.1)
    }
}

/// The turn is taken first, and then rows table by table as it is written down.
fn in_order(run: &[String]) {
    let mut tables: Vec<&str> = Vec::new();
    for statement in run {
        let behind = match statement.split(' ').next() {
            Some("UPDATE") => "UPDATE \"",
            Some("DELETE") => "DELETE FROM \"",
            Some("INSERT") => "INSERT INTO \"",
            Some("SELECT") if statement.contains("FOR UPDATE") => " FROM \"",
            _ => continue,
        };
        let (_, table) = statement.split_once(behind).expect("a table");
        let table = table.split('"').next().expect("its name");
        if !tables.contains(&table) {
            tables.push(table);
        }
    }
    assert_eq!(tables.first(), Some(&"catalog_state"), "{run:#?}");
    // SQLite has one writer, and locks no rows.
    if std::env::var("STOA_TEST_DATABASE").is_ok() {
        let rank =
            |table: &&str| LOCK_ORDER.iter().position(|ranked| ranked == table).expect("it has a place");
        assert!(tables.is_sorted_by_key(rank), "{tables:?}");
    }
}

/// What carts cost.
const RULES: (i64, i64) = (0, 1);
/// What carts cost, and what the catalogue shows.
const PRICES: (i64, i64) = (1, 1);

#[tokio::test]
async fn whatever_changes_a_rule_raises_their_number_with_it() {
    let shop = Watched::open().await;
    assert_eq!(shop.raised(take_turn).await, RULES);
    assert_eq!(shop.raised(async |tx| save_settings(tx, 0, &settings::decided(), at(0)).await).await, PRICES);

    let (list, fixed) = (price_list(1), [price(1, 2, 1, 3)]);
    assert_eq!(shop.raised(async |tx| price_list::insert(tx, &list, at(0)).await).await, PRICES);
    assert_eq!(shop.raised(async |tx| price_list::update(tx, 1, &list, at(0)).await).await, PRICES);
    assert_eq!(shop.raised(async |tx| price_list::set_prices(tx, id(1), &fixed).await).await, PRICES);
    let breaks = [(id::<VariantId>(2), 1)];
    assert_eq!(shop.raised(async |tx| price_list::remove_breaks(tx, id(1), &breaks).await).await, PRICES);
    assert_eq!(shop.raised(async |tx| price_list::remove_prices(tx, id(1), &[id(2)]).await).await, PRICES);
    assert_eq!(shop.raised(async |tx| price_list::remove(tx, id(1), 2).await).await, PRICES);

    let sold = market(1, &["JP"]);
    assert_eq!(shop.raised(async |tx| market::insert(tx, &sold, at(0)).await).await, PRICES);
    assert_eq!(shop.raised(async |tx| market::update(tx, 1, &sold, at(0)).await).await, PRICES);
    assert_eq!(shop.raised(async |tx| market::remove(tx, id(1), 2).await).await, PRICES);
    let rates = [rate("JPY", "163")];
    assert_eq!(shop.raised(async |tx| market::set_rates(tx, &rates, at(0)).await).await, PRICES);
    assert_eq!(shop.raised(async |tx| market::remove_rate(tx, currency("JPY")).await).await, PRICES);

    let category = tax_category(1);
    assert_eq!(shop.raised(async |tx| tax::insert_category(tx, &category, at(0)).await).await, PRICES);
    assert_eq!(shop.raised(async |tx| tax::update_category(tx, 1, &category, at(0)).await).await, PRICES);
    assert_eq!(shop.raised(async |tx| tax::remove_category(tx, id(1), 2).await).await, PRICES);
    let taxed = tax_zone(1, vec![tax_rate(1, None)]);
    assert_eq!(shop.raised(async |tx| tax::insert_zone(tx, &taxed, at(0)).await).await, PRICES);
    assert_eq!(shop.raised(async |tx| tax::update_zone(tx, 1, &taxed, at(0)).await).await, PRICES);
    assert_eq!(shop.raised(async |tx| tax::remove_zone(tx, id(1), 2).await).await, PRICES);
}

#[tokio::test]
async fn what_no_page_of_the_catalogue_shows_leaves_its_version_as_it_is() {
    use crate::delivery;
    let shop = Watched::open().await;
    let (zone, method) = (delivery_zone(1), delivery_method(1, None));
    assert_eq!(shop.raised(async |tx| delivery::insert_zone(tx, &zone, at(0)).await).await, RULES);
    assert_eq!(shop.raised(async |tx| delivery::update_zone(tx, 1, &zone, at(0)).await).await, RULES);
    assert_eq!(shop.raised(async |tx| delivery::insert_method(tx, &method, at(0)).await).await, RULES);
    assert_eq!(shop.raised(async |tx| delivery::update_method(tx, 1, &method, at(0)).await).await, RULES);
    assert_eq!(shop.raised(async |tx| delivery::remove_method(tx, id(1), 2).await).await, RULES);
    assert_eq!(shop.raised(async |tx| delivery::remove_zone(tx, id(1), 2).await).await, RULES);
    let ten = promotion(1);
    assert_eq!(shop.raised(async |tx| promotion::insert(tx, &ten, at(0)).await).await, RULES);
    assert_eq!(shop.raised(async |tx| promotion::update(tx, 1, &ten, at(0)).await).await, RULES);
    // And a change of the catalogue is none of the rules.
    let before = versions(shop.shop.db.read()).await;
    shop.shop.add(&[product("Mug")]).await;
    assert_eq!(versions(shop.shop.db.read()).await, (before.0 + 1, before.1));
}

#[tokio::test]
async fn merchandise_brings_the_number_of_the_rules_with_no_further_statement() {
    let shop = TestShop::open().await;
    let ids = shop.add(&[product("Mug"), product("Cup")]).await;
    let mut variants: Vec<VariantId> = Vec::new();
    for id in ids {
        variants.push(shop.product(id).await.variants[0].id);
    }
    let read = async || shop.cost(catalog::merchandise(shop.db.read(), &variants, at(0))).await;
    let (found, cost) = read().await;
    assert_eq!((found.unwrap().rules, cost), (Some(version(shop.db.read()).await.unwrap()), 1));

    shop.tx(async |tx| promotion::insert(tx, &promotion(1), at(0)).await).await;
    let (found, cost) = read().await;
    let found = found.unwrap();
    assert_eq!((found.rules, cost), (Some(version(shop.db.read()).await.unwrap()), 1));
    assert_eq!(found.found.len(), 2);

    // Behind the turn of who writes a rule, theirs.
    let number = shop
        .given_up(async |tx| {
            take_turn(tx).await?;
            Ok(catalog::merchandise(tx, &variants, at(0)).await?.rules)
        })
        .await;
    assert_eq!(number, found.rules.map(|number| number + 1));
    let nothing = catalog::merchandise(shop.db.read(), &[id(77)], at(0)).await.unwrap();
    assert_eq!((nothing.found, nothing.rules), (Vec::new(), None));
}

#[tokio::test]
async fn what_changes_prices_by_the_clock_is_the_next_change() {
    let shop = TestShop::open().await;
    let next = async |now| {
        let (next, cost) = shop.cost(catalog::next_change(shop.db.read(), at(now))).await;
        assert_eq!(cost, 1);
        next.unwrap()
    };
    assert_eq!(next(0).await, None);
    shop.add(&[ProductInput { published_at: Some(at(500)), ..product("Later") }]).await;
    assert_eq!(next(0).await, Some(at(500)));

    let window = |n, from: i64, until: Option<i64>, active| {
        let list = price_list(n);
        let (starts_at, ends_at): (Option<Timestamp>, _) = (Some(at(from)), until.map(at));
        Switched { rule: PriceList { starts_at, ends_at, ..list.rule }, active }
    };
    let lists = [window(1, 100, Some(200), true), window(2, 150, None, true), window(3, 50, Some(60), false)];
    for list in &lists {
        shop.tx(async |tx| price_list::insert(tx, list, at(0)).await).await;
    }
    let valid = |from, until| TaxRate {
        valid_from: Some(at(from)),
        valid_until: Some(at(until)),
        ..tax_rate(1, None)
    };
    let zone = tax_zone(1, vec![valid(-100, 300)]);
    shop.tx(async |tx| tax::insert_zone(tx, &zone, at(0)).await).await;
    let zone = tax_zone(2, vec![TaxRate { id: id(2), ..valid(400, 900) }]);
    shop.tx(async |tx| tax::insert_zone(tx, &zone, at(0)).await).await;
    let mut now = 0;
    for moment in [100, 150, 200, 300, 400, 500, 900] {
        assert_eq!(next(now).await, Some(at(moment)));
        assert_eq!(next(moment - 1).await, Some(at(moment)), "until then");
        now = moment;
    }
    assert_eq!(next(now).await, None);
}
