//! Beginning an account, signing in and out, and a password that was forgotten.

use crate::{
    browser::{Browser, Page},
    shop::{OTHER_PASSWORD, PASSWORD, Shop, settings},
};
use axum::body::Body;
use http::{Request, header};
use stoa_domain::limits::ClientAddress;
use url::form_urlencoded;

const ADA: &str = "ada@example.org";

async fn sign_in(browser: &mut Browser, email: &str, password: &str) -> Page {
    browser.post("/account/sign-in", &[("email", email), ("password", password)]).await
}

#[tokio::test]
async fn an_account_begins_with_its_mail() {
    let shop = Shop::over_tls().await;
    let mut browser = shop.visitor();
    let form = browser.get("/account/register").await.expect(200);
    form.has("autocomplete=\"email\"").has("autocomplete=\"given-name\"").lacks("type=\"password\"");
    let typed = [("email", ADA), ("first_name", "Ada"), ("marketing", "yes")];
    let sent = browser.post("/account/register", &typed).await.expect(303);
    browser.follow(&sent).await.expect(200).has("Please look into your mail");

    let path = shop.mailed(ADA, "/account/activate").await;
    let token = path.rsplit('/').next().unwrap().to_owned();
    let link = browser.get(&path).await.expect(200);
    link.has("autocomplete=\"new-password\"").has("At least 15 characters");
    assert_eq!(link.value("token"), token);
    let open = async |browser: &mut Browser, password: &str, again: &str| {
        let form = [("token", token.as_str()), ("password", password), ("again", again)];
        browser.post("/account/activate", &form).await
    };
    let short = open(&mut browser, "short", "short").await.expect(422);
    short.has("id=\"password-error\"").has("At least 15 characters, please").lacks("value=\"short\"");
    assert_eq!(short.value("token"), token, "the link still works");
    let twice = open(&mut browser, PASSWORD, OTHER_PASSWORD).await.expect(422);
    twice.has("id=\"again-error\"").lacks(PASSWORD).lacks(OTHER_PASSWORD);
    let common = open(&mut browser, ADA, ADA).await.expect(422);
    common.has("too easy to guess");
    assert_eq!(browser.session(), None);

    let begun = open(&mut browser, PASSWORD, PASSWORD).await.expect(303);
    let cookies: Vec<&str> =
        begun.headers.get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2, "{cookies:?}");
    for cookie in &cookies {
        assert!(cookie.starts_with("__Host-stoa_"), "{cookie}");
        assert!(cookie.ends_with("; Secure; HttpOnly; SameSite=Lax"), "{cookie}");
        assert!(cookie.contains("; Path=/;") && !cookie.contains("Domain"), "{cookie}");
    }
    let account = browser.follow(&begun).await.expect(200);
    account.has("Your account is open").has(ADA).has("<dd>Ada</dd>").has("checked");
    let again = open(&mut shop.visitor(), OTHER_PASSWORD, OTHER_PASSWORD).await.expect(404);
    again.has("This link does not work");
}

#[tokio::test]
async fn what_is_no_address_or_name_is_said_beside_its_field() {
    let shop = Shop::over_tls().await;
    let mut browser = shop.visitor();
    let refused =
        browser.post("/account/register", &[("email", "ada"), ("first_name", "Ada")]).await.expect(422);
    refused.has("id=\"email-error\"").has("href=\"#email\"").has("value=\"ada\"").has("value=\"Ada\"");
    let typed = [("email", ADA), ("last_name", "win at https://evil.example"), ("marketing", "yes")];
    let refused = browser.post("/account/register", &typed).await.expect(422);
    refused.has("id=\"last_name-error\"").lacks("id=\"email-error\"").has("checked");
    for path in ["/account/recover", "/staff/recover"] {
        let refused = browser.post(path, &[("email", "ada")]).await.expect(422);
        refused.has("id=\"email-error\"").has("value=\"ada\"").has(&format!("action=\"{path}\""));
    }
    assert!(shop.mails_to(ADA).await.is_empty());
}

#[tokio::test]
async fn no_page_tells_whether_there_is_an_account() {
    let shop = Shop::over_tls().await;
    shop.customer(ADA).await;
    let mut browser = shop.visitor();
    for path in ["/account/register", "/account/recover"] {
        let known = browser.post(path, &[("email", ADA)]).await.expect(303);
        let unknown = browser.post(path, &[("email", "eve@example.org")]).await.expect(303);
        assert_eq!(known.location(), unknown.location());
    }
    let known = sign_in(&mut browser, ADA, OTHER_PASSWORD).await.expect(422);
    let unknown = sign_in(&mut browser, "eve@example.org", OTHER_PASSWORD).await.expect(422);
    assert_eq!(known.body.replace(ADA, ""), unknown.body.replace("eve@example.org", ""));
    known.has("is not right").has(&format!("value=\"{ADA}\"")).lacks(OTHER_PASSWORD);
    assert_eq!(browser.session(), None);
    // What the page does not tell, the mail tells the owner.
    let mails = shop.mails_to(ADA).await;
    assert_eq!(mails.len(), 3, "{mails:#?}");
    let told = mails.iter().filter(|text| text.contains("https://shop.test/account/sign-in"));
    assert_eq!(told.count(), 1, "there is an account, it says: {mails:#?}");
}

#[tokio::test]
async fn one_signs_in_and_out() {
    let shop = Shop::over_tls().await;
    let mut at_home = shop.customer(ADA).await;
    let mut browser = shop.visitor();
    let asked = browser.get("/account").await.expect(303);
    assert_eq!(asked.location(), "/account/sign-in");
    let form = browser.follow(&asked).await.expect(200);
    form.has("autocomplete=\"current-password\"").has("autocomplete=\"username\"");
    let signed_in = sign_in(&mut browser, "ADA@example.org", PASSWORD).await.expect(303);
    browser.follow(&signed_in).await.expect(200).has(ADA).has("This one");
    let there = browser.get("/account/sign-in").await.expect(303);
    assert_eq!(there.location(), "/account");

    let session = browser.session().unwrap().to_owned();
    let out = browser.post("/account/sign-out", &[]).await.expect(303);
    assert_eq!(browser.session(), None);
    browser.follow(&out).await.expect(200).has("You are signed out.");
    browser.show(&session);
    let nobody = browser.get("/account").await.expect(303);
    assert_eq!(nobody.location(), "/account/sign-in");
    assert_eq!(browser.session(), None, "what is worth nothing is forgotten");
    browser.post("/account/sign-out", &[]).await.expect(303);
    assert!(at_home.is_signed_in().await, "elsewhere one stays signed in");
}

#[tokio::test]
async fn signing_in_again_leaves_no_sign_in_behind() {
    let shop = Shop::over_tls().await;
    let mut browser = shop.customer(ADA).await;
    let first = browser.session().unwrap().to_owned();
    sign_in(&mut browser, ADA, PASSWORD).await.expect(303);
    assert!(browser.is_signed_in().await);
    let mut thief = shop.visitor();
    thief.show(&first);
    assert!(!thief.is_signed_in().await);
}

#[tokio::test]
async fn who_guesses_is_told_to_wait() {
    let shop = Shop::over_tls().await;
    shop.customer(ADA).await;
    let mut browser = shop.visitor();
    let guess = async |browser: &mut Browser, network: [u8; 4], password: &str| {
        let fields = [("email", ADA), ("password", password)];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post("/account/sign-in")
            .extension(ClientAddress::new(network.into()))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        browser.send(request, Body::from(body)).await
    };
    for _ in 0..10 {
        guess(&mut browser, [192, 0, 2, 7], OTHER_PASSWORD).await.expect(422);
    }
    let refused = guess(&mut browser, [192, 0, 2, 7], PASSWORD).await.expect(429);
    refused.has("too many tries").has(&format!("value=\"{ADA}\"")).has("Please try again in 1 minute.");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=61).contains(&wait), "{wait} s");
    guess(&mut browser, [198, 51, 100, 7], PASSWORD).await.expect(303);
}

#[tokio::test]
async fn a_forgotten_password_is_set_by_a_link_and_ends_every_sign_in() {
    let shop = Shop::over_tls().await;
    let mut at_home = shop.customer(ADA).await;
    let mut browser = shop.visitor();
    browser.post("/account/recover", &[("email", ADA)]).await.expect(303);
    let link = browser.get(&shop.mailed(ADA, "/account/reset").await).await.expect(200);
    let token = link.value("token");
    let form = [("token", token.as_str()), ("password", OTHER_PASSWORD), ("again", OTHER_PASSWORD)];
    let set = browser.post("/account/reset", &form).await.expect(303);
    browser.follow(&set).await.expect(200).has("Your password is changed");
    assert!(!at_home.is_signed_in().await);
    browser.post("/account/reset", &form).await.expect(404).has("/account/recover");
    sign_in(&mut at_home, ADA, PASSWORD).await.expect(422);
    sign_in(&mut at_home, ADA, OTHER_PASSWORD).await.expect(303);
}

#[tokio::test]
async fn without_tls_nobody_is_signed_in_and_no_link_is_used_up() {
    let shop = Shop::open_with(settings()).await;
    let mut browser = shop.visitor();
    browser.get("/account/sign-in").await.expect(200).has("without TLS").lacks("type=\"password\"");
    let refused = sign_in(&mut browser, ADA, PASSWORD).await.expect(422);
    refused.has("without TLS");
    browser.post("/account/register", &[("email", ADA)]).await.expect(303);
    let link = shop.mailed(ADA, "/account/activate").await;
    for _ in 0..2 {
        let page = browser.get(&link).await.expect(200);
        // No browser says there who has sent a form but by the origin, which is ours alone.
        assert_eq!(page.header("referrer-policy"), "strict-origin");
        let token = page.value("token");
        let form = [("token", token.as_str()), ("password", PASSWORD), ("again", PASSWORD)];
        let refused = browser.post("/account/activate", &form).await.expect(409);
        refused.has("your link still works");
    }
    assert_eq!(browser.session(), None);
}

#[tokio::test]
async fn a_page_that_holds_a_key_tells_nobody() {
    let shop = Shop::over_tls().await;
    let mut browser = shop.visitor();
    let account = ["/account/activate", "/account/reset", "/account/email", "/account/link"];
    for path in account.into_iter().chain(["/staff/accept", "/staff/reset"]) {
        let page = browser.get(&format!("{path}/key-in-the-address")).await.expect(200);
        assert_eq!(page.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert!(page.header("x-robots-tag").contains("noindex"), "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.ends_with("; img-src 'self'"), "nothing of anybody else's: {policy}");
        page.has("value=\"key-in-the-address\"").lacks("<script");
    }
    // From such a page a form comes with an origin that says nothing; the browser says who has sent it.
    let believed = Request::post("/account/reset")
        .header("origin", "null")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let form = format!("token=x&password={0}&again={0}", PASSWORD.replace(' ', "+"));
    let page = browser.send(believed, Body::from(form)).await.expect(404);
    assert_eq!(page.header("referrer-policy"), "no-referrer");
}

#[tokio::test]
async fn nothing_that_anybody_typed_becomes_markup() {
    const QUOTES: &str = "\"><img src=x onerror=alert(1)>";
    let shop = Shop::over_tls().await;
    let mut browser = shop.visitor();
    let mut pages = Vec::new();
    let account = ["/account/activate", "/account/reset", "/account/email", "/account/link"];
    for path in account.into_iter().chain(["/staff/accept", "/staff/reset"]) {
        pages.push(
            browser.get(&format!("{path}/%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E")).await.expect(200),
        );
    }
    pages.push(
        browser.get("/account/sign-in?next=%22%3E%3Cimg%20src=x&notice=%3Cimg%20src=x").await.expect(200),
    );
    let typed = ["email", "password", "again", "next", "confirm", "token", "name", "first_name", "last_name"]
        .map(|field| (field, QUOTES));
    for path in ["sign-in", "register", "recover", "activate", "reset"] {
        pages.push(browser.post(&format!("/account/{path}"), &typed).await);
    }
    pages.push(browser.post("/staff/accept", &typed).await);
    let mut ada = shop.customer(ADA).await;
    let typed =
        ["first_name", "last_name", "phone", "new_email", "password", "new_password", "again", "city"]
            .map(|field| (field, QUOTES));
    for path in ["details", "email", "password", "erase", "addresses/new"] {
        pages.push(ada.post(&format!("/account/{path}"), &typed).await.expect(422));
    }
    for page in pages {
        page.lacks("<img src=x").lacks("\">&lt;img");
    }
}
