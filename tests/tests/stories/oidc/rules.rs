//! Whose account an identity opens.

use super::{ADA, Back, Browser, Person, VIEWER, has_account, shop};
use crate::harness::{PASSWORD, Shop, refusals};
use serde_json::json;
use stoa_domain::shared::{Clock, EmailAddress};
use stoa_persistence::{Durability, customer};

const PERSON: Person = Person::with("person-1", ADA);
const CONFIRM: &str = "mutation($token: String!) {
  customerIdentityConfirm(input: { token: $token, mode: COOKIE }) { customer { email } tokens { accessToken } userErrors { code field } } }";

fn why(back: &Back) -> Option<String> {
    assert_eq!(back.signs_in(), back.why().is_none(), "{back:?}");
    back.why()
}

/// Nobody has an account with the address: the provider's word begins one, without a password, and opens it from then on, in any
/// browser. What was ordered with the address before is theirs.
#[tokio::test]
async fn a_provider_that_vouches_for_an_address_begins_an_account() {
    let (shop, fake) = shop().await;
    let guest = shop.shopper_with_cart([("mug", 1)]).await;
    assert!(guest.place_order("k").await.is_placed());

    let browser = Browser::new(&shop);
    let back = browser.signs_in("fake", &fake, &PERSON).await;
    assert_eq!(why(&back), None, "{back:?}");
    assert_eq!(back.to, format!("{}/account", shop.base));
    let seen = browser.asks(VIEWER, json!({})).await;
    let (customer, identity) = (seen.at("/viewer/customer"), seen.at("/viewer/identities/0"));
    assert_eq!((&customer["email"], &customer["firstName"]), (&json!(ADA), &json!("Ada")));
    assert_eq!((&customer["lastName"], &customer["numberOfOrders"]), (&json!("King"), &json!("1")));
    assert_eq!(
        *identity,
        json!({ "provider": "fake", "title": "The fake one", "issuer": fake.issuer(), "subject": "person-1", "email": ADA })
    );
    for password in ["", PASSWORD] {
        let refused = shop.sign_in(ADA, password).await;
        assert_eq!(refusals(refused.at("/customerAccessTokenCreate")), ["UNIDENTIFIED_CUSTOMER"]);
    }

    // Whatever else the provider says of them later: it is the person who counts.
    for later in [PERSON, Person { email: None, ..PERSON }, Person { verified: false, ..PERSON }] {
        let another = Browser::new(&shop);
        assert_eq!(why(&another.signs_in("fake", &fake, &later).await), None);
        assert_eq!(another.asks(VIEWER, json!({})).await.at("/viewer/customer/id"), &customer["id"]);
    }
    shop.settle().await;
    shop.books_balance().await;
}

/// The provider vouches for the address of an account that there is. That is not its owner yet: nobody is signed in, and nothing is
/// changed by whoever opens the mail without having been at the provider.
#[tokio::test]
async fn a_stranger_with_the_same_address_is_not_linked() {
    let (shop, fake) = shop().await;
    let ada = shop.customer(ADA).await;
    let stranger = Browser::new(&shop);
    let eve = Person::with("eve", "ADA@example.org");
    let back = stranger.signs_in("fake", &fake, &eve).await;
    assert_eq!(why(&back).as_deref(), Some("link_mailed"));
    assert!(back.to.starts_with(&format!("{}/account/sign-in?", shop.base)), "{back:?}");
    assert!(stranger.asks(VIEWER, json!({})).await.at("/viewer").is_null());

    // Ada is careless and opens the link: in her own browser, and signed in at that. So is whoever has read her mail.
    let token = json!({ "token": shop.mailed_token(ADA, "link").await });
    let hers = ada.request(CONFIRM, token.clone()).await;
    assert_eq!(refusals(hers.at("/customerIdentityConfirm")), ["OTHER_BROWSER"]);
    let reader = Browser::new(&shop).asks(CONFIRM, token.clone()).await;
    assert_eq!(refusals(reader.at("/customerIdentityConfirm")), ["OTHER_BROWSER"]);
    // And the stranger has no token of the mail: one of theirs is none.
    for made_up in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let refused = stranger.asks(CONFIRM, json!({ "token": made_up })).await;
        assert_eq!(refusals(refused.at("/customerIdentityConfirm")), ["TOKEN_INVALID"]);
    }
    assert_eq!(why(&stranger.signs_in("fake", &fake, &eve).await).as_deref(), Some("link_mailed"));
    assert!(ada.is_signed_in().await, "her sign-in stands, and her password does");
    assert!(refusals(shop.sign_in(ADA, PASSWORD).await.at("/customerAccessTokenCreate")).is_empty());

    // With another password every link that lies about is over, the stranger's as well.
    let recover = "mutation { customerRecover(email: \"ada@example.org\") { customerUserErrors { code } } }";
    shop.endpoint.ask(recover, json!({})).await;
    let reset = json!({ "resetToken": shop.mailed_token(ADA, "reset").await, "password": "quiet rivers run deep and far" });
    let query = "mutation($input: CustomerResetInput!) { customerReset(id: \"gid://stoa/Customer/me\", input: $input) {
      customerUserErrors { code } } }";
    let done = shop.endpoint.ask(query, json!({ "input": reset })).await;
    assert!(refusals(done.at("/customerReset")).is_empty());
    let late = stranger.asks(CONFIRM, token).await;
    assert_eq!(refusals(late.at("/customerIdentityConfirm")), ["TOKEN_INVALID"]);
}

/// One browser that was at the provider and opens the mail: both are one person's. From then on the provider opens the account, its
/// owner is told, and the link does nothing more.
#[tokio::test]
async fn who_has_shown_both_sides_is_linked() {
    let (shop, fake) = shop().await;
    let ada = shop.customer(ADA).await;
    let id = ada.sees("id").await["id"].clone();
    let browser = Browser::new(&shop);
    assert_eq!(why(&browser.signs_in("fake", &fake, &PERSON).await).as_deref(), Some("link_mailed"));
    let token = json!({ "token": shop.mailed_token(ADA, "link").await });

    // Twice at once, as by a double click: once.
    let copy = browser.copy();
    let (one, other) = tokio::join!(browser.asks(CONFIRM, token.clone()), copy.asks(CONFIRM, token.clone()));
    let codes: Vec<Vec<&str>> =
        [&one, &other].iter().map(|answer| refusals(answer.at("/customerIdentityConfirm"))).collect();
    assert!(codes.contains(&vec![]) && codes.contains(&vec!["TOKEN_INVALID"]), "{codes:?}");
    let (winner, done) = if codes[0].is_empty() { (&browser, &one) } else { (&copy, &other) };
    assert!(done.at("/customerIdentityConfirm/tokens").is_null(), "a cookie was asked for");
    let seen = winner.asks(VIEWER, json!({})).await;
    assert_eq!(seen.at("/viewer/customer/id"), &id);
    assert_eq!(seen.at("/viewer/identities").as_array().map(Vec::len), Some(1));

    let another = Browser::new(&shop);
    assert_eq!(why(&another.signs_in("fake", &fake, &PERSON).await), None);
    assert_eq!(another.asks(VIEWER, json!({})).await.at("/viewer/customer/id"), &id);
    assert!(refusals(shop.sign_in(ADA, PASSWORD).await.at("/customerAccessTokenCreate")).is_empty());
    // The links that began and tied it, and that it was tied.
    shop.has_mailed(ADA, 3).await;
}

/// Without the provider's word that an address is theirs, or in a shop that does not believe it: nothing is begun, nobody is written
/// to, and whether there is such an account nobody learns.
#[tokio::test]
async fn an_address_that_is_not_vouched_for_opens_nothing() {
    let (shop, fake) = shop().await;
    shop.customer(ADA).await;
    let mails = shop.letters(ADA).await.len();
    for email in [ADA, "nobody@example.org"] {
        let unproved = Person { verified: false, ..Person::with("p", email) };
        for (provider, who) in [("fake", unproved), ("wary", unproved), ("wary", Person::with("p", email))] {
            let back = Browser::new(&shop).signs_in(provider, &fake, &who).await;
            assert_eq!(why(&back).as_deref(), Some("email_needed"), "{provider} {email}");
            assert_eq!(back.to, format!("{}/account/sign-in?oidc=email_needed", shop.base), "alike");
        }
    }
    for email in [None, Some("ada"), Some("")] {
        let who = Person { subject: "p", email, verified: true };
        let back = Browser::new(&shop).signs_in("fake", &fake, &who).await;
        assert_eq!(why(&back).as_deref(), Some("email_needed"), "{email:?}");
    }
    assert!(!has_account(&shop, "nobody@example.org").await);
    assert_eq!(shop.letters(ADA).await.len(), mails);
}

/// Somebody has registered with the address, and never opened the mail: perhaps a stranger, who waits for its owner to come. The
/// owner comes by a provider; nothing that was said before counts, and the link of before begins nothing.
#[tokio::test]
async fn an_account_that_a_stranger_has_prepared_is_its_owners_alone() {
    let (shop, fake) = shop().await;
    shop.register(ADA).await;
    let prepared = shop.mailed_token(ADA, "activate").await;
    let browser = Browser::new(&shop);
    assert_eq!(why(&browser.signs_in("fake", &fake, &PERSON).await), None);
    let seen = browser.asks(VIEWER, json!({})).await;
    assert_eq!(seen.at("/viewer/customer/lastName"), "King", "not what the stranger has written");
    let late = shop.activate(&prepared, PASSWORD).await;
    assert_eq!(refusals(late.at("/customerActivate")), ["TOKEN_INVALID"]);
    let refused = shop.sign_in(ADA, PASSWORD).await;
    assert_eq!(refusals(refused.at("/customerAccessTokenCreate")), ["UNIDENTIFIED_CUSTOMER"]);
}

/// One person in many browsers at once, for the first time: one account, and all are signed in to it.
#[tokio::test]
async fn one_person_many_times_at_once_is_one_account() {
    let (shop, fake) = shop().await;
    let browsers = [(); 4].map(|()| Browser::new(&shop));
    let [a, b, c, d] = &browsers;
    let arrive = |browser| Browser::signs_in(browser, "fake", &fake, &PERSON);
    let (a, b, c, d) = tokio::join!(arrive(a), arrive(b), arrive(c), arrive(d));
    let mut ids = Vec::new();
    for (browser, back) in browsers.iter().zip([a, b, c, d]) {
        assert_eq!(why(&back), None, "{back:?}");
        ids.push(browser.asks(VIEWER, json!({})).await.at("/viewer/customer/id").clone());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
}

/// An account that staff have closed is opened by no provider, whether or not it was opened by it before.
#[tokio::test]
async fn a_closed_account_stays_closed() {
    let (shop, fake) = shop().await;
    let browser = Browser::new(&shop);
    assert_eq!(why(&browser.signs_in("fake", &fake, &PERSON).await), None);
    close(&shop, ADA).await;
    assert!(browser.asks(VIEWER, json!({})).await.at("/viewer").is_null(), "its sign-ins are over");
    for who in [PERSON, Person::with("another", ADA)] {
        let back = Browser::new(&shop).signs_in("fake", &fake, &who).await;
        assert_eq!(why(&back).as_deref(), Some("closed"));
    }
}

async fn close(shop: &Shop, email: &str) {
    let email = EmailAddress::parse(email).expect("an address");
    let found = customer::find_by_email(shop.db().read(), &email).await.expect("SQL answers");
    let before = found.expect("a customer");
    let state = before.state.disable().expect("an enabled account");
    let after = stoa_domain::customer::Customer { state, ..before.clone() };
    let tx = shop.db().write(Durability::Relaxed).await.expect("a transaction");
    let saved = customer::save(&tx, &before, &after, shop.clock.now()).await.expect("SQL answers");
    assert_eq!(saved, customer::Saved::Saved);
    tx.commit().await.expect("it is kept");
}
