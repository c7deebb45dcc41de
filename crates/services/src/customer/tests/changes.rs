//! Another address, another password.

use crate::{
    account::{NewPasswordError, PasswordSignIn, Reproof, SignInError},
    customer::{ChangePasswordError, EmailChangeError, EmailConfirmError, LinkUseError},
    testing::{OTHER_PASSWORD, PASSWORD, TestShop, address, client, link_use, who},
};
use chrono::TimeDelta;
use stoa_domain::account::{PasswordRefusal, SessionKind};
use stoa_persistence::customer;

const ADA: &str = "ada@example.org";
const NEW: &str = "lovelace@example.org";
const BY: Reproof<'_> = Reproof::Password(PASSWORD);

#[tokio::test]
async fn both_addresses_hear_of_a_change() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await;
    shop.services.email_change.ask(ada, (NEW, BY), &client(1)).await.unwrap();
    assert_eq!(shop.subjects(ADA).await.len(), 2, "the account, and word of it");
    assert_eq!(shop.subjects(NEW).await.len(), 1, "the link");
    let found = async |email: &str| customer::find_by_email(shop.db.read(), &address(email)).await.unwrap();
    assert!(found(ADA).await.is_some() && found(NEW).await.is_none(), "not before it is proved");

    let token = shop.token(NEW, "email").await;
    let confirm = || shop.services.email_change.confirm(ada, &token);
    let (a, b) = tokio::join!(confirm(), confirm());
    assert_eq!([&a, &b].into_iter().filter(|one| one.is_ok()).count(), 1, "{a:?} {b:?}");
    assert!(matches!(confirm().await, Err(EmailConfirmError::Invalid)));
    assert!(found(ADA).await.is_none() && found(NEW).await.is_some());
    assert_eq!(shop.subjects(ADA).await.len(), 3);
    assert_eq!(shop.subjects(NEW).await.len(), 2);
}

#[tokio::test]
async fn an_address_somebody_else_has_is_not_told() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await;
    shop.customer("eve@example.org").await;
    let from = client(1);
    let ask = |to| shop.services.email_change.ask(ada, (to, BY), &from);
    let (outcome, taken) = shop.cost(ask("eve@example.org")).await;
    outcome.unwrap();
    let (outcome, free) = shop.cost(ask(NEW)).await;
    outcome.unwrap();
    assert_eq!(taken, free);
    let to_eve = shop.subjects("eve@example.org").await;
    assert_eq!(to_eve.len(), 2, "she hears that it was tried");
    assert_ne!(to_eve[1], shop.subjects(NEW).await[0], "and gets no link");
}

#[tokio::test]
async fn only_who_asked_for_a_change_can_confirm_it() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await;
    let other = shop.customer("grace@example.org").await;
    shop.services.email_change.ask(ada, (NEW, BY), &client(1)).await.unwrap();
    let token = shop.token(NEW, "email").await;
    let by_another = shop.services.email_change.confirm(other, &token).await;
    assert!(matches!(by_another, Err(EmailConfirmError::Invalid)), "{by_another:?}");
    let found = async |email: &str| customer::find_by_email(shop.db.read(), &address(email)).await.unwrap();
    assert!(found(NEW).await.is_none());
    shop.services.email_change.confirm(ada, &token).await.unwrap();
    assert_eq!(found(NEW).await.map(|customer| customer.id), Some(ada.customer));
}

#[tokio::test]
async fn nobody_is_written_to_without_end_by_who_asks_for_a_change() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await;
    for _ in 0..6 {
        shop.services.email_change.ask(ada, (NEW, BY), &client(1)).await.unwrap();
    }
    assert_eq!(shop.subjects(NEW).await.len(), 3);
}

#[tokio::test]
async fn who_only_registered_with_an_address_does_not_keep_it_from_its_owner() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await;
    shop.register(NEW).await;
    let squatting = shop.token(NEW, "activate").await;
    shop.services.email_change.ask(ada, (NEW, BY), &client(1)).await.unwrap();
    let token = shop.token(NEW, "email").await;
    shop.services.email_change.confirm(ada, &token).await.unwrap();
    let used = shop.services.activate.run(&link_use(&squatting, PASSWORD), &client(5)).await;
    assert!(matches!(used, Err(LinkUseError::Invalid)));
}

#[tokio::test]
async fn an_address_that_was_taken_meanwhile_stays_whose_it_is() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await;
    shop.services.email_change.ask(ada, (NEW, BY), &client(1)).await.unwrap();
    let token = shop.token(NEW, "email").await;
    let other = shop.customer(NEW).await;
    assert!(matches!(shop.services.email_change.confirm(ada, &token).await, Err(EmailConfirmError::Invalid)));
    let found = customer::find_by_email(shop.db.read(), &address(NEW)).await.unwrap().unwrap();
    assert_eq!(found.id, other.customer);
    assert_eq!(shop.services.read_customer.run(ada).await.unwrap().unwrap().email, address(ADA));
}

#[tokio::test]
async fn an_address_is_changed_by_whoever_proves_who_they_are() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await;
    let from = client(1);
    let ask = |by| shop.services.email_change.ask(ada, (NEW, by), &from);
    let wrong = ask(Reproof::Password(OTHER_PASSWORD)).await;
    assert!(matches!(wrong, Err(EmailChangeError::SignIn(SignInError::Unidentified))), "{wrong:?}");
    ask(Reproof::FreshSignIn).await.unwrap();
    shop.wait(TimeDelta::minutes(10));
    let old = ask(Reproof::FreshSignIn).await;
    assert!(matches!(old, Err(EmailChangeError::SignIn(SignInError::Unidentified))), "{old:?}");
    ask(BY).await.unwrap();
    let none = shop.services.email_change.ask(ada, ("lovelace", BY), &from).await;
    assert!(matches!(none, Err(EmailChangeError::Email)));
}

#[tokio::test]
async fn a_new_password_ends_sign_ins_and_open_links() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await;
    let elsewhere = shop.sign_in(ADA, SessionKind::Cookie).await;
    shop.services.recover.run(ADA, &client(1)).await.unwrap();
    let reset = shop.token(ADA, "reset").await;
    shop.services.email_change.ask(ada, (NEW, BY), &client(1)).await.unwrap();
    let email = shop.token(NEW, "email").await;

    let from = client(1);
    let change = |by, new| shop.services.change_password.run(ada, (by, new), SessionKind::Storefront, &from);
    let short = change(BY, "short").await;
    let too_short = |e: &ChangePasswordError| {
        matches!(e, ChangePasswordError::New(NewPasswordError::Refused(PasswordRefusal::TooShort { .. })))
    };
    assert!(short.as_ref().is_err_and(too_short), "{short:?}");
    assert!(change(Reproof::Password(OTHER_PASSWORD), OTHER_PASSWORD).await.is_err());
    let after = change(BY, OTHER_PASSWORD).await.unwrap();
    assert!(shop.caller(&after).await.is_some());
    assert!(shop.caller(&elsewhere).await.is_none());
    assert!(change(BY, OTHER_PASSWORD).await.is_err(), "it is another now");
    let used = shop.services.reset.run(&link_use(&reset, PASSWORD), &client(1)).await;
    assert!(matches!(used, Err(LinkUseError::Invalid)));
    assert!(shop.services.email_change.confirm(ada, &email).await.is_err(), "as its notice promises");
    let given = PasswordSignIn { email: ADA, password: OTHER_PASSWORD, kind: SessionKind::Cookie };
    let shown = shop.services.sign_in.run(given, &client(1)).await.unwrap();
    assert_eq!(who(&shown).customer, ada.customer);
}

#[tokio::test]
async fn of_two_new_passwords_at_once_one_is_set() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await;
    let from = client(1);
    let change = |new| shop.services.change_password.run(ada, (BY, new), SessionKind::Storefront, &from);
    shop.wait(TimeDelta::seconds(1));
    let (a, b) = tokio::join!(change(OTHER_PASSWORD), change("four brass telescopes"));
    assert_eq!([&a, &b].into_iter().filter(|one| one.is_ok()).count(), 1, "{a:?} {b:?}");
}
