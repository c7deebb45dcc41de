//! Lists: every order forward and backward, every search and filter, and no scan at a hundred thousand products.

use super::*;
use crate::db::Raw;
use crate::testing::{TestShop, at, product, units};
use proptest::test_runner::TestRunner;
use proptest::{prelude::*, strategy::ValueTree};
use sea_orm::{ConnectionTrait, DbBackend, Statement, StatementBuilder};
use std::collections::HashSet;
use stoa_domain::{
    catalog::{
        CollectionDraft, CollectionInput, CollectionListing, CollectionsListing, OptionInput, Product,
        ProductInput, ProductListing, Recommendation, StockInput, VariantInput,
        filter::ProductFilter,
        search::SearchQuery,
        sort::{CollectionProductSort, CollectionSort, ProductSort},
    },
    shared::{
        CollectionId, ProductId,
        page::{Cursor, CursorKey, Page, PageRequest},
    },
};

/// Reads a list to its end, page by page.
async fn walk<Id: Clone, E: std::fmt::Debug>(
    size: u32,
    from_end: bool,
    read: impl AsyncFn(PageRequest) -> Result<Page<Id>, E>,
) -> Vec<Id> {
    let mut all: Vec<Id> = Vec::new();
    let mut request = PageRequest { from_end, ..PageRequest::first(size) };
    loop {
        let page = read(request.clone()).await.unwrap();
        let ids: Vec<Id> = page.nodes().cloned().collect();
        assert!(ids.len() <= size as usize);
        let more = if from_end { page.info.has_previous } else { page.info.has_next };
        let edge = if from_end { page.rows.first() } else { page.rows.last() };
        // Through the wire form, as clients send it back.
        let edge = edge.map(|row| Cursor::decode(&row.cursor.encode()).unwrap());
        if from_end {
            all.splice(0..0, ids);
            request.before = edge;
        } else {
            all.extend(ids);
            request.after = edge;
        }
        if !more {
            return all;
        }
    }
}

async fn products(
    shop: &TestShop,
    listing: &ProductListing,
    page: PageRequest,
) -> Result<Page<ProductId>, ListError> {
    list_products(shop.db.read(), listing, &page, at(0)).await
}

/// What a search finds, by title, in alphabetical order.
async fn found(shop: &TestShop, query: &str) -> Vec<String> {
    let listing = ProductListing {
        sort: ProductSort::Title,
        query: SearchQuery::parse(query, 2).unwrap(),
        ..ProductListing::default()
    };
    let page = products(shop, &listing, PageRequest::first(250)).await.unwrap();
    let ids: Vec<ProductId> = page.nodes().copied().collect();
    let found = products_by_ids(shop.db.read(), &ids).await.unwrap();
    found.into_iter().map(|p| p.title).collect()
}

/// A product of which many are alike in something.
fn some_product() -> impl Strategy<Value = ProductInput> {
    let word = prop::sample::select(vec!["Blue", "blue", "Äpfel", "mug", "cup", "", "zebra"]);
    (word.clone(), word.clone(), word, 0..4_i64, 0..3_i64, 0..100_u8).prop_map(
        |(title, vendor, product_type, price, age, hidden)| ProductInput {
            vendor: vendor.to_owned(),
            product_type: product_type.to_owned(),
            // Some will come later, some never.
            published_at: match hidden {
                0..5 => None,
                5..10 => Some(at(1_000)),
                _ => Some(at(-age)),
            },
            variants: vec![VariantInput { price: price * 100, stock: units(1), ..VariantInput::default() }],
            ..product(&format!("{title}."))
        },
    )
}

fn some_products(count: usize) -> Vec<ProductInput> {
    let mut runner = TestRunner::deterministic();
    let products = prop::collection::vec(some_product(), count).new_tree(&mut runner).unwrap().current();
    products
        .into_iter()
        .enumerate()
        .map(|(n, p)| ProductInput { handle: Some(format!("p{n}")), ..p })
        .collect()
}

/// A shop of many alike products, some of which have been sold.
async fn alike(count: usize) -> (TestShop, Vec<Product>) {
    let shop = TestShop::open().await;
    let ids = shop.add(&some_products(count)).await;
    let tx = shop.write().await;
    let sold: Vec<_> = ids.iter().enumerate().map(|(n, id)| (*id, (n % 3) as i64)).collect();
    record_sales(&tx, &sold).await.unwrap();
    tx.commit().await.unwrap();
    let all = products_by_ids(shop.db.read(), &ids).await.unwrap();
    (shop, all)
}

#[tokio::test]
async fn every_order_is_the_same_forward_and_backward_on_pages_of_any_size() {
    let (shop, all) = alike(60).await;
    let listed: HashSet<ProductId> = all.iter().filter(|p| p.is_listed(at(0))).map(|p| p.id).collect();
    assert!(listed.len() < all.len() && listed.len() > 30, "{}", listed.len());
    for sort in ProductSort::ALL {
        let mut orders = Vec::new();
        for reverse in [false, true] {
            let query = if sort == ProductSort::Relevance { "mug OR blue OR -zebra" } else { "" };
            let listing = ProductListing { sort, reverse, query: SearchQuery::parse(query, 2).unwrap() };
            let read = async |page| products(&shop, &listing, page).await;
            let whole = walk(250, false, read).await;
            if query.is_empty() {
                assert_eq!(whole.iter().copied().collect::<HashSet<_>>(), listed, "{sort:?}");
            }
            for size in [1, 7, 60] {
                assert_eq!(walk(size, false, read).await, whole, "{sort:?} forward by {size}");
                assert_eq!(walk(size, true, read).await, whole, "{sort:?} backward by {size}");
            }
            orders.push(whole);
        }
        orders[1].reverse();
        assert_eq!(orders[0], orders[1], "{sort:?} turned round");
    }
}

#[tokio::test]
async fn lists_are_sorted_by_what_they_say() {
    let (shop, all) = alike(60).await;
    let sorted = async |sort| {
        let listing = ProductListing { sort, ..ProductListing::default() };
        let ids = walk(250, false, async |page| products(&shop, &listing, page).await).await;
        let found = products_by_ids(shop.db.read(), &ids).await.unwrap();
        found.into_iter()
    };
    let ascending = |keys: Vec<String>| assert!(keys.is_sorted(), "{keys:?}");
    ascending(sorted(ProductSort::Title).await.map(|p| p.title.to_lowercase()).collect());
    ascending(sorted(ProductSort::Vendor).await.map(|p| p.vendor.to_lowercase()).collect());
    ascending(sorted(ProductSort::ProductType).await.map(|p| p.product_type.to_lowercase()).collect());
    assert!(sorted(ProductSort::Price).await.map(|p| p.price.min).is_sorted());
    assert!(sorted(ProductSort::CreatedAt).await.map(|p| p.created_at).is_sorted());
    assert!(sorted(ProductSort::UpdatedAt).await.map(|p| p.updated_at).is_sorted());
    assert!(sorted(ProductSort::Id).await.map(|p| p.id).is_sorted());
    let sold = |p: &Product| all.iter().position(|other| other.id == p.id).unwrap() % 3;
    let best: Vec<_> = sorted(ProductSort::BestSelling).await.map(|p| sold(&p)).collect();
    assert!(best.iter().rev().is_sorted(), "most sold first: {best:?}");
}

#[tokio::test]
async fn a_page_says_what_lies_around_it() {
    let shop = TestShop::open().await;
    shop.add(&[product("A"), product("B"), product("C"), product("D")]).await;
    let listing = ProductListing { sort: ProductSort::Title, ..ProductListing::default() };
    let read = async |page: PageRequest| {
        let page = products(&shop, &listing, page).await.unwrap();
        let titles: Vec<String> = {
            let ids: Vec<_> = page.nodes().copied().collect();
            products_by_ids(shop.db.read(), &ids).await.unwrap().into_iter().map(|p| p.title).collect()
        };
        (titles.concat(), page.info.has_previous, page.info.has_next, page)
    };
    let (titles, previous, next, first) = read(PageRequest::first(2)).await;
    assert_eq!((titles.as_str(), previous, next), ("AB", false, true));
    let b = first.rows[1].cursor.clone();
    let (titles, previous, next, second) =
        read(PageRequest { after: Some(b.clone()), ..PageRequest::first(2) }).await;
    assert_eq!((titles.as_str(), previous, next), ("CD", true, false));
    let d = second.rows[1].cursor.clone();
    let between = PageRequest { after: Some(b), before: Some(d), ..PageRequest::first(5) };
    assert_eq!(read(between.clone()).await.0, "C");
    assert_eq!(read(PageRequest { from_end: true, ..between }).await.0, "C");
    let (titles, previous, next, _) = read(PageRequest { from_end: true, ..PageRequest::first(3) }).await;
    assert_eq!((titles.as_str(), previous, next), ("BCD", true, false));
    let (titles, _, next, _) = read(PageRequest::first(0)).await;
    assert_eq!((titles.as_str(), next), ("", true));
}

#[tokio::test]
async fn a_cursor_of_another_order_or_of_another_kind_is_refused() {
    let shop = TestShop::open().await;
    shop.add(&[product("A"), product("B")]).await;
    let by_title = ProductListing { sort: ProductSort::Title, ..ProductListing::default() };
    let by_price = ProductListing { sort: ProductSort::Price, ..ProductListing::default() };
    let page = products(&shop, &by_title, PageRequest::first(1)).await.unwrap();
    let cursor = page.rows[0].cursor.clone();
    let refused = |listing, cursor| {
        let page = PageRequest { after: Some(cursor), ..PageRequest::first(1) };
        let shop = &shop;
        async move { matches!(products(shop, listing, page).await, Err(ListError::Cursor(_))) }
    };
    assert!(refused(&by_price, cursor.clone()).await);
    assert!(refused(&by_title, Cursor { key: CursorKey::Number(1), ..cursor.clone() }).await, "forged");
    assert!(!refused(&by_title, cursor).await);
}

/// A small shop with something for every search and filter.
async fn pottery() -> TestShop {
    let shop = TestShop::open().await;
    let variant = |value: &str, price, stock| VariantInput {
        option_values: vec![value.to_owned()],
        sku: Some(format!("SKU-{value}-{price}")),
        price,
        stock,
        ..VariantInput::default()
    };
    let sizes = || vec![OptionInput { name: "Größe".into(), values: Vec::new() }];
    let input =
        |title: &str, vendor: &str, kind: &str, tags: &[&str], variants: Vec<VariantInput>| ProductInput {
            vendor: vendor.into(),
            product_type: kind.into(),
            tags: tags.iter().map(|t| (*t).to_owned()).collect(),
            options: sizes(),
            variants,
            ..product(title)
        };
    shop.add(&[
        input(
            "Blue Mug",
            "Kiln & Co",
            "Mug",
            &["New", "Stoneware"],
            vec![variant("S", 1_000, units(1)), variant("L", 2_000, units(0))],
        ),
        input("Red Mug", "Kiln & Co", "Mug", &["stoneware"], vec![variant("S", 1_500, units(0))]),
        input("Crème Bowl", "Other", "Bowl", &[], vec![variant("XL", 3_000, StockInput::default())]),
        input(
            "Mug Rack",
            "",
            "",
            &["new arrival"],
            vec![variant("One", 500, StockInput { backorder_limit: Some(2), ..units(0) })],
        ),
        ProductInput { published_at: None, ..product("Blue Hidden Mug") },
    ])
    .await;
    shop
}

#[tokio::test]
async fn searches_find_what_they_say() {
    let shop = pottery().await;
    let all = ["Blue Mug", "Crème Bowl", "Mug Rack", "Red Mug"];
    for (query, expected) in [
        ("", &all[..]),
        ("mug", &["Blue Mug", "Mug Rack", "Red Mug"]),
        ("title:mug", &["Blue Mug", "Mug Rack", "Red Mug"]),
        ("title:kiln", &[]),
        ("kiln", &["Blue Mug", "Red Mug"]),
        ("creme", &["Crème Bowl"]),
        ("Crème*", &["Crème Bowl"]),
        ("mu*", &["Blue Mug", "Mug Rack", "Red Mug"]),
        ("blue mug", &["Blue Mug"]),
        ("blue OR bowl", &["Blue Mug", "Crème Bowl"]),
        ("mug -blue", &["Mug Rack", "Red Mug"]),
        ("NOT mug", &["Crème Bowl"]),
        ("(red OR blue) -stoneware", &[]),
        ("vendor:\"kiln & co\"", &["Blue Mug", "Red Mug"]),
        ("vendor:kiln", &[]),
        ("vendor:kiln*", &["Blue Mug", "Red Mug"]),
        ("vendor:*", &["Blue Mug", "Crème Bowl", "Red Mug"]),
        ("-vendor:*", &["Mug Rack"]),
        ("product_type:BOWL", &["Crème Bowl"]),
        ("tag:new", &["Blue Mug"]),
        ("tag:new*", &["Blue Mug", "Mug Rack"]),
        ("tag:stoneware -title:red", &["Blue Mug"]),
        ("handle:red-mug", &["Red Mug"]),
        ("sku:sku-l-2000", &["Blue Mug"]),
        ("2000", &["Blue Mug"]),
        ("available_for_sale:true", &["Blue Mug", "Crème Bowl", "Mug Rack"]),
        ("available_for_sale:false", &["Red Mug"]),
        ("variants.price:>15", &["Blue Mug", "Crème Bowl"]),
        ("variants.price:>=15", &["Blue Mug", "Crème Bowl", "Red Mug"]),
        ("variants.price:<10", &["Mug Rack"]),
        ("variants.price:<=10", &["Blue Mug", "Mug Rack"]),
        ("variants.price:20", &["Blue Mug"]),
        ("variants.price:12", &[]),
        ("variants.price:cheap", &[]),
        ("created_at:2026-01-01", &all),
        ("created_at:>2026-01-01", &[]),
        ("updated_at:<2026-01-01", &[]),
        ("updated_at:>=2026-01-01T00:00:01Z", &all),
        ("tag:new OR variants.price:30", &["Blue Mug", "Crème Bowl"]),
        ("vendor:other OR handle:red-mug", &["Crème Bowl", "Red Mug"]),
        ("nothing", &[]),
    ] {
        assert_eq!(found(&shop, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn relevance_puts_the_title_first() {
    let shop = TestShop::open().await;
    let tagged = ProductInput { tags: vec!["lamp".into()], ..product("Shade") };
    let typed = ProductInput { product_type: "Lamp".into(), ..product("Lantern") };
    shop.add(&[tagged, typed, product("Lamp")]).await;
    let listing = ProductListing {
        sort: ProductSort::Relevance,
        query: SearchQuery::parse("lamp", 2).unwrap(),
        ..ProductListing::default()
    };
    let page = products(&shop, &listing, PageRequest::first(10)).await.unwrap();
    let ids: Vec<_> = page.nodes().copied().collect();
    let titles = products_by_ids(shop.db.read(), &ids).await.unwrap().into_iter().map(|p| p.title);
    assert_eq!(titles.collect::<Vec<_>>(), ["Lamp", "Lantern", "Shade"]);
}

async fn collect(shop: &TestShop, title: &str, products: &[ProductId]) -> CollectionId {
    let input =
        CollectionInput { title: title.into(), published_at: Some(at(0)), ..CollectionInput::default() };
    let tx = shop.write().await;
    let draft = CollectionDraft::try_new(&input).unwrap();
    let id = create_collection(&tx, &draft, &shop.context()).await.unwrap();
    set_collection_products(&tx, id, products, &shop.context()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn a_collection_is_the_same_forward_and_backward_in_every_order() {
    let (shop, all) = alike(40).await;
    let mut ids: Vec<ProductId> = all.iter().map(|p| p.id).collect();
    ids.reverse();
    let collection = collect(&shop, "All", &ids).await;
    let listed: Vec<ProductId> = all.iter().rev().filter(|p| p.is_listed(at(0))).map(|p| p.id).collect();
    for sort in CollectionProductSort::ALL {
        for reverse in [false, true] {
            let listing = CollectionListing { collection, sort, reverse, filters: Vec::new() };
            let default = CollectionProductSort::Title;
            let read = async |page: PageRequest| {
                list_collection_products(shop.db.read(), &listing, default, &page, at(0)).await
            };
            let whole = walk(250, false, read).await;
            assert_eq!(whole.len(), listed.len());
            if sort == CollectionProductSort::Manual && !reverse {
                assert_eq!(whole, listed);
            }
            for size in [1, 9] {
                assert_eq!(walk(size, false, read).await, whole, "{sort:?} forward by {size}");
                assert_eq!(walk(size, true, read).await, whole, "{sort:?} backward by {size}");
            }
        }
    }
}

#[tokio::test]
async fn a_collection_follows_its_products() {
    let shop = TestShop::open().await;
    let ids = shop.add(&[product("A"), product("B"), product("C")]).await;
    let collection = collect(&shop, "All", &ids).await;
    let tx = shop.write().await;
    let cheap =
        ProductInput { variants: vec![VariantInput { price: 1, ..VariantInput::default() }], ..product("Z") };
    let draft = stoa_domain::catalog::ProductDraft::try_new(&cheap).unwrap();
    update_product(&tx, ids[0], &draft, None, &shop.context()).await.unwrap();
    record_sales(&tx, &[(ids[1], 2), (ids[2], 1), (ids[2], 4)]).await.unwrap();
    tx.commit().await.unwrap();
    for (sort, expected) in [
        (CollectionProductSort::Title, [1, 2, 0]),
        (CollectionProductSort::Price, [0, 1, 2]),
        (CollectionProductSort::BestSelling, [2, 1, 0]),
    ] {
        let listing = CollectionListing { collection, sort, reverse: false, filters: Vec::new() };
        let page = PageRequest::first(9);
        let default = CollectionProductSort::Manual;
        let page = list_collection_products(shop.db.read(), &listing, default, &page, at(0)).await.unwrap();
        assert_eq!(page.nodes().copied().collect::<Vec<_>>(), expected.map(|n: usize| ids[n]), "{sort:?}");
    }
}

#[tokio::test]
async fn filters_of_one_kind_widen_and_of_different_kinds_narrow() {
    let shop = pottery().await;
    let all = walk(250, false, async |page| products(&shop, &ProductListing::default(), page).await).await;
    let collection = collect(&shop, "Pottery", &all).await;
    let tag = |t: &str| ProductFilter::Tag(t.into());
    let size =
        |v: &str| ProductFilter::VariantOption { name: "GRÖSSE".replace("SS", "ß"), value: v.into() };
    let price = |min, max| ProductFilter::Price { min, max };
    for (filters, expected) in [
        (vec![tag("STONEWARE")], &["Blue Mug", "Red Mug"][..]),
        (vec![tag("new"), tag("new arrival")], &["Blue Mug", "Mug Rack"]),
        (vec![tag("stoneware"), ProductFilter::Available(true)], &["Blue Mug"]),
        (vec![ProductFilter::Available(false)], &["Red Mug"]),
        (vec![ProductFilter::Vendor("kiln & co".into()), price(Some(1_600), None)], &["Blue Mug"]),
        (
            vec![ProductFilter::ProductType("mug".into()), ProductFilter::ProductType("bowl".into())],
            &["Blue Mug", "Crème Bowl", "Red Mug"],
        ),
        (vec![price(None, Some(999))], &["Mug Rack"]),
        (vec![price(Some(1_100), Some(1_900))], &["Red Mug"]),
        (vec![price(Some(1_100), Some(1_900)), price(Some(3_000), Some(3_000))], &["Crème Bowl", "Red Mug"]),
        (vec![size("s")], &["Blue Mug", "Red Mug"]),
        (vec![size("XL"), size("L")], &["Blue Mug", "Crème Bowl"]),
        (vec![ProductFilter::VariantOption { name: "Colour".into(), value: "s".into() }], &[]),
    ] {
        let listing = CollectionListing {
            collection,
            sort: CollectionProductSort::Title,
            reverse: false,
            filters: filters.clone(),
        };
        let page = PageRequest::first(9);
        let default = CollectionProductSort::Manual;
        let page = list_collection_products(shop.db.read(), &listing, default, &page, at(0)).await.unwrap();
        let ids: Vec<_> = page.nodes().copied().collect();
        let titles: Vec<_> =
            products_by_ids(shop.db.read(), &ids).await.unwrap().into_iter().map(|p| p.title).collect();
        assert_eq!(titles, expected, "{filters:?}");
    }
}

#[tokio::test]
async fn collections_are_listed_and_searched() {
    let shop = TestShop::open().await;
    let mut ids = Vec::new();
    for title in ["Für den Tisch", "For the table", "At the stove"] {
        ids.push(collect(&shop, title, &[]).await);
    }
    let hidden = CollectionInput { title: "Hidden table".into(), ..CollectionInput::default() };
    let tx = shop.write().await;
    create_collection(&tx, &CollectionDraft::try_new(&hidden).unwrap(), &shop.context()).await.unwrap();
    tx.commit().await.unwrap();
    for sort in CollectionSort::ALL {
        for reverse in [false, true] {
            let listing = CollectionsListing { sort, reverse, query: SearchQuery::All };
            let read =
                async |page: PageRequest| list_collections(shop.db.read(), &listing, &page, at(0)).await;
            let whole = walk(250, false, read).await;
            assert_eq!(whole.len(), 3);
            assert_eq!(walk(1, false, read).await, whole);
            assert_eq!(walk(2, true, read).await, whole);
        }
    }
    for (query, expected) in [
        ("table", &[1][..]),
        ("tab*", &[1]),
        ("the", &[1, 2]),
        ("title:fur", &[0]),
        ("the -stove", &[1]),
        ("handle:at-the-stove", &[2]),
        ("tag:x", &[]),
        ("updated_at:2026-01-01", &[0, 1, 2]),
    ] {
        let query = SearchQuery::parse(query, 2).unwrap();
        let listing = CollectionsListing { query: query.clone(), ..CollectionsListing::default() };
        let page = list_collections(shop.db.read(), &listing, &PageRequest::first(9), at(0)).await.unwrap();
        let expected: Vec<_> = expected.iter().map(|n: &usize| ids[*n]).collect();
        assert_eq!(page.nodes().copied().collect::<Vec<_>>(), expected, "{query:?}");
    }
}

#[tokio::test]
async fn recommendations_have_something_in_common() {
    let shop = pottery().await;
    let all = walk(250, false, async |page| products(&shop, &ProductListing::default(), page).await).await;
    collect(&shop, "Pottery", &all[..3]).await;
    let blue = shop.product(all[0]).await;
    let ask = async |why| {
        let before = shop.db.statements();
        let ids = recommended(shop.db.read(), &blue, why, 10, at(0)).await.unwrap();
        assert_eq!(shop.db.statements() - before, 2);
        let again = recommended(shop.db.read(), &blue, why, 10, at(0)).await.unwrap();
        assert_eq!(ids, again);
        let found = products_by_ids(shop.db.read(), &ids).await.unwrap();
        found.into_iter().map(|p| p.title).collect::<Vec<_>>()
    };
    // Red is of the same type, tag and collection; the bowl is of the collection only; the rack has nothing in common.
    assert_eq!(ask(Recommendation::Related).await, ["Red Mug", "Crème Bowl"]);
    assert_eq!(ask(Recommendation::Complementary).await, ["Crème Bowl"]);
    let alone = shop.product(all[3]).await;
    let none = recommended(shop.db.read(), &alone, Recommendation::Related, 10, at(0)).await.unwrap();
    assert_eq!(none, []);
}

/// How SQLite would run a statement, step by step.
async fn steps(shop: &TestShop, query: &sea_orm::sea_query::SelectStatement) -> Vec<String> {
    let built = StatementBuilder::build(query, &DbBackend::Sqlite);
    let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {}", built.sql), ..built };
    let rows = shop.db.read().raw().query_all_raw(explain).await.unwrap();
    rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect()
}

/// A shop with so many products that a plan that looks at each would be noticed.
async fn large(count: usize) -> (TestShop, CollectionId) {
    let shop = TestShop::open().await;
    let mut ids = Vec::new();
    for batch in 0..count / 1_000 {
        let inputs: Vec<_> = (0..1_000)
            .map(|n| ProductInput {
                vendor: format!("Vendor {}", n % 10),
                tags: vec![format!("tag{}", n % 50)],
                ..product(&format!("Word{} {batch} {n}", n % 100))
            })
            .map(|p| ProductInput { handle: Some(p.title.replace(' ', "-")), ..p })
            .collect();
        ids.extend(shop.add(&inputs).await);
    }
    let collection = collect(&shop, "All", &ids).await;
    (shop, collection)
}

#[tokio::test]
async fn no_list_scans_or_sorts_whatever_the_statistics_say() {
    let (shop, collection) = large(3_000).await;
    if shop.db.read().raw().get_database_backend() != DbBackend::Sqlite {
        return; // The plans below are SQLite's.
    }
    for analysed in [false, true] {
        if analysed {
            let tx = shop.write().await;
            tx.raw().execute_unprepared("ANALYZE").await.unwrap();
            tx.commit().await.unwrap();
        }
        for sort in ProductSort::ALL {
            for reverse in [false, true] {
                let listing = ProductListing { sort, reverse, ..ProductListing::default() };
                let first = products(&shop, &listing, PageRequest::first(20)).await.unwrap();
                let next =
                    PageRequest { after: Some(first.rows[19].cursor.clone()), ..PageRequest::first(20) };
                for page in [PageRequest::first(20), next] {
                    let query = list::products_statement(&listing, &page, at(0)).unwrap();
                    let steps = steps(&shop, &query).await;
                    assert_eq!(steps.len(), 1, "{sort:?} walks one index and sorts nothing: {steps:?}");
                    assert!(steps[0].contains("USING") && steps[0].contains("INDEX"), "{sort:?}: {steps:?}");
                    let begins_at_cursor = steps[0].starts_with("SEARCH");
                    assert!(begins_at_cursor || page.after.is_none(), "{sort:?}: {steps:?}");
                }
            }
        }
        for sort in CollectionProductSort::ALL {
            let listing = CollectionListing { collection, sort, reverse: false, filters: Vec::new() };
            let query = list::collection_statement(&listing, &PageRequest::first(20), at(0)).unwrap();
            let steps = steps(&shop, &query).await;
            assert!(steps.iter().all(|s| s.starts_with("SEARCH")), "{sort:?}: {steps:?}");
        }
        for text in ["word7", "word7 12", "wor* tag:tag3", "tag:tag3 OR handle:x", "sku:x", "word1 -word2"] {
            for sort in [ProductSort::Title, ProductSort::Relevance, ProductSort::Id] {
                let query = SearchQuery::parse(text, 2).unwrap();
                let listing = ProductListing { sort, reverse: false, query };
                let query = list::products_statement(&listing, &PageRequest::first(20), at(0)).unwrap();
                let steps = steps(&shop, &query).await;
                let scanned: Vec<_> =
                    steps.iter().filter(|s| s.starts_with("SCAN") && !s.starts_with("SCAN scored")).collect();
                assert!(scanned.is_empty(), "{text} by {sort:?}: {steps:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_list_is_one_statement_whatever_its_size() {
    let shop = pottery().await;
    for size in [1, 250] {
        for query in ["", "mug", "(mug OR bowl) -red vendor:kiln* available_for_sale:true"] {
            let query = SearchQuery::parse(query, 2).unwrap();
            let listing = ProductListing { sort: ProductSort::Relevance, reverse: false, query };
            let before = shop.db.statements();
            products(&shop, &listing, PageRequest::first(size)).await.unwrap();
            assert_eq!(shop.db.statements() - before, 1);
        }
    }
}
