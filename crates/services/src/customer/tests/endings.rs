//! Archives and erasure.

use crate::{
    account::{Reproof, SignInError},
    customer::{ArchiveBody, ArchiveError, EraseError, GivenDetails},
    testing::{OTHER_PASSWORD, PASSWORD, TestShop, address, client},
};
use chrono::TimeDelta;
use serde_json::Value;
use stoa_domain::{
    access::SignedIn,
    account::{Realm, SessionKind, TokenKind},
    customer::CustomerState,
    media::MediaKey,
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
    let key = |body: &str| serde_json::from_str::<ArchiveBody>(body).unwrap().key().unwrap();
    links.iter().map(|link| key(link.body.as_deref().unwrap())).collect()
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
    crate::account::sweep(shop.ctx()).await.unwrap();
    assert!(shop.has_file(&file).await, "it is not over");
    shop.wait(TimeDelta::days(7) + TimeDelta::seconds(1));
    assert!(shop.services.archive.fetch(&token).await.is_err());
    let (a, b) = tokio::join!(crate::account::sweep(shop.ctx()), crate::account::sweep(shop.ctx()));
    a.unwrap();
    b.unwrap();
    assert!(!shop.has_file(&file).await);
    assert!(files(&shop, ada).await.is_empty());
}

#[tokio::test]
async fn who_is_erased_is_nowhere() {
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
    assert!(!shop.has_file(&file).await);
    // The address is free, and whoever proves it gets nothing of who had it.
    let again = shop.customer(ADA).await;
    assert_ne!(again.customer, ada.customer);
    let account = shop.services.read_customer.run(again).await.unwrap().unwrap();
    assert_eq!(account.last_name, None);
    assert!(shop.services.read_customer.address_book(&account).await.unwrap().addresses().is_empty());
}
