//! What rules ask of goods.

use super::*;
use crate::{
    pricing::sample::{id, tax_category},
    tax,
    testing::{TestShop, at, product, sized},
};
use stoa_domain::{
    catalog::{CollectionDraft, CollectionInput, Merchandise, ProductInput},
    pricing::Needs,
    shared::{CollectionId, ProductId, VariantId},
};

async fn collection(shop: &TestShop, title: &str, products: &[ProductId]) -> CollectionId {
    let input = CollectionInput { title: title.to_owned(), ..CollectionInput::default() };
    let draft = CollectionDraft::try_new(&input).unwrap();
    let tx = shop.write().await;
    let id = create_collection(&tx, &draft, &shop.context()).await.unwrap();
    set_collection_products(&tx, id, products, &shop.context()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn goods(shop: &TestShop, variants: &[VariantId]) -> Vec<Merchandise> {
    let mut found = merchandise(shop.db.read(), variants, at(0)).await.unwrap().found;
    found.sort_by_key(|of| variants.iter().position(|variant| *variant == of.variant));
    found
}

#[tokio::test]
async fn what_was_said_of_goods_comes_with_them() {
    let shop = TestShop::open().await;
    shop.tx(async |tx| tax::insert_category(tx, &tax_category(1), at(0)).await).await;
    let ids = shop.add(&[sized("Shirt", &["S", "M"]), product("Card")]).await;
    let shirts = shop.product(ids[0]).await.variants;
    let card = shop.product(ids[1]).await.variants[0].id;
    let variants = [shirts[0].id, shirts[1].id, card];
    let before = version(shop.db.read()).await.unwrap();
    let of = async |product, gift_card, category| {
        shop.tx(async |tx| set_product_facts(tx, product, gift_card, category).await).await
    };
    assert!(of(ids[0], false, Some(id(1))).await);
    assert!(of(ids[1], true, None).await);
    assert!(!of(id(99), true, None).await, "there is none");
    let large = async |variant, sides| shop.tx(async |tx| set_dimensions(tx, variant, sides).await).await;
    assert!(large(variants[1], Some([300, 20, 1])).await);
    assert!(!large(id(99), Some([300, 20, 1])).await);
    assert_eq!(version(shop.db.read()).await.unwrap(), before + 5, "each a change of the catalogue");

    let found = goods(&shop, &variants).await;
    let said: Vec<_> = found.iter().map(|of| (of.dimensions_mm, of.tax_category, of.gift_card)).collect();
    let sides = Some([300, 20, 1]);
    assert_eq!(said, [(None, Some(id(1)), false), (sides, Some(id(1)), false), (None, None, true)]);

    let before = shop.db.statements();
    let facts = goods_facts(shop.db.read(), &[ids[0], ids[1], id(99)]).await.unwrap();
    assert_eq!(shop.db.statements() - before, 2);
    let measured = GoodsFacts {
        gift_card: false,
        tax_category: Some(id(1)),
        sides: [(variants[1], [300, 20, 1])].into_iter().collect(),
    };
    assert_eq!(facts[&ids[0]], measured);
    assert_eq!(facts[&ids[1]], GoodsFacts { gift_card: true, ..GoodsFacts::default() });
    assert_eq!(facts.len(), 2, "there is no third");

    assert!(large(variants[1], None).await);
    assert!(of(ids[0], false, None).await);
    let found = goods(&shop, &variants[1..2]).await;
    assert_eq!((found[0].dimensions_mm, found[0].tax_category), (None, None));
    // Nobody has such goods, and no column would hold it.
    let tx = shop.write().await;
    assert!(set_dimensions(&tx, variants[1], Some([u32::MAX, 1, 1])).await.is_err());
    tx.rollback().await.unwrap();
}

#[tokio::test]
async fn collections_and_tags_are_read_where_a_rule_asks_for_them() {
    let shop = TestShop::open().await;
    let tagged = ProductInput { tags: vec!["Wool".into(), "Été".into()], ..sized("Shirt", &["S", "M"]) };
    let ids = shop.add(&[tagged, product("Mug")]).await;
    let shirts = shop.product(ids[0]).await.variants;
    let variants = [shirts[0].id, shirts[1].id, shop.product(ids[1]).await.variants[0].id];
    let all = collection(&shop, "All", &ids).await;
    let warm = collection(&shop, "Warm", &ids[..1]).await;
    collection(&shop, "None", &[]).await;

    let asked = async |collections, tags| {
        let mut goods = goods(&shop, &variants).await;
        let needs = Needs { collections, tags, ..Needs::default() };
        let (read, cost) = shop.cost(facts(shop.db.read(), &needs, &mut goods)).await;
        read.unwrap();
        (goods, cost)
    };
    let (untold, cost) = asked(false, false).await;
    assert_eq!(cost, 0);
    assert!(untold.iter().all(|of| of.collections.is_empty() && of.tags.is_empty()));

    let (told, cost) = asked(true, true).await;
    assert_eq!(cost, 2);
    for shirt in &told[..2] {
        assert_eq!(*shirt.collections, [all, warm]);
        let tags: Vec<&str> = shirt.tags.iter().map(|tag| &**tag).collect();
        assert_eq!(tags, ["wool", "été"], "as their keys");
    }
    assert_eq!((&*told[2].collections, told[2].tags.len()), (&[all][..], 0));
    assert_eq!((asked(true, false).await.1, asked(false, true).await.1), (1, 1));
}
