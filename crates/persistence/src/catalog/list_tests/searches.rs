//! What searches, filters and recommendations find.

use super::*;
use stoa_domain::catalog::{
    CollectionListing, CollectionsListing, Recommendation,
    filter::ProductFilter,
    sort::{CollectionProductSort, CollectionSort},
};

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
