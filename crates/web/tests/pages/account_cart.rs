//! Carts and orders of whoever signs in.

use crate::{
    checkout::send,
    shop::{PASSWORD, Shop, product, shirt, variant},
};

const ADA: &str = "ada@example.org";

fn checkout_of(cart: Option<&str>) -> String {
    format!("/checkout/{}", cart.expect("a cart"))
}

#[tokio::test]
async fn the_cart_goes_along_when_somebody_signs_in() {
    let shop = Shop::over_tls().await;
    shop.mug(5).await;
    shop.add(shirt()).await;
    let mut at_home = shop.customer(ADA).await;
    at_home.post("/cart/lines", &[("product", "harbour-mug"), ("quantity", "2")]).await.expect(303);
    let theirs = at_home.cart().unwrap().to_owned();

    let mut abroad = shop.visitor();
    abroad.post("/cart/lines", &[("product", "shirt"), ("o1", "L"), ("o2", "Red")]).await.expect(303);
    let page = abroad.get(&checkout_of(abroad.cart())).await.expect(200);
    let to_sign_in = page.link("/account/sign-in");
    assert_eq!(to_sign_in, "/account/sign-in?next=checkout");
    let next = abroad.get(&to_sign_in).await.expect(200).value("next");
    let form = [("email", ADA), ("password", PASSWORD), ("next", next.as_str())];
    let signed_in = abroad.post("/account/sign-in", &form).await.expect(303);
    assert_eq!(abroad.cart(), Some(theirs.as_str()), "a customer has one cart");
    assert_eq!(signed_in.location(), format!("/checkout/{theirs}?notice=merged"));
    let checkout = abroad.follow(&signed_in).await.expect(200);
    checkout.has("Harbour Mug").has("L / Red").has("You had a cart already").lacks("/account/sign-in");
    at_home.get("/cart").await.expect(200).has("Harbour Mug").has("L / Red");

    // Whoever comes without a cart finds the one they have; whoever has none brings theirs.
    let mut third = shop.visitor();
    let signed_in =
        third.post("/account/sign-in", &[("email", ADA), ("password", PASSWORD)]).await.expect(303);
    assert_eq!((signed_in.location(), third.cart()), ("/account", Some(theirs.as_str())));
    shop.customer("eve@example.org").await;
    let mut eve = shop.visitor();
    eve.post("/cart/lines", &[("product", "harbour-mug")]).await.expect(303);
    let hers = eve.cart().unwrap().to_owned();
    let form = [("email", "eve@example.org"), ("password", PASSWORD), ("next", "cart")];
    let signed_in = eve.post("/account/sign-in", &form).await.expect(303);
    assert_eq!((signed_in.location(), eve.cart()), ("/cart", Some(hers.as_str())));
}

#[tokio::test]
async fn what_two_carts_say_differently_is_said() {
    let shop = Shop::over_tls().await;
    shop.mug(3).await;
    let mut at_home = shop.customer(ADA).await;
    at_home.post("/cart/lines", &[("product", "harbour-mug"), ("quantity", "1")]).await.expect(303);
    at_home.post("/cart/note", &[("note", "Ring twice")]).await.expect(303);
    let mut abroad = shop.visitor();
    abroad.post("/cart/lines", &[("product", "harbour-mug"), ("quantity", "2")]).await.expect(303);
    abroad.post("/cart/note", &[("note", "Do not ring")]).await.expect(303);
    let signed_in =
        abroad.post("/account/sign-in", &[("email", ADA), ("password", PASSWORD)]).await.expect(303);
    assert_eq!(signed_in.location(), "/cart?notice=merged%2Ckept");
    let cart = abroad.follow(&signed_in).await.expect(200);
    cart.has("value=\"3\"").has("Ring twice").has("something different").lacks("Do not ring");
}

#[tokio::test]
async fn an_order_is_the_customers_who_places_it() {
    let shop = Shop::over_tls().await;
    let mut ada = shop.customer(ADA).await;
    ada.get("/account").await.has("There are none yet.");
    let address = [("last_name", "Lovelace"), ("address1", "1 Mews"), ("city", "London"), ("country", "DE")];
    ada.post("/account/addresses/new", &address).await.expect(303);
    shop.mug(5).await;
    ada.post("/cart/lines", &[("product", "harbour-mug")]).await.expect(303);
    let checkout = checkout_of(ada.cart());
    let page = ada.get(&checkout).await.expect(200);
    // What the account knows need not be typed.
    page.has(&format!("value=\"{ADA}\"")).has("value=\"1 Mews\"").has("<option value=\"DE\" selected>");
    let placed = send(&mut ada, &checkout, &page, &[]).await.expect(303);
    let token = placed.location().split_once("/orders/").unwrap().1.to_owned();
    assert_eq!(ada.cart(), None);

    let account = ada.get("/account").await.expect(200);
    account.has("Order #1001").has("$18.20").has("Waiting for its payment").lacks(&token);
    let path = account.link("/account/orders/");
    let order = ada.get(&path).await.expect(200);
    // A sign-in gives no key that outlives it.
    order.has("Order #1001").has("12 Analytical Way").has("Your account").lacks(&token).lacks("Pay now");
    let mut eve = shop.customer("eve@example.org").await;
    eve.get(&path).await.expect(404).lacks("1001");
    eve.get("/account/orders/1001").await.expect(404);
    let asked = shop.visitor().get(&path).await.expect(303);
    assert_eq!(asked.location(), "/account/sign-in");
}

#[tokio::test]
async fn orders_are_shown_a_page_at_a_time() {
    let shop = Shop::over_tls().await;
    let mut ada = shop.customer(ADA).await;
    shop.add(product("Pebble", vec![variant(100, 50)])).await;
    for _ in 0..12 {
        ada.post("/cart/lines", &[("product", "pebble")]).await.expect(303);
        let checkout = checkout_of(ada.cart());
        let page = ada.get(&checkout).await.expect(200);
        send(&mut ada, &checkout, &page, &[]).await.expect(303);
    }
    let first = ada.get("/account").await.expect(200);
    first.has("#1012").has("#1003").lacks("#1002").lacks("Later");
    let second = ada.get(&first.link("/account?after=")).await.expect(200);
    second.has("#1002").has("#1001").lacks("#1003").lacks("Earlier");
    ada.get(&second.link("/account?before=")).await.expect(200).has("#1012").has("#1003").lacks("#1002");
    ada.get("/account?after=nonsense").await.expect(400);
}

#[tokio::test]
async fn whoever_comes_next_does_not_see_the_cart() {
    let shop = Shop::over_tls().await;
    shop.mug(5).await;
    let mut browser = shop.customer(ADA).await;
    browser.post("/cart/lines", &[("product", "harbour-mug")]).await.expect(303);
    let hers = browser.cart().unwrap().to_owned();
    browser.post("/account/sign-out", &[]).await.expect(303);
    assert_eq!(browser.cart(), None);
    browser.get("/cart").await.expect(200).has("There is nothing in it yet");

    // Somebody else signs in where her cart is still remembered: it is not there for them.
    let mut other = shop.customer("eve@example.org").await;
    other.remember(&hers);
    other.get("/cart").await.expect(200).has("There is nothing in it yet");
    assert_eq!(other.cart(), None);
    other.remember(&hers);
    other.post("/account/sign-in", &[("email", "eve@example.org"), ("password", PASSWORD)]).await.expect(303);
    assert_eq!(other.cart(), None, "and it is not brought to them");
    other.get(&format!("/checkout/{hers}")).await.expect(404);
    let mut ada = shop.signed_in(ADA).await;
    assert_eq!(ada.cart(), Some(hers.as_str()));
    ada.get("/cart").await.expect(200).has("Harbour Mug");
}

/// The checkout's address is in the history of the browser, and leads to the order by a key that has no end.
#[tokio::test]
async fn whoever_comes_next_does_not_see_the_order() {
    let shop = Shop::over_tls().await;
    shop.mug(5).await;
    let mut browser = shop.customer(ADA).await;
    browser.post("/cart/lines", &[("product", "harbour-mug")]).await.expect(303);
    let checkout = checkout_of(browser.cart());
    let page = browser.get(&checkout).await.expect(200);
    send(&mut browser, &checkout, &page, &[]).await.expect(303);
    let back = browser.get(&checkout).await.expect(303);
    let token = back.location().strip_prefix("/orders/").expect("she goes back, and is led to it").to_owned();

    browser.post("/account/sign-out", &[]).await.expect(303);
    browser.get(&checkout).await.expect(404).lacks(&token);
    browser.post(&format!("{checkout}/edit"), &[]).await.expect(404).lacks(&token);
    let mut eve = shop.customer("eve@example.org").await;
    eve.get(&checkout).await.expect(404).lacks(&token);
    eve.post(&format!("{checkout}/edit"), &[]).await.expect(404).lacks(&token);
    // Her form, sent once more by another: the total is right, and the key is a new one or hers.
    send(&mut eve, &checkout, &page, &[]).await.expect(404).lacks(&token);
    let mut ada = shop.signed_in(ADA).await;
    ada.get(&checkout).await.expect(303);
}

#[tokio::test]
async fn a_link_puts_nothing_into_a_customers_cart() {
    let shop = Shop::over_tls().await;
    let mug = shop.mug(5).await;
    shop.add(product("Pen", vec![variant(300, 9)])).await;
    let mut ada = shop.customer(ADA).await;
    ada.post("/cart/lines", &[("product", "pen")]).await.expect(303);
    let hers = ada.cart().unwrap().to_owned();
    let link = ada.get(&format!("/cart/{mug}:1")).await.expect(303);
    let checkout = link.location().to_owned();
    assert_ne!(checkout, format!("/checkout/{hers}"));
    let page = ada.get(&checkout).await.expect(200);
    page.has("Harbour Mug").lacks("Pen");
    send(&mut ada, &checkout, &page, &[]).await.expect(303);
    // It was bought by itself, by her, and what she had put together is as it was.
    assert_eq!(ada.cart(), Some(hers.as_str()));
    ada.get("/cart").await.expect(200).has("Pen").lacks("Harbour Mug");
    ada.get("/account").await.expect(200).has("Order #1001");
}

#[tokio::test]
async fn orders_of_a_guest_are_theirs_once_the_address_is_proved() {
    let shop = Shop::over_tls().await;
    let (mut guest, checkout) = shop.visitor_with_cart().await;
    let page = guest.get(&checkout).await.expect(200);
    send(&mut guest, &checkout, &page, &[]).await.expect(303);
    shop.customer("eve@example.org").await.get("/account").await.lacks("#1001");
    shop.customer(ADA).await.get("/account").await.expect(200).has("Order #1001");
}
