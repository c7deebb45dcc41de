//! After the order: paying, waiting, failing, and finding it again.

use crate::{browser::Browser, checkout::send, shop::Shop};
use chrono::TimeDelta;
use stoa_domain::payment::PaymentState;

/// Somebody who has placed an order, and its page.
async fn ordered(shop: &Shop) -> (Browser, String) {
    let (mut browser, checkout) = shop.visitor_with_cart().await;
    browser.post("/cart/note", &[("note", "Ring\ntwice & <wait>")]).await.expect(303);
    let page = browser.get(&checkout).await;
    let placed = send(&mut browser, &checkout, &page, &[("zip", "12345")]).await.expect(303);
    let order = match placed.location().split_once("return_url=http://shop.test") {
        Some((_, order)) => order.to_owned(),
        None => placed.location().trim_end_matches("/pay").to_owned(),
    };
    (browser, order)
}

#[tokio::test]
async fn the_browser_comes_back_before_the_webhook() {
    let shop = Shop::open().await;
    let (mut browser, order) = ordered(&shop).await;
    shop.bank.settle(PaymentState::Succeeded, None);
    // Stripe adds what it knows to the address it sends the browser to.
    let page =
        browser.get(&format!("{order}?payment_intent=pi_1&redirect_status=succeeded")).await.expect(200);
    page.has("data-standing=\"paid\"")
        .has("Thank you")
        .has("Order #1001")
        .has("Harbour Mug")
        .has("$18.20")
        .has("Standard delivery")
        .has("12345 Springfield")
        .has("United States")
        .has("ada@example.org")
        .has("Ring\ntwice &amp; &lt;wait&gt;")
        .lacks("http-equiv=\"refresh\"");
    let pay = browser.get(&format!("{order}/pay")).await.expect(303);
    assert_eq!(pay.location(), order, "there is nothing left to pay");
}

#[tokio::test]
async fn a_declined_card_is_said_and_another_may_be_tried() {
    let shop = Shop::open().await;
    let (mut browser, order) = ordered(&shop).await;
    browser.get(&order).await.has("data-standing=\"unpaid\"").has("Pay now").has("15:05 UTC");
    shop.bank.settle(PaymentState::RequiresPaymentMethod, Some("insufficient_funds"));
    let page = browser.get(&order).await.expect(200);
    page.has("data-standing=\"failed\"").has("There is not enough money on the card.").has("Try again");
    let pay = browser.get(&page.link(&format!("{order}/pay"))).await.expect(303);
    assert!(pay.location().starts_with(crate::bank::PAYMENT_PAGE));
    // What a thief would like to know is told as any other decline.
    shop.bank.settle(PaymentState::RequiresPaymentMethod, Some("stolen_card"));
    browser.get(&order).await.has("The card was declined.").lacks("stolen");
    shop.bank.settle(PaymentState::Succeeded, None);
    browser.get(&order).await.has("data-standing=\"paid\"");
}

#[tokio::test]
async fn money_on_its_way_is_waited_for_but_not_for_ever() {
    let shop = Shop::open().await;
    let (mut browser, order) = ordered(&shop).await;
    shop.bank.settle(PaymentState::RequiresAction, None);
    browser.get(&order).await.has("data-standing=\"needs_action\"").has("Pay now");
    shop.bank.settle(PaymentState::Processing, None);
    let page = browser.get(&order).await.expect(200);
    page.has("data-standing=\"processing\"").has(&format!("content=\"3;url={order}?look=1\""));
    browser.get(&format!("{order}?look=9")).await.has("?look=10\"");
    for spent in ["10", "255"] {
        browser.get(&format!("{order}?look={spent}")).await.expect(200).lacks("http-equiv=\"refresh\"");
    }
    browser.get(&format!("{order}?look=-1%22%3E")).await.expect(200).has("look=1\"");
}

#[tokio::test]
async fn a_cancelled_payment_cancels_the_order() {
    let shop = Shop::open().await;
    let (mut browser, order) = ordered(&shop).await;
    shop.bank.settle(PaymentState::Canceled, None);
    browser.get(&order).await.expect(200).has("data-standing=\"cancelled\"").lacks("Pay now");
    // What it had is for sale again.
    browser.post("/cart/lines", &[("product", "harbour-mug"), ("quantity", "5")]).await.expect(303);
    browser.get("/cart").await.has("value=\"5\"");
}

#[tokio::test]
async fn a_gateway_that_does_not_answer_hides_no_order() {
    let shop = Shop::open().await;
    let (mut browser, order) = ordered(&shop).await;
    shop.bank.set_down(true);
    browser.get(&order).await.expect(200).has("data-standing=\"unpaid\"").lacks("10.1.2.3");
}

#[tokio::test]
async fn with_stripe_itself_the_order_is_paid_on_a_page_of_ours() {
    let shop = Shop::open().await;
    shop.bank.without_page();
    let (mut browser, order) = ordered(&shop).await;
    let page = browser.get(&format!("{order}/pay")).await.expect(200);
    page.has("<script src=\"https://js.stripe.com/clover/stripe.js\" defer></script>")
        .has("data-publishable-key=\"pk_test_bank\"")
        .has("_secret_&quot;&lt;x&gt;\"")
        .has(&format!("data-return-url=\"http://shop.test{order}\""))
        .has("Pay $18.20")
        .has("<noscript>");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self' https://js.stripe.com https://*.js.stripe.com"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    let script = browser.get(&page.link("/web/pay.js")).await.expect(200);
    assert_eq!(script.headers["content-type"], "text/javascript; charset=utf-8");
}

#[tokio::test]
async fn an_order_is_found_by_number_and_address_and_by_nothing_else() {
    let shop = Shop::open().await;
    let (mut browser, order) = ordered(&shop).await;
    browser.get("/orders").await.expect(200).has("Find your order");
    let found =
        browser.post("/orders", &[("number", "#1001"), ("email", "ADA@example.org")]).await.expect(200);
    let token = order.rsplit('/').next().unwrap();
    found.has("Order #1001").has("data-standing=\"unpaid\"").lacks(token).lacks("Pay now");
    assert_eq!(found.headers["cache-control"], "no-store");
    for (number, email) in [
        ("1002", "ada@example.org"),
        ("1001", "eve@example.org"),
        ("1001", ""),
        ("", "ada@example.org"),
        ("1001 or 1=1", "ada@example.org"),
    ] {
        let missed = browser.post("/orders", &[("number", number), ("email", email)]).await.expect(404);
        missed.has("We know no order with this number").has(&format!("value=\"{number}\""));
    }
    for token in ["x", "1001", &"t".repeat(10_000)] {
        browser.get(&format!("/orders/{token}")).await.expect(404);
        browser.get(&format!("/orders/{token}/pay")).await.expect(404);
    }
    shop.wait(TimeDelta::days(60));
    browser.get(&order).await.expect(200);
}

#[tokio::test]
async fn nobody_guesses_for_ever() {
    let shop = Shop::open().await;
    let (mut browser, _) = ordered(&shop).await;
    for n in 0..10 {
        let guess = [("number", "1001"), ("email", &*format!("buyer-{n}@example.org"))];
        browser.post("/orders", &guess).await.expect(404);
    }
    let right = [("number", "1001"), ("email", "ada@example.org")];
    let refused = browser.post("/orders", &right).await.expect(429);
    refused.has("Too many tries");
    let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=61).contains(&wait), "{wait} s");
}

#[tokio::test]
async fn a_gateway_that_takes_its_time_keeps_nobody_waiting() {
    let shop = Shop::open().await;
    let (mut browser, order) = ordered(&shop).await;
    shop.bank.set_stuck(true);
    // It never answers; the page comes all the same.
    browser.get(&order).await.expect(200).has("data-standing=\"unpaid\"");
}
