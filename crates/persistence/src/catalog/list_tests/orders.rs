//! Every order, forward and backward, on pages of any size.

use super::*;
use std::collections::HashSet;
use stoa_domain::{
    catalog::{CollectionListing, sort::CollectionProductSort},
    shared::page::CursorKey,
};

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
