//! The rules of the catalogue in SQL.

use super::*;
use crate::testing::{TestShop, at, product, sized, units};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use std::collections::BTreeMap;
use stoa_domain::{
    catalog::{
        CollectionDraft, CollectionInput, ImageInput, OptionInput, ProductDraft, ProductInput, ProductStatus,
        StockInput, VariantInput,
    },
    inventory::StockSnapshot,
    shared::{IdGenerator, ProductId, VariantId},
};

fn draft(input: &ProductInput) -> ProductDraft {
    ProductDraft::try_new(input).unwrap()
}

async fn update(
    shop: &TestShop,
    id: ProductId,
    input: &ProductInput,
) -> Result<Vec<StockSnapshot>, UpdateProductError> {
    let tx = shop.write().await;
    let changed = update_product(&tx, id, &draft(input), None, &shop.context()).await?;
    tx.commit().await?;
    Ok(changed)
}

fn picture(url: &str) -> ImageInput {
    ImageInput { url: url.to_owned(), alt_text: Some("A mug".into()), width: Some(800), height: Some(600) }
}

/// A product with something of everything.
fn rich() -> ProductInput {
    ProductInput {
        handle: Some("harbour-mug".into()),
        description_html: "<p>Stoneware &amp; glaze</p>".into(),
        vendor: "Kiln & Co".into(),
        product_type: "Mug".into(),
        tags: vec!["stoneware".into(), "Blue".into()],
        options: vec![
            OptionInput { name: "Size".into(), values: vec!["S".into(), "L".into()] },
            OptionInput { name: "Glaze".into(), values: vec![] },
        ],
        variants: vec![
            VariantInput {
                option_values: vec!["L".into(), "Matte".into()],
                sku: Some("HM-L".into()),
                barcode: Some("4006381333931".into()),
                price: 2_500,
                compare_at_price: Some(3_000),
                weight_grams: 420,
                requires_shipping: true,
                taxable: true,
                image: Some(1),
                stock: units(4),
            },
            VariantInput {
                option_values: vec!["S".into(), "Matte".into()],
                price: 1_800,
                stock: StockInput::default(),
                ..VariantInput::default()
            },
        ],
        images: vec![picture("/media/1.svg"), picture("https://cdn.example/2.png")],
        ..product("Harbour Mug")
    }
}

#[tokio::test]
async fn a_product_comes_back_as_it_was_written() {
    let shop = TestShop::open().await;
    let id = shop.add(&[rich()]).await[0];
    let product = shop.product(id).await;
    assert_eq!(product.handle.as_str(), "harbour-mug");
    assert_eq!(product.description.text, "Stoneware & glaze");
    assert_eq!(product.tags, ["Blue", "stoneware"]);
    assert_eq!((product.price.min, product.price.max), (1_800, 2_500));
    assert_eq!(product.compare_at_price.map(|r| (r.min, r.max)), Some((3_000, 3_000)));
    assert!(product.is_listed(at(0)));
    assert!(!product.is_listed(at(-61)));
    let values: Vec<Vec<&str>> =
        product.options.iter().map(|o| o.values.iter().map(|v| v.name.as_str()).collect()).collect();
    assert_eq!(values, [vec!["S", "L"], vec!["Matte"]]);
    let large = &product.variants[0];
    assert_eq!(product.selected_options(large).collect::<Vec<_>>(), [("Size", "L"), ("Glaze", "Matte")]);
    assert_eq!((large.title.as_str(), large.weight_grams), ("L / Matte", 420));
    assert_eq!(product.image_of(large).unwrap().url, "https://cdn.example/2.png");
    assert_eq!(product.image_of(&product.variants[1]).unwrap().url, "/media/1.svg");
    assert_eq!(product.images[0].width, Some(800));
    assert_eq!(find_product_by_handle(shop.db.read(), "harbour-mug").await.unwrap(), Some(id));
    assert_eq!(find_product_by_handle(shop.db.read(), "Harbour-Mug").await.unwrap(), None);
}

#[tokio::test]
async fn the_document_says_what_the_rows_say() {
    use crate::db::Raw;
    let shop = TestShop::open().await;
    let mut ids = shop.add(&[rich(), product("Cup"), sized("Bowl", &["S", "M"])]).await;
    let mut changed = rich();
    changed.title = "Harbour Mug II".into();
    changed.variants.reverse();
    changed.images.remove(0);
    changed.variants[1].image = Some(0);
    update(&shop, ids[0], &changed).await.unwrap();
    update(&shop, ids[2], &sized("Bowl", &["M", "XL", "S"])).await.unwrap();
    let sort = |mut products: Vec<stoa_domain::catalog::Product>| {
        products.sort_by_key(|p| p.id);
        products
    };
    let documents = products_by_ids(shop.db.read(), &ids).await.unwrap();
    let rows = read::from_rows(shop.db.read().raw(), &ids).await.unwrap();
    assert_eq!(documents.len(), 3);
    assert_eq!(sort(documents.clone()), sort(rows));
    for product in &documents {
        let found = product_by_handle(shop.db.read(), product.handle.as_str()).await.unwrap();
        assert_eq!(found.as_ref(), Some(product));
    }
    assert_eq!(product_by_handle(shop.db.read(), "nothing").await.unwrap(), None);

    // Documents of another version of the program, or of none, are passed over.
    let tx = shop.write().await;
    entities::document::Entity::update_many()
        .col_expr(entities::document::Column::Format, Expr::value(99_i16))
        .filter(entities::document::Column::ProductId.eq(ids[0].uuid()))
        .exec(tx.raw())
        .await
        .unwrap();
    entities::document::Entity::delete_by_id(ids[1].uuid()).exec(tx.raw()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(products_by_ids(shop.db.read(), &ids).await.unwrap(), documents);
    let found = product_by_handle(shop.db.read(), "cup").await.unwrap();
    assert_eq!(found.as_ref(), Some(&documents[1]));
    ids.push(ProductId::new(shop.ids.id()));
    assert_eq!(products_by_ids(shop.db.read(), &ids).await.unwrap().len(), 3);
}

#[tokio::test]
async fn products_come_in_the_order_asked_for_at_a_constant_price() {
    let shop = TestShop::open().await;
    let inputs: Vec<_> = (0..30).map(|n| sized(&format!("Mug {n}"), &["S", "M", "L"])).collect();
    let mut ids = shop.add(&inputs).await;
    ids.reverse();
    let mut costs = Vec::new();
    for count in [1, 5, 30] {
        let before = shop.db.statements();
        let found = products_by_ids(shop.db.read(), &ids[..count]).await.unwrap();
        costs.push(shop.db.statements() - before);
        assert_eq!(found.iter().map(|p| p.id).collect::<Vec<_>>(), ids[..count]);
        assert!(found.iter().all(|p| p.variants.len() == 3));
    }
    assert_eq!(costs, [1, 1, 1]);
    let with_unknown = [ids[0], ProductId::new(uuid::Uuid::nil()), ids[1]];
    assert_eq!(products_by_ids(shop.db.read(), &with_unknown).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_handle_from_the_title_gives_way_and_a_chosen_one_does_not() {
    let shop = TestShop::open().await;
    let mut handles = Vec::new();
    for _ in 0..3 {
        let tx = shop.write().await;
        let id = create_product(&tx, &draft(&product("Blue Mug")), &shop.context()).await.unwrap();
        tx.commit().await.unwrap();
        handles.push(shop.product(id).await.handle.to_string());
    }
    assert_eq!(handles, ["blue-mug", "blue-mug-1", "blue-mug-2"]);

    let chosen = ProductInput { handle: Some("blue-mug-1".into()), ..product("Other") };
    let tx = shop.write().await;
    let taken = create_product(&tx, &draft(&chosen), &shop.context()).await.unwrap_err();
    assert!(matches!(taken, CreateProductError::HandleTaken(handle) if handle.as_str() == "blue-mug-1"));
}

#[tokio::test]
async fn every_write_raises_the_version_and_only_a_committed_one() {
    let shop = TestShop::open().await;
    let current = async || version(shop.db.read()).await.unwrap();
    assert_eq!(current().await, 0);
    let id = shop.add(&[product("Mug")]).await[0];
    assert_eq!(current().await, 1);
    update(&shop, id, &product("Cup")).await.unwrap();
    assert_eq!(current().await, 2);
    let tx = shop.write().await;
    update_product(&tx, id, &draft(&product("Bowl")), None, &shop.context()).await.unwrap();
    drop(tx);
    assert_eq!(current().await, 2);
    let tx = shop.write().await;
    record_sales(&tx, &[(id, 3)]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(current().await, 2, "sales do not empty the caches");
}

#[tokio::test]
async fn what_stays_the_same_keeps_its_id() {
    let shop = TestShop::open().await;
    let id = shop.add(&[rich()]).await[0];
    let before = shop.product(id).await;
    let mut input = rich();
    input.title = "Harbour Mug II".into();
    input.options[1].name = "Finish".into();
    input.images.reverse();
    input.variants.reverse();
    input.variants[1].image = Some(0);
    input.variants[1].price = 2_600;
    input.variants.push(VariantInput {
        option_values: vec!["XL".into(), "Shiny".into()],
        price: 3_100,
        stock: units(1),
        ..VariantInput::default()
    });
    let changed = update(&shop, id, &input).await.unwrap();
    assert_eq!(changed, [], "no stock was touched");

    let after = shop.product(id).await;
    assert_eq!(after.title, "Harbour Mug II");
    assert_eq!(after.created_at, before.created_at);
    assert_eq!(after.options[0].id, before.options[0].id);
    assert_eq!(after.options[1].id, before.options[1].id, "renamed in its place");
    assert_eq!(after.options[0].values[..2], before.options[0].values[..]);
    assert_eq!(after.images[0].id, before.images[1].id);
    assert_eq!(after.variants[1].id, before.variants[0].id);
    assert_eq!(after.variants[0].id, before.variants[1].id);
    assert_eq!(after.variants[1].price, 2_600);
    assert_eq!(after.image_of(&after.variants[1]).unwrap().url, "https://cdn.example/2.png");
    assert_eq!(after.variants.len(), 3);
    let skus: Vec<_> = after.variants.iter().map(|v| v.sku.as_deref()).collect();
    assert_eq!(skus, [None, Some("HM-L"), None]);
}

#[tokio::test]
async fn stock_comes_in_the_variants_order_whatever_their_ids() {
    let shop = TestShop::open().await;
    let sizes: Vec<String> = (0..12).map(|n| format!("size {n}")).collect();
    let sizes: Vec<&str> = sizes.iter().map(String::as_str).collect();
    let mut input = sized("Mug", &sizes);
    let [id, other] = shop.add(&[input.clone(), sized("Jug", &["S"])]).await[..] else { panic!() };
    input.variants.reverse();
    update(&shop, id, &input).await.unwrap();
    let product = shop.product(id).await;
    let expected: Vec<VariantId> = product.variants.iter().map(|variant| variant.id).collect();
    assert!(expected.is_sorted_by(|a, b| a > b), "the newest comes first");
    let gone = ProductId::new(shop.ids.id());
    let read = stock_of_products(shop.db.read(), &[other, gone, id]).await.unwrap();
    let of = |product| read[&product].iter().map(|stock| stock.variant).collect::<Vec<_>>();
    assert_eq!(of(id), expected);
    assert_eq!((read.len(), of(other).len()), (2, 1));
}

#[tokio::test]
async fn a_variant_is_known_by_its_values_or_else_by_its_sku() {
    let shop = TestShop::open().await;
    let mut input = sized("Mug", &["S", "L"]);
    let id = shop.add(&[input.clone()]).await[0];
    let before = shop.product(id).await;
    input.variants[0].option_values = vec!["Grande".into()];
    input.variants[1].option_values = vec!["S".into()];
    input.variants[1].sku = Some("new".into());
    update(&shop, id, &input).await.unwrap();
    let after = shop.product(id).await;
    assert_eq!(after.variants[1].id, before.variants[0].id, "option values come before SKUs");
    assert_ne!(after.variants[0].id, before.variants[0].id);

    input.variants[0].option_values = vec!["Petite".into()];
    update(&shop, id, &input).await.unwrap();
    let third = shop.product(id).await;
    assert_eq!(third.variants[0].id, after.variants[0].id, "known by its SKU");
    assert_eq!(third.variants[0].title, "Petite");
}

#[tokio::test]
async fn a_variant_goes_with_its_stock_unless_it_is_promised() {
    let shop = TestShop::open().await;
    let id = shop.add(&[sized("Mug", &["S", "M", "L"])]).await[0];
    let before = shop.product(id).await;
    let [small, medium, large] = [0, 1, 2].map(|n: usize| before.variants[n].id);
    let tx = shop.write().await;
    crate::inventory::allocate(&tx, &[(medium, 1)], &BTreeMap::new(), &TestShop::cause()).await.unwrap();
    tx.commit().await.unwrap();

    let refused = update(&shop, id, &sized("Mug", &["S", "L"])).await.unwrap_err();
    assert!(matches!(refused, UpdateProductError::VariantPromised(v) if v == [medium]));
    assert_eq!(shop.product(id).await, before, "nothing has changed");

    update(&shop, id, &sized("Mug", &["S", "M"])).await.unwrap();
    let after: Vec<VariantId> = shop.product(id).await.variants.iter().map(|v| v.id).collect();
    assert_eq!(after, [small, medium]);
    assert_eq!(crate::inventory::snapshots(shop.db.read(), &[large]).await.unwrap(), []);
    assert_eq!(crate::inventory::discrepancies(shop.db.read()).await.unwrap(), []);
}

#[tokio::test]
async fn an_update_sets_stock_where_it_names_a_count() {
    let shop = TestShop::open().await;
    let id = shop.add(&[sized("Mug", &["S", "L"])]).await[0];
    let mut input = sized("Mug", &["S", "L"]);
    input.variants[0].stock.on_hand = None;
    input.variants[1].stock.on_hand = Some(3);
    let changed = update(&shop, id, &input).await.unwrap();
    let large = shop.product(id).await.variants[1].id;
    assert_eq!(changed, [StockSnapshot { variant: large, sellable: Some(3), version: 2 }]);
    assert_eq!(crate::inventory::discrepancies(shop.db.read()).await.unwrap(), []);
}

#[tokio::test]
async fn an_update_that_cannot_be_says_why() {
    let shop = TestShop::open().await;
    let ids = shop.add(&[product("Mug"), product("Cup")]).await;
    let taken = ProductInput { handle: Some("mug".into()), ..product("Cup") };
    let refused = update(&shop, ids[1], &taken).await.unwrap_err();
    assert!(matches!(refused, UpdateProductError::HandleTaken(_)));
    let gone = ProductId::new(shop.ids.id());
    assert!(matches!(update(&shop, gone, &product("Bowl")).await, Err(UpdateProductError::Gone)));
}

#[tokio::test]
async fn merchandise_is_read_in_one_statement_with_all_that_money_needs() {
    let shop = TestShop::open().await;
    let hidden = ProductInput { status: ProductStatus::Draft, ..product("Hidden") };
    let later = ProductInput { published_at: Some(at(100)), ..product("Later") };
    let ids = shop.add(&[rich(), hidden, later]).await;
    let rich = shop.product(ids[0]).await;
    let mut wanted: Vec<VariantId> = rich.variants.iter().map(|v| v.id).collect();
    for id in &ids[1..] {
        wanted.push(shop.product(*id).await.variants[0].id);
    }
    wanted.push(VariantId::new(shop.ids.id()));
    let before = shop.db.statements();
    let found = merchandise(shop.db.read(), &wanted, at(0)).await.unwrap().found;
    assert_eq!(shop.db.statements() - before, 1);
    assert_eq!(found.len(), 4, "the one that is gone is absent");
    let of = |n: usize| found.iter().find(|m| m.variant == wanted[n]).unwrap();
    let large = of(0);
    assert_eq!(large.product_title, "Harbour Mug");
    assert_eq!(large.variant_title, "L / Matte");
    assert_eq!(large.product_handle.as_str(), "harbour-mug");
    assert_eq!((large.price, large.compare_at_price), (2_500, Some(3_000)));
    assert_eq!((large.weight_grams, large.requires_shipping, large.taxable), (420, true, true));
    assert_eq!(large.image.as_ref().unwrap().url, "https://cdn.example/2.png");
    assert_eq!(large.snapshot, StockSnapshot { variant: wanted[0], sellable: Some(4), version: 1 });
    assert_eq!(of(1).image.as_ref().unwrap().url, "/media/1.svg", "the product's first");
    assert_eq!(of(1).snapshot.sellable, None);
    assert_eq!([0, 1, 2, 3].map(|n| of(n).for_sale), [true, true, false, false]);
    let then = merchandise(shop.db.read(), &wanted[3..4], at(100)).await.unwrap().found;
    assert!(then[0].for_sale, "its time has come");
    assert_eq!(next_change(shop.db.read(), at(0)).await.unwrap(), Some(at(100)));
    assert_eq!(next_change(shop.db.read(), at(100)).await.unwrap(), None);
}

#[tokio::test]
async fn a_collection_holds_its_products_in_order() {
    let shop = TestShop::open().await;
    let ids = shop.add(&[product("A"), product("B"), product("C")]).await;
    let input = CollectionInput {
        title: "Winter".into(),
        description_html: "<p>Warm</p>".into(),
        image: Some(picture("/media/winter.svg")),
        published_at: Some(at(0)),
        ..CollectionInput::default()
    };
    let winter = CollectionDraft::try_new(&input).unwrap();
    let tx = shop.write().await;
    let id = create_collection(&tx, &winter, &shop.context()).await.unwrap();
    let again = create_collection(&tx, &winter, &shop.context()).await.unwrap_err();
    assert!(matches!(again, SaveCollectionError::HandleTaken(_)));
    drop(tx);
    let tx = shop.write().await;
    let id = {
        let made = create_collection(&tx, &winter, &shop.context()).await.unwrap();
        assert_ne!(made, id);
        made
    };
    let gone = ProductId::new(shop.ids.id());
    set_collection_products(&tx, id, &[ids[2], ids[0], gone, ids[2]], &shop.context()).await.unwrap();
    tx.commit().await.unwrap();

    let read = collections_by_ids(shop.db.read(), &[id]).await.unwrap().pop().unwrap();
    assert_eq!((read.title.as_str(), read.description.text.as_str()), ("Winter", "Warm"));
    assert_eq!(read.image.unwrap().url, "/media/winter.svg");
    assert_eq!(find_collection_by_handle(shop.db.read(), "winter").await.unwrap(), Some(id));
}

#[tokio::test]
async fn two_thousand_variants_are_one_product() {
    let shop = TestShop::open().await;
    let sizes: Vec<String> = (0..2_000).map(|n| n.to_string()).collect();
    let input = sized("Thread", &sizes.iter().map(String::as_str).collect::<Vec<_>>());
    let id = shop.add(std::slice::from_ref(&input)).await[0];
    let product = shop.product(id).await;
    assert_eq!(product.variants.len(), 2_000);
    update(&shop, id, &input).await.unwrap();
    assert_eq!(shop.product(id).await.variants[1_999].id, product.variants[1_999].id);
}
