//! Taking products and collections away, and the staff's lists of all there are.

use super::*;
use crate::{
    inventory,
    testing::{TestShop, product, sized, units},
};
use std::collections::BTreeMap;
use stoa_domain::{
    catalog::{CollectionDraft, CollectionInput, CollectionsListing, ProductListing, ProductStatus},
    shared::{ProductId, page::PageRequest},
};

async fn delete(shop: &TestShop, id: ProductId) -> Result<Vec<Option<i64>>, DeleteProductError> {
    let tx = shop.write().await;
    let gone = delete_product(&tx, id, &shop.context()).await?;
    tx.commit().await?;
    Ok(gone.iter().map(|stock| stock.sellable).collect())
}

#[tokio::test]
async fn a_product_goes_with_all_that_belongs_to_it_but_not_while_it_is_promised() {
    let shop = TestShop::open().await;
    let ids = shop.add(&[sized("Shirt", &["S", "M"]), product("Mug")]).await;
    let (shirt, mug) = (ids[0], ids[1]);
    let input = CollectionInput { title: "All".to_owned(), ..CollectionInput::default() };
    let draft = CollectionDraft::try_new(&input).unwrap();
    let tx = shop.write().await;
    let collection = create_collection(&tx, &draft, &shop.context()).await.unwrap();
    set_collection_products(&tx, collection, &[shirt, mug], &shop.context()).await.unwrap();
    tx.commit().await.unwrap();
    let before = version(shop.db.read()).await.unwrap();
    let medium = shop.product(shirt).await.variants[1].id;
    let promised = shop
        .tx(async |tx| {
            let allocated =
                inventory::allocate(tx, &[(medium, 1)], &BTreeMap::new(), &TestShop::cause()).await;
            Ok(allocated.unwrap().allocations)
        })
        .await;
    let refused = delete(&shop, shirt).await;
    assert!(matches!(&refused, Err(DeleteProductError::Promised(v)) if *v == [medium]), "{refused:?}");
    assert_eq!(shop.product(shirt).await.variants.len(), 2, "nothing has changed");
    assert_eq!(version(shop.db.read()).await.unwrap(), before);

    shop.tx(async |tx| inventory::give_back(tx, &promised, &TestShop::cause()).await).await;
    assert_eq!(delete(&shop, shirt).await.unwrap(), [Some(0); 2], "nothing of them can be sold");
    assert_eq!(products_by_ids(shop.db.read(), &[shirt, mug]).await.unwrap().len(), 1);
    assert!(version(shop.db.read()).await.unwrap() > before);
    assert!(matches!(delete(&shop, shirt).await, Err(DeleteProductError::Gone)));
    let tables = ["product_variants", "product_options", "product_option_values", "product_terms"];
    let left = shop.dump(&tables).await;
    assert!(!left.to_lowercase().contains("shirt"), "{left}");
    assert_eq!(shop.dump(&["inventory_items"]).await.lines().count(), 1);
    assert_eq!(shop.dump(&["collection_products"]).await.lines().count(), 1);
    assert_eq!(inventory::discrepancies(shop.db.read()).await.unwrap(), []);

    let off = async || shop.tx(async |tx| delete_collection(tx, collection).await).await;
    assert_eq!((off().await, off().await), (true, false));
    assert_eq!(shop.dump(&["collection_products"]).await, "");
    assert_eq!(shop.product(mug).await.title, "Mug");
}

/// Of an order and a deletion at once one comes first: nothing is promised of what is gone.
#[tokio::test]
async fn what_is_promised_at_the_moment_stays_or_is_not_promised() {
    let shop = TestShop::open().await;
    for round in 0..6 {
        let mug = shop.add_stocked(&format!("Mug {round}"), units(5)).await;
        let id = products_of_variants(shop.db.read(), &[mug]).await.unwrap()[&mug];
        let promise = async {
            let tx = shop.write().await;
            let done = inventory::allocate(&tx, &[(mug, 1)], &BTreeMap::new(), &TestShop::cause()).await;
            if done.is_ok() {
                tx.commit().await.unwrap();
            }
            done.is_ok()
        };
        let (promised, deleted) = tokio::join!(promise, delete(&shop, id));
        assert_ne!(promised, deleted.is_ok(), "{deleted:?}");
    }
    assert_eq!(inventory::discrepancies(shop.db.read()).await.unwrap(), []);
}

#[tokio::test]
async fn staff_see_what_shoppers_do_not() {
    let shop = TestShop::open().await;
    let hidden = [ProductStatus::Draft, ProductStatus::Archived].map(|status| {
        let mut input = product(status.name());
        input.status = status;
        input
    });
    let ids = shop.add(&[product("Mug"), hidden[0].clone(), hidden[1].clone()]).await;
    let seen = async |listing: &ProductListing, status| {
        let request = PageRequest::first(9);
        let page = list_all_products(shop.db.read(), listing, status, &request).await.unwrap();
        page.nodes().copied().collect::<Vec<_>>()
    };
    let all = ProductListing::default();
    assert_eq!(seen(&all, None).await, ids);
    assert_eq!(seen(&all, Some(ProductStatus::Draft)).await, [ids[1]]);
    let found = ProductListing {
        query: stoa_domain::catalog::search::SearchQuery::parse("archived", 2).unwrap(),
        ..all.clone()
    };
    assert_eq!(seen(&found, None).await, [ids[2]]);
    let now = crate::testing::at(0);
    let public = list_products(shop.db.read(), &all, &PageRequest::first(9), now).await.unwrap();
    assert_eq!(public.nodes().copied().collect::<Vec<_>>(), [ids[0]]);

    let input = CollectionInput { title: "Soon".to_owned(), ..CollectionInput::default() };
    let draft = CollectionDraft::try_new(&input).unwrap();
    let tx = shop.write().await;
    let soon = create_collection(&tx, &draft, &shop.context()).await.unwrap();
    tx.commit().await.unwrap();
    let listing = CollectionsListing::default();
    let request = PageRequest::first(9);
    let page = list_all_collections(shop.db.read(), &listing, &request).await.unwrap();
    assert_eq!(page.nodes().copied().collect::<Vec<_>>(), [soon]);
    let public = list_collections(shop.db.read(), &listing, &request, now).await.unwrap();
    assert_eq!(public.nodes().count(), 0);
}
