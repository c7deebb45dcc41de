//! Attempts: whose they are, how often they count, and where they lead.

use super::{ADA, Browser, Person, VIEWER, fake, provider, shop};
use crate::harness::{Setup, Shop};
use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::json;
use stoa::config::OidcProviderConfig;
use stoa_domain::shared::Clock;
use stoa_oidc::{AppleKey, ClientAuth, ProviderConfig};

const PERSON: Person = Person::with("person-1", ADA);

/// The public list, and what a browser is sent to the provider with: PKCE, a state and a nonce that nobody can guess, in a cookie that
/// scripts and other sites cannot use.
#[tokio::test]
async fn an_attempt_is_begun_as_the_standard_has_it() {
    let (shop, fake) = shop().await;
    let list = shop.endpoint.ask("{ signInProviders { name title url } }", json!({})).await;
    let listed = |name: &str| json!({ "name": name, "title": format!("The {name} one"), "url": format!("{}/auth/oidc/{name}", shop.base) });
    assert_eq!(*list.at("/signInProviders"), json!([listed("fake"), listed("wary")]));

    let browser = Browser::new(&shop);
    let (one, other) = (browser.begins("fake", "").await, browser.begins("fake", "").await);
    assert!(one.url.as_str().starts_with(&format!("{}/auth?", fake.issuer())), "{}", one.url);
    assert_eq!(one.says("redirect_uri"), format!("{}/auth/oidc/fake/callback", shop.base));
    assert_eq!(
        (one.says("response_type"), one.says("code_challenge_method")),
        ("code".into(), "S256".into())
    );
    for secret in ["state", "nonce", "code_challenge"] {
        assert!(one.says(secret).len() >= 43 && one.says(secret) != other.says(secret), "{secret}");
    }
    let [cookie] = one.set.as_slice() else { panic!("{:?}", one.set) };
    assert!(cookie.starts_with("__Host-stoa_oidc="), "{cookie}");
    assert!(cookie.contains("; Path=/; Max-Age="), "{cookie}");
    assert!(cookie.ends_with("; Secure; HttpOnly; SameSite=Lax"), "{cookie}");
    assert!(!cookie.contains(&one.says("state")), "one half does not tell the other");
    assert_eq!(browser.opens("/auth/oidc/nowhere").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.comes_back("nowhere", "code=x&state=y").await.status, StatusCode::NOT_FOUND);
}

/// An answer counts in the browser that has begun the attempt, at the address of its provider, in its time, and once: also when it
/// comes twice at once, or from somebody who has read it on its way.
#[tokio::test]
async fn an_answer_counts_once_and_in_its_own_browser() {
    let (shop, fake) = shop().await;
    let browser = Browser::new(&shop);
    let begin_again = async |browser: &Browser<'_>, provider: &str, answer: &str| {
        let back = browser.comes_back(provider, answer).await;
        assert_eq!(back.why().as_deref(), Some("begin_again"), "{provider} {answer}");
        assert!(!back.signs_in() && back.set.is_empty(), "{back:?}");
    };
    let begun = browser.begins("fake", "").await;
    let answer = browser.answer(&fake, &begun.url, &PERSON);
    // Whoever sends somebody else an answer of their own wants them to be signed in to the wrong account.
    begin_again(&Browser::new(&shop), "fake", &answer).await;
    let eve = Browser::new(&shop);
    eve.begins("fake", "").await;
    begin_again(&eve, "fake", &answer).await;
    begin_again(&browser, "wary", &answer).await;
    for nonsense in ["", "code=code-0", "code=code-0&state=", "code=code-0&state=x", "state=x&state=y&code=z"]
    {
        begin_again(&browser, "fake", nonsense).await;
    }
    assert_eq!(fake.was_shown_codes().await, 0, "nobody is asked about what is not ours");

    // None of that has used anything up.
    let copy = browser.copy();
    let (one, other) = tokio::join!(browser.comes_back("fake", &answer), copy.comes_back("fake", &answer));
    assert!(one.signs_in() != other.signs_in(), "{one:?} {other:?}");
    assert_eq!(fake.was_shown_codes().await, 1);
    let (winner, loser) = if one.signs_in() { (&browser, &copy) } else { (&copy, &browser) };
    assert_eq!(winner.asks(VIEWER, json!({})).await.at("/viewer/customer/email"), ADA);
    assert!(loser.asks(VIEWER, json!({})).await.at("/viewer").is_null());
    begin_again(loser, "fake", &answer).await;

    // What the provider or the person refuses is over as well.
    let begun = winner.begins("fake", "").await;
    let denied = format!("error=access_denied&state={}", begun.says("state"));
    assert_eq!(winner.comes_back("fake", &denied).await.why().as_deref(), Some("denied"));
    let late = winner.answer(&fake, &begun.url, &PERSON);
    begin_again(winner, "fake", &late).await;

    // A token for another attempt, and a code that the provider does not know.
    let (mine, others) = (winner.begins("fake", "").await, Browser::new(&shop).begins("fake", "").await);
    let code = fake.code(&PERSON, &others.says("nonce"), shop.clock.now());
    begin_again(winner, "fake", &format!("code={code}&state={}", mine.says("state"))).await;
    let begun = winner.begins("fake", "").await;
    begin_again(winner, "fake", &format!("code=made-up&state={}", begun.says("state"))).await;

    let begun = winner.begins("fake", "").await;
    let answer = winner.answer(&fake, &begun.url, &PERSON);
    shop.clock.advance(TimeDelta::minutes(11));
    begin_again(winner, "fake", &answer).await;
}

/// Whoever comes back is led to pages of the shop alone, and nobody is sent away by a page of somebody else's.
#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let fake = fake::FakeProvider::start().await;
    let issuer = fake.issuer();
    let shop = Shop::with(Setup::default().config(move |c| {
        c.oidc = vec![provider("fake", &issuer, true)];
        c.http.cookie_origins = vec!["https://www.example.org".to_owned()];
        c.http.cors_origins = vec!["https://friend.example".to_owned()];
        c.settings.accounts.oidc_return_url = "https://www.example.org/account?tab=1".parse().ok();
    }))
    .await;
    let browser = Browser::new(&shop);
    let named = format!("http%3A%2F%2Fada%3Asecret%40{}%2Faccount", shop.base.trim_start_matches("http://"));
    for foreign in [
        "https%3A%2F%2Fevil.example%2F",
        "https%3A%2F%2Ffriend.example%2F",
        "https%3A%2F%2Fwww.example.org.evil.example%2F",
        "https%3A%2F%2Fwww.example.org%40evil.example%2F",
        named.as_str(),
        "javascript%3Aalert(1)",
        "account",
        "http%3A%2F%2F127.0.0.1%3A1%2F",
    ] {
        let back = browser.opens(&format!("/auth/oidc/fake?return_to={foreign}")).await;
        assert_eq!((back.status, back.to.as_str()), (StatusCode::BAD_REQUEST, ""), "{foreign}");
    }
    let here = |path: &str| format!("{}{path}", shop.base);
    for (wanted, to) in [
        ("", "https://www.example.org/account?tab=1".to_owned()),
        ("?return_to=%2Faccount%2Forders%3Fpage%3D2", here("/account/orders?page=2")),
        (
            "?return_to=https%3A%2F%2Fwww.example.org%2Fcart%23top",
            "https://www.example.org/cart#top".to_owned(),
        ),
        // What browsers may read as another host is a path here.
        ("?return_to=%2F%2Fevil.example", here("/evil.example")),
    ] {
        let begun = browser.begins("fake", wanted).await;
        let answer = browser.answer(&fake, &begun.url, &PERSON);
        assert_eq!(browser.comes_back("fake", &answer).await.to, to, "{wanted}");
    }
    let begun = browser.begins("fake", "?return_to=%2Faccount%2Forders").await;
    let denied = format!("error=access_denied&state={}", begun.says("state"));
    let back = browser.comes_back("fake", &denied).await;
    assert_eq!(back.to, "https://www.example.org/account?tab=1&oidc=denied", "a page that says why");

    let client =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    for (site, status) in [("cross-site", 403), ("same-site", 303), ("none", 303)] {
        let request = client.get(format!("{}/auth/oidc/fake", shop.base)).header("sec-fetch-site", site);
        let response = request.send().await.expect("the server answers");
        assert_eq!(response.status().as_u16(), status, "{site}");
        if status == 303 {
            assert_eq!(response.headers()["referrer-policy"], "no-referrer");
            assert_eq!(response.headers()["cache-control"], "no-store");
        }
    }
}

/// A provider whose own page posts its answer: the browser's cookie comes along from there, and still nobody else's answer counts.
#[tokio::test]
async fn an_answer_may_be_posted_by_the_provider_s_page() {
    let fake = fake::FakeProvider::start().await;
    let issuer = fake.issuer();
    let shop = Shop::with(Setup::default().config(move |c| {
        let key = AppleKey::parse("TEAM123456", "KEY1234567", &fake::apples_file().into());
        let client =
            ProviderConfig::new("apple", issuer, fake::CLIENT, ClientAuth::Apple(key.expect("a key")));
        let client = ProviderConfig { trust_email: true, private_network: true, ..client };
        c.oidc = vec![OidcProviderConfig { title: "Apple".to_owned(), client }];
    }))
    .await;
    let browser = Browser::new(&shop);
    let begun = browser.begins("apple", "").await;
    assert_eq!(begun.says("response_mode"), "form_post");
    assert!(begun.set[0].ends_with("; Secure; HttpOnly; SameSite=None"), "{:?}", begun.set);
    let answer = browser.answer(&fake, &begun.url, &PERSON);
    assert_eq!(Browser::new(&shop).posts("apple", &answer).await.why().as_deref(), Some("begin_again"));
    let back = browser.posts("apple", &answer).await;
    assert_eq!((back.status, back.why()), (StatusCode::SEE_OTHER, None), "{back:?}");
    assert_eq!(browser.asks(VIEWER, json!({})).await.at("/viewer/customer/email"), ADA);
    let endless = format!("{answer}&x={}", "x".repeat(20_000));
    assert_eq!(browser.posts("apple", &endless).await.status, StatusCode::BAD_REQUEST);
}

/// One network begins so many attempts and no more: each is a row, and the provider is somebody else's machine.
#[tokio::test]
async fn attempts_have_a_bound() {
    let (shop, _fake) = shop().await;
    let browser = Browser::new(&shop);
    for _ in 0..100 {
        browser.begins("fake", "").await;
    }
    let refused = browser.opens("/auth/oidc/fake").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
}

/// A provider that is away is told on a page, and keeps nobody from signing in otherwise; so is a shop without TLS.
#[tokio::test]
async fn a_provider_that_is_away_is_told_on_a_page() {
    let shop = Shop::with(Setup::default().config(|c| {
        c.oidc = vec![provider("gone", "http://127.0.0.1:1", true)];
    }))
    .await;
    let back = Browser::new(&shop).opens("/auth/oidc/gone").await;
    assert_eq!((back.status, back.why().as_deref()), (StatusCode::SEE_OTHER, Some("unavailable")));
    shop.customer(ADA).await;

    let open = Shop::with(Setup::default().config(|c| {
        c.oidc = vec![provider("gone", "http://127.0.0.1:1", true)];
        c.public_url_given = true;
        c.settings.public_url = "http://shop.example".parse().expect("a URL");
    }))
    .await;
    assert_eq!(Browser::new(&open).opens("/auth/oidc/gone").await.status, StatusCode::BAD_REQUEST);
}
