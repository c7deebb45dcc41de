//! Lists: every order forward and backward, every search and filter, and no scan in a large shop.

mod orders;
mod plans;
mod searches;

use super::*;
use crate::testing::{TestShop, at, product, units};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use stoa_domain::{
    catalog::{
        CollectionDraft, CollectionInput, OptionInput, Product, ProductInput, ProductListing, StockInput,
        VariantInput, search::SearchQuery, sort::ProductSort,
    },
    shared::{
        CollectionId, ProductId,
        page::{Cursor, Page, PageRequest},
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
