//! From the cart to the order.

use crate::{
    browser::{Browser, Page},
    shop::{Shop, product, settings, variant},
};
use chrono::TimeDelta;
use stoa_domain::catalog::VariantInput;

/// What Ada types.
pub(crate) const ADA: [(&str, &str); 7] = [
    ("email", "ada@example.org"),
    ("first_name", "Ada"),
    ("last_name", "Lovelace"),
    ("address1", "12 Analytical Way"),
    ("city", "Springfield"),
    ("country", "US"),
    ("delivery", "standard"),
];

/// Sends the form of a checkout page with what Ada types, some of it changed.
pub(crate) async fn send(
    browser: &mut Browser,
    checkout: &str,
    page: &Page,
    changes: &[(&str, &str)],
) -> Page {
    let (key, total) = (page.value("idempotency_key"), page.value("expected_total"));
    let mut fields: Vec<(&str, &str)> =
        ADA.into_iter().filter(|(n, _)| changes.iter().all(|(c, _)| c != n)).collect();
    fields.extend([("idempotency_key", key.as_str()), ("expected_total", total.as_str())]);
    fields.retain(|(n, _)| changes.iter().all(|(c, _)| c != n));
    fields.extend(changes);
    browser.post(checkout, &fields).await
}

#[tokio::test]
async fn a_person_buys_a_mug() {
    let shop = Shop::open().await;
    let (mut browser, checkout) = shop.visitor_with_cart().await;
    let page = browser.get(&checkout).await.expect(200);
    // 12.00, delivery 5.00, tax 1.20: the whole of it, before the address is known.
    page.has("$12.00").has("$5.00").has("$1.20").has("Place order – $18.20").has("1 × $12.00");
    assert_eq!(page.value("expected_total"), "18.20 USD");
    page.has("<option value=\"US\" selected>United States</option>").has("Germany").lacks("France");

    let placed = send(&mut browser, &checkout, &page, &[]).await.expect(303);
    assert!(placed.location().starts_with(crate::bank::PAYMENT_PAGE), "{}", placed.location());
    assert!(placed.location().contains("return_url=http://shop.test/orders/"));
    assert_eq!(browser.cart(), None, "the cart became the order");
    let back = browser.get(&checkout).await.expect(303);
    assert!(back.location().starts_with("/orders/"), "whoever goes back comes to the order");
    shop.wait(TimeDelta::hours(25));
    browser.get(&checkout).await.expect(404).has("This cart is no longer here").has("/orders");
}

#[tokio::test]
async fn a_browser_that_goes_away_cuts_nothing_short() {
    let shop = Shop::open().await;
    let (mut browser, checkout) = shop.visitor_with_cart().await;
    let page = browser.get(&checkout).await;
    shop.bank.set_stuck(true);
    let sending = tokio::spawn(async move { send(&mut browser, &checkout, &page, &[]).await });
    shop.until_ordered().await;
    sending.abort();
    assert!(sending.await.is_err(), "nobody reads the answer");
    assert_eq!(shop.bank.intents(), 0);
    shop.bank.set_stuck(false);
    shop.until_paid_for(1).await;
}

#[tokio::test]
async fn pressing_twice_places_one_order() {
    let shop = Shop::open().await;
    let (mut browser, checkout) = shop.visitor_with_cart().await;
    let page = browser.get(&checkout).await;
    let first = send(&mut browser, &checkout, &page, &[]).await.expect(303);
    let again = send(&mut browser, &checkout, &page, &[]).await.expect(303);
    assert_eq!(first.location(), again.location());
    assert_eq!(shop.bank.intents(), 1);

    // Another form for the same cart, opened in another tab, has come too late.
    let late = send(&mut browser, &checkout, &page, &[("idempotency_key", "another")]).await.expect(303);
    assert!(late.location().starts_with("/orders/"), "it leads to the order there is");
    assert_eq!(shop.bank.intents(), 1);
}

#[tokio::test]
async fn pressing_twice_at_once_places_one_order() {
    let shop = Shop::open().await;
    let (browser, checkout) = shop.visitor_with_cart().await;
    let cart = browser.cart().unwrap().to_owned();
    let page = shop.visitor().get(&checkout).await;
    let press = || async {
        let mut browser = shop.visitor();
        browser.remember(&cart);
        send(&mut browser, &checkout, &page, &[]).await.expect(303).location().to_owned()
    };
    let pressed = tokio::join!(press(), press(), press());
    assert_eq!(pressed.0, pressed.1);
    assert_eq!(pressed.1, pressed.2);
    assert_eq!(shop.bank.intents(), 1);
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_beside_its_field_and_what_was_typed_stays() {
    let shop = Shop::open().await;
    let (mut browser, checkout) = shop.visitor_with_cart().await;
    let page = browser.get(&checkout).await;
    let typed = [
        ("email", "ada"),
        ("last_name", " "),
        ("company", "Engines <Ltd>"),
        ("zip", "12345"),
        ("country", "FR"),
    ];
    let refused = send(&mut browser, &checkout, &page, &typed).await.expect(422);
    refused
        .has("id=\"email-error\"")
        .has("id=\"last_name-error\"")
        .has("id=\"company-error\"")
        .has("id=\"country-error\"")
        .has("href=\"#email\"")
        .has("value=\"ada\"")
        .has("value=\"Engines &lt;Ltd&gt;\"")
        .has("value=\"12345\"")
        .has("value=\"12 Analytical Way\"")
        .lacks("id=\"city-error\"");
    assert_eq!(shop.bank.intents(), 0);

    let phone = send(&mut browser, &checkout, &refused, &[("phone", "call me")]).await.expect(422);
    phone.has("id=\"phone-error\"").has("value=\"call me\"");
    let delivery = send(&mut browser, &checkout, &phone, &[("delivery", "by pigeon")]).await.expect(422);
    delivery.has("id=\"delivery-error\"");
    send(&mut browser, &checkout, &delivery, &[]).await.expect(303);
}

#[tokio::test]
async fn what_was_typed_is_there_on_the_way_back() {
    let shop = Shop::open().await;
    let (mut browser, checkout) = shop.visitor_with_cart().await;
    let page = browser.get(&checkout).await;
    // Everything is right but the total, so that contact and address are written.
    send(&mut browser, &checkout, &page, &[("expected_total", "1.00 USD"), ("country", "DE")])
        .await
        .expect(409);
    let page = browser.get(&checkout).await.expect(200);
    page.has("value=\"ada@example.org\"").has("value=\"Lovelace\"").has("<option value=\"DE\" selected>");
    // A second try changes the address instead of adding one.
    send(&mut browser, &checkout, &page, &[("city", "Berlin"), ("expected_total", "1.00 USD")])
        .await
        .expect(409);
    let id = browser.cart().unwrap().parse().unwrap();
    let cart =
        shop.services.read_cart.run(&stoa_domain::access::Viewer::Anonymous, id).await.unwrap().unwrap().cart;
    assert_eq!(cart.addresses.len(), 1);
    assert_eq!(cart.addresses[0].address.city.as_deref(), Some("Berlin"));
}

#[tokio::test]
async fn another_total_than_the_one_shown_is_asked_about() {
    let shop = Shop::open().await;
    let (mut browser, checkout) = shop.visitor_with_cart().await;
    let page = browser.get(&checkout).await;
    // Another tab puts one more in.
    browser.post("/cart/lines", &[("product", "harbour-mug")]).await.expect(303);
    let asked = send(&mut browser, &checkout, &page, &[]).await.expect(409);
    asked.has("The total has changed to $31.40").has("Place order – $31.40");
    assert_eq!(shop.bank.intents(), 0, "nothing was ordered");
    assert_ne!(asked.value("idempotency_key"), page.value("idempotency_key"));
    send(&mut browser, &checkout, &asked, &[]).await.expect(303);
}

#[tokio::test]
async fn what_sold_out_meanwhile_is_mended_in_the_cart() {
    let shop = Shop::open().await;
    let (mut browser, checkout) = shop.visitor_with_cart().await;
    let page = browser.get(&checkout).await;
    let line = browser.get("/cart").await.link("/cart/lines/");
    browser.post(&line, &[("quantity", "4"), ("action", "update")]).await;
    let page4 = browser.get(&checkout).await;
    // The hold ends, and somebody else takes three of the five.
    shop.wait(TimeDelta::minutes(16));
    shop.visitor().post("/cart/lines", &[("product", "harbour-mug"), ("quantity", "3")]).await.expect(303);
    let refused = send(&mut browser, &checkout, &page4, &[]).await.expect(409);
    refused.has("only 2 can be had now").has("href=\"/cart\"").has("value=\"Lovelace\"");
    browser.post(&line, &[("quantity", "1"), ("action", "update")]).await.expect(303);
    send(&mut browser, &checkout, &page, &[]).await.expect(303);
}

#[tokio::test]
async fn what_is_not_sent_needs_no_address() {
    let shop = Shop::open().await;
    shop.add(product("Voucher", vec![VariantInput { requires_shipping: false, ..variant(1_000, 9) }])).await;
    let mut browser = shop.visitor();
    browser.post("/cart/lines", &[("product", "voucher")]).await.expect(303);
    let checkout = format!("/checkout/{}", browser.cart().unwrap());
    let page = browser.get(&checkout).await.expect(200);
    page.has("Place order – $11.00").lacks("Delivery address").lacks("name=\"city\"");
    let (key, total) = (page.value("idempotency_key"), page.value("expected_total"));
    let fields = [("email", "ada@example.org"), ("idempotency_key", &key), ("expected_total", &total)];
    browser.post(&checkout, &fields).await.expect(303);
}

#[tokio::test]
async fn what_costs_nothing_is_not_paid() {
    let mut free = settings();
    free.pricing.delivery.price = 0;
    let shop = Shop::open_with(free).await;
    shop.add(product("Sample", vec![variant(0, 9)])).await;
    let mut browser = shop.visitor();
    browser.post("/cart/lines", &[("product", "sample")]).await.expect(303);
    let checkout = format!("/checkout/{}", browser.cart().unwrap());
    let page = browser.get(&checkout).await.expect(200);
    let placed = send(&mut browser, &checkout, &page, &[]).await.expect(303);
    browser.follow(&placed).await.expect(200).has("Thank you").has("$0.00");
    assert_eq!(shop.bank.intents(), 0);
}

#[tokio::test]
async fn prices_that_contain_tax_say_so() {
    let mut gross = settings();
    gross.pricing.prices_include_tax = true;
    let shop = Shop::open_with(gross).await;
    let (mut browser, checkout) = shop.visitor_with_cart().await;
    browser.get("/products/harbour-mug").await.has("Price includes tax.");
    browser.get("/cart").await.has("Including tax of").has("$1.09");
    let page = browser.get(&checkout).await.expect(200);
    page.has("Including tax of").has("Place order – $17.00");
    send(&mut browser, &checkout, &page, &[]).await.expect(303);
}

#[tokio::test]
async fn a_gateway_that_does_not_answer_loses_no_order() {
    let shop = Shop::open().await;
    let (mut browser, checkout) = shop.visitor_with_cart().await;
    let page = browser.get(&checkout).await;
    shop.bank.set_down(true);
    let placed = send(&mut browser, &checkout, &page, &[]).await.expect(303);
    let order = browser.follow(&placed).await.expect(200);
    order.has("waiting for its payment").lacks("10.1.2.3");
    let pay = order.link("/orders/");
    assert!(pay.ends_with("/pay"), "{pay}");
    browser.get(&pay).await.expect(503).has("Please try again in a moment").lacks("10.1.2.3");
    shop.bank.set_down(false);
    let sent = browser.get(&pay).await.expect(303);
    assert!(sent.location().starts_with(crate::bank::PAYMENT_PAGE));
}

#[tokio::test]
async fn carts_that_are_not_there_and_forms_that_make_no_sense() {
    let shop = Shop::open().await;
    let (mut browser, checkout) = shop.visitor_with_cart().await;
    let page = browser.get(&checkout).await;
    browser.get("/checkout/not-a-cart").await.expect(404);
    browser.post("/checkout/not-a-cart", &ADA).await.expect(404);
    browser.post("/checkout/not-a-cart/edit", &[]).await.expect(404);
    let unknown = "/checkout/7f0e4e39-9f6c-4e07-8d6a-0c8f7c1d2e3f";
    browser.get(unknown).await.expect(404).has("This cart is no longer here");
    browser.post(&format!("{unknown}/edit"), &[]).await.expect(404);
    send(&mut browser, unknown, &page, &[]).await.expect(404);
    assert!(browser.cart().is_some(), "another cart's end is not this one's");
    for total in ["", "free", "18.20", "18.20 XXX"] {
        send(&mut browser, &checkout, &page, &[("expected_total", total)]).await.expect(400);
    }
    let long = "k".repeat(256);
    send(&mut browser, &checkout, &page, &[("idempotency_key", &long)]).await.expect(409);
    send(&mut browser, &checkout, &page, &[("idempotency_key", "")]).await.expect(409);

    let line = browser.get("/cart").await.link("/cart/lines/");
    browser.post(&line, &[("action", "remove")]).await.expect(303);
    browser.get(&checkout).await.expect(422).has("The cart is empty");
    send(&mut browser, &checkout, &page, &[]).await.expect(422).has("The cart is empty");
}

/// Whoever comes for it is asked for no address; whoever does not is asked how it is to come once it is known where to.
#[tokio::test]
async fn goods_are_picked_up_without_an_address_or_delivered_to_one() {
    let shop = Shop::open().await;
    shop.offer_pick_up().await;
    let (mut browser, checkout) = shop.visitor_with_cart().await;
    let page = browser.get(&checkout).await.expect(200);
    page.has("Not needed for what you pick up yourself.").has("value=\"warehouse\"");
    page.has("To the address above.")
        .lacks("value=\"standard\"")
        .lacks("autocomplete=\"address-line1\" required");
    let nobody_asked = [("last_name", ""), ("first_name", ""), ("address1", ""), ("city", "")];
    let nowhere: Vec<_> = nobody_asked.into_iter().chain([("delivery", "")]).collect();
    let refused = send(&mut browser, &checkout, &page, &nowhere).await.expect(422);
    refused.has("Please give street and number.");
    let comes: Vec<_> = nobody_asked.into_iter().chain([("delivery", "warehouse")]).collect();
    send(&mut browser, &checkout, &page, &comes).await.expect(303);

    let mut browser = shop.visitor();
    browser.post("/cart/lines", &[("product", "harbour-mug"), ("quantity", "1")]).await.expect(303);
    let checkout = format!("/checkout/{}", browser.cart().unwrap());
    let page = browser.get(&checkout).await.expect(200);
    let page = send(&mut browser, &checkout, &page, &[("delivery", "")]).await;
    assert_ne!(page.status, 303, "it is to be said how");
    page.has("value=\"standard\"").has("value=\"warehouse\"").lacks("To the address above.");
    let placed = send(&mut browser, &checkout, &page, &[]).await;
    // The total that was shown was not yet that of the post.
    let placed = match placed.status.as_u16() {
        303 => placed,
        _ => send(&mut browser, &checkout, &placed, &[]).await.expect(303),
    };
    assert!(placed.location().starts_with(crate::bank::PAYMENT_PAGE), "{}", placed.location());
}
