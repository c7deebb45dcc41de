//! Storefronts of other origins, which keep tokens: a code in an address, which nobody but the page that has begun turns into a sign-in.

use super::{ADA, Back, Begun, Browser, FakeProvider, Person, VIEWER, fake, has_account, provider};
use crate::harness::{Answer, PASSWORD, Setup, Shop, refusals};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use reqwest::{Client, StatusCode, redirect::Policy};
use serde_json::{Value, json};
use url::Url;

const PERSON: Person = Person::with("person-1", ADA);
pub(super) const APP: &str = "https://app.example";
/// The pair of RFC 7636, appendix B.
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(super) const CHALLENGE: &str =
    "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
pub(super) const HOME: &str = "return_to=https%3A%2F%2Fapp.example%2Fsigned-in%3Ftab%3D1";
const REDEEM: &str = "mutation($code: String!, $verifier: String!) {
  customerIdentityRedeem(input: { code: $code, codeVerifier: $verifier }) {
    customer { email } device tokens { accessToken refreshToken } userErrors { code field } } }";
const CONFIRM: &str = "mutation($token: String!) {
  customerIdentityConfirm(input: { token: $token, mode: COOKIE }) { userErrors { code } } }";

/// A shop whose storefront is on another site.
async fn shop() -> (Shop, FakeProvider) {
    let fake = fake::FakeProvider::start().await;
    let issuer = fake.issuer();
    let setup = Setup::default().config(move |c| {
        c.oidc = vec![
            provider("fake", &issuer, true),
            provider("wary", &issuer, false),
            provider("gone", "http://127.0.0.1:1", true),
        ];
        c.http.cors_origins = vec![APP.to_owned()];
        c.http.code_origins = vec![APP.to_owned()];
    });
    (Shop::with(setup).await, fake)
}

/// What the storefront's page is told: a code, or why there is none.
pub(super) fn told(back: &Back, name: &str) -> Option<String> {
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{back:?}");
    assert!(back.to.starts_with("https://app.example/signed-in?tab=1&"), "{back:?}");
    assert!(!back.signs_in(), "nobody is signed in by a cookie: {back:?}");
    let url = Url::parse(&back.to).expect("an address");
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// To the provider and back, as the storefront's page has it.
async fn comes_back(browser: &Browser<'_>, at: &FakeProvider, name: &str, who: &Person) -> Back {
    let begun = browser.begins(name, &format!("?{HOME}&{CHALLENGE}")).await;
    browser.finishes(name, at, &begun.url, who).await
}

async fn code(browser: &Browser<'_>, at: &FakeProvider) -> String {
    let back = comes_back(browser, at, "fake", &PERSON).await;
    told(&back, "oidc_code").unwrap_or_else(|| panic!("no code in {back:?}"))
}

/// The storefront's page asks, from its own origin.
pub(super) async fn redeem(shop: &Shop, code: &str, verifier: &str) -> Answer {
    let from = [("origin", APP.to_owned()), ("sec-fetch-site", "cross-site".to_owned())];
    let (answer, headers) =
        shop.endpoint.ask_with(&from, REDEEM, json!({ "code": code, "verifier": verifier })).await;
    assert!(!headers.contains_key("set-cookie"), "{headers:?}");
    answer
}

pub(super) fn given(answer: &Answer) -> &Value {
    answer.at("/customerIdentityRedeem")
}

/// The code and the verifier give tokens, once; the code alone does nothing, and without them no account begins.
#[tokio::test]
async fn a_code_and_its_verifier_give_tokens_once() {
    let (shop, fake) = shop().await;
    let browser = Browser::new(&shop);
    let code = code(&browser, &fake).await;
    assert!(!has_account(&shop, ADA).await, "nobody has shown the verifier yet");
    let dump = shop.dump().await;
    assert!(
        !dump.contains(&code) && !dump.contains(ADA),
        "it is in no table, and neither is who waits behind it"
    );
    let other = VERIFIER.replace('d', "e");
    for (code, verifier) in [
        (code.as_str(), ""),
        (code.as_str(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        (code.as_str(), other.as_str()),
        ("", VERIFIER),
        ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", VERIFIER),
    ] {
        let refused = redeem(&shop, code, verifier).await;
        assert_eq!(refusals(given(&refused)), ["TOKEN_INVALID"], "{code} {verifier}");
    }
    assert!(!has_account(&shop, ADA).await);

    // Two tabs at once: one has it.
    let (one, other) = tokio::join!(redeem(&shop, &code, VERIFIER), redeem(&shop, &code, VERIFIER));
    let (done, refused) = if given(&one)["tokens"].is_null() { (&other, &one) } else { (&one, &other) };
    assert_eq!(refusals(given(refused)), ["TOKEN_INVALID"]);
    assert_eq!(given(done)["customer"]["email"], ADA);
    assert!(given(done)["device"].is_string());
    let access = given(done)["tokens"]["accessToken"].as_str().expect("a token");
    let bearer = [("authorization", format!("Bearer {access}")), ("origin", APP.to_owned())];
    let (seen, _) = shop.endpoint.ask_with(&bearer, VIEWER, json!({})).await;
    assert_eq!(seen.at("/viewer/customer/email"), ADA);
    assert_eq!(seen.at("/viewer/identities/0/subject"), "person-1");
    assert_eq!(refusals(given(&redeem(&shop, &code, VERIFIER).await)), ["TOKEN_INVALID"]);
    assert!(browser.asks(VIEWER, json!({})).await.at("/viewer").is_null(), "the browser has no sign-in here");
}

/// Whom the provider has vouched for before is signed in again; a code that nobody has used for a minute is over.
#[tokio::test]
async fn a_code_is_over_after_a_minute() {
    let (shop, fake) = shop().await;
    let browser = Browser::new(&shop);
    let first = code(&browser, &fake).await;
    assert!(refusals(given(&redeem(&shop, &first, VERIFIER).await)).is_empty());
    let late = code(&browser, &fake).await;
    shop.clock.advance(TimeDelta::seconds(60));
    assert_eq!(refusals(given(&redeem(&shop, &late, VERIFIER).await)), ["TOKEN_INVALID"]);
    let again = code(&browser, &fake).await;
    assert!(refusals(given(&redeem(&shop, &again, VERIFIER).await)).is_empty());
}

/// An address alone opens no account that there is, this way neither: its owner is written to, and the link works in the browser that was
/// at the provider. Everything is said on the storefront's page.
#[tokio::test]
async fn a_storefront_hears_why_there_is_no_code() {
    let (shop, fake) = shop().await;
    shop.customer(ADA).await;
    let browser = Browser::new(&shop);
    let why = |back: &Back| told(back, "oidc");
    let back = comes_back(&browser, &fake, "fake", &PERSON).await;
    assert_eq!((why(&back).as_deref(), told(&back, "oidc_code")), (Some("link_mailed"), None));
    let token = json!({ "token": shop.mailed_token(ADA, "link").await });
    let refused = Browser::new(&shop).asks(CONFIRM, token.clone()).await;
    assert_eq!(refusals(refused.at("/customerIdentityConfirm")), ["OTHER_BROWSER"]);
    assert!(refusals(browser.asks(CONFIRM, token).await.at("/customerIdentityConfirm")).is_empty());
    let tied = code(&browser, &fake).await;
    assert_eq!(given(&redeem(&shop, &tied, VERIFIER).await)["customer"]["email"], ADA);

    let unknown = Person { verified: false, ..Person::with("person-2", "ben@example.org") };
    let back = comes_back(&browser, &fake, "fake", &unknown).await;
    assert_eq!((why(&back).as_deref(), told(&back, "oidc_code")), (Some("email_needed"), None));
    let begun = browser.begins("fake", &format!("?{HOME}&{CHALLENGE}")).await;
    let denied = format!("error=access_denied&state={}", begun.says("state"));
    assert_eq!(why(&browser.comes_back("fake", &denied).await).as_deref(), Some("denied"));
    // Whoever has not begun it here is nobody's storefront.
    let begun = browser.begins("fake", &format!("?{HOME}&{CHALLENGE}")).await;
    let stray = Browser::new(&shop).finishes("fake", &fake, &begun.url, &PERSON).await;
    assert!(stray.to.starts_with(&shop.base), "{stray:?}");
    assert!(
        shop.sign_in(ADA, PASSWORD).await.at("/customerAccessTokenCreate/customerAccessToken").is_object()
    );
}

/// What fails behind us fails on the storefront's page, which alone knows how to go on: the provider before anybody leaves and after, and the
/// database, which then tells nothing of who has begun what.
#[tokio::test]
async fn a_storefront_hears_on_its_own_page_what_is_away() {
    let (shop, fake) = shop().await;
    let away = |back: &Back| {
        let said = (told(back, "error"), told(back, "oidc"), told(back, "oidc_code"));
        let expected = (Some("temporarily_unavailable".to_owned()), Some("unavailable".to_owned()), None);
        assert_eq!(said, expected, "{back:?}");
    };
    let wanted = format!("?{HOME}&{CHALLENGE}");
    let browser = Browser::new(&shop);
    away(&browser.opens(&format!("/auth/oidc/gone{wanted}")).await);

    let begun = browser.begins("fake", &wanted).await;
    shop.by_hand("ALTER TABLE account_challenges RENAME TO mislaid").await;
    away(&browser.opens(&format!("/auth/oidc/fake{wanted}")).await);
    away(&browser.finishes("fake", &fake, &begun.url, &PERSON).await);
    // Of an attempt for a cookie our page tells, and so it does if what the browser keeps names a page that no code may go to.
    let of_another = format!("A.{}", URL_SAFE_NO_PAD.encode("https://evil.example/"));
    for kept in ["A", "A.", "A.A", of_another.as_str()] {
        let cookie = format!("__Host-stoa_oidc={}", kept.replacen('A', &cookie_of(&begun), 1));
        let answer = browser.answer(&fake, &begun.url, &PERSON);
        let client = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
        let request = client.get(format!("{}/auth/oidc/fake/callback?{answer}", shop.base));
        let response = request.header("cookie", cookie).send().await.expect("the server answers");
        let to = response.headers()["location"].to_str().expect("text");
        assert!(to.starts_with(&shop.base) && to.contains("oidc=unavailable"), "{kept}: {to}");
    }
    shop.by_hand("ALTER TABLE mislaid RENAME TO account_challenges").await;
    assert!(code(&browser, &fake).await.len() > 20, "and there it is again");

    let begun = browser.begins("fake", &wanted).await;
    fake.breaks().await;
    away(&browser.finishes("fake", &fake, &begun.url, &PERSON).await);
}

/// What the browser keeps of an attempt, without the page that has begun it.
fn cookie_of(begun: &Begun) -> String {
    let value = begun.set.iter().find_map(|set| set.strip_prefix("__Host-stoa_oidc=")).expect("a cookie");
    value.split(['.', ';']).next().expect("a token").to_owned()
}

/// A code goes to origins that the settings name, letter by letter, and never without a challenge; that is said before anybody leaves.
#[tokio::test]
async fn a_code_goes_to_no_page_that_is_not_named() {
    let (shop, _fake) = shop().await;
    let browser = Browser::new(&shop);
    let plain = CHALLENGE.replace("S256", "plain");
    let short = CHALLENGE.replace("E9Melhoa", "");
    let alone = CHALLENGE.split('&').next().expect("a parameter");
    let to = |address: &str| format!("return_to={address}&{CHALLENGE}");
    for refused in [
        to("https%3A%2F%2Fevil.example%2F"),
        to("https%3A%2F%2Fapp.example.evil.example%2F"),
        to("https%3A%2F%2Fapp.example%3A444%2F"),
        to("https%3A%2F%2Fapp.example%40evil.example%2F"),
        to("https%3A%2F%2Fada%3Asecret%40app.example%2F"),
        to("http%3A%2F%2Fapp.example%2F"),
        to("javascript%3Aalert(1)"),
        // A page of ours has a cookie.
        to("%2Faccount"),
        CHALLENGE.to_owned(),
        HOME.to_owned(),
        format!("{HOME}&{alone}"),
        format!("{HOME}&{plain}"),
        format!("{HOME}&{short}"),
        format!("{HOME}&code_challenge_method=S256"),
    ] {
        let back = browser.opens(&format!("/auth/oidc/fake?{refused}")).await;
        assert_eq!((back.status, back.to.as_str()), (StatusCode::BAD_REQUEST, ""), "{refused}");
        assert!(back.set.is_empty(), "{refused}");
    }

    // A page of another site leads its visitor here; it does not fetch this in the background, and not without a challenge.
    let client =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let wanted = format!("{HOME}&{CHALLENGE}");
    for (query, dest, status) in
        [(wanted.as_str(), "document", 303), (wanted.as_str(), "image", 403), ("", "document", 403)]
    {
        let request = client.get(format!("{}/auth/oidc/fake?{query}", shop.base));
        let request = request.header("sec-fetch-site", "cross-site").header("sec-fetch-dest", dest);
        let response = request.send().await.expect("the server answers");
        assert_eq!(response.status().as_u16(), status, "{query} {dest}");
    }
}
