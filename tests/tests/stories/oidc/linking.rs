//! Customers who are signed in, and connect a provider or take it away.

use super::{ADA, Browser, Person, VIEWER, has_account, shop};
use crate::harness::{PASSWORD, Shop, refusals};
use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::{Value, json};
use url::Url;

const EVE: &str = "eve@example.org";
const SIGN_IN: &str =
    "mutation($input: CustomerSignInInput!) { customerSignIn(input: $input) { userErrors { code } } }";
const LINK: &str = "mutation($input: CustomerIdentityLinkInput!) {
  customerIdentityLink(input: $input) { url userErrors { code field } } }";
const UNLINK: &str = "mutation($input: CustomerIdentityUnlinkInput!) {
  customerIdentityUnlink(input: $input) { userErrors { code field } } }";

/// Somebody with an account and a password, signed in at a page of the shop.
async fn at_the_page<'a>(shop: &'a Shop, email: &str) -> Browser<'a> {
    shop.customer(email).await;
    let browser = Browser::new(shop);
    let input = json!({ "email": email, "password": PASSWORD, "mode": "COOKIE" });
    let signed_in = browser.asks(SIGN_IN, json!({ "input": input })).await;
    assert!(refusals(signed_in.at("/customerSignIn")).is_empty());
    browser
}

/// Asks to connect a provider, and gives where the browser is sent.
async fn link(browser: &Browser<'_>, provider: &str) -> Url {
    let input = json!({ "provider": provider, "password": PASSWORD });
    let begun = browser.asks(LINK, json!({ "input": input })).await;
    assert!(refusals(begun.at("/customerIdentityLink")).is_empty(), "{:#}", begun.body);
    Url::parse(begun.at("/customerIdentityLink/url").as_str().expect("a URL")).expect("the provider's page")
}

async fn identities(browser: &Browser<'_>) -> Vec<Value> {
    let seen = browser.asks(VIEWER, json!({})).await;
    seen.at("/viewer/identities").as_array().expect("identities").clone()
}

/// Whoever is signed in connects a provider: with their password, in their browser, and whatever address they have there. It opens the
/// account from then on, they are told by mail, and it goes when they say so.
#[tokio::test]
async fn a_customer_connects_a_provider_and_takes_it_away() {
    let (shop, fake) = shop().await;
    let ada = at_the_page(&shop, ADA).await;
    let mails = shop.letters(ADA).await.len();
    let elsewhere = Person { verified: false, ..Person::with("ada-elsewhere", "countess@example.net") };
    let url = link(&ada, "wary").await;
    let back = ada.finishes("wary", &fake, &url, &elsewhere).await;
    assert_eq!(
        (back.to.as_str(), back.signs_in()),
        (format!("{}/account?oidc=linked", shop.base).as_str(), false)
    );
    let [linked]: [Value; 1] = identities(&ada).await.try_into().expect("one");
    assert_eq!((&linked["subject"], &linked["email"]), (&json!("ada-elsewhere"), &Value::Null));
    shop.has_mailed(ADA, mails + 1).await;

    let other = Browser::new(&shop);
    assert_eq!(other.signs_in("wary", &fake, &elsewhere).await.why(), None);
    assert_eq!(other.asks(VIEWER, json!({})).await.at("/viewer/customer/email"), ADA);

    let which = json!({ "issuer": fake.issuer(), "subject": "ada-elsewhere" });
    let with = |more: &Value| {
        let mut input = which.clone();
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        json!({ "input": input })
    };
    let wrong = ada.asks(UNLINK, with(&json!({ "password": "not hers at all, no" }))).await;
    assert_eq!(refusals(wrong.at("/customerIdentityUnlink")), ["UNIDENTIFIED"]);
    let nobodys = ada.asks(UNLINK, with(&json!({ "password": PASSWORD, "subject": "x" }))).await;
    assert_eq!(refusals(nobodys.at("/customerIdentityUnlink")), ["NOT_FOUND"]);
    let done = ada.asks(UNLINK, with(&json!({ "password": PASSWORD }))).await;
    assert!(refusals(done.at("/customerIdentityUnlink")).is_empty());
    assert!(identities(&ada).await.is_empty());
    let back = Browser::new(&shop).signs_in("wary", &fake, &elsewhere).await;
    assert_eq!(back.why().as_deref(), Some("email_needed"), "it opens nothing any more");
}

/// Another way in is for ever, so that a sign-in which somebody has found open does not suffice for it, and nobody gets one by it to an
/// account that is another's.
#[tokio::test]
async fn nobody_gets_another_way_in_without_a_proof() {
    let (shop, fake) = shop().await;
    let ada = at_the_page(&shop, ADA).await;
    let ask = async |input: Value| ada.asks(LINK, json!({ "input": input })).await;
    let guest = shop.endpoint.ask(LINK, json!({ "input": { "provider": "fake" } })).await;
    assert_eq!(refusals(guest.at("/customerIdentityLink")), ["NOT_SIGNED_IN"]);
    let wrong = ask(json!({ "provider": "fake", "password": "not hers at all, no" })).await;
    assert_eq!(refusals(wrong.at("/customerIdentityLink")), ["UNIDENTIFIED"]);
    let unknown = ask(json!({ "provider": "elsewhere", "password": PASSWORD })).await;
    assert_eq!(refusals(unknown.at("/customerIdentityLink")), ["NOT_FOUND"]);
    // To have signed in a moment ago is a proof for accounts without a password alone.
    let without = ask(json!({ "provider": "fake" })).await;
    assert_eq!(refusals(without.at("/customerIdentityLink")), ["UNIDENTIFIED"]);

    // What opens Eve's account opens no other.
    let eve = Person::with("eve", EVE);
    assert_eq!(Browser::new(&shop).signs_in("fake", &fake, &eve).await.why(), None);
    let url = link(&ada, "fake").await;
    let back = ada.finishes("fake", &fake, &url, &eve).await;
    assert_eq!(back.to, format!("{}/account?oidc=identity_taken", shop.base));
    assert!(identities(&ada).await.is_empty());

    // An attempt of Ada's that a stranger finishes, in a browser of theirs: theirs does not open her account, and hers not theirs.
    let url = link(&ada, "fake").await;
    let stranger = Person::with("stranger", "stranger@example.org");
    let answer = ada.answer(&fake, &url, &stranger);
    assert_eq!(Browser::new(&shop).comes_back("fake", &answer).await.why().as_deref(), Some("begin_again"));
    // Nor once she has signed out: whoever sits at the browser then is not she.
    let out = ada.asks("mutation { customerSignOutEverywhere { userErrors { code } } }", json!({})).await;
    assert!(refusals(out.at("/customerSignOutEverywhere")).is_empty());
    assert_eq!(ada.comes_back("fake", &answer).await.why().as_deref(), Some("begin_again"));
    let back = Browser::new(&shop).signs_in("fake", &fake, &stranger).await;
    assert_eq!(back.why(), None, "the stranger's own account begins");
}

/// Whoever has come by a provider and has no password does with a sign-in of a moment ago what others do with theirs: another address,
/// a first password, the end of the account. From the first password on it is that which is asked for.
#[tokio::test]
async fn who_has_no_password_changes_and_erases_their_account() {
    let (shop, fake) = shop().await;
    let ada = Browser::new(&shop);
    let person = Person::with("person-1", ADA);
    assert_eq!(ada.signs_in("fake", &fake, &person).await.why(), None);
    let codes = |payload: &Value| refusals(payload).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let erase = async |input: Value| {
        let query =
            "mutation($input: CustomerEraseInput!) { customerErase(input: $input) { userErrors { code } } }";
        codes(ada.asks(query, json!({ "input": input })).await.at("/customerErase"))
    };
    let email = async |new: &str| {
        let query = "mutation($input: CustomerEmailChangeInput!) { customerEmailChange(input: $input) { userErrors { code } } }";
        let input = json!({ "input": { "newEmail": new } });
        codes(ada.asks(query, input).await.at("/customerEmailChange"))
    };
    let password = async |input: Value| {
        let query = "mutation($input: CustomerPasswordChangeInput!) { customerPasswordChange(input: $input) { userErrors { code } } }";
        codes(ada.asks(query, json!({ "input": input })).await.at("/customerPasswordChange"))
    };
    let first = json!({ "newPassword": PASSWORD, "mode": "COOKIE" });
    shop.clock.advance(TimeDelta::minutes(11));
    assert_eq!(erase(json!({})).await, ["UNIDENTIFIED"], "found open somewhere");
    assert_eq!(email("countess@example.org").await, ["UNIDENTIFIED"]);
    assert_eq!(password(first.clone()).await, ["UNIDENTIFIED"]);

    // The pages ask for no password, and lead to where one signs in again.
    for page in ["/account/erase", "/account/email", "/account/password"] {
        let seen = ada.sees(page).await;
        assert!(!seen.contains("current-password"), "{seen}");
        let back = format!("/auth/oidc/fake?return_to={}", page.replace('/', "%2F"));
        assert!(seen.contains("Sign in with The fake one again") && seen.contains(&back), "{seen}");
    }
    let late = ada.submits("/account/erase", &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let begun = ada.begins("fake", "?return_to=%2Faccount%2Ferase").await;
    let back = ada.finishes("fake", &fake, &begun.url, &person).await;
    assert_eq!((back.to, back.set.is_empty()), (format!("{}/account/erase", shop.base), false));

    assert!(email("countess@example.org").await.is_empty());
    shop.mailed_token("countess@example.org", "email").await;
    assert!(password(first).await.is_empty());
    assert!(refusals(shop.sign_in(ADA, PASSWORD).await.at("/customerAccessTokenCreate")).is_empty());
    // The sign-in is of this moment, and does not do any more.
    assert_eq!(erase(json!({})).await, ["UNIDENTIFIED"]);
    assert_eq!(ada.submits("/account/erase", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(erase(json!({ "password": "not hers at all, no" })).await, ["UNIDENTIFIED"]);
    assert!(has_account(&shop, ADA).await, "nothing has come of any");
    assert!(erase(json!({ "password": PASSWORD })).await.is_empty());
    assert!(!has_account(&shop, ADA).await);
}

/// The same on the page: who has just signed in with their provider presses the button.
#[tokio::test]
async fn who_has_no_password_erases_their_account_on_the_page() {
    let (shop, fake) = shop().await;
    let ada = Browser::new(&shop);
    assert_eq!(ada.signs_in("fake", &fake, &Person::with("person-1", ADA)).await.why(), None);
    let erased = ada.submits("/account/erase", &[]).await;
    assert_eq!(
        (erased.status, erased.to.as_str()),
        (StatusCode::SEE_OTHER, "/account/sign-in?notice=erased")
    );
    assert!(!has_account(&shop, ADA).await);
}

/// Who has come by a provider and set no password keeps it: nobody could get into the account any more.
#[tokio::test]
async fn the_last_way_in_stays() {
    let (shop, fake) = shop().await;
    let browser = Browser::new(&shop);
    let person = Person::with("person-1", ADA);
    assert_eq!(browser.signs_in("fake", &fake, &person).await.why(), None);
    let input = json!({ "input": { "issuer": fake.issuer(), "subject": "person-1" } });
    let refused = browser.asks(UNLINK, input.clone()).await;
    assert_eq!(refusals(refused.at("/customerIdentityUnlink")), ["LAST_WAY_IN"]);
    assert_eq!(identities(&browser).await.len(), 1);

    shop.clock.advance(TimeDelta::days(31));
    resets(&shop, ADA).await;
    assert_eq!(
        browser.signs_in("fake", &fake, &person).await.why(),
        None,
        "a new password does not take away what has been there for long"
    );
    let without = browser.asks(UNLINK, input.clone()).await;
    assert_eq!(refusals(without.at("/customerIdentityUnlink")), ["UNIDENTIFIED"], "there is a password now");
    let input = json!({ "input": { "issuer": fake.issuer(), "subject": "person-1", "password": PASSWORD } });
    let gone = browser.asks(UNLINK, input).await;
    assert!(refusals(gone.at("/customerIdentityUnlink")).is_empty());
    assert!(refusals(shop.sign_in(ADA, PASSWORD).await.at("/customerAccessTokenCreate")).is_empty());
}

/// Sets a new password by the link of a mail.
async fn resets(shop: &Shop, email: &str) {
    let recover =
        "mutation($email: String!) { customerRecover(email: $email) { customerUserErrors { code } } }";
    shop.endpoint.ask(recover, json!({ "email": email })).await;
    let reset = json!({ "resetToken": shop.mailed_token(email, "reset").await, "password": PASSWORD });
    let query = "mutation($input: CustomerResetInput!) { customerReset(id: \"gid://stoa/Customer/me\", input: $input) {
      customerUserErrors { code } } }";
    let done = shop.endpoint.ask(query, json!({ "input": reset })).await;
    assert!(refusals(done.at("/customerReset")).is_empty());
}

/// A thief who has had the password connects what is theirs. Whose mailbox it is sets another password, and the thief's way in is gone
/// with the thief's sign-ins; what its owner had connected long before stays. They are told.
#[tokio::test]
async fn a_reset_takes_away_what_was_connected_lately() {
    let (shop, fake) = shop().await;
    let ada = at_the_page(&shop, ADA).await;
    let hers = Person { verified: false, ..Person::with("ada-elsewhere", "countess@example.net") };
    let url = link(&ada, "wary").await;
    assert!(ada.finishes("wary", &fake, &url, &hers).await.to.ends_with("oidc=linked"));
    shop.clock.advance(TimeDelta::days(31));

    let thief = Browser::new(&shop);
    let input = json!({ "email": ADA, "password": PASSWORD, "mode": "COOKIE" });
    assert!(refusals(thief.asks(SIGN_IN, json!({ "input": input })).await.at("/customerSignIn")).is_empty());
    let theirs = Person { verified: false, ..Person::with("thief", "thief@example.net") };
    let url = link(&thief, "wary").await;
    assert!(thief.finishes("wary", &fake, &url, &theirs).await.to.ends_with("oidc=linked"));
    assert_eq!(
        Browser::new(&shop).signs_in("wary", &fake, &theirs).await.why(),
        None,
        "it opens the account"
    );

    resets(&shop, ADA).await;
    let back = Browser::new(&shop).signs_in("wary", &fake, &theirs).await;
    assert_eq!(back.why().as_deref(), Some("email_needed"), "it opens nothing any more");
    assert_eq!(Browser::new(&shop).signs_in("wary", &fake, &hers).await.why(), None);
    shop.until("they are told", || async {
        shop.letters(ADA).await.iter().any(|letter| letter.says("has been disconnected"))
    })
    .await;
}
