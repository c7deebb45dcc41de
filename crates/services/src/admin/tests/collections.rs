//! Collections.

use super::shop::{change, units};
use crate::{
    admin::{CollectionError, CollectionPatch, Move},
    testing::TestShop,
};
use serde_json::json;
use stoa_domain::{
    access::grants::{ProductsRead, ProductsWrite},
    catalog::{Collection, CollectionInput, CollectionsListing},
    shared::{CollectionId, ProductId, page::PageRequest},
};

async fn three(shop: &TestShop) -> [ProductId; 3] {
    let mut made = Vec::new();
    for title in ["Mug", "Bowl", "Jug"] {
        made.push(shop.add(title, units(1, 0)).await.id);
    }
    made.try_into().unwrap()
}

async fn tableware(shop: &TestShop, products: &[ProductId]) -> Collection {
    let input = CollectionInput { title: "Tableware".to_owned(), ..CollectionInput::default() };
    shop.services.admin.collections.create(&shop.eve(), &input, products).await.unwrap()
}

async fn held(shop: &TestShop, id: CollectionId) -> Vec<ProductId> {
    shop.services.admin.collections.products(&shop.eve::<ProductsRead>(), id).await.unwrap()
}

#[tokio::test]
async fn a_collection_is_made_changed_and_taken_away() {
    let shop = TestShop::open().await;
    let [mug, bowl, _] = three(&shop).await;
    let made = tableware(&shop, &[bowl, mug, bowl]).await;
    assert_eq!(held(&shop, made.id).await, [bowl, mug], "each once");
    let collections = &shop.services.admin.collections;
    let patch = CollectionPatch { title: Some("Pottery".to_owned()), ..CollectionPatch::default() };
    for _ in 0..2 {
        let now = collections.update(&shop.eve(), made.id, &patch).await.unwrap();
        assert_eq!((now.title.as_str(), now.handle.as_str()), ("Pottery", "tableware"));
    }
    let read = shop.eve::<ProductsRead>();
    let listing = CollectionsListing::default();
    let page = collections.list(&read, &listing, &PageRequest::first(9)).await.unwrap();
    assert_eq!(page.nodes().copied().collect::<Vec<_>>(), [made.id], "though shoppers do not see it");
    collections.delete(&shop.eve(), made.id).await.unwrap();
    let gone = collections.delete(&shop.eve(), made.id).await;
    assert!(matches!(gone, Err(CollectionError::NotFound)), "{gone:?}");
    assert_eq!(shop.services.admin.products.find_all(&read, &[mug, bowl]).await.unwrap().len(), 2);
    let log = shop.log(made.id).await;
    let acts: Vec<&str> = log.iter().map(|(act, _)| act.as_str()).collect();
    assert_eq!(acts, ["collection.create", "collection.update", "collection.delete"]);
    assert_eq!(change(&log[1].1, "title"), Some((&json!("Tableware"), &json!("Pottery"))));
    let went = json!([bowl.to_string(), mug.to_string()]);
    assert_eq!(change(&log[2].1, "products"), Some((&went, &json!([]))));
}

#[tokio::test]
async fn products_come_go_and_change_places() {
    let shop = TestShop::open().await;
    let [mug, bowl, jug] = three(&shop).await;
    let made = tableware(&shop, &[mug]).await;
    let collections = &shop.services.admin.collections;
    let by = shop.eve::<ProductsWrite>();
    for _ in 0..2 {
        collections.add(&by, made.id, &[bowl, mug, jug]).await.unwrap();
        assert_eq!(held(&shop, made.id).await, [mug, bowl, jug]);
    }
    let moves = [Move { product: jug, to: 0 }, Move { product: mug, to: 99 }];
    collections.reorder(&by, made.id, &moves).await.unwrap();
    assert_eq!(held(&shop, made.id).await, [jug, bowl, mug]);
    for _ in 0..2 {
        collections.remove(&by, made.id, &[bowl]).await.unwrap();
        assert_eq!(held(&shop, made.id).await, [jug, mug]);
    }
    let log = shop.log(made.id).await;
    let acts: Vec<&str> = log.iter().map(|(act, _)| act.as_str()).collect();
    let expected = [
        "collection.create",
        "collection.add_products",
        "collection.reorder_products",
        "collection.remove_products",
    ];
    assert_eq!(acts, expected, "what was so already is not in it");
    assert!(change(&log[2].1, "order").is_some());
    assert_eq!(change(&log[3].1, "products"), Some((&json!([bowl.to_string()]), &json!([]))));
}

#[tokio::test]
async fn two_who_add_at_once_both_add() {
    let shop = TestShop::open().await;
    let [mug, bowl, jug] = three(&shop).await;
    let made = tableware(&shop, &[mug]).await;
    let collections = &shop.services.admin.collections;
    let by = shop.eve::<ProductsWrite>();
    let (one, other) = ([bowl], [jug]);
    let (a, b) = tokio::join!(collections.add(&by, made.id, &one), collections.add(&by, made.id, &other));
    a.unwrap();
    b.unwrap();
    assert_eq!(held(&shop, made.id).await.len(), 3);
}

#[tokio::test]
async fn what_is_refused_changes_nothing() {
    let shop = TestShop::open().await;
    let [mug, bowl, _] = three(&shop).await;
    let made = tableware(&shop, &[mug]).await;
    let collections = &shop.services.admin.collections;
    let by = shop.eve::<ProductsWrite>();
    let before = shop.log_length().await;
    let stranger = ProductId::new(uuid::Uuid::from_u128(7));
    let unknown = collections.add(&by, made.id, &[bowl, stranger]).await;
    assert!(matches!(unknown, Err(CollectionError::NoProduct(id)) if id == stranger), "{unknown:?}");
    let elsewhere = collections.reorder(&by, made.id, &[Move { product: bowl, to: 0 }]).await;
    assert!(matches!(elsewhere, Err(CollectionError::NoProduct(id)) if id == bowl), "{elsewhere:?}");
    let input = CollectionInput { title: "Tableware".to_owned(), ..CollectionInput::default() };
    let taken = collections.create(&by, &input, &[]).await;
    assert!(matches!(taken, Err(CollectionError::HandleTaken(_))), "{taken:?}");
    let nowhere = collections.add(&by, CollectionId::new(uuid::Uuid::from_u128(7)), &[mug]).await;
    assert!(matches!(nowhere, Err(CollectionError::NotFound)), "{nowhere:?}");
    assert_eq!((held(&shop, made.id).await, shop.log_length().await), (vec![mug], before));
}
