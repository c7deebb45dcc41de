//! Archives and erasure.

use crate::{
    account::{Reproof, SignInError},
    customer::{ArchiveError, ChangePasswordError, EmailChangeError, EraseError, GivenDetails, archive_of},
    jobs::Turn,
    testing::{OTHER_PASSWORD, PASSWORD, TestShop, address, client},
};
use chrono::TimeDelta;
use serde_json::Value;
use stoa_domain::{
    access::SignedIn,
    account::{Realm, SessionKind, TokenKind},
    customer::CustomerState,
    media::{MediaKey, MediaType},
    shared::Address,
};
use stoa_persistence::{account, customer};

const ADA: &str = "ada@example.org";
const BY: Reproof<'_> = Reproof::Password(PASSWORD);

async fn ada(shop: &TestShop) -> SignedIn {
    let ada = shop.customer(ADA).await;
    let details = GivenDetails { last_name: Some("Lovelace".to_owned()), ..GivenDetails::default() };
    shop.services.update_customer.run(ada, &details).await.unwrap();
    let home = Address { city: Some("Marylebone".to_owned()), ..Address::default() };
    shop.services.addresses.create(ada, home).await.unwrap();
    ada
}

/// Where their archives lie.
async fn files(shop: &TestShop, of: SignedIn) -> Vec<MediaKey> {
    let whose = (Realm::Customer, of.customer.uuid());
    let links = account::tokens_of(shop.db.read(), whose, TokenKind::Archive).await.unwrap();
    links.iter().map(|link| archive_of(link.id)).collect()
}

async fn sweep(shop: &TestShop) -> Result<bool, stoa_domain::shared::Fault> {
    crate::account::sweep(shop.ctx(), &mut Turn::new()).await
}

#[tokio::test]
async fn an_archive_holds_what_is_known_and_nothing_of_others() {
    let shop = TestShop::open().await;
    let ada = ada(&shop).await;
    shop.customer("eve@example.org").await;
    shop.services.consent.run(ada, true, Some("News")).await.unwrap();
    shop.services.archive.ask(ada, &client(1)).await.unwrap();
    let token = shop.token(ADA, "archive").await;
    let [file]: [MediaKey; 1] = files(&shop, ada).await.try_into().unwrap();
    let stored = shop.ctx().ports.media.get(&file).await.unwrap().unwrap();
    let archive: Value = serde_json::from_slice(&stored.body).unwrap();
    assert_eq!(archive["account"]["email"], ADA);
    assert_eq!(archive["account"]["lastName"], "Lovelace");
    assert_eq!(archive["addresses"][0]["address"]["city"], "Marylebone");
    assert_eq!(archive["consents"][0]["shown"], "News");
    assert_eq!(archive["sessions"].as_array().map(Vec::len), Some(1));
    let text = archive.to_string();
    assert!(!text.contains("eve@"), "{text}");
    assert!(!text.contains("argon2"), "nothing that opens anything");

    // The link may be opened again; another one is none.
    for _ in 0..2 {
        let address = shop.services.archive.fetch(&token).await.unwrap();
        assert!(address.starts_with("https://shop.example.org/media/"), "{address}");
    }
    let none = shop.services.archive.fetch(&format!("{token}x")).await;
    assert!(matches!(none, Err(ArchiveError::Invalid)));
}

#[tokio::test]
async fn an_archive_is_made_once_however_often_its_job_runs() {
    let shop = TestShop::open().await;
    let ada = ada(&shop).await;
    let link = stoa_domain::shared::AccountTokenId::new(shop.ctx().ports.ids.id());
    let export = || crate::customer::export(shop.ctx(), ada.customer, link);
    let (a, b) = tokio::join!(export(), export());
    a.unwrap();
    b.unwrap();
    export().await.unwrap();
    assert_eq!(files(&shop, ada).await.len(), 1);
    assert!(shop.has_file(&files(&shop, ada).await[0]).await);
    assert_eq!(shop.subjects(ADA).await.len(), 2, "one mail of it");
}

#[tokio::test]
async fn who_asks_for_many_archives_gets_three_an_hour() {
    let shop = TestShop::open().await;
    let ada = ada(&shop).await;
    for _ in 0..5 {
        shop.services.archive.ask(ada, &client(1)).await.unwrap();
    }
    shop.settle().await;
    assert_eq!(files(&shop, ada).await.len(), 3);
}

#[tokio::test]
async fn what_is_over_is_swept_away_with_its_files() {
    let shop = TestShop::open().await;
    let ada = ada(&shop).await;
    shop.services.archive.ask(ada, &client(1)).await.unwrap();
    let token = shop.token(ADA, "archive").await;
    let [file]: [MediaKey; 1] = files(&shop, ada).await.try_into().unwrap();
    sweep(&shop).await.unwrap();
    assert!(shop.has_file(&file).await, "it is not over");
    shop.wait(TimeDelta::days(7) + TimeDelta::seconds(1));
    assert!(shop.services.archive.fetch(&token).await.is_err());
    let (a, b) = tokio::join!(sweep(&shop), sweep(&shop));
    a.unwrap();
    b.unwrap();
    assert!(!shop.has_file(&file).await);
    assert!(files(&shop, ada).await.is_empty());
}

#[tokio::test]
async fn who_is_erased_has_no_account_and_no_file_any_more() {
    let shop = TestShop::open().await;
    let ada = ada(&shop).await;
    let elsewhere = shop.sign_in(ADA, SessionKind::Cookie).await;
    shop.services.archive.ask(ada, &client(1)).await.unwrap();
    shop.settle().await;
    let [file]: [MediaKey; 1] = files(&shop, ada).await.try_into().unwrap();
    let wrong = shop.services.erase.run(ada, Reproof::Password(OTHER_PASSWORD), &client(1)).await;
    assert!(matches!(wrong, Err(EraseError::SignIn(SignInError::Unidentified))), "{wrong:?}");
    assert!(shop.has_file(&file).await);

    let from = client(1);
    let erase = || shop.services.erase.run(ada, BY, &from);
    let (a, b) = tokio::join!(erase(), erase());
    assert_eq!([&a, &b].into_iter().filter(|one| one.is_ok()).count(), 1, "{a:?} {b:?}");
    assert!(erase().await.is_err(), "nobody is there to prove anything");
    let left = customer::find(shop.db.read(), ada.customer).await.unwrap().unwrap();
    assert!(matches!(left.state, CustomerState::Erased { .. }));
    assert_eq!((left.last_name, left.password_changed_at), (None, None));
    assert!(customer::find_by_email(shop.db.read(), &address(ADA)).await.unwrap().is_none());
    assert!(shop.caller(&elsewhere).await.is_none());
    shop.settle().await;
    assert!(!shop.has_file(&file).await);
    // The address is free, and whoever proves it gets nothing of who had it.
    let again = shop.customer(ADA).await;
    assert_ne!(again.customer, ada.customer);
    let account = shop.services.read_customer.run(again).await.unwrap().unwrap();
    assert_eq!(account.last_name, None);
    assert!(shop.services.read_customer.address_book(&account).await.unwrap().addresses().is_empty());
}

#[tokio::test]
async fn an_archive_whose_maker_died_goes_with_its_owner() {
    let shop = TestShop::open().await;
    let ada = ada(&shop).await;
    // Its file was written, and nobody has written down that it was.
    let link = stoa_domain::shared::AccountTokenId::new(shop.ctx().ports.ids.id());
    let file = archive_of(link);
    shop.ctx().ports.media.put(&file, MediaType::Json, b"{}".to_vec()).await.unwrap();
    shop.services.erase.run(ada, BY, &client(1)).await.unwrap();
    assert!(shop.has_file(&file).await, "nobody knows of it");
    crate::customer::export(shop.ctx(), ada.customer, link).await.unwrap();
    assert!(!shop.has_file(&file).await, "its job is never given up");
}

#[tokio::test]
async fn an_archive_is_given_to_nobody_whose_password_was_changed_since() {
    let shop = TestShop::open().await;
    let ada = ada(&shop).await;
    shop.services.archive.ask(ada, &client(1)).await.unwrap();
    let token = shop.token(ADA, "archive").await;
    let [file]: [MediaKey; 1] = files(&shop, ada).await.try_into().unwrap();
    let new = (BY, OTHER_PASSWORD);
    shop.services.change_password.run(ada, new, SessionKind::Cookie, &client(1)).await.unwrap();
    assert!(matches!(shop.services.archive.fetch(&token).await, Err(ArchiveError::Invalid)));
    shop.wait(TimeDelta::seconds(1));
    sweep(&shop).await.unwrap();
    assert!(!shop.has_file(&file).await);
}

#[tokio::test]
async fn who_was_signed_out_changes_nothing_any_more() {
    let shop = TestShop::open().await;
    let ada = ada(&shop).await;
    shop.services.sessions.end(ada.into()).await.unwrap();
    let (client, kind) = (client(1), SessionKind::Cookie);
    for by in [BY, Reproof::FreshSignIn] {
        let unidentified = |error: &SignInError| matches!(error, SignInError::Unidentified);
        let erased = shop.services.erase.run(ada, by, &client).await;
        assert!(matches!(&erased, Err(EraseError::SignIn(error)) if unidentified(error)), "{erased:?}");
        let changed = shop.services.change_password.run(ada, (by, OTHER_PASSWORD), kind, &client).await;
        assert!(matches!(&changed, Err(ChangePasswordError::SignIn(error)) if unidentified(error)));
        let moved = shop.services.email_change.ask(ada, ("new@example.org", by), &client).await;
        assert!(matches!(&moved, Err(EmailChangeError::SignIn(error)) if unidentified(error)), "{moved:?}");
    }
    shop.sign_in(ADA, SessionKind::Cookie).await;
    assert_eq!(shop.subjects("new@example.org").await.len(), 0);
}

#[tokio::test]
async fn an_account_that_nobody_has_proved_goes_after_two_weeks() {
    let shop = TestShop::open().await;
    shop.customer("eve@example.org").await;
    shop.register(ADA).await;
    let there = async || customer::find_by_email(shop.db.read(), &address(ADA)).await.unwrap().is_some();
    shop.wait(TimeDelta::days(13));
    shop.services.recover.run(ADA, &client(2)).await.unwrap();
    shop.wait(TimeDelta::days(1) + TimeDelta::seconds(1));
    sweep(&shop).await.unwrap();
    assert!(there().await, "a link leads there again");
    shop.wait(TimeDelta::days(3));
    let (a, b) = tokio::join!(sweep(&shop), sweep(&shop));
    a.unwrap();
    b.unwrap();
    assert!(!there().await);
    let eve = customer::find_by_email(shop.db.read(), &address("eve@example.org")).await.unwrap();
    assert!(eve.is_some(), "hers is proved");
    shop.customer(ADA).await;
}

#[tokio::test]
async fn what_is_too_much_to_sweep_in_one_turn_is_left_for_the_next() {
    let shop = TestShop::open().await;
    for of in ["a@example.org", "b@example.org", "c@example.org"] {
        shop.register(of).await;
    }
    shop.wait(TimeDelta::days(22));
    // One for each kind of what is over, and two accounts.
    assert!(!crate::account::sweep(shop.ctx(), &mut Turn::of(6)).await.unwrap());
    let left = customer::pending_over(shop.db.read(), shop.ctx().now(), shop.ctx().now(), 9).await.unwrap();
    assert_eq!(left.len(), 1);
    assert!(sweep(&shop).await.unwrap());
    let left = customer::pending_over(shop.db.read(), shop.ctx().now(), shop.ctx().now(), 9).await.unwrap();
    assert_eq!(left, []);
}
