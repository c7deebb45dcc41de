//! Products and their variants.

use super::shop::{change, goods, units};
use crate::{
    admin::{NewGoods, ProductError, ProductPatch, VariantPatch},
    testing::TestShop,
};
use serde_json::json;
use std::collections::BTreeMap;
use stoa_domain::{
    access::grants::{ProductsRead, ProductsWrite},
    catalog::{
        ImageInput, InvalidProduct, OptionInput, Product, ProductInput, ProductListing, ProductStatus,
        VariantInput,
    },
    shared::{ProductId, TaxCategoryId, VariantId, page::PageRequest},
    tax::{CategoryKind, TaxCategory},
};
use stoa_persistence::{Durability, tax};

/// A shirt in these sizes.
async fn shirts(shop: &TestShop, sizes: &[&str]) -> Product {
    let variant = |size: &&str| VariantInput {
        option_values: vec![(*size).to_owned()],
        price: 2_000,
        stock: units(5, 0),
        ..VariantInput::default()
    };
    let input = ProductInput {
        options: vec![OptionInput { name: "Size".to_owned(), values: Vec::new() }],
        variants: sizes.iter().map(variant).collect(),
        ..goods("Shirt", units(5, 0))
    };
    shop.services.admin.products.create(&shop.eve(), Some(&shop.eve()), &input).await.unwrap()
}

fn titles(product: &Product) -> Vec<&str> {
    product.variants.iter().map(|variant| variant.title.as_str()).collect()
}

#[tokio::test]
async fn a_product_is_made_changed_and_taken_away() {
    let shop = TestShop::open().await;
    let products = &shop.services.admin.products;
    let mug = shop.add("Mug", units(3, 0)).await;
    assert_eq!((mug.handle.to_string().as_str(), shop.stocked(mug.variants[0].id).await), ("mug", (3, 0)));
    let patch = ProductPatch {
        title: Some("Cup".to_owned()),
        tags: Some(vec!["blue".to_owned()]),
        description_html: Some("<p>Of clay</p>".to_owned()),
        status: Some(ProductStatus::Draft),
        ..ProductPatch::default()
    };
    for _ in 0..2 {
        let cup = products.update(&shop.eve(), mug.id, &patch).await.unwrap();
        assert_eq!((cup.title.as_str(), cup.handle.to_string().as_str()), ("Cup", "mug"));
        assert_eq!(cup.variants[0].id, mug.variants[0].id);
    }
    assert_eq!(shop.stocked(mug.variants[0].id).await, (3, 0));
    let read = shop.eve::<ProductsRead>();
    let listing = (&ProductListing::default(), Some(ProductStatus::Draft));
    let page = products.list(&read, listing, &PageRequest::first(9)).await.unwrap();
    assert_eq!(page.nodes().copied().collect::<Vec<_>>(), [mug.id], "though shoppers do not see it");
    products.delete(&shop.eve(), mug.id).await.unwrap();
    let gone = products.delete(&shop.eve(), mug.id).await;
    assert!(matches!(gone, Err(ProductError::NotFound)), "{gone:?}");
    assert!(products.find_all(&read, &[mug.id]).await.unwrap().is_empty());
    let log = shop.log(mug.id).await;
    let acts: Vec<&str> = log.iter().map(|(act, _)| act.as_str()).collect();
    assert_eq!(acts, ["product.create", "product.update", "product.delete"]);
    assert_eq!(change(&log[1].1, "title"), Some((&json!("Mug"), &json!("Cup"))));
    assert_eq!(change(&log[1].1, "vendor"), None);
    assert!(!log[1].1.to_string().contains("clay"), "that it was described anew is all it says");
    assert!(change(&log[1].1, "descriptionHtml").is_some());
    assert_eq!(change(&log[2].1, "title"), Some((&json!("Cup"), &json!(null))));
    shop.balances().await;
}

#[tokio::test]
async fn a_handle_that_was_chosen_makes_one_product_and_rules_are_kept() {
    let shop = TestShop::open().await;
    let products = &shop.services.admin.products;
    let by = shop.eve::<ProductsWrite>();
    let chosen = ProductInput { handle: Some("mug".to_owned()), ..goods("Mug", units(0, 0)) };
    let (a, b) = tokio::join!(products.create(&by, None, &chosen), products.create(&by, None, &chosen));
    let (made, refused): (Vec<_>, Vec<_>) = [a, b].into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1);
    assert!(matches!(&refused[..], [Err(ProductError::HandleTaken(handle))] if handle.as_str() == "mug"));
    let second = shop.add("Mug", units(1, 0)).await;
    assert_eq!(second.handle.to_string(), "mug-1", "one that was not chosen gives way");
    let before = shop.log_length().await;
    let taken = ProductPatch { handle: Some("mug".to_owned()), ..ProductPatch::default() };
    let refused = products.update(&by, second.id, &taken).await;
    assert!(matches!(refused, Err(ProductError::HandleTaken(_))), "{refused:?}");
    let blank = ProductPatch { title: Some(" ".to_owned()), ..ProductPatch::default() };
    let refused = products.update(&by, second.id, &blank).await;
    assert!(matches!(refused, Err(ProductError::Invalid(InvalidProduct::Missing("title")))), "{refused:?}");
    let unknown = products.update(&by, ProductId::new(uuid::Uuid::from_u128(7)), &blank).await;
    assert!(matches!(unknown, Err(ProductError::NotFound)), "{unknown:?}");
    assert_eq!(shop.log_length().await, before);
}

#[tokio::test]
async fn two_who_change_a_product_at_once_both_have_their_say() {
    let shop = TestShop::open().await;
    let mug = shop.add("Mug", units(1, 0)).await;
    let products = &shop.services.admin.products;
    let by = shop.eve::<ProductsWrite>();
    let vendor = ProductPatch { vendor: Some("Kiln".to_owned()), ..ProductPatch::default() };
    let kind = ProductPatch { product_type: Some("Cups".to_owned()), ..ProductPatch::default() };
    let (a, b) = tokio::join!(products.update(&by, mug.id, &vendor), products.update(&by, mug.id, &kind));
    a.unwrap();
    b.unwrap();
    let now = products.find_all(&shop.eve(), &[mug.id]).await.unwrap().pop().unwrap();
    assert_eq!((now.vendor.as_str(), now.product_type.as_str()), ("Kiln", "Cups"));
}

#[tokio::test]
async fn what_is_promised_to_an_order_is_not_taken_away() {
    let shop = TestShop::open().await;
    let shirt = shirts(&shop, &["S", "L"]).await;
    let large = shirt.variants[1].id;
    shop.paid(&[(large, 1)]).await;
    let admin = &shop.services.admin;
    let before = shop.log_length().await;
    for refused in [
        admin.products.delete(&shop.eve(), shirt.id).await,
        admin.variants.delete(&shop.eve(), shirt.id, &[large]).await.map(drop),
    ] {
        assert!(
            matches!(&refused, Err(ProductError::Promised(those)) if those[..] == [large]),
            "{refused:?}"
        );
    }
    assert_eq!((shop.log_length().await, shop.stocked(large).await), (before, (5, 1)));
    let small = shirt.variants[0].id;
    let left = admin.variants.delete(&shop.eve(), shirt.id, &[small]).await.unwrap();
    assert_eq!(titles(&left), ["L"]);
    let last = admin.variants.delete(&shop.eve(), shirt.id, &[small]).await;
    assert!(matches!(last, Err(ProductError::NoVariant(id)) if id == small), "{last:?}");
    shop.balances().await;
}

#[tokio::test]
async fn variants_are_added_changed_and_keep_who_they_are() {
    let shop = TestShop::open().await;
    let shirt = shirts(&shop, &["S", "L"]).await;
    let variants = &shop.services.admin.variants;
    let new = VariantInput { option_values: vec!["XL".to_owned()], price: 2_500, ..VariantInput::default() };
    let more = variants
        .create(&shop.eve(), Some(&shop.eve()), shirt.id, (&[], std::slice::from_ref(&new)))
        .await
        .unwrap();
    assert_eq!(titles(&more), ["S", "L", "XL"]);
    let same =
        variants.create(&shop.eve(), Some(&shop.eve()), shirt.id, (&[], std::slice::from_ref(&new))).await;
    assert!(
        matches!(same, Err(ProductError::Invalid(InvalidProduct::DuplicateVariant { .. }))),
        "asked twice it is there once: {same:?}"
    );
    let large = shirt.variants[1].id;
    let patch = VariantPatch {
        price: Some(1_800),
        compare_at_price: Some(Some(2_000)),
        sku: Some("L-1".to_owned()),
        backorder_limit: Some(None),
        ..VariantPatch::default()
    };
    for _ in 0..2 {
        let now = variants.update(&shop.eve(), shirt.id, &[(large, patch.clone())]).await.unwrap();
        let ids: Vec<VariantId> = now.variants.iter().map(|variant| variant.id).collect();
        assert_eq!(ids, more.variants.iter().map(|variant| variant.id).collect::<Vec<_>>());
        assert_eq!((now.variants[1].price, now.variants[1].sku.as_deref()), (1_800, Some("L-1")));
    }
    assert_eq!(shop.stocked(large).await, (5, 0), "what is there stays");
    let policies = shop.services.admin.stock.policies(&shop.eve(), &[large]).await.unwrap();
    assert_eq!(policies[&large].backorder_limit, None);
    let log = shop.log(shirt.id).await;
    let acts: Vec<&str> = log.iter().map(|(act, _)| act.as_str()).collect();
    assert_eq!(acts, ["product.create", "variant.create", "variant.update"]);
    let field = |name: &str| format!("variant {large} {name}");
    assert_eq!(change(&log[2].1, &field("price")), Some((&json!(2_000), &json!(1_800))));
    assert_eq!(change(&log[2].1, &field("backorderLimit")), Some((&json!(0), &json!("any"))));
    assert_eq!(log[2].1.as_array().unwrap().len(), 4, "{}", log[2].1);
    let stranger = VariantId::new(uuid::Uuid::from_u128(7));
    let unknown = variants.update(&shop.eve(), shirt.id, &[(stranger, patch)]).await;
    assert!(matches!(unknown, Err(ProductError::NoVariant(id)) if id == stranger), "{unknown:?}");
    shop.balances().await;
}

#[tokio::test]
async fn a_product_is_said_anew_as_a_whole_and_its_units_stay() {
    let shop = TestShop::open().await;
    let shirt = shirts(&shop, &["S", "L"]).await;
    let variant = |size: &str| VariantInput {
        option_values: vec![size.to_owned()],
        price: 3_000,
        stock: units(99, 0),
        ..VariantInput::default()
    };
    let input = ProductInput {
        options: vec![OptionInput { name: "Size".to_owned(), values: Vec::new() }],
        variants: vec![variant("L"), variant("XL")],
        ..goods("Tee", units(0, 0))
    };
    let products = &shop.services.admin.products;
    for _ in 0..2 {
        let tee = products.set(&shop.eve(), shirt.id, &input).await.unwrap();
        assert_eq!(
            (tee.title.as_str(), tee.handle.as_str(), titles(&tee)),
            ("Tee", "shirt", vec!["L", "XL"])
        );
        assert_eq!(tee.variants[0].id, shirt.variants[1].id, "the large one is who it was");
        assert_eq!(shop.stocked(tee.variants[0].id).await, (5, 0), "to count them is another permission");
        assert_eq!(shop.stocked(tee.variants[1].id).await, (0, 0));
    }
    assert_eq!(shop.acts(shirt.id).await, ["product.create", "product.set"]);
    shop.balances().await;
}

#[tokio::test]
async fn a_product_of_one_form_gets_options() {
    let shop = TestShop::open().await;
    let mug = shop.add("Mug", units(3, 0)).await;
    let variants = &shop.services.admin.variants;
    let colour = |name: &str| VariantInput {
        option_values: vec![name.to_owned()],
        price: 1_000,
        stock: units(2, 0),
        ..VariantInput::default()
    };
    let options = ["Colour".to_owned()];
    let both = [colour("Blue"), colour("Red")];
    let mugs = variants.create(&shop.eve(), Some(&shop.eve()), mug.id, (&options, &both)).await.unwrap();
    assert_eq!((mugs.options[0].name.as_str(), titles(&mugs)), ("Colour", vec!["Blue", "Red"]));
    let again = variants.create(&shop.eve(), Some(&shop.eve()), mug.id, (&options, &both)).await;
    assert!(matches!(again, Err(ProductError::HasOptions)), "{again:?}");
    shop.balances().await;
}

#[tokio::test]
async fn pictures_stay_with_the_variants_that_show_them() {
    let shop = TestShop::open().await;
    let shirt = shirts(&shop, &["S", "L"]).await;
    let picture = |n: u8| ImageInput { url: format!("/media/{n}.png"), ..ImageInput::default() };
    let products = &shop.services.admin.products;
    let three = ProductPatch { images: Some(vec![picture(1), picture(2)]), ..ProductPatch::default() };
    products.update(&shop.eve(), shirt.id, &three).await.unwrap();
    let large = shirt.variants[1].id;
    let patch = VariantPatch { image_url: Some("/media/2.png".to_owned()), ..VariantPatch::default() };
    let variants = &shop.services.admin.variants;
    let shown = variants.update(&shop.eve(), shirt.id, &[(large, patch)]).await.unwrap();
    assert_eq!(shown.image_of(&shown.variants[1]).unwrap().url, "/media/2.png");
    let log = shop.log(shirt.id).await;
    let field = format!("variant {large} image");
    assert_eq!(change(&log[2].1, &field), Some((&json!(null), &json!("/media/2.png"))));
    let others = ProductPatch { images: Some(vec![picture(3), picture(2)]), ..ProductPatch::default() };
    let now = products.update(&shop.eve(), shirt.id, &others).await.unwrap();
    assert_eq!(now.image_of(&now.variants[1]).unwrap().url, "/media/2.png");
    assert_eq!(now.image_of(&now.variants[0]).unwrap().url, "/media/3.png");
    let unknown = VariantPatch { image_url: Some("/media/9.png".to_owned()), ..VariantPatch::default() };
    let refused = variants.update(&shop.eve(), shirt.id, &[(large, unknown)]).await;
    assert!(matches!(refused, Err(ProductError::Invalid(InvalidProduct::UnknownImage(2)))), "{refused:?}");
}

#[tokio::test]
async fn how_many_there_are_of_what_is_new_is_said_by_whoever_may_and_stands_in_the_log() {
    let shop = TestShop::open().await;
    let (products, variants) = (&shop.services.admin.products, &shop.services.admin.variants);
    let before = shop.log_length().await;
    let refused = products.create(&shop.eve(), None, &goods("Mug", units(3, 0))).await;
    assert!(matches!(refused, Err(ProductError::Units)), "{refused:?}");
    let shirt = shirts(&shop, &["S"]).await;
    let new = VariantInput {
        option_values: vec!["XL".to_owned()],
        price: 2_500,
        stock: units(4, 0),
        ..VariantInput::default()
    };
    let refused = variants.create(&shop.eve(), None, shirt.id, (&[], std::slice::from_ref(&new))).await;
    assert!(matches!(refused, Err(ProductError::Units)), "{refused:?}");
    assert_eq!(shop.log_length().await, before + 1, "of the shirt");
    let none = VariantInput { stock: units(0, 0), ..new.clone() };
    variants.create(&shop.eve(), None, shirt.id, (&[], &[none])).await.unwrap();
    let large = VariantInput { option_values: vec!["L".to_owned()], ..new };
    let three = variants.create(&shop.eve(), Some(&shop.eve()), shirt.id, (&[], &[large])).await.unwrap();
    variants.delete(&shop.eve(), shirt.id, &[three.variants[2].id]).await.unwrap();
    let log = shop.log(shirt.id).await;
    let field = |at: usize| format!("variant {} onHand", three.variants[at].id);
    assert_eq!(change(&log[0].1, &field(0)), Some((&json!(null), &json!(5))));
    assert_eq!(change(&log[1].1, &field(1)), None);
    assert_eq!(change(&log[2].1, &field(2)), Some((&json!(null), &json!(4))));
    assert_eq!(change(&log[3].1, &field(2)), Some((&json!(4), &json!(null))));
    shop.balances().await;
}

#[tokio::test]
async fn what_rules_ask_of_goods_is_said_with_them() {
    let shop = TestShop::open().await;
    let (products, variants) = (&shop.services.admin.products, &shop.services.admin.variants);
    let (by, read) = (shop.eve::<ProductsWrite>(), shop.eve::<ProductsRead>());
    let books = TaxCategoryId::new(uuid::Uuid::from_u128(5));
    let tx = shop.db.write(Durability::Full).await.unwrap();
    let category =
        TaxCategory { id: books, code: "books".into(), name: "Books".into(), kind: CategoryKind::Taxed };
    tax::insert_category(&tx, &category, shop.ctx().now()).await.unwrap();
    tx.commit().await.unwrap();
    let sized = VariantInput { price: 2_000, ..VariantInput::default() };
    let of = |size: &str| VariantInput { option_values: vec![size.to_owned()], ..sized.clone() };
    let input = ProductInput {
        title: "Book".into(),
        options: vec![OptionInput { name: "Size".into(), values: Vec::new() }],
        variants: vec![of("S"), of("M")],
        ..ProductInput::default()
    };
    let goods =
        NewGoods { gift_card: true, tax_category: Some(books), sides: vec![None, Some([300, 200, 20])] };
    let nowhere = NewGoods { tax_category: Some(TaxCategoryId::NIL), ..NewGoods::default() };
    let refused = products.create_as(&by, None, (&input, &nowhere)).await;
    assert!(matches!(refused, Err(ProductError::NoTaxCategory(id)) if id == TaxCategoryId::NIL));
    let flat = NewGoods { sides: vec![None, Some([1, 0, 1])], ..NewGoods::default() };
    let refused = products.create_as(&by, None, (&input, &flat)).await;
    assert!(matches!(refused, Err(ProductError::Sides { number: 2 })), "{refused:?}");
    let book = products.create_as(&by, None, (&input, &goods)).await.unwrap();
    let facts = async || products.facts(&read, &[book.id]).await.unwrap().remove(&book.id).unwrap();
    let [small, medium] = [book.variants[0].id, book.variants[1].id];
    let first = facts().await;
    assert_eq!((first.gift_card, first.tax_category), (true, Some(books)));
    assert_eq!(first.sides, BTreeMap::from([(medium, [300, 200, 20])]));

    let patch = VariantPatch { sides: Some(Some([1, 2, 3])), ..VariantPatch::default() };
    let gone = VariantPatch { sides: Some(None), ..VariantPatch::default() };
    for _ in 0..2 {
        variants.update(&by, book.id, &[(small, patch.clone()), (medium, gone.clone())]).await.unwrap();
        assert_eq!(facts().await.sides, BTreeMap::from([(small, [1, 2, 3])]));
    }
    let large = [of("L")];
    let grown = variants.create_as(&by, None, book.id, (&[], &large, &[Some([9, 9, 9])])).await.unwrap();
    assert_eq!(facts().await.sides.get(&grown.variants[2].id), Some(&[9, 9, 9]));
    let huge = VariantPatch { sides: Some(Some([1, 1, 100_001])), ..VariantPatch::default() };
    let refused = variants.update(&by, book.id, &[(small, huge)]).await;
    assert!(matches!(refused, Err(ProductError::Sides { number: 1 })), "{refused:?}");

    let before = shop.log_length().await;
    let plain = ProductPatch { gift_card: Some(false), tax_category: Some(None), ..ProductPatch::default() };
    for _ in 0..2 {
        products.update(&by, book.id, &plain).await.unwrap();
    }
    let now = facts().await;
    assert_eq!((now.gift_card, now.tax_category, now.sides.len()), (false, None, 2), "the rest stays");
    assert_eq!(shop.log_length().await, before + 1, "the second time it is so already");
    let log = shop.log(book.id).await;
    let (_, last) = log.last().unwrap();
    assert_eq!(change(last, "giftCard"), Some((&json!(true), &json!(false))));
    assert_eq!(change(last, "taxCategoryId").unwrap().0, &json!(books.to_string()));
}
