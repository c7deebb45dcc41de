//! What is in a customer's own hands: addresses, name, news, sign-ins, e-mail address, password, and what is known of them.

use crate::{
    browser::Page,
    checkout::send,
    shop::{OTHER_PASSWORD, PASSWORD, Shop},
};

const ADA: &str = "ada@example.org";
const EVE: &str = "eve@example.org";
const NEW: &str = "countess@example.org";

/// The addresses of the book that a page shows.
fn book(page: &Page) -> Vec<String> {
    let place = "/account/addresses/";
    let mut found: Vec<String> = Vec::new();
    for (at, _) in page.body.match_indices(place) {
        let id = page.body[at + place.len()..].split(['"', '/']).next().unwrap();
        let path = format!("{place}{id}");
        if id != "new" && !found.contains(&path) {
            found.push(path);
        }
    }
    found
}

#[tokio::test]
async fn an_address_book_is_kept() {
    let shop = Shop::over_tls().await;
    let mut ada = shop.customer(ADA).await;
    let new = ada.get("/account/addresses/new").await.expect(200);
    new.has("autocomplete=\"address-line1\"").has("<option value=\"US\" selected>");
    let wrong = [("last_name", ""), ("address1", "1 Mews"), ("city", "<b>London</b>"), ("country", "GB")];
    let refused = ada.post("/account/addresses/new", &wrong).await.expect(422);
    refused.has("id=\"last_name-error\"").has("id=\"city-error\"").has("value=\"1 Mews\"").lacks("<b>London");
    refused.has("<option value=\"GB\" selected>");

    let mews = [("last_name", "Lovelace"), ("address1", "1 Mews"), ("city", "London"), ("country", "GB")];
    let saved = ada.post("/account/addresses/new", &mews).await.expect(303);
    let account = ada.follow(&saved).await.expect(200);
    account
        .has("Your address book is changed")
        .has("1 Mews")
        .has("United Kingdom")
        .has("unless you say another");
    let [first] = book(&account).try_into().unwrap();
    let lane = [("last_name", "Byron"), ("address1", "2 Lane"), ("city", "Rome"), ("country", "IT")];
    ada.post("/account/addresses/new", &lane).await.expect(303);
    let page = ada.get(&first).await.expect(200);
    page.has("value=\"1 Mews\"").has(&format!("action=\"{first}\""));
    let moved = [("last_name", "Lovelace"), ("address1", "3 Square"), ("city", "London"), ("country", "GB")];
    ada.post(&first, &moved).await.expect(303);
    ada.get("/account").await.has("3 Square").has("2 Lane").lacks("1 Mews");

    // Somebody else's is not there, whatever is to be done with it.
    let mut eve = shop.customer(EVE).await;
    eve.get(&first).await.expect(404);
    eve.post(&first, &moved).await.expect(404);
    eve.post(&format!("{first}/default"), &[]).await.expect(404);
    eve.post(&format!("{first}/delete"), &[]).await.expect(303);
    eve.get("/account/addresses/not-an-id").await.expect(404);

    let [one, other] = book(&ada.get("/account").await.expect(200)).try_into().unwrap();
    assert_eq!(one, first, "in the order they came");
    let form = format!("action=\"{other}/default\"");
    ada.get("/account").await.has(&form);
    ada.post(&format!("{other}/default"), &[]).await.expect(303);
    ada.get("/account").await.lacks(&form).has(&format!("action=\"{first}/default\""));
    for _ in 0..2 {
        ada.post(&format!("{first}/delete"), &[]).await.expect(303);
    }
    ada.get("/account").await.has("2 Lane").lacks("3 Square").has("unless you say another");
}

#[tokio::test]
async fn name_and_telephone_are_changed_and_taken_away() {
    let shop = Shop::over_tls().await;
    let mut ada = shop.customer(ADA).await;
    let typed = [("first_name", "Ada"), ("last_name", "Lovelace"), ("phone", "call me")];
    let refused = ada.post("/account/details", &typed).await.expect(422);
    refused.has("id=\"phone-error\"").has("value=\"Lovelace\"").has("value=\"call me\"");
    let typed = [("first_name", "Ada"), ("last_name", "Lovelace"), ("phone", "+44 20 1234")];
    let saved = ada.post("/account/details", &typed).await.expect(303);
    ada.follow(&saved).await.expect(200).has("Saved.").has("Ada Lovelace").has("+44 20 1234");
    ada.post("/account/details", &[("first_name", ""), ("last_name", "King"), ("phone", "")])
        .await
        .expect(303);
    ada.get("/account").await.has("<dd>King</dd>").lacks("+44 20 1234");
    ada.get("/account/details").await.expect(200).has("value=\"King\"");
}

#[tokio::test]
async fn news_are_agreed_to_and_taken_back() {
    let shop = Shop::over_tls().await;
    let mut ada = shop.customer(ADA).await;
    ada.get("/account").await.expect(200).lacks("checked");
    for (ticked, wanted) in [(&[("marketing", "yes")][..], true), (&[][..], false)] {
        let saved = ada.post("/account/consent", ticked).await.expect(303);
        let page = ada.follow(&saved).await.expect(200);
        assert_eq!(page.body.contains("checked"), wanted);
    }
}

#[tokio::test]
async fn sign_ins_are_listed_and_ended_by_their_owner_alone() {
    let shop = Shop::over_tls().await;
    let mut at_home = shop.customer(ADA).await;
    let mut abroad = shop.signed_in(ADA).await;
    let mut third = shop.signed_in(ADA).await;
    let page = at_home.get("/account").await.expect(200);
    assert_eq!(page.body.matches("/account/sessions/").count(), 2, "all but this one: {}", page.body);
    let path = page.link("/account/sessions/");
    let mut eve = shop.customer(EVE).await;
    eve.post(&path, &[]).await.expect(404);
    eve.post("/account/sessions/not-an-id", &[]).await.expect(404);
    let ended = at_home.post(&path, &[]).await.expect(303);
    at_home.follow(&ended).await.expect(200).has("That sign-in has ended.");
    let left = [abroad.is_signed_in().await, third.is_signed_in().await];
    assert_eq!(left.iter().filter(|signed_in| **signed_in).count(), 1);
    at_home.post(&path, &[]).await.expect(404);

    let out = at_home.post("/account/sign-out-everywhere", &[]).await.expect(303);
    at_home.follow(&out).await.expect(200).has("everywhere else");
    for browser in [&mut at_home, &mut abroad, &mut third] {
        assert!(!browser.is_signed_in().await);
    }
    assert!(eve.is_signed_in().await);
}

#[tokio::test]
async fn another_password_takes_the_one_there_is_and_ends_other_sign_ins() {
    let shop = Shop::over_tls().await;
    let mut ada = shop.customer(ADA).await;
    let mut abroad = shop.signed_in(ADA).await;
    let page = ada.get("/account/password").await.expect(200);
    page.has("autocomplete=\"current-password\"").has("autocomplete=\"new-password\"").has(ADA);
    for (present, new, again, field) in [
        (OTHER_PASSWORD, OTHER_PASSWORD, OTHER_PASSWORD, "password"),
        (PASSWORD, "short", "short", "new_password"),
        (PASSWORD, OTHER_PASSWORD, PASSWORD, "again"),
    ] {
        let form = [("password", present), ("new_password", new), ("again", again)];
        let refused = ada.post("/account/password", &form).await.expect(422);
        refused.has(&format!("id=\"{field}-error\"")).lacks(PASSWORD).lacks(OTHER_PASSWORD);
    }
    assert!(abroad.is_signed_in().await, "nothing has changed");
    let form = [("password", PASSWORD), ("new_password", OTHER_PASSWORD), ("again", OTHER_PASSWORD)];
    let changed = ada.post("/account/password", &form).await.expect(303);
    ada.follow(&changed).await.expect(200).has("Your password is changed");
    assert!(!abroad.is_signed_in().await);
}

#[tokio::test]
async fn another_address_counts_once_whoever_asked_for_it_confirms_it() {
    let shop = Shop::over_tls().await;
    let mut ada = shop.customer(ADA).await;
    let ask = |password| [("new_email", NEW), ("password", password)];
    ada.post("/account/email", &ask(OTHER_PASSWORD)).await.expect(422).has("id=\"password-error\"");
    let wrong = [("new_email", "countess"), ("password", PASSWORD)];
    ada.post("/account/email", &wrong).await.expect(422).has("id=\"new_email-error\"");
    assert!(shop.mails_to(NEW).await.is_empty());
    let asked = ada.post("/account/email", &ask(PASSWORD)).await.expect(303);
    ada.follow(&asked).await.expect(200).has("A mail is on its way to the new address").has(ADA).lacks(NEW);

    let link = shop.mailed(NEW, "/account/email").await;
    // Another who is signed in does nothing with it.
    let mut eve = shop.customer(EVE).await;
    let token = eve.get(&link).await.expect(200).value("token");
    let refused = eve.post("/account/email/confirm", &[("token", token.as_str())]).await.expect(303);
    eve.follow(&refused).await.expect(200).has("Your e-mail address is as it was.").has(EVE);
    // On a telephone where nobody is signed in: with the address that the account has until now.
    let mut telephone = shop.visitor();
    let page = telephone.get(&link).await.expect(200);
    page.has("type=\"password\"").has("sign in with the one that your account has had until now");
    let confirm = page.value("confirm");
    let form = |password| [("email", ADA), ("password", password), ("confirm", confirm.as_str())];
    let wrong = telephone.post("/account/sign-in", &form(OTHER_PASSWORD)).await.expect(422);
    assert_eq!(wrong.value("confirm"), confirm, "it waits for the right password");
    let done = telephone.post("/account/sign-in", &form(PASSWORD)).await.expect(303);
    telephone.follow(&done).await.expect(200).has("Your new e-mail address counts").has(NEW).lacks(ADA);

    let again = ada.post("/account/email/confirm", &[("token", token.as_str())]).await.expect(303);
    ada.follow(&again).await.expect(200).has("Your e-mail address is as it was.").has(NEW);
    let nobody =
        shop.visitor().post("/account/email/confirm", &[("token", token.as_str())]).await.expect(303);
    assert_eq!(nobody.location(), "/account/sign-in");
}

#[tokio::test]
async fn what_is_known_is_asked_for() {
    let shop = Shop::over_tls().await;
    let mut ada = shop.customer(ADA).await;
    let asked = ada.post("/account/archive", &[]).await.expect(303);
    ada.follow(&asked).await.expect(200).has("A mail with a link to it comes");
    shop.mailed(ADA, "/account/archive").await;
}

#[tokio::test]
async fn an_account_is_erased_with_its_password() {
    let shop = Shop::over_tls().await;
    let mut ada = shop.customer(ADA).await;
    ada.get("/account/erase").await.expect(200).has("10 years").has("autocomplete=\"current-password\"");
    ada.post("/account/erase", &[("password", OTHER_PASSWORD)])
        .await
        .expect(422)
        .has("id=\"password-error\"");
    shop.mug(5).await;
    ada.post("/cart/lines", &[("product", "harbour-mug")]).await.expect(303);
    let erased = ada.post("/account/erase", &[("password", PASSWORD)]).await.expect(303);
    assert_eq!((ada.session(), ada.cart()), (None, None));
    ada.follow(&erased).await.expect(200).has("Your account is gone");
    ada.post("/account/sign-in", &[("email", ADA), ("password", PASSWORD)]).await.expect(422);
}

#[tokio::test]
async fn an_open_order_stands_in_the_way_of_erasure() {
    let shop = Shop::over_tls().await;
    let mut ada = shop.customer(ADA).await;
    shop.mug(5).await;
    ada.post("/cart/lines", &[("product", "harbour-mug")]).await.expect(303);
    let checkout = format!("/checkout/{}", ada.cart().unwrap());
    let page = ada.get(&checkout).await.expect(200);
    send(&mut ada, &checkout, &page, &[]).await.expect(303);
    let refused = ada.post("/account/erase", &[("password", PASSWORD)]).await.expect(409);
    refused.has("still waits to be paid");
    assert!(ada.is_signed_in().await);
}

#[tokio::test]
async fn nothing_of_an_account_is_shown_to_a_guest() {
    let shop = Shop::over_tls().await;
    let mut guest = shop.visitor();
    for page in [
        "",
        "/details",
        "/email",
        "/password",
        "/erase",
        "/addresses/new",
        "/orders/x",
        "/addresses/x",
        "/connect/x",
        "/identities/1",
    ] {
        let asked = guest.get(&format!("/account{page}")).await.expect(303);
        assert_eq!(asked.location(), "/account/sign-in", "{page}");
    }
    let posts = [
        "details",
        "email",
        "password",
        "erase",
        "addresses/new",
        "addresses/x/delete",
        "consent",
        "archive",
        "connect/x",
        "identities/1",
    ];
    for page in posts.into_iter().chain(["sessions/x", "sign-out-everywhere", "email/confirm"]) {
        let asked = guest.post(&format!("/account/{page}"), &[("password", PASSWORD)]).await.expect(303);
        assert_eq!(asked.location(), "/account/sign-in", "{page}");
    }
}
