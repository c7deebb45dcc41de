//! Customers in the hands of the staff.

use super::shop::{ADA, change};
use crate::{
    account::{PasswordSignIn, SignInError},
    admin::{CustomerChange, CustomerError, GroupError, parse_customer_search},
    customer::{DetailsRefusal, GivenDetails},
    testing::{OTHER_PASSWORD, PASSWORD, TestShop, client, link_use},
};
use serde_json::json;
use stoa_domain::{
    access::grants::{CustomersErase, CustomersRead, CustomersWrite},
    account::{Realm, SessionKind, TokenKind},
    customer::{Customer, CustomerState, ErasureObstacle},
    shared::{CustomerId, page::PageRequest},
};
use stoa_persistence::{
    account,
    customer::{self, CustomerTax, CustomersListing},
};

const BOB: &str = "bob@example.org";

async fn found(shop: &TestShop, id: CustomerId) -> Customer {
    customer::find(shop.db.read(), id).await.unwrap().unwrap()
}

fn named(first: &str) -> CustomerChange {
    let details = GivenDetails { first_name: Some(first.to_owned()), ..GivenDetails::default() };
    CustomerChange { details, ..CustomerChange::default() }
}

#[tokio::test]
async fn staff_say_something_else_of_a_customer_and_the_log_names_nobody() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await.customer;
    let details = &shop.services.admin.customer_details;
    let tags = Some(vec!["vip".to_owned(), "VIP".to_owned()]);
    let change_her = CustomerChange { note: Some("likes mugs".to_owned()), tags, ..named("Lovelace-Byron") };
    for _ in 0..2 {
        let now = details.run(&shop.eve(), ada, &change_her).await.unwrap();
        assert_eq!(now.note.as_deref(), Some("likes mugs"));
    }
    let reads = shop.eve::<CustomersRead>();
    let customers = &shop.services.admin.customers;
    assert_eq!(customers.tags(&reads, &[ada]).await.unwrap()[&ada], ["vip"]);
    let listing = parse_customer_search("byron tag:VIP", CustomersListing::default()).unwrap();
    let page = customers.list(&reads, &listing, &PageRequest::first(9)).await.unwrap();
    assert_eq!(page.nodes().copied().collect::<Vec<_>>(), [ada]);
    let log = shop.log(ada).await;
    assert_eq!((log.len(), log[0].0.as_str()), (1, "customer.update"));
    assert_eq!(change(&log[0].1, "tags"), Some((&json!([]), &json!(["vip"]))));
    let text = log[0].1.to_string();
    assert!(!text.contains("Byron") && !text.contains("mugs"), "{text}");
    let sorted =
        details.run(&shop.eve(), ada, &CustomerChange { tags: Some(Vec::new()), ..named("Ada") }).await;
    assert_eq!(sorted.unwrap().note.as_deref(), Some("likes mugs"), "what is not said stays");

    let before = shop.log_length().await;
    let bad = details.run(&shop.eve(), ada, &named("<b>")).await;
    assert!(matches!(bad, Err(CustomerError::Details(DetailsRefusal::FirstName(_)))), "{bad:?}");
    let long = CustomerChange { note: Some("x".repeat(5_001)), ..CustomerChange::default() };
    let long = details.run(&shop.eve(), ada, &long).await;
    assert!(matches!(long, Err(CustomerError::NoteTooLong)), "{long:?}");
    let nobody = CustomerId::new(uuid::Uuid::from_u128(7));
    let nobody = details.run(&shop.eve(), nobody, &named("Ada")).await;
    assert!(matches!(nobody, Err(CustomerError::NotFound)), "{nobody:?}");
    assert_eq!(shop.log_length().await, before);
}

#[tokio::test]
async fn whoever_is_shut_out_is_out_with_all_their_links_and_let_in_as_they_were() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await;
    let here = shop.sign_in(ADA, SessionKind::Cookie).await;
    shop.services.recover.run(ADA, &client(1)).await.unwrap();
    let reset = shop.token(ADA, "reset").await;
    shop.services.archive.ask(ada, &client(1)).await.unwrap();
    let archive = shop.token(ADA, "archive").await;
    let whose = (Realm::Customer, ada.customer.uuid());
    let files = account::tokens_of(shop.db.read(), whose, TokenKind::Archive).await.unwrap();
    let file = crate::customer::archive_of(files[0].id);
    assert!(shop.has_file(&file).await);
    let accounts = &shop.services.admin.customer_accounts;
    for _ in 0..2 {
        let out = accounts.disable(&shop.eve(), ada.customer).await.unwrap();
        assert_eq!(out.state.name(), "disabled");
    }
    assert!(shop.caller(&here).await.is_none(), "signed out");
    let opened = shop.services.reset.run(&link_use(&reset, OTHER_PASSWORD), &client(1)).await;
    assert!(opened.is_err(), "the link does not work: {opened:?}");
    assert!(shop.services.archive.fetch(&archive).await.is_err());
    shop.settle().await;
    assert!(!shop.has_file(&file).await);
    let given = PasswordSignIn { email: ADA, password: PASSWORD, kind: SessionKind::Cookie };
    let refused = shop.services.sign_in.run(given, &client(2)).await;
    assert!(matches!(refused, Err(SignInError::Unidentified)), "{refused:?}");

    for _ in 0..2 {
        let back = accounts.enable(&shop.eve(), ada.customer).await.unwrap();
        assert_eq!(back.state.name(), "enabled");
    }
    let opened = shop.services.reset.run(&link_use(&reset, OTHER_PASSWORD), &client(1)).await;
    assert!(opened.is_err(), "letting in brings no link back");
    shop.sign_in(ADA, SessionKind::Cookie).await;
    assert_eq!(shop.acts(ada.customer).await, ["customer.disable", "customer.enable"]);
    let nobody = accounts.disable(&shop.eve(), CustomerId::new(uuid::Uuid::from_u128(7))).await;
    assert!(matches!(nobody, Err(CustomerError::NotFound)), "{nobody:?}");
}

#[tokio::test]
async fn nobody_proves_an_address_in_its_owners_place() {
    let shop = TestShop::open().await;
    shop.register(BOB).await;
    shop.settle().await;
    let reads = shop.eve::<CustomersRead>();
    let listing = parse_customer_search("state:pending", CustomersListing::default()).unwrap();
    let page = shop.services.admin.customers.list(&reads, &listing, &PageRequest::first(9)).await.unwrap();
    let bob = *page.nodes().next().unwrap();
    let accounts = &shop.services.admin.customer_accounts;
    let opened = accounts.enable(&shop.eve(), bob).await;
    let Err(CustomerError::State(refused)) = opened else { panic!("{opened:?}") };
    assert_eq!((refused.from, refused.to), ("pending", "enabled"));
    let invite = &shop.services.admin.invite_customer;
    invite.run(&shop.eve(), bob).await.unwrap();
    let token = shop.token(BOB, "activate").await;
    shop.services.activate.run(&link_use(&token, PASSWORD), &client(1)).await.unwrap();
    assert_eq!(found(&shop, bob).await.state.name(), "enabled");
    let proved = invite.run(&shop.eve(), bob).await;
    let Err(CustomerError::State(refused)) = proved else { panic!("{proved:?}") };
    assert_eq!((refused.from, refused.to), ("enabled", "invited"));
    assert_eq!(shop.acts(bob).await, ["customer.invite"]);
}

#[tokio::test]
async fn whoever_asks_the_staff_to_is_taken_out_once() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await;
    let mug = shop.mugs(10).await;
    let order = shop.paid(&[(mug, 1)]).await;
    let (erase, by) = (&shop.services.admin.erase_customer, shop.eve::<CustomersErase>());
    let owed = erase.run(&by, ada.customer).await;
    assert!(matches!(owed, Err(CustomerError::Obstacle(ErasureObstacle::Unsent))), "{owed:?}");
    assert_eq!(found(&shop, ada.customer).await.email.as_str(), ADA, "nothing has changed");
    shop.wait(chrono::TimeDelta::days(31));
    let by = shop.eve::<CustomersErase>();
    let (a, b) = tokio::join!(erase.run(&by, ada.customer), erase.run(&by, ada.customer));
    a.unwrap();
    b.unwrap();
    let gone = found(&shop, ada.customer).await;
    assert!(matches!(gone.state, CustomerState::Erased { .. }));
    assert_eq!(shop.order(order.id).await.email, gone.email, "the order names nobody either");
    assert_eq!(shop.acts(ada.customer).await, ["customer.erase"]);
    let changed = shop.services.admin.customer_details.run(&shop.eve(), ada.customer, &named("Ada")).await;
    assert!(matches!(changed, Err(CustomerError::NotFound)), "{changed:?}");
    let opened = shop.services.admin.customer_accounts.enable(&shop.eve(), ada.customer).await;
    assert!(matches!(opened, Err(CustomerError::State(_))), "{opened:?}");
}

#[tokio::test]
async fn customers_are_sorted_into_groups() {
    let shop = TestShop::open().await;
    let (ada, bob) = (shop.customer(ADA).await.customer, shop.customer(BOB).await.customer);
    let (groups, by) = (&shop.services.admin.customer_groups, shop.eve::<CustomersWrite>());
    let (a, b) = tokio::join!(groups.create(&by, "Wholesale"), groups.create(&by, " WHOLESALE "));
    let (made, refused): (Vec<_>, Vec<_>) = [a, b].into_iter().partition(Result::is_ok);
    assert!(matches!(refused[..], [Err(GroupError::Taken)]), "{refused:?}");
    let group = made.into_iter().next().unwrap().unwrap();
    for _ in 0..2 {
        assert_eq!(groups.add(&by, group.id, &[ada, bob]).await.unwrap().len(), 2);
    }
    let reads = shop.eve::<CustomersRead>();
    let listing = CustomersListing { group: Some(group.id), ..CustomersListing::default() };
    let customers = &shop.services.admin.customers;
    let page = customers.list(&reads, &listing, &PageRequest::first(9)).await.unwrap();
    assert_eq!(page.nodes().count(), 2);
    let renamed = groups.rename(&by, group.id, "Shops").await.unwrap();
    assert_eq!(customers.groups(&reads, &[ada]).await.unwrap()[&ada], [renamed]);
    assert_eq!(groups.remove(&by, group.id, &[bob]).await.unwrap(), 1);
    assert_eq!(groups.remove(&by, group.id, &[bob]).await.unwrap(), 0);
    groups.delete(&by, group.id).await.unwrap();
    for gone in [
        groups.delete(&by, group.id).await.map(drop),
        groups.rename(&by, group.id, "Shops").await.map(drop),
        groups.add(&by, group.id, &[ada]).await.map(drop),
    ] {
        assert!(matches!(gone, Err(GroupError::NotFound)), "{gone:?}");
    }
    assert_eq!(found(&shop, ada).await.state.name(), "enabled", "its members stay");
    let acts = shop.acts(group.id).await;
    let expected = ["create", "add", "rename", "remove", "delete"];
    assert_eq!(acts, expected.map(|act| format!("customer_group.{act}")));
}

#[tokio::test]
async fn how_a_customer_is_taxed_is_noted_told_and_goes_with_them() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await.customer;
    let details = &shop.services.admin.customer_details;
    let taxed = async || customer::taxes_of(shop.db.read(), &[ada]).await.unwrap().remove(&ada).unwrap();
    assert_eq!(taxed().await, CustomerTax::default());
    let say = |exempt, number: Option<&str>| CustomerChange {
        tax_exempt: exempt,
        tax_number: number.map(str::to_owned),
        ..CustomerChange::default()
    };
    for _ in 0..2 {
        details.run(&shop.eve(), ada, &say(Some(true), Some(" DE136695976 "))).await.unwrap();
        let noted = CustomerTax { exempt: true, number: Some("DE136695976".into()) };
        assert_eq!(taxed().await, noted);
    }
    let account = customer::pricing_account(shop.db.read(), ada).await.unwrap().unwrap();
    assert!(account.tax_exempt && account.tax_number.as_deref() == Some("DE136695976"), "prices ask for it");
    let log = shop.log(ada).await;
    assert_eq!((log.len(), log[0].0.as_str()), (1, "customer.update"));
    assert_eq!(change(&log[0].1, "taxExempt"), Some((&json!(false), &json!(true))));
    assert!(!log[0].1.to_string().contains("136695976"), "the log names nobody");
    let long = details.run(&shop.eve(), ada, &say(None, Some(&"1".repeat(33)))).await;
    assert!(matches!(long, Err(CustomerError::TaxNumber)), "{long:?}");
    details.run(&shop.eve(), ada, &named("Ada")).await.unwrap();
    assert!(taxed().await.exempt, "what is not said stays");
    details.run(&shop.eve(), ada, &say(None, Some(""))).await.unwrap();
    assert_eq!(taxed().await, CustomerTax { exempt: true, number: None });
    details.run(&shop.eve(), ada, &say(None, Some("DE136695976"))).await.unwrap();
    let by = shop.eve::<CustomersErase>();
    Box::pin(shop.services.admin.erase_customer.run(&by, ada)).await.unwrap();
    assert_eq!(taxed().await, CustomerTax::default(), "nothing of it is left");
}
