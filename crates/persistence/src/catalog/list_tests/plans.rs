//! What lists cost: one statement, that walks one index.

use super::*;
use crate::db::Raw;
use sea_orm::{ConnectionTrait, DbBackend, Statement, StatementBuilder};
use stoa_domain::catalog::{CollectionListing, sort::CollectionProductSort};

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
async fn no_list_scans_or_sorts_whatever_the_statistics_say_on_sqlite() {
    let (shop, collection) = large(3_000).await;
    assert_eq!(shop.db.read().raw().get_database_backend(), DbBackend::Sqlite, "the plans below are its own");
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
