//! The shop's own pages, for somebody who signs in elsewhere.

use super::{ADA, Browser, Person, VIEWER, shop};
use crate::harness::PASSWORD;
use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::json;
use url::Url;

/// What somebody does who is on their way to the checkout: the page leads to the provider, and back to where they were going. What is in
/// the browser's cart is theirs then.
#[tokio::test]
async fn the_sign_in_page_leads_to_a_provider_and_back_to_the_checkout() {
    let (shop, fake) = shop().await;
    let browser = Browser::new(&shop);
    let checkout = browser.opens(&format!("/cart/{}:2", shop.variant("mug").await)).await.to;
    let page = browser.sees("/account/sign-in?next=checkout").await;
    assert!(
        page.contains("Sign in with The fake one") && page.contains("Sign in with The wary one"),
        "{page}"
    );
    let link = page.split("href=\"").find(|rest| rest.starts_with("/auth/oidc/fake")).expect("a link");
    let link = link.split('"').next().expect("its end").replace("&amp;", "&");
    let back = "?return_to=%2Faccount%2Fsigned-in%3Fnext%3Dcheckout";
    assert_eq!(link, format!("/auth/oidc/fake{back}"));

    let begun = browser.begins("fake", back).await;
    let there = browser.finishes("fake", &fake, &begun.url, &Person::with("person-1", ADA)).await;
    assert_eq!(there.to, format!("{}/account/signed-in?next=checkout", shop.base));
    let went_on = browser.opens("/account/signed-in?next=checkout").await;
    assert_eq!((went_on.status, went_on.to.as_str()), (StatusCode::SEE_OTHER, checkout.as_str()));
    let cart = checkout.rsplit('/').next().expect("an id");
    let asked =
        format!("{{ cart(id: \"gid://stoa/Cart/{cart}\") {{ buyerIdentity {{ customer {{ email }} }} }} }}");
    let seen = browser.asks(&asked, json!({})).await;
    assert_eq!(seen.at("/cart/buyerIdentity/customer/email"), ADA, "{:#}", seen.body);

    // Later, a page of somebody else's puts nothing into their cart by sending them there.
    shop.clock.advance(TimeDelta::minutes(3));
    let late = browser.opens("/account/signed-in?next=checkout").await;
    assert_eq!(late.to, "/account");
    let guest = Browser::new(&shop).opens("/account/signed-in").await;
    assert_eq!(guest.to, "/account/sign-in");
}

/// The link of the mail is opened in the browser that has been at the provider, and a button pressed: looking at it does nothing.
#[tokio::test]
async fn the_link_of_the_mail_connects_the_account_on_a_page() {
    let (shop, fake) = shop().await;
    shop.customer(ADA).await;
    let person = Person::with("person-1", ADA);
    let browser = Browser::new(&shop);
    let back = browser.signs_in("fake", &fake, &person).await;
    let told = browser.sees(back.to.strip_prefix(&shop.base).expect("a page of ours")).await;
    assert!(told.contains("open the link in that mail with this browser"), "{told}");

    let token = shop.mailed_token(ADA, "link").await;
    let link = format!("/account/link/{token}");
    let form = [("token", token.as_str())];
    for browser in [&browser, &Browser::new(&shop)] {
        let page = browser.sees(&link).await;
        assert!(page.contains("Connect and sign in") && page.contains(&token), "{page}");
    }
    let other = Browser::new(&shop).submits("/account/link", &form).await;
    assert_eq!((other.status, other.signs_in()), (StatusCode::CONFLICT, false));
    let unknown = browser.submits("/account/link", &[("token", "x")]).await;
    assert_eq!((unknown.status, unknown.signs_in()), (StatusCode::NOT_FOUND, false));
    assert!(browser.asks(VIEWER, json!({})).await.at("/viewer").is_null());

    let connected = browser.submits("/account/link", &form).await;
    assert!(connected.signs_in(), "{connected:?}");
    assert!(connected.set.iter().any(|c| c.starts_with("__Host-stoa_oidc_link=;")), "{connected:?}");
    assert!(browser.sees(&connected.to).await.contains("you can sign in that way as well"));
    let again = browser.submits("/account/link", &form).await;
    assert!(!again.signs_in(), "it works once");
    assert_eq!(Browser::new(&shop).signs_in("fake", &fake, &person).await.why(), None);
}

/// What opens an account is on its page: another provider is connected there, with the password, and taken away.
#[tokio::test]
async fn a_provider_is_connected_and_taken_away_on_the_account_page() {
    let (shop, fake) = shop().await;
    shop.customer(ADA).await;
    let browser = Browser::new(&shop);
    let form = [("email", ADA), ("password", PASSWORD)];
    assert!(browser.submits("/account/sign-in", &form).await.signs_in());
    let account = browser.sees("/account").await;
    assert!(
        account.contains("Your password alone.") && account.contains("/account/connect/wary"),
        "{account}"
    );

    let connect = "/account/connect/wary";
    assert!(browser.sees(connect).await.contains("current-password"));
    for form in [&[("password", "not hers at all, no")][..], &[]] {
        let refused = browser.submits(connect, form).await;
        assert_eq!((refused.status, refused.set.is_empty()), (StatusCode::UNPROCESSABLE_ENTITY, true));
    }
    let (status, page) = browser.submits_and_sees(connect, &[("password", PASSWORD)]).await;
    assert_eq!(status, StatusCode::OK);
    let url = page.split("href=\"").find(|rest| rest.starts_with(&fake.issuer())).expect("a way there");
    let url = url.split('"').next().expect("its end").replace("&amp;", "&");
    let person = Person { verified: false, ..Person::with("ada-elsewhere", "countess@example.net") };
    let back = browser.finishes("wary", &fake, &Url::parse(&url).expect("a URL"), &person).await;
    assert_eq!(back.to, format!("{}/account?oidc=linked", shop.base));

    let account = browser.sees("/account?oidc=linked").await;
    assert!(
        account.contains("you can sign in that way as well") && account.contains("Disconnect"),
        "{account}"
    );
    let place = "/account/identities/";
    let link = account.split("href=\"").find(|rest| rest.starts_with(place)).expect("a way to take it away");
    let link = link.split('"').next().expect("its end");
    shop.customer("eve@example.org").await;
    let eve = Browser::new(&shop);
    eve.submits("/account/sign-in", &[("email", "eve@example.org"), ("password", PASSWORD)]).await;
    for foreign in [eve.opens(link).await, eve.submits(link, &[("password", PASSWORD)]).await] {
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "another's is not there");
    }
    assert!(browser.sees(link).await.contains("Disconnect it"));
    let refused = browser.submits(link, &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let gone = browser.submits(link, &[("password", PASSWORD)]).await;
    assert_eq!((gone.status, gone.to.as_str()), (StatusCode::SEE_OTHER, "/account?notice=disconnected"));
    assert!(browser.sees(&gone.to).await.contains("Your password alone."));
    let back = Browser::new(&shop).signs_in("wary", &fake, &person).await;
    assert_eq!(back.why().as_deref(), Some("email_needed"), "it opens nothing any more");
    assert_eq!(browser.opens("/account/connect/elsewhere").await.status, StatusCode::NOT_FOUND);
}

/// Whatever the API says of how it went, there are words for it on the page that it sends people to.
#[tokio::test]
async fn every_refusal_has_its_words() {
    let (shop, _fake) = shop().await;
    let browser = Browser::new(&shop);
    let plain = browser.sees("/account/sign-in").await;
    assert!(!plain.contains("role=\"status\"") && !plain.contains("class=\"notice"), "{plain}");
    for word in
        ["begin_again", "denied", "email_needed", "link_mailed", "identity_taken", "closed", "unavailable"]
    {
        let said = browser.sees(&format!("/account/sign-in?oidc={word}")).await;
        assert!(said.len() > plain.len(), "nothing is said of {word}");
    }
    let strange = browser.sees("/account/sign-in?oidc=%3Cb%3E").await;
    assert_eq!(strange, plain);
    let refused = browser.comes_back("fake", "error=access_denied&state=x").await;
    let refused = Url::parse(&refused.to).expect("a page of ours");
    assert_eq!((refused.path(), refused.query()), ("/account/sign-in", Some("oidc=begin_again")));
}
