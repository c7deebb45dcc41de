//! Putting things into the cart, changing how many, taking them out, and links that make a cart.

use crate::shop::{Shop, product, shirt, variant};
use chrono::TimeDelta;

#[tokio::test]
async fn the_first_thing_makes_a_cart_and_the_next_one_extends_it() {
    let shop = Shop::open().await;
    shop.mug(5).await;
    shop.add(shirt()).await;
    let mut browser = shop.visitor();
    browser.get("/cart").await.expect(200).has("There is nothing in it yet");

    let added =
        browser.post("/cart/lines", &[("product", "harbour-mug"), ("quantity", "2")]).await.expect(303);
    let cookie = added.headers["set-cookie"].to_str().unwrap().to_owned();
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=1209600"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let cart = browser.follow(&added).await.expect(200);
    cart.has("It is in your cart.")
        .has("Harbour Mug")
        .has("$24.00")
        .has("Held for you until")
        .has("14:20 UTC");
    let first = browser.cart().unwrap().to_owned();

    let choice = [("product", "shirt"), ("o1", "L"), ("o2", "Red"), ("quantity", "1")];
    browser.post("/cart/lines", &choice).await.expect(303);
    assert_eq!(browser.cart(), Some(first.as_str()));
    let cart = browser.get("/cart").await.expect(200);
    // 24.00 + 25.00, and 10 % tax.
    cart.has("L / Red").has("$49.00").has("$4.90").has("$53.90").has("at checkout");
    cart.has(&format!("/checkout/{first}"));
}

/// Whatever the shop's own address is; the browser of these tests looks at every other cookie as well.
#[tokio::test]
async fn the_cookie_is_for_tls_alone() {
    for address in ["https://shop.test/", "http://shop.test/", "http://127.0.0.1:3000/"] {
        let mut settings = crate::shop::settings();
        settings.public_url = address.parse().unwrap();
        let shop = Shop::open_with(settings).await;
        shop.mug(5).await;
        let mut browser = shop.visitor();
        let added = browser.post("/cart/lines", &[("product", "harbour-mug")]).await.expect(303);
        let set = added.headers["set-cookie"].to_str().unwrap();
        assert!(set.ends_with("; Secure; HttpOnly; SameSite=Lax"), "{address}: {set}");
    }
}

#[tokio::test]
async fn lines_change_and_go() {
    let shop = Shop::open().await;
    let (mut browser, _) = shop.visitor_with_cart().await;
    let line = browser.get("/cart").await.link("/cart/lines/");
    browser.post(&line, &[("quantity", "3"), ("action", "update")]).await.expect(303);
    browser.get("/cart").await.has("value=\"3\"").has("$36.00");
    browser.post(&line, &[("quantity", "3"), ("action", "remove")]).await.expect(303);
    browser.get("/cart").await.has("There is nothing in it yet");
    // Again: somebody has pressed twice.
    let again = browser.post(&line, &[("action", "remove")]).await.expect(303);
    browser.follow(&again).await.expect(200);
}

#[tokio::test]
async fn what_is_left_is_what_one_gets_and_the_buyer_is_told() {
    let shop = Shop::open().await;
    let mug = shop.mug(2).await;
    let mut browser = shop.visitor();
    let added =
        browser.post("/cart/lines", &[("product", "harbour-mug"), ("quantity", "9")]).await.expect(303);
    let cart = browser.follow(&added).await;
    cart.has("your cart now has 2 of “Harbour Mug”").has("$24.00");
    // Another visitor gets none of what is held.
    let other = shop.visitor().post("/cart/lines", &[("product", "harbour-mug")]).await.expect(303);
    assert_eq!(other.location(), "/cart?notice=sold_out");
    // The shop loses its stock: the cart still reads and says so.
    shop.restock(mug, 0).await;
    browser.get("/cart").await.expect(200).has("Sold out in the meantime. Please take it out.");
}

#[tokio::test]
async fn what_makes_no_sense_is_said_and_changes_nothing() {
    let shop = Shop::open().await;
    let (mut browser, _) = shop.visitor_with_cart().await;
    let line = browser.get("/cart").await.link("/cart/lines/");
    for quantity in ["-1", "1.5", "2147483648", "99999999999999999999", "many", "1000001"] {
        let answer = browser.post("/cart/lines", &[("product", "harbour-mug"), ("quantity", quantity)]).await;
        assert_eq!(answer.location(), "/cart?notice=quantity", "{quantity}");
        let answer = browser.post(&line, &[("quantity", quantity), ("action", "update")]).await;
        assert_eq!(answer.location(), "/cart?notice=quantity", "{quantity}");
    }
    let unknown = browser.post("/cart/lines", &[("product", "nothing")]).await;
    assert_eq!(unknown.location(), "/cart?notice=not_for_sale");
    let foreign = "0193e0b6-3c5e-7c3a-a111-222233334444";
    let unknown = browser.post("/cart/lines", &[("product", "harbour-mug"), ("variant", foreign)]).await;
    assert_eq!(unknown.location(), "/cart?notice=not_for_sale");
    browser.post("/cart/lines", &[("quantity", "1")]).await.expect(400);
    browser.post("/cart/lines/not-a-line", &[("quantity", "1")]).await.expect(404);
    browser.get("/cart").await.has("value=\"1\"").has("$12.00");
}

#[tokio::test]
async fn a_combination_that_is_not_made_leads_back_to_the_product() {
    let shop = Shop::open().await;
    shop.add(shirt()).await;
    let mut browser = shop.visitor();
    let answer =
        browser.post("/cart/lines", &[("product", "shirt"), ("o1", "L"), ("o2", "Blue")]).await.expect(303);
    browser.follow(&answer).await.expect(200).has("This combination is not offered");
    assert_eq!(browser.cart(), None);
}

#[tokio::test]
async fn a_note_is_kept_and_a_novel_is_not() {
    let shop = Shop::open().await;
    let (mut browser, _) = shop.visitor_with_cart().await;
    browser.post("/cart/note", &[("note", "Ring\r\ntwice")]).await.expect(303);
    browser.get("/cart").await.has("Ring\ntwice</textarea>");
    let novel = "x".repeat(5_001);
    let refused = browser.post("/cart/note", &[("note", &novel)]).await.expect(422);
    refused.has("A note has at most 5000 characters").has(&novel);
    browser.get("/cart").await.has("Ring\ntwice</textarea>").lacks(&novel);
}

#[tokio::test]
async fn a_cart_that_is_gone_is_forgotten() {
    let shop = Shop::open().await;
    let (mut browser, _) = shop.visitor_with_cart().await;
    let line = browser.get("/cart").await.link("/cart/lines/");
    shop.wait(TimeDelta::days(15));
    let answer = browser.post(&line, &[("quantity", "2"), ("action", "update")]).await;
    assert_eq!(answer.location(), "/cart?notice=lost");
    browser.follow(&answer).await.expect(200).has("no longer here").has("There is nothing in it yet");
    assert_eq!(browser.cart(), None);
    browser.post("/cart/lines", &[("product", "harbour-mug")]).await.expect(303);
    assert!(browser.cart().is_some());
}

#[tokio::test]
async fn a_link_makes_a_cart_and_goes_to_its_checkout() {
    let shop = Shop::open().await;
    let mug = shop.mug(5).await;
    let pen = shop.add(product("Pen", vec![variant(300, 1)])).await[0];
    let mut browser = shop.visitor();
    let link = browser.get(&format!("/cart/{mug}:2,{pen}:4")).await.expect(303);
    let checkout = browser.follow(&link).await.expect(200);
    // Of the pens there is only one, and that is said.
    checkout.has("Harbour Mug").has("$24.00").has("Fewer are left").has("1 × $3.00");
    let mine = browser.cart().unwrap().to_owned();
    assert!(link.location().contains(&mine));

    // Another link does not throw away what is in the cart.
    let other = browser.get(&format!("/cart/{mug}:1")).await.expect(303);
    assert_eq!(browser.cart(), Some(mine.as_str()));
    assert!(!other.location().contains(&mine));
    // Its checkout offers to change it, which makes it the browser's own.
    let id = other.location().rsplit('/').next().unwrap().to_owned();
    browser.follow(&other).await.expect(200).has(&format!("/checkout/{id}/edit"));
    browser.post(&format!("/checkout/{id}/edit"), &[]).await.expect(303);
    assert_eq!(browser.cart(), Some(id.as_str()));
}

#[tokio::test]
async fn a_link_that_makes_no_sense_makes_nothing() {
    let shop = Shop::open().await;
    let mug = shop.mug(0).await;
    let mut browser = shop.visitor();
    for bad in
        ["x", "1:1", &format!("{mug}:0"), &format!("{mug}:-1"), &format!("{mug}:1,"), &format!("{mug}")]
    {
        browser.get(&format!("/cart/{bad}")).await.expect(400);
    }
    let many = vec![format!("{mug}:1"); 501].join(",");
    browser.get(&format!("/cart/{many}")).await.expect(400);
    let sold_out = browser.get(&format!("/cart/{mug}:1")).await.expect(303);
    assert_eq!(sold_out.location(), "/cart?notice=sold_out");
    let unknown = browser.get("/cart/0193e0b6-3c5e-7c3a-a111-222233334444:1").await.expect(303);
    assert_eq!(unknown.location(), "/cart?notice=not_for_sale");
    assert_eq!(browser.cart(), None);
}
