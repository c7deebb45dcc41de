//! The stock that is shown.

use super::*;

#[tokio::test]
async fn stock_is_shown_less_what_others_hold_and_soon() {
    let shop = TestShop::open().await;
    let ids = shop.add(&[product("Mug")]).await;
    let mug = shop.catalog.product(ids[0]).await.unwrap().unwrap();
    let shown = async || shop.catalog.stock(&mug).await.unwrap().get(0).unwrap();
    assert_eq!(shown().await.quantity, Some(10));
    shop.hold(&mug, 4).await;
    shop.catalog.forget_stock();
    assert_eq!(shown().await, VariantStock { available: true, quantity: Some(6) });
    shop.hold(&mug, 6).await;
    let sold_out = tokio::time::timeout(Duration::from_secs(60), async {
        while shown().await.available {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(sold_out.await.is_ok(), "within a second or so, though nobody said anything");
    assert_eq!(shown().await, VariantStock { available: false, quantity: Some(0) });
}

#[tokio::test]
async fn only_what_has_changed_is_read_again() {
    let shop = TestShop::open().await;
    let ids = shop.add(&(0..20).map(|n| product(&format!("Mug {n}"))).collect::<Vec<_>>()).await;
    let mut mugs = Vec::new();
    for id in &ids {
        mugs.push(shop.catalog.product(*id).await.unwrap().unwrap());
    }
    let shown = async || {
        let stock = shop.catalog.stock_of(mugs.iter().map(|p| &**p)).await.unwrap();
        stock.iter().map(|s| s.get(0).unwrap().quantity.unwrap()).collect::<Vec<_>>()
    };
    let after = async |change: &dyn Fn(&mut Vec<i64>)| {
        let mut expected = vec![10; 20];
        change(&mut expected);
        tokio::time::sleep(Duration::from_millis(600)).await;
        let (now, cost) = shop.cost(shown()).await;
        assert_eq!(now, expected);
        cost
    };
    assert_eq!(after(&|_| ()).await, 3);
    assert_eq!(after(&|_| ()).await, 2, "nothing has changed, so nothing is read");

    let tx = shop.write().await;
    let cause = StockCause { reference: None, at: shop.clock.now() };
    inventory::set_on_hand(&tx, (mugs[3].variants[0].id, shop.location), 7, None, &cause).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(after(&|expected| expected[3] = 7).await, 3);
    shop.hold(&mugs[5], 4).await;
    let changed = |expected: &mut Vec<i64>| (expected[3], expected[5]) = (7, 6);
    assert_eq!(after(&changed).await, 2, "holds are known already");
    shop.clock.0.store(61, Ordering::Relaxed);
    assert_eq!(after(&|expected| expected[3] = 7).await, 2, "the hold is over, though nobody has let go");
}

#[tokio::test]
async fn another_form_of_a_product_has_its_own_figures() {
    let shop = TestShop::open().await;
    let ids = shop.add(&[product("Mug")]).await;
    let before = shop.catalog.product(ids[0]).await.unwrap().unwrap();
    assert_eq!(shop.catalog.stock(&before).await.unwrap().iter().len(), 1);
    let mut two = product("Mug");
    two.options = vec![OptionInput { name: "Size".into(), values: Vec::new() }];
    two.variants[0].option_values = vec!["S".into()];
    two.variants.push(VariantInput { option_values: vec!["L".into()], price: 1, ..VariantInput::default() });
    shop.change(ids[0], &two).await;
    shop.catalog.refresh().await.unwrap();
    let after = shop.catalog.product(ids[0]).await.unwrap().unwrap();
    let stock = shop.catalog.stock(&after).await.unwrap();
    assert_eq!(stock.iter().map(|s| s.quantity).collect::<Vec<_>>(), [Some(10), None]);
}

#[tokio::test]
async fn a_list_that_stock_decides_does_not_stand_still() {
    let shop = TestShop::open().await;
    let ids = shop.add(&[product("Mug")]).await;
    let collection = shop.collect("All", &ids).await;
    let collection = shop.catalog.collection(collection).await.unwrap().unwrap();
    let mug = shop.catalog.product(ids[0]).await.unwrap().unwrap();
    let found = async || {
        let query = SearchQuery::parse("available_for_sale:true", 2).unwrap();
        let searched = shop.titles(ProductListing { query, ..by_title() }).await.len();
        let filters = vec![ProductFilter::Available(true)];
        let sort = CollectionProductSort::Manual;
        let page = PageRequest::first(9);
        let page =
            shop.catalog.collection_product_ids(&collection, sort, false, filters, page).await.unwrap();
        (searched, page.page.ids().len())
    };
    assert_eq!(found().await, (1, 1));
    let tx = shop.write().await;
    let cause = StockCause { reference: None, at: shop.clock.now() };
    inventory::set_on_hand(&tx, (mug.variants[0].id, shop.location), 0, None, &cause).await.unwrap();
    tx.commit().await.unwrap();
    let gone = tokio::time::timeout(Duration::from_secs(60), async {
        while found().await != (0, 0) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    assert!(gone.await.is_ok());
}
