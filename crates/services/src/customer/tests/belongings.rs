//! Names, addresses, consents.

use crate::{
    customer::{AddressBookError, GivenDetails, UpdateError},
    testing::TestShop,
};
use stoa_domain::{
    customer::AddressBookRefusal,
    shared::{Address, Locale},
};

fn home(city: &str) -> Address {
    Address { city: Some(city.to_owned()), ..Address::default() }
}

#[tokio::test]
async fn an_address_book_is_its_owners() {
    let shop = TestShop::open().await;
    let ada = shop.customer("ada@example.org").await;
    let eve = shop.customer("eve@example.org").await;
    let book = &shop.services.addresses;
    let first = book.create(ada, home("London")).await.unwrap();
    let (second, third) = tokio::join!(book.create(ada, home("Ockham")), book.create(ada, home("Horsley")));
    let (second, third) = (second.unwrap(), third.unwrap());
    let moved = book.update(ada, second.id, home("Marylebone")).await.unwrap();
    assert_eq!(moved.address.city.as_deref(), Some("Marylebone"));
    let after = book.set_default(ada, third.id).await.unwrap();
    assert_eq!(after.addresses().len(), 3, "neither of two at once is lost");
    assert_eq!(after.default_address().map(|a| a.id), Some(third.id));

    let unknown = |e: AddressBookError| matches!(e, AddressBookError::Refused(AddressBookRefusal::Unknown));
    assert!(unknown(book.update(eve, first.id, home("Nowhere")).await.unwrap_err()));
    assert!(unknown(book.delete(eve, first.id).await.unwrap_err()));
    assert!(unknown(book.set_default(eve, first.id).await.unwrap_err()));
    assert!(shop.services.read_customer.address(eve, first.id).await.unwrap().is_none());
    assert!(shop.services.read_customer.address(ada, first.id).await.unwrap().is_some());

    book.delete(ada, third.id).await.unwrap();
    assert!(unknown(book.delete(ada, third.id).await.unwrap_err()), "again");
    let account = shop.services.read_customer.run(ada).await.unwrap().unwrap();
    let left = shop.services.read_customer.address_book(&account).await.unwrap();
    assert_eq!(left.addresses().iter().map(|a| a.id).collect::<Vec<_>>(), [first.id, second.id]);
    assert_eq!(left.default_address().map(|a| a.id), Some(first.id));
}

#[tokio::test]
async fn a_book_has_an_end() {
    let shop = TestShop::open().await;
    let ada = shop.customer("ada@example.org").await;
    for n in 0..100 {
        shop.services.addresses.create(ada, home(&format!("Town {n}"))).await.unwrap();
    }
    let full = shop.services.addresses.create(ada, home("One more")).await;
    assert!(matches!(full, Err(AddressBookError::Refused(AddressBookRefusal::Full { max: 100 }))));
}

#[tokio::test]
async fn what_is_not_said_stays() {
    let shop = TestShop::open().await;
    let ada = shop.customer("ada@example.org").await;
    let given = GivenDetails {
        first_name: Some(" Ada ".to_owned()),
        last_name: Some("Lovelace".to_owned()),
        phone: Some("+44 20 7946 0000".to_owned()),
        locale: Some(Locale::De),
    };
    let update = async |given: GivenDetails| shop.services.update_customer.run(ada, &given).await;
    let named = update(given.clone()).await.unwrap();
    assert_eq!(named.display_name(), "Ada Lovelace");
    let again = update(given).await.unwrap();
    assert_eq!(again.version, named.version, "nothing has changed");
    let shorter = GivenDetails { last_name: Some(String::new()), ..GivenDetails::default() };
    let shorter = update(shorter).await.unwrap();
    assert_eq!(shorter.display_name(), "Ada");
    assert_eq!((shorter.phone, shorter.locale), (named.phone, Some(Locale::De)));
    let broken = GivenDetails { first_name: Some("<b>".to_owned()), ..GivenDetails::default() };
    assert!(matches!(update(broken).await, Err(UpdateError::Details(_))));
}

#[tokio::test]
async fn of_two_updates_at_once_both_count() {
    let shop = TestShop::open().await;
    let ada = shop.customer("ada@example.org").await;
    let first = GivenDetails { first_name: Some("Ada".to_owned()), ..GivenDetails::default() };
    let last = GivenDetails { last_name: Some("Lovelace".to_owned()), ..GivenDetails::default() };
    let update = &shop.services.update_customer;
    let (a, b) = tokio::join!(update.run(ada, &first), update.run(ada, &last));
    a.unwrap();
    b.unwrap();
    let account = shop.services.read_customer.run(ada).await.unwrap().unwrap();
    assert_eq!(account.display_name(), "Ada Lovelace");
}

#[tokio::test]
async fn every_consent_is_kept_with_when_and_how() {
    let shop = TestShop::open().await;
    let ada = shop.customer("ada@example.org").await;
    let consent = &shop.services.consent;
    let (a, b) = tokio::join!(consent.run(ada, true, Some("News")), consent.run(ada, true, Some("News")));
    a.unwrap();
    b.unwrap();
    shop.wait(chrono::TimeDelta::days(1));
    consent.run(ada, false, None).await.unwrap();
    consent.run(ada, false, None).await.unwrap();
    let history = consent.history(ada).await.unwrap();
    let said: Vec<_> = history.iter().map(|c| (c.granted, c.wording.as_deref())).collect();
    assert_eq!(said, [(true, Some("News")), (false, None)], "to say what is so already is nothing new");
    assert!(history[0].at < history[1].at);
}
