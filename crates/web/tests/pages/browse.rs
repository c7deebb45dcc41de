//! Looking around.

use crate::shop::{Shop, product, shirt, variant};
use stoa_domain::catalog::{ImageInput, ProductInput, ProductStatus, VariantInput};

#[tokio::test]
async fn the_shop_is_paged_both_ways() {
    let shop = Shop::open().await;
    for title in ["Anvil", "Bellows", "Chisel"] {
        shop.add(product(title, vec![variant(1_000, 1)])).await;
    }
    let mut browser = shop.visitor();
    let first = browser.get("/shop").await.expect(200);
    first
        .has("Anvil")
        .has("Bellows")
        .lacks("Chisel")
        .has("$10.00")
        .has("Things &amp; more")
        .lacks("Previous");
    let second = browser.get(&first.link("/shop?after=")).await.expect(200);
    second.has("Chisel").lacks("Anvil").lacks("Next");
    let back = browser.get(&second.link("/shop?before=")).await.expect(200);
    back.has("Anvil").has("Bellows").lacks("Chisel");
}

#[tokio::test]
async fn an_empty_shop_says_so() {
    let shop = Shop::open().await;
    shop.visitor().get("/shop").await.expect(200).has("There is nothing here at the moment");
}

#[tokio::test]
async fn a_position_that_no_page_gave_is_refused() {
    let shop = Shop::open().await;
    let mut browser = shop.visitor();
    for bad in ["/shop?after=x", "/shop?before=%00", "/shop?after=AAAA", "/shop?after=a&after=b"] {
        browser.get(bad).await.expect(400).has("We did not understand that");
    }
}

#[tokio::test]
async fn a_product_shows_what_there_is_to_know() {
    let shop = Shop::open().await;
    let mug = VariantInput { compare_at_price: Some(1_500), sku: Some("HM-1".into()), ..variant(1_200, 3) };
    let mug = ProductInput {
        vendor: "Kiln & Co".into(),
        description_html: "<p>Holds <b>coffee</b><script>alert(1)</script></p>".into(),
        images: vec![ImageInput {
            url: "https://pictures.example/mug.png".into(),
            alt_text: Some("A blue mug".into()),
            width: Some(600),
            height: Some(600),
        }],
        ..product("Harbour Mug", vec![mug])
    };
    shop.add(mug).await;
    let page = shop.visitor().get("/products/harbour-mug").await.expect(200);
    page.has("<h1>Harbour Mug</h1>")
        .has("Kiln &amp; Co")
        .has("$12.00")
        .has("$15.00")
        .has("Only 3 left")
        .has("alt=\"A blue mug\"")
        .has("<p>Holds <b>coffee</b></p>")
        .has("SKU HM-1")
        .has("Add to cart")
        .lacks("alert(1)")
        .lacks("Default Title")
        .lacks("<select");
    assert_eq!(page.value("product"), "harbour-mug");
}

#[tokio::test]
async fn a_choice_shows_its_own_price_and_stock() {
    let shop = Shop::open().await;
    let ids = shop.add(shirt()).await;
    let mut browser = shop.visitor();
    // What can be had is shown first.
    let page = browser.get("/products/shirt").await.expect(200);
    page.has("<option value=\"L\" selected>L</option>").has("Only 3 left").has("alt=\"A shirt on a line\"");
    let blue = browser.get("/products/shirt?o1=S&o2=Blue").await.expect(200);
    blue.has("$20.00").has("Available").has("<option value=\"Blue\" selected>");
    browser.get("/products/shirt?o1=S&o2=Red").await.expect(200).has("Sold out");
    let none = browser.get("/products/shirt?o1=L&o2=Blue").await.expect(200);
    none.has("This combination is not offered").has("<option value=\"Blue\" selected>");
    let by_id = browser.get(&format!("/products/shirt?variant={}", ids[2])).await.expect(200);
    by_id.has("<option value=\"S\" selected>").has("<option value=\"Blue\" selected>");
}

#[tokio::test]
async fn a_list_of_sizes_says_what_each_costs() {
    let shop = Shop::open().await;
    let of =
        |size: &str, price, units| VariantInput { option_values: vec![size.into()], ..variant(price, units) };
    let jars = ProductInput {
        options: vec![stoa_domain::catalog::OptionInput { name: "Size".into(), values: vec![] }],
        ..product("Jar", vec![of("Small", 500, 9), of("Large", 900, 0)])
    };
    shop.add(jars).await;
    let mut browser = shop.visitor();
    let page = browser.get("/products/jar").await.expect(200);
    page.has("Small – $5.00").has("Large – sold out");
    browser.get("/shop").await.expect(200).has("from $5.00");
}

#[tokio::test]
async fn backorders_and_untracked_stock_can_be_bought() {
    let shop = Shop::open().await;
    let later =
        stoa_domain::catalog::StockInput { tracked: true, backorder_limit: Some(5), on_hand: Some(0) };
    shop.add(product("Later", vec![VariantInput { stock: later, ..variant(500, 0) }])).await;
    let endless = stoa_domain::catalog::StockInput::default();
    shop.add(product("Endless", vec![VariantInput { stock: endless, ..variant(500, 0) }])).await;
    let mut browser = shop.visitor();
    browser.get("/products/later").await.expect(200).has("Only 5 left").has("Add to cart");
    browser.get("/products/endless").await.expect(200).has("Available").has("Add to cart");
}

#[tokio::test]
async fn what_is_not_published_is_not_there() {
    let shop = Shop::open().await;
    shop.add(ProductInput { status: ProductStatus::Draft, ..product("Secret", vec![variant(1, 1)]) }).await;
    let mut browser = shop.visitor();
    browser.get("/products/secret").await.expect(404).has("There is nothing here");
    browser.get("/products/none").await.expect(404);
    browser.get(&format!("/products/{}", "x".repeat(5_000))).await.expect(404);
    browser.get("/shop").await.expect(200).lacks("Secret");
}
