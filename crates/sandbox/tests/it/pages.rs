//! The page to pay on, as a browser without script sees it.

use crate::harness::{Reply, World};

/// A payment to be made by hand: its page, its secret, and the address to come back to.
struct Payment<'a> {
    world: &'a World,
    id: String,
    secret: String,
    return_url: &'static str,
}

impl<'a> Payment<'a> {
    async fn open(world: &'a World) -> Self {
        let form = "amount=123456&currency=eur&description=<script>alert(1)</script>";
        let intent = world.post("/v1/payment_intents", form).await.ok();
        let text = |name: &str| intent[name].as_str().unwrap().to_owned();
        Self {
            world,
            id: text("id"),
            secret: text("client_secret"),
            return_url: "http://localhost:9/done?cart=1",
        }
    }

    async fn show(&self) -> Reply {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("client_secret", &self.secret)
            .append_pair("return_url", self.return_url)
            .finish();
        self.world.send("GET", &format!("/sandbox/pay/{}?{query}", self.id), "", "", &[]).await
    }

    async fn submit(&self, fields: &[(&str, &str)]) -> Reply {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("client_secret", &self.secret).append_pair("return_url", self.return_url);
        for (name, value) in fields {
            form.append_pair(name, value);
        }
        self.world.send("POST", &format!("/sandbox/pay/{}", self.id), &form.finish(), "", &[]).await
    }

    async fn type_card(&self, number: &str, expiry: &str, cvc: &str) -> Reply {
        self.submit(&[
            ("number", number),
            ("expiry", expiry),
            ("cvc", cvc),
            ("name", "Ada"),
            ("action", "pay"),
        ])
        .await
    }

    async fn status(&self) -> String {
        self.world.get(&format!("/v1/payment_intents/{}", self.id)).await.text_at("/status")
    }

    fn came_back(&self, reply: &Reply, redirect_status: &str) {
        let expected = format!(
            "http://localhost:9/done?cart=1&payment_intent={}&payment_intent_client_secret={}&redirect_status={redirect_status}",
            self.id, self.secret
        );
        assert_eq!((reply.status, reply.header("location")), (303, Some(expected.as_str())));
    }

    fn stays(&self, reply: &Reply) {
        let location = reply.header("location").unwrap_or_default();
        assert!(
            reply.status == 303 && location.starts_with(&format!("/sandbox/pay/{}?", self.id)),
            "{location}"
        );
    }
}

#[tokio::test]
async fn a_person_pays_and_comes_back() {
    let world = World::start().await;
    let payment = Payment::open(&world).await;
    let page = payment.show().await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("1234.56 EUR") && page.text.contains("4242 4242 4242 4242"));
    assert!(
        page.text.contains("&lt;script&gt;") && !page.text.contains("<script"),
        "escaped, and without script"
    );
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("form-action 'self' http://localhost:9;"),
        "{policy}"
    );
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let css = world.send("GET", "/sandbox/style.css", "", "", &[]).await;
    assert_eq!((css.status, css.header("content-type")), (200, Some("text/css; charset=utf-8")));

    let paid = payment.type_card("4242 4242 4242 4242", "12 / 34", "123").await;
    payment.came_back(&paid, "succeeded");
    assert_eq!(payment.status().await, "succeeded");
    let charge = world.get(&format!("/v1/charges?payment_intent={}", payment.id)).await.ok();
    assert_eq!(charge["data"][0]["billing_details"]["name"], "Ada");
    let page = payment.show().await;
    assert!(page.text.contains("Paid") && !page.text.contains("name=\"number\""));
    let again = payment.type_card("4242 4242 4242 4242", "12 / 34", "123").await;
    assert_eq!(again.status, 400, "a second window cannot pay again");
    assert_eq!(world.get("/v1/charges").await.ok()["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_decline_is_shown_and_another_card_may_try() {
    let world = World::start().await;
    let payment = Payment::open(&world).await;
    payment.stays(&payment.submit(&[("test_card", "4000000000009995")]).await);
    assert!(payment.show().await.text.contains("Your card has insufficient funds."));
    let typo = payment.type_card("4242424242424241", "12/34", "123").await;
    assert_eq!(typo.status, 402);
    assert!(typo.text.contains("Your card number is incorrect.") && typo.text.contains("4242424242424241"));
    let old = payment.type_card("4242424242424242", "nonsense", "123").await;
    assert!(old.text.contains("expiration month is invalid"));
    payment.came_back(&payment.submit(&[("test_card", "5555555555554444")]).await, "succeeded");
}

#[tokio::test]
async fn a_challenge_is_completed_or_failed() {
    let world = World::start().await;
    for (action, redirect_status, status) in
        [("authenticate", "succeeded", "succeeded"), ("fail", "failed", "requires_payment_method")]
    {
        let payment = Payment::open(&world).await;
        payment.stays(&payment.submit(&[("test_card", "4000000000003220")]).await);
        let page = payment.show().await;
        assert!(page.text.contains("3-D Secure") && page.text.contains("Complete authentication"));
        payment.came_back(&payment.submit(&[("action", action)]).await, redirect_status);
        assert_eq!(payment.status().await, status);
    }
    let payment = Payment::open(&world).await;
    payment.submit(&[("test_card", "4000008260003178")]).await;
    payment.came_back(&payment.submit(&[("action", "authenticate")]).await, "failed");
}

#[tokio::test]
async fn the_redirect_of_the_api_leads_to_the_challenge() {
    let world = World::start().await;
    let form = "amount=2000&currency=usd&confirm=true&payment_method=pm_card_authenticationRequired\
                &return_url=http://localhost:9/back";
    let asked = world.post("/v1/payment_intents", form).await.ok();
    let url = asked["next_action"]["redirect_to_url"]["url"].as_str().unwrap();
    let path = url.strip_prefix(&world.base).unwrap();
    let page = world.send("GET", path, "", "", &[]).await;
    assert!(page.status == 200 && page.text.contains("Complete authentication"));
    let secret = asked["client_secret"].as_str().unwrap();
    let path = format!("/sandbox/pay/{}", asked["id"].as_str().unwrap());
    let done =
        world.send("POST", &path, &format!("client_secret={secret}&action=authenticate"), "", &[]).await;
    assert!(done.header("location").unwrap().starts_with("http://localhost:9/back?payment_intent="));
}

#[tokio::test]
async fn canceling_goes_back_without_paying() {
    let world = World::start().await;
    let payment = Payment::open(&world).await;
    payment.came_back(&payment.submit(&[("action", "cancel")]).await, "failed");
    assert_eq!(payment.status().await, "requires_payment_method");
}

#[tokio::test]
async fn without_the_secret_there_is_nothing_to_see_or_do() {
    let world = World::start().await;
    let mut payment = Payment::open(&world).await;
    payment.secret = format!("{}_secret_guess", payment.id);
    assert_eq!(payment.show().await.status, 404);
    assert_eq!(payment.submit(&[("test_card", "4242424242424242")]).await.status, 404);
    let bare = world.send("GET", &format!("/sandbox/pay/{}", payment.id), "", "", &[]).await;
    assert_eq!(bare.status, 404);
    assert_eq!(payment.status().await, "requires_payment_method");
}

#[tokio::test]
async fn the_page_is_no_open_redirect() {
    let world = World::start().await;
    let mut payment = Payment::open(&world).await;
    for evil in ["https://evil.example/", "javascript:alert(1)", "//evil.example"] {
        payment.return_url = evil;
        let page = payment.show().await;
        assert_eq!((page.status, page.text.contains("evil")), (400, false), "{evil}");
        let paid = payment.submit(&[("test_card", "4242424242424242")]).await;
        assert_eq!((paid.status, paid.header("location")), (400, None), "{evil}");
    }
    assert_eq!(payment.status().await, "requires_payment_method");
}

#[tokio::test]
async fn without_a_return_address_the_page_shows_the_result() {
    let world = World::start().await;
    let intent = world.post("/v1/payment_intents", "amount=2000&currency=jpy").await.ok();
    let (id, secret) = (intent["id"].as_str().unwrap(), intent["client_secret"].as_str().unwrap());
    let path = format!("/sandbox/pay/{id}");
    let form = format!("client_secret={secret}&test_card=4242424242424242");
    let paid = world.send("POST", &path, &form, "", &[]).await;
    assert_eq!(paid.status, 303);
    let page = world.send("GET", paid.header("location").unwrap(), "", "", &[]).await;
    assert!(page.text.contains("Paid") && page.text.contains("2000 JPY"));
}
