//! Customers, on both databases.

mod belongings;
mod lists;
mod races;

use super::*;
use crate::{
    account::{self, PasswordHash},
    testing::{TestShop, at},
};
use stoa_domain::{
    account::{AccountToken, Realm, Salt, SessionKind, TokenKind},
    customer::{
        AddressBook, Consent, ConsentKind, ConsentSource, Customer, CustomerGroup, CustomerName,
        CustomerState, erased_email,
    },
    shared::{
        AccountTokenId, Address, CartId, CustomerAddressId, CustomerGroupId, CustomerId, EmailAddress,
        IdGenerator, Locale,
    },
};

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn name(text: &str) -> Option<CustomerName> {
    CustomerName::parse(text).unwrap()
}

fn ada(shop: &TestShop) -> NewCustomer {
    NewCustomer {
        id: CustomerId::new(shop.ids.id()),
        email: email("Ada@Example.org"),
        first_name: name("Ada"),
        last_name: name("Lovelace"),
        phone: Some("+44 20 7946 0000".to_owned()),
        locale: Some(Locale::De),
    }
}

/// Somebody whose address is proved.
async fn enabled(shop: &TestShop, new: NewCustomer) -> Customer {
    shop.tx(async |tx| {
        insert_pending(tx, &new, at(0)).await?;
        let before = find_for_update(tx, new.id).await?.unwrap();
        let after = Customer { state: before.state.activate(at(1)).unwrap(), ..before.clone() };
        assert_eq!(save(tx, &before, &after, at(1)).await?, Saved::Saved);
        Ok(())
    })
    .await;
    found(shop, new.id).await
}

async fn found(shop: &TestShop, id: CustomerId) -> Customer {
    find(shop.db.read(), id).await.unwrap().unwrap()
}

/// Every table that holds something of a customer, but for what they agreed to.
const TABLES: [&str; 10] = [
    "customers",
    "customer_addresses",
    "customer_tags",
    "customer_group_members",
    "customer_identities",
    "customer_terms",
    "customer_carts",
    "account_tokens",
    "sessions",
    "account_devices",
];

#[tokio::test]
async fn an_account_is_read_as_it_was_written_and_its_telephone_is_sealed() {
    let shop = TestShop::open().await;
    let customer = enabled(&shop, ada(&shop)).await;
    assert_eq!(customer.state, CustomerState::Enabled { verified_at: at(1) });
    assert_eq!(customer.phone.as_deref(), Some("+44 20 7946 0000"));
    assert_eq!((customer.display_name().as_str(), customer.locale), ("Ada Lovelace", Some(Locale::De)));
    assert_eq!((customer.version, customer.created_at, customer.updated_at), (2, at(0), at(1)));
    assert!(!shop.dump(&["customers"]).await.contains("7946"));
    let db = shop.db.read();
    assert_eq!(find_by_email(db, &email("ADA@example.ORG")).await.unwrap(), Some(customer.clone()));
    assert_eq!(find_by_email(db, &email("bob@example.org")).await.unwrap(), None);
    let bob = enabled(&shop, NewCustomer { email: email("bob@example.org"), ..ada(&shop) }).await;
    let ids = [bob.id, CustomerId::new(shop.ids.id()), customer.id];
    assert_eq!(find_all(db, &ids).await.unwrap(), [bob, customer]);
}

#[tokio::test]
async fn a_change_of_what_has_changed_since_is_refused() {
    let shop = TestShop::open().await;
    let before = enabled(&shop, ada(&shop)).await;
    let first = Customer { note: Some("likes mugs".to_owned()), ..before.clone() };
    let second = Customer { first_name: None, ..before.clone() };
    assert_eq!(shop.tx(async |tx| save(tx, &before, &first, at(2)).await).await, Saved::Saved);
    assert_eq!(shop.tx(async |tx| save(tx, &before, &second, at(3)).await).await, Saved::Stale);
    let now = found(&shop, before.id).await;
    assert_eq!(now, Customer { version: 3, updated_at: at(2), ..first });

    // An address that somebody else has, in whatever letter case.
    enabled(&shop, NewCustomer { email: email("bob@example.org"), ..ada(&shop) }).await;
    let taken = Customer { email: email("Bob@Example.org"), ..now.clone() };
    let tx = shop.write().await;
    assert_eq!(save(&tx, &now, &taken, at(4)).await.unwrap(), Saved::Taken);
    tx.rollback().await.unwrap();
    assert_eq!(found(&shop, before.id).await, now);
}

#[tokio::test]
async fn an_account_is_erased_by_nothing_but_erasing_it() {
    let shop = TestShop::open().await;
    let before = enabled(&shop, ada(&shop)).await;
    let after = Customer { state: before.state.erase(at(2)), ..before.clone() };
    let tx = shop.write().await;
    assert!(save(&tx, &before, &after, at(2)).await.is_err());
    tx.rollback().await.unwrap();
    assert_eq!(found(&shop, before.id).await, before);
}

#[tokio::test]
async fn only_an_enabled_account_has_a_password_to_be_compared_with() {
    let shop = TestShop::open().await;
    let new = ada(&shop);
    let (old, newer) = (PasswordHash::new("old".to_owned()), PasswordHash::new("new".to_owned()));
    let of = async || credentials(shop.db.read(), &new.email).await.unwrap().map(|c| (c.id, c.password));
    shop.tx(async |tx| insert_pending(tx, &new, at(0)).await).await;
    assert!(!shop.tx(async |tx| set_password(tx, new.id, &old, at(1)).await).await, "it is not proved yet");
    assert_eq!(of().await, None);

    let customer = {
        let pending = found(&shop, new.id).await;
        let after = Customer { state: pending.state.activate(at(1)).unwrap(), ..pending.clone() };
        shop.tx(async |tx| save(tx, &pending, &after, at(1)).await).await;
        found(&shop, new.id).await
    };
    assert_eq!(of().await, None, "there is none");
    assert!(shop.tx(async |tx| set_password(tx, new.id, &old, at(2)).await).await);
    assert_eq!(of().await, Some((new.id, old.clone())));
    assert_eq!(found(&shop, new.id).await.password_changed_at, Some(at(2)));

    // A costlier hash of the one that was compared, and not of one that was set since.
    assert!(shop.tx(async |tx| rehash(tx, new.id, &old, &newer).await).await);
    assert!(!shop.tx(async |tx| rehash(tx, new.id, &old, &PasswordHash::new("late".to_owned())).await).await);
    assert_eq!(of().await, Some((new.id, newer.clone())));
    let again = credentials_of(shop.db.read(), new.id).await.unwrap().unwrap();
    assert_eq!((again.id, again.password), (new.id, newer));

    let now = found(&shop, customer.id).await;
    let closed = Customer { state: now.state.disable().unwrap(), ..now.clone() };
    shop.tx(async |tx| save(tx, &now, &closed, at(3)).await).await;
    assert_eq!(of().await, None);
    assert_eq!(credentials_of(shop.db.read(), new.id).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_erased_is_nowhere_and_nothing_is_added_to_it() {
    let shop = TestShop::open().await;
    let ada = ada(&shop);
    let customer = enabled(&shop, ada.clone()).await;
    let id = customer.id;
    let consent = |granted| Consent {
        kind: ConsentKind::EmailMarketing,
        granted,
        wording: Some("Yes, write to me".to_owned()),
        source: ConsentSource::Account,
        actor: "customer".to_owned(),
        at: at(2),
    };
    let mut book = AddressBook::default();
    let home = Address { address1: Some("12 St James's Square".to_owned()), ..Address::default() };
    book.add(CustomerAddressId::new(shop.ids.id()), home).unwrap();
    let group = CustomerGroup {
        id: CustomerGroupId::new(shop.ids.id()),
        name: "Trade".to_owned(),
        version: 1,
        created_at: at(0),
        updated_at: at(0),
    };
    let identity = NewIdentity { issuer: "https://id.example", subject: "ada-7", email: Some(&ada.email) };
    let cart = CartId::new(shop.ids.id());
    let session = account::tests::session_of(&shop, Realm::Customer, id.uuid(), SessionKind::Tokens);
    shop.tx(async |tx| {
        insert_group(tx, &group).await?;
        set_password(tx, id, &PasswordHash::new("hash-of-ada".to_owned()), at(2)).await?;
        link(tx, id, identity, at(2)).await?;
        save_addresses(tx, id, &AddressBook::default(), &book, at(2)).await?;
        add_members(tx, group.id, &[id]).await?;
        set_tags(tx, id, &["Ada's friend".to_owned()], at(2)).await?;
        keep_cart(tx, id, cart, at(2)).await?;
        record_consent(tx, id, shop.ids.id(), &consent(true), at(2)).await?;
        account::insert_token(tx, &account::tests::token(&shop, id.uuid())).await?;
        account::insert_session(tx, &session).await?;
        account::is_new_network(tx, (Realm::Customer, id.uuid()), "192.0.2.0/24", at(0), at(2)).await
    })
    .await;
    let before = shop.dump(&TABLES).await;
    assert!(before.contains("ada@example.org") && before.contains("hash-of-ada"), "{before}");
    assert!(TABLES.iter().all(|table| before.contains(&format!("{table}: "))), "{before}");

    let last = shop.ids.id();
    assert!(shop.tx(async |tx| erase(tx, id, last, "customer", at(9)).await).await);
    assert!(!shop.tx(async |tx| erase(tx, id, last, "customer", at(10)).await).await, "once is enough");
    let left = shop.dump(&TABLES).await.to_lowercase();
    for word in
        ["ada", "lovelace", "example.org", "7946", "6497", "james", "semaj", "hash-of", "id.example", "192.0"]
    {
        assert!(!left.contains(word), "{word}: {left}");
    }
    assert_eq!(left.lines().count(), 1, "but for the empty account nothing is left: {left}");
    let gone = found(&shop, id).await;
    assert_eq!((gone.state, gone.email.clone()), (CustomerState::Erased { at: at(9) }, erased_email(id)));
    let said = consents(shop.db.read(), id).await.unwrap();
    assert_eq!(
        said.iter().map(|c| (c.granted, c.source)).collect::<Vec<_>>(),
        [(true, ConsentSource::Account), (false, ConsentSource::Erase)]
    );

    // Whatever comes now comes too late.
    shop.tx(async |tx| {
        assert_eq!(link(tx, id, identity, at(11)).await?, Linked::NoCustomer);
        assert!(!save_addresses(tx, id, &AddressBook::default(), &book, at(11)).await?);
        assert_eq!(add_members(tx, group.id, &[id]).await?, Some(Vec::new()));
        assert!(!set_tags(tx, id, &["x".to_owned()], at(11)).await?);
        assert_eq!(keep_cart(tx, id, cart, at(11)).await?, None);
        assert!(!record_consent(tx, id, shop.ids.id(), &consent(true), at(11)).await?);
        assert!(!set_password(tx, id, &PasswordHash::new("h".to_owned()), at(11)).await?);
        let noted = Customer { note: Some("who this was".to_owned()), ..gone.clone() };
        assert_eq!(save(tx, &gone, &noted, at(11)).await?, Saved::Stale);
        Ok(())
    })
    .await;
    // The address is free: whoever registers with it is somebody new.
    let anew = NewCustomer { id: CustomerId::new(shop.ids.id()), ..ada };
    let registered = shop.tx(async |tx| insert_pending(tx, &anew, at(12)).await).await;
    assert_eq!(registered, Registered::New(anew.id));
}
