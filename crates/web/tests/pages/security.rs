//! What a stranger may try.

use crate::{
    checkout::send,
    shop::{Shop, product, settings, variant},
};
use axum::body::Body;
use http::{Request, header};
use stoa_domain::catalog::{ImageInput, OptionInput, ProductInput, Seo, VariantInput};

/// Breaks out of text, of attributes in either quotes, and of scripts.
const HOSTILE: &str = "</title></textarea>\"'><img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}";
/// The same without what an address refuses.
const QUOTES: &str = "\" onfocus=alert(1) autofocus='x' {{7*7}} &lt;";

fn assert_harmless(body: &str) {
    for danger in
        ["<img src=x", "<script>", "\" onfocus", "\"'>", "</title></textarea>", "{{7*7}}\"'", "49&lt;"]
    {
        assert!(!body.contains(danger), "{danger} in {body}");
    }
}

fn hostile_product() -> ProductInput {
    let hostile = || HOSTILE.to_owned();
    ProductInput {
        handle: Some("trap".into()),
        vendor: hostile(),
        seo: Seo { title: None, description: Some(hostile()) },
        description_html: format!("<p>fine</p>{HOSTILE}<style>p{{}}</style><form action=//evil.example>"),
        images: vec![ImageInput {
            url: "/media/x.svg?\"'>".into(),
            alt_text: Some(hostile()),
            width: None,
            height: None,
        }],
        options: vec![OptionInput { name: "Kind \"'>".into(), values: vec![] }],
        ..product(
            HOSTILE,
            vec![
                VariantInput {
                    option_values: vec![HOSTILE.into()],
                    sku: Some("\"'><b>".into()),
                    ..variant(100, 9)
                },
                VariantInput { option_values: vec!["B".into()], ..variant(100, 9) },
            ],
        )
    }
}

#[tokio::test]
async fn nothing_that_anybody_typed_becomes_markup() {
    let shop = Shop::open().await;
    shop.add(hostile_product()).await;
    let mut browser = shop.visitor();
    for page in ["/shop", "/products/trap", "/products/trap?o1=%22%3E%3Cscript%3E&variant=%22%3E"] {
        let page = browser.get(page).await.expect(200);
        assert_harmless(&page.body);
        page.has("&lt;script&gt;").lacks("<form action=//evil").lacks("<style");
    }
    browser.post("/cart/lines", &[("product", "trap"), ("o1", HOSTILE)]).await.expect(303);
    browser.post("/cart/note", &[("note", HOSTILE)]).await.expect(303);
    let cart = browser.get("/cart").await.expect(200);
    assert_harmless(&cart.body);
    cart.has("&lt;/textarea&gt;");

    let checkout = format!("/checkout/{}", browser.cart().unwrap());
    let page = browser.get(&checkout).await.expect(200);
    assert_harmless(&page.body);
    // Every field at once, in both ways.
    let fields = [
        "email",
        "phone",
        "first_name",
        "last_name",
        "company",
        "address1",
        "address2",
        "city",
        "province",
        "zip",
    ];
    for typed in [HOSTILE, QUOTES] {
        let typed: Vec<(&str, &str)> =
            fields.iter().map(|f| (*f, typed)).chain([("country", typed)]).collect();
        let refused = send(&mut browser, &checkout, &page, &typed).await.expect(422);
        assert_harmless(&refused.body);
        refused.has("onfocus=alert(1)".split('=').next().filter(|_| typed[0].1 == QUOTES).unwrap_or("&lt;"));
    }
    let quoted: Vec<(&str, &str)> =
        fields.iter().filter(|f| !["email", "phone"].contains(f)).map(|f| (*f, QUOTES)).collect();
    let placed = send(&mut browser, &checkout, &page, &quoted).await.expect(303);
    let order = placed.location().split_once("http://shop.test").unwrap().1.to_owned();
    let order = browser.get(&order).await.expect(200);
    assert_harmless(&order.body);
    order.has("&quot; onfocus");
    let lookup = browser.post("/orders", &[("number", HOSTILE), ("email", HOSTILE)]).await.expect(404);
    assert_harmless(&lookup.body);
}

#[tokio::test]
async fn no_address_leads_to_another_site() {
    let shop = Shop::open().await;
    let (mut browser, checkout) = shop.visitor_with_cart().await;
    let page = browser.get(&checkout).await;
    let away = "//evil.example";
    let answers = [
        browser.post("/cart/lines", &[("product", away), ("o1", "x")]).await,
        browser.post("/cart/lines", &[("product", "harbour-mug"), ("o1", away), ("return_to", away)]).await,
        browser.post("/cart/note", &[("note", away), ("next", away)]).await,
        browser.get("/cart/%2F%2Fevil.example:1").await,
        browser.get("//evil.example/").await,
        browser.get("/orders/%2F%2Fevil.example").await,
        browser.get("/orders/..%2F..%2Fevil").await,
        browser.post(&format!("{checkout}/edit"), &[("return_to", away)]).await,
        send(
            &mut browser,
            &checkout,
            &page,
            &[("return_url", "http://evil.example/"), ("payment_url", away)],
        )
        .await,
    ];
    for answer in answers {
        let Some(to) = answer.headers.get(header::LOCATION) else { continue };
        let to = to.to_str().unwrap();
        let ours =
            (to.starts_with('/') && !to.starts_with("//")) || to.starts_with(crate::bank::PAYMENT_PAGE);
        assert!(ours && !to.contains("evil.example/"), "{to}");
    }
}

#[tokio::test]
async fn forms_of_other_sites_are_not_believed() {
    let shop = Shop::open().await;
    let (mut browser, checkout) = shop.visitor_with_cart().await;
    let edit = format!("{checkout}/edit");
    let paths = ["/cart/lines", "/cart/note", "/orders", checkout.as_str(), edit.as_str()];
    let doors = ["sign-in", "sign-out", "register", "recover", "activate", "reset", "link", "email/confirm"];
    let own = [
        "details",
        "email",
        "password",
        "consent",
        "archive",
        "erase",
        "addresses/new",
        "connect/x",
        "identities/1",
    ];
    let accounts = doors.into_iter().chain(own).map(|page| format!("/account/{page}")).collect::<Vec<_>>();
    let staff = ["/staff/accept", "/staff/recover", "/staff/reset"];
    let paths = paths.into_iter().chain(accounts.iter().map(String::as_str)).chain(staff);
    for path in paths {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "http://evil.example"),
            ("origin", "null"),
        ] {
            let request = Request::post(path)
                .header(name, value)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let page = browser.send(request, Body::from("note=stolen&product=harbour-mug")).await.expect(403);
            page.has("This did not come from our pages");
        }
    }
    browser.get("/cart").await.lacks("stolen").has("value=\"1\"");
    // Behind a proxy that calls us by another name, our own pages are still our own.
    let request = Request::post("/cart/note")
        .header("origin", "http://shop.test")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    browser.send(request, Body::from("note=mine")).await.expect(303);
}

#[tokio::test]
async fn a_picture_on_a_foreign_page_makes_no_cart() {
    let shop = Shop::open().await;
    let mug = shop.mug(1).await;
    let mut browser = shop.visitor();
    for (name, value) in
        [("sec-fetch-dest", "image"), ("sec-fetch-dest", "iframe"), ("sec-purpose", "prefetch")]
    {
        let request = Request::get(format!("/cart/{mug}:1")).header(name, value);
        browser.send(request, Body::empty()).await.expect(400);
    }
    browser.get("/products/harbour-mug").await.has("Only one left");
}

#[tokio::test]
async fn every_page_is_locked_up() {
    let shop = Shop::open().await;
    let (mut browser, checkout) = shop.visitor_with_cart().await;
    let forms = ["/orders", "/account/sign-in", "/account/register", "/account/recover", "/staff/recover"];
    let others = ["/shop", "/products/harbour-mug", "/cart", &checkout, "/nowhere", "/web/shop.css"];
    for path in others.into_iter().chain(forms) {
        let page = browser.get(path).await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{path}: {policy}");
        assert!(!policy.contains("script-src") && !policy.contains("unsafe"), "{path}: {policy}");
        assert!(policy.contains("form-action 'self' http://shop.test"), "{path}: {policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(page.headers[name], value, "{path}");
        }
        let personal = ["/cart", checkout.as_str()].contains(&path) || forms.contains(&path);
        assert_eq!(page.headers.get("cache-control").is_some_and(|c| c == "no-store"), personal, "{path}");
        assert_eq!(page.headers.contains_key("x-robots-tag"), personal, "{path}");
        assert!(!page.body.contains("<script"), "{path}");
    }
}

#[tokio::test]
async fn errors_wear_the_shops_look_and_tell_nothing() {
    let shop = Shop::open().await;
    let (mut browser, _) = shop.visitor_with_cart().await;
    let request = Request::get("/nowhere/at/all").header("x-request-id", "req-123");
    let missing = browser.send(request, Body::empty()).await.expect(404);
    missing.has("There is nothing here").has("<code>req-123</code>").has("Test &lt;Shop&gt;");

    let wrong = browser.get("/cart/lines").await.expect(405);
    assert_eq!(wrong.headers[header::ALLOW], "POST");
    wrong.has("Not like this");

    let huge = format!("note={}", "x".repeat(200_000));
    let form = |path: &str| {
        Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
    };
    browser.send(form("/cart/note"), Body::from(huge)).await.expect(413).has("That is too much");
    browser.send(form("/cart/note"), Body::from("note=a&note=b")).await.expect(400);
    browser.send(form("/cart/note"), Body::from(&b"note=\xff\xfe"[..])).await.expect(303);
    let json = Request::post("/cart/note").header(header::CONTENT_TYPE, "application/json");
    browser.send(json, Body::from("{\"note\":1}")).await.expect(400).lacks("Content-Type").lacks("serde");
}

#[tokio::test]
async fn a_fault_tells_its_number_and_nothing_else() {
    let shop = Shop::open_with(settings()).await;
    let (mut browser, checkout) = shop.visitor_with_cart().await;
    shop.break_database().await;
    for path in ["/cart", "/shop", "/orders/some-token", &checkout] {
        let request = Request::get(path).header("x-request-id", "req-500");
        let page = browser.send(request, Body::empty()).await;
        assert!(page.status.is_server_error(), "{path}: {}", page.status);
        page.has("<code>req-500</code>").lacks("sqlite").lacks("SQL").lacks("database").lacks("table");
    }
}
