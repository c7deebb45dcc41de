//! Products, collections and their lists.

use super::*;

#[tokio::test]
async fn a_list_costs_the_same_at_first_whatever_its_size_and_nothing_afterwards() {
    let shop = TestShop::open().await;
    shop.add(&(0..40).map(|n| product(&format!("Mug {n:02}"))).collect::<Vec<_>>()).await;
    for size in [20, 40] {
        let ask = || async { shop.catalog.products(by_title(), PageRequest::first(size)).await.unwrap() };
        let (page, cold) = shop.cost(ask()).await;
        assert_eq!(
            (page.rows.len(), cold),
            (size as usize, 4),
            "the page, its products with their stock, what has changed, who holds what"
        );
        let (again, warm) = shop.cost(ask()).await;
        assert_eq!(warm, 0);
        let same = page.nodes().zip(again.nodes()).all(|(a, b)| Arc::ptr_eq(a, b));
        assert!(same && page.info == again.info, "the same products, not copies");

        let (_, cold) = shop.cost(shop.catalog.stock_of(page.nodes().map(|p| &**p))).await;
        let (stock, warm) = shop.cost(shop.catalog.stock_of(page.nodes().map(|p| &**p))).await;
        assert_eq!((cold, warm), (0, 0), "the figures came with the products");
        assert!(
            stock
                .unwrap()
                .iter()
                .all(|s| s.get(0).unwrap() == VariantStock { available: true, quantity: Some(10) })
        );
        shop.catalog.forget_stock();
        shop.catalog.caches.clear();
    }
}

#[tokio::test]
async fn a_change_is_seen_at_the_next_look_everywhere() {
    let shop = TestShop::open().await;
    let ids = shop.add(&[product("Mug"), product("Cup")]).await;
    let collection = shop.collect("All", &ids).await;
    let collection = shop.catalog.collection(collection).await.unwrap().unwrap();
    let of_collection = || async {
        let page = shop.catalog.collection_product_ids(
            &collection,
            CollectionProductSort::Title,
            false,
            Vec::new(),
            PageRequest::first(9),
        );
        let page = page.await.unwrap();
        let products = shop.catalog.stocked_of(&page, page.page.ids()).await.unwrap();
        products.into_iter().flatten().map(|found| found.product.title.clone()).collect::<Vec<_>>()
    };
    assert_eq!(shop.titles(by_title()).await, ["Cup", "Mug"]);
    assert_eq!(of_collection().await, ["Cup", "Mug"]);
    assert!(shop.catalog.product_by_handle("bowl").await.unwrap().is_none());

    shop.change(ids[1], &ProductInput { handle: Some("bowl".into()), ..product("Bowl") }).await;
    assert_eq!(shop.titles(by_title()).await, ["Cup", "Mug"], "nobody has looked yet");
    shop.catalog.refresh().await.unwrap();
    assert_eq!(shop.titles(by_title()).await, ["Bowl", "Mug"]);
    assert_eq!(of_collection().await, ["Bowl", "Mug"]);
    assert_eq!(shop.catalog.product_by_handle("bowl").await.unwrap().unwrap().id, ids[1]);
    assert!(shop.catalog.product_by_handle("cup").await.unwrap().is_none());
}

#[tokio::test]
async fn the_watch_sees_what_others_write() {
    let shop = TestShop::open().await;
    let stop = tokio_util::sync::CancellationToken::new();
    let watch = tokio::spawn({
        let (catalog, stop) = (Arc::clone(&shop.catalog), stop.clone());
        async move { catalog.watch(stop).await }
    });
    assert!(shop.titles(by_title()).await.is_empty());
    let draft = ProductDraft::try_new(&product("Mug")).unwrap();
    let tx = shop.write().await;
    catalog::create_product(&tx, &draft, &shop.context()).await.unwrap();
    tx.commit().await.unwrap();
    let seen = tokio::time::timeout(Duration::from_secs(60), async {
        while shop.titles(by_title()).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(seen.await.is_ok());
    stop.cancel();
    watch.await.unwrap();
}

#[tokio::test]
async fn a_product_appears_when_its_time_comes_though_nobody_writes() {
    let shop = TestShop::open().await;
    let later = shop.clock.now() + Duration::from_secs(100);
    let ids = shop.add(&[ProductInput { published_at: Some(later), ..product("Mug") }]).await;
    assert!(shop.titles(by_title()).await.is_empty());
    assert!(shop.catalog.product(ids[0]).await.unwrap().is_none());
    shop.clock.0.store(200, Ordering::Relaxed);
    shop.catalog.refresh().await.unwrap();
    assert_eq!(shop.titles(by_title()).await, ["Mug"]);
    assert!(shop.catalog.product(ids[0]).await.unwrap().is_some());
}

#[tokio::test]
async fn what_shoppers_may_not_see_is_not_found_except_by_carts() {
    let shop = TestShop::open().await;
    let ids = shop.add(&[product("Mug"), product("Cup")]).await;
    let variant = async |n: usize| shop.catalog.product(ids[n]).await.unwrap().unwrap().variants[0].id;
    let (mug, cup) = (variant(0).await, variant(1).await);
    shop.change(ids[1], &ProductInput { status: ProductStatus::Archived, ..product("Cup") }).await;
    shop.catalog.refresh().await.unwrap();

    assert!(shop.catalog.product(ids[1]).await.unwrap().is_none());
    assert!(shop.catalog.product_by_handle("cup").await.unwrap().is_none());
    assert!(shop.catalog.variant(cup).await.unwrap().is_none());
    assert_eq!(shop.catalog.variant(mug).await.unwrap().unwrap().variant().unwrap().id, mug);
    let unknown = VariantId::new(SystemIds.id());
    let found = shop.catalog.variants_by_ids(&[cup, unknown, mug, cup]).await.unwrap();
    let titles: Vec<_> = found.iter().map(|v| v.as_ref().map(|v| v.product.title.as_str())).collect();
    assert_eq!(titles, [Some("Cup"), None, Some("Mug"), Some("Cup")]);
    let found = shop.catalog.products_by_ids(&[ids[1], ids[0], ids[0]]).await.unwrap();
    assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true, true]);
    let (_, cost) = shop.cost(shop.catalog.variants_by_ids(&[cup, unknown, mug])).await;
    assert_eq!(cost, 0, "that something does not exist is remembered too");
}

#[tokio::test]
async fn many_who_ask_for_the_same_page_at_once_cost_as_one() {
    let shop = TestShop::open().await;
    shop.add(&(0..30).map(|n| product(&format!("Mug {n}"))).collect::<Vec<_>>()).await;
    shop.catalog.refresh().await.unwrap();
    let before = shop.db.statements();
    let mut readers = Vec::new();
    for _ in 0..50 {
        let catalog = Arc::clone(&shop.catalog);
        readers.push(tokio::spawn(async move {
            catalog.products(by_title(), PageRequest::first(20)).await.unwrap().rows.len()
        }));
    }
    for reader in readers {
        assert_eq!(reader.await.unwrap(), 20);
    }
    // The page, its products with their stock, what has changed, who holds what.
    assert_eq!(shop.db.statements() - before, 4);
}

#[tokio::test]
async fn collections_and_recommendations_are_read_once() {
    let shop = TestShop::open().await;
    let ids = shop.add(&[product("Mug"), product("Cup"), product("Bowl")]).await;
    let id = shop.collect("Tableware", &ids).await;
    let ask = || async {
        let page =
            shop.catalog.collections(CollectionsListing::default(), PageRequest::first(9)).await.unwrap();
        let by_handle = shop.catalog.collection_by_handle("tableware").await.unwrap().unwrap();
        let mug = shop.catalog.product(ids[0]).await.unwrap().unwrap();
        let beside = shop.catalog.recommendations(&mug, Recommendation::Related).await.unwrap();
        (page.rows[0].node.id, by_handle.id, beside.len())
    };
    let (found, cold) = shop.cost(ask()).await;
    assert_eq!(found, (id, id, 2));
    assert!(cold > 0);
    let (again, warm) = shop.cost(ask()).await;
    assert_eq!((again, warm), (found, 0));
    assert!(shop.catalog.collection_by_handle("nothing").await.unwrap().is_none());
}

#[tokio::test]
async fn a_cache_without_room_answers_all_the_same() {
    let shop =
        TestShop::with_limits(CacheLimits { products: 0, pages: 0, merchandise: 0, names: 0, stock: 0 })
            .await;
    let ids = shop.add(&[product("Mug"), product("Cup")]).await;
    for _ in 0..2 {
        assert_eq!(shop.titles(by_title()).await, ["Cup", "Mug"]);
        assert!(shop.catalog.product(ids[0]).await.unwrap().is_some());
    }
}
