//! Registering, activating, recovering.

use crate::{
    account::{Client, PasswordSignIn},
    customer::{GivenDetails, LinkUse, LinkUseError, RegisterError, Registration},
    testing::{OTHER_PASSWORD, PASSWORD, TestShop, address, client, link_use, who},
};
use chrono::TimeDelta;
use stoa_domain::{
    account::{PasswordRefusal, SessionKind},
    customer::{ConsentSource, CustomerState},
    shared::CustomerId,
};
use stoa_persistence::customer;

const ADA: &str = "ada@example.org";

fn named(first: &str, accepts_marketing: bool) -> Registration {
    Registration {
        email: ADA.to_owned(),
        details: GivenDetails { first_name: Some(first.to_owned()), ..GivenDetails::default() },
        accepts_marketing,
        wording: Some("News, once a month".to_owned()),
        ..Registration::default()
    }
}

#[tokio::test]
async fn an_account_begins_with_its_mail() {
    let shop = TestShop::open().await;
    shop.register(ADA).await;
    let pending = customer::find_by_email(shop.db.read(), &address(ADA)).await.unwrap().unwrap();
    assert_eq!(pending.state, CustomerState::Pending);
    let given = PasswordSignIn { email: ADA, password: PASSWORD, kind: SessionKind::Storefront };
    assert!(shop.services.sign_in.run(given, &client(9)).await.is_err());

    let token = shop.token(ADA, "activate").await;
    let shown = shop.services.activate.run(&link_use(&token, PASSWORD), &client(1)).await.unwrap();
    assert_eq!(shown.subject, pending.id.uuid());
    assert!(shop.caller(&shown).await.is_some(), "they are signed in");
    let given = PasswordSignIn { email: "ADA@example.org", password: PASSWORD, kind: SessionKind::Cookie };
    assert!(shop.services.sign_in.run(given, &client(1)).await.is_ok());
}

#[tokio::test]
async fn an_activation_token_works_once() {
    let shop = TestShop::open().await;
    shop.register(ADA).await;
    shop.register(ADA).await;
    let tokens = shop.tokens_in(ADA, "account/activate").await;
    let [other, token]: [String; 2] = tokens.try_into().unwrap();
    let activate = || async { shop.services.activate.run(&link_use(&token, PASSWORD), &client(1)).await };
    let (a, b) = tokio::join!(activate(), activate());
    assert_eq!([&a, &b].into_iter().filter(|one| one.is_ok()).count(), 1, "{a:?} {b:?}");
    assert!(matches!(activate().await, Err(LinkUseError::Invalid)));
    // The other link that was sent begins nothing any more either.
    for shown in [other, format!("{token}a")] {
        let used = shop.services.activate.run(&link_use(&shown, OTHER_PASSWORD), &client(1)).await;
        assert!(matches!(used, Err(LinkUseError::Invalid)));
    }
}

#[tokio::test]
async fn a_link_is_of_its_customer_its_kind_and_its_time() {
    let shop = TestShop::open().await;
    shop.register(ADA).await;
    let token = shop.token(ADA, "activate").await;
    let of = |customer| LinkUse { customer, ..link_use(&token, PASSWORD) };
    let stranger = CustomerId::new(uuid::Uuid::from_u128(7));
    assert!(shop.services.activate.run(&of(Some(stranger)), &client(1)).await.is_err());
    assert!(shop.services.reset.run(&of(None), &client(1)).await.is_err(), "it begins an account");
    let too_short = shop.services.activate.run(&link_use(&token, "short"), &client(1)).await;
    assert!(matches!(too_short, Err(LinkUseError::Password(PasswordRefusal::TooShort { min: 15 }))));
    let common = shop.services.activate.run(&link_use(&token, "ada@example.org"), &client(1)).await;
    assert!(matches!(common, Err(LinkUseError::Password(PasswordRefusal::Common))), "{common:?}");
    let ada = customer::find_by_email(shop.db.read(), &address(ADA)).await.unwrap().unwrap();
    shop.wait(TimeDelta::days(2));
    assert!(shop.services.activate.run(&of(Some(ada.id)), &client(1)).await.is_ok(), "it still works");

    shop.register("eve@example.org").await;
    let token = shop.token("eve@example.org", "activate").await;
    shop.wait(TimeDelta::days(3));
    let late = shop.services.activate.run(&link_use(&token, PASSWORD), &client(1)).await;
    assert!(matches!(late, Err(LinkUseError::Invalid)));
}

#[tokio::test]
async fn a_link_is_tried_with_so_many_passwords_an_hour() {
    let shop = TestShop::open().await;
    shop.register(ADA).await;
    let token = shop.token(ADA, "activate").await;
    let tries = async |password: &str, n: u32| {
        shop.services.activate.run(&link_use(&token, password), &client(n)).await
    };
    for n in 0..20 {
        let refused = tries(ADA, n).await;
        assert!(matches!(refused, Err(LinkUseError::Password(PasswordRefusal::Common))), "{refused:?}");
    }
    let stopped = tries(PASSWORD, 30).await;
    assert!(matches!(stopped, Err(LinkUseError::TooManyTries { .. })), "{stopped:?}");
    // Its network has only been asked for one of them: nothing else is stopped.
    shop.register("eve@example.org").await;
    let token = shop.token("eve@example.org", "activate").await;
    shop.services.activate.run(&link_use(&token, PASSWORD), &client(1)).await.unwrap();
}

#[tokio::test]
async fn what_a_stranger_said_of_an_address_does_not_count() {
    let shop = TestShop::open().await;
    shop.services.register.run(&named("Mallory", true), &client(5)).await.unwrap();
    shop.services.register.run(&named("Ada", false), &client(1)).await.unwrap();
    let pending = customer::find_by_email(shop.db.read(), &address(ADA)).await.unwrap().unwrap();
    assert_eq!(pending.first_name, None, "nobody's word yet");
    let token = shop.token(ADA, "activate").await;
    let ada = who(&shop.services.activate.run(&link_use(&token, PASSWORD), &client(1)).await.unwrap());
    let account = shop.services.read_customer.run(ada).await.unwrap().unwrap();
    assert_eq!(account.first_name.map(|name| name.to_string()).as_deref(), Some("Ada"));
    assert!(!account.accepts_marketing);
    assert!(shop.services.consent.history(ada).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_agreed_to_while_registering_counts_as_of_then() {
    let shop = TestShop::open().await;
    shop.services.register.run(&named("Ada", true), &client(1)).await.unwrap();
    let registered_at = shop.services.now();
    let token = shop.token(ADA, "activate").await;
    shop.wait(TimeDelta::hours(5));
    let ada = who(&shop.services.activate.run(&link_use(&token, PASSWORD), &client(1)).await.unwrap());
    let consents = shop.services.consent.history(ada).await.unwrap();
    let [consent] = consents.as_slice() else { panic!("{consents:?}") };
    assert!(consent.granted);
    assert_eq!((consent.at, consent.source), (registered_at, ConsentSource::Register));
    assert_eq!(consent.wording.as_deref(), Some("News, once a month"));
    assert!(shop.services.read_customer.run(ada).await.unwrap().unwrap().accepts_marketing);
}

#[tokio::test]
async fn registering_tells_nothing_and_the_mail_tells_the_owner() {
    let shop = TestShop::open().await;
    shop.customer(ADA).await;
    assert_eq!(shop.subjects(ADA).await.len(), 1);
    shop.services.register.run(&named("Mallory", true), &client(5)).await.unwrap();
    let subjects = shop.subjects(ADA).await;
    assert_eq!(subjects.len(), 2);
    assert_ne!(subjects[0], subjects[1], "there is an account, it says");
    let ada = customer::find_by_email(shop.db.read(), &address(ADA)).await.unwrap().unwrap();
    assert_eq!(ada.first_name, None);
}

#[tokio::test]
async fn one_address_twice_at_once_is_one_account() {
    let shop = TestShop::open().await;
    let (new, again) = (named("Ada", false), named("Augusta", false));
    let (a, b) = (client(1), client(2));
    let (a, b) = tokio::join!(shop.services.register.run(&new, &a), shop.services.register.run(&again, &b));
    a.unwrap();
    b.unwrap();
    assert_eq!(shop.subjects(ADA).await.len(), 2, "both get their mail");
    let token = shop.token(ADA, "activate").await;
    shop.services.activate.run(&link_use(&token, PASSWORD), &client(1)).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_before_anything_is_looked_at() {
    let shop = TestShop::open().await;
    let run = async |new: Registration| shop.services.register.run(&new, &Client::default()).await;
    let ada = || named("Ada", false);
    assert!(matches!(run(Registration { email: "ada".into(), ..ada() }).await, Err(RegisterError::Email)));
    let short = Registration { password: Some("short".into()), ..ada() };
    assert!(matches!(run(short).await, Err(RegisterError::Password(_))));
    assert!(matches!(run(named("see www.example.com", false)).await, Err(RegisterError::Details(_))));
    let phone = GivenDetails { phone: Some("call me".into()), ..GivenDetails::default() };
    assert!(matches!(run(Registration { details: phone, ..ada() }).await, Err(RegisterError::Details(_))));
    assert!(customer::find_by_email(shop.db.read(), &address(ADA)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_reset_sets_the_password_once_and_ends_every_sign_in() {
    let shop = TestShop::open().await;
    shop.customer(ADA).await;
    let before = shop.sign_in(ADA, SessionKind::Cookie).await;
    shop.services.recover.run(ADA, &client(1)).await.unwrap();
    shop.services.recover.run(ADA, &client(1)).await.unwrap();
    let token = shop.token(ADA, "reset").await;
    let reset = || async { shop.services.reset.run(&link_use(&token, OTHER_PASSWORD), &client(1)).await };
    let (a, b) = tokio::join!(reset(), reset());
    assert_eq!([&a, &b].into_iter().filter(|one| one.is_ok()).count(), 1, "{a:?} {b:?}");
    assert!(matches!(reset().await, Err(LinkUseError::Invalid)));
    assert!(shop.caller(&before).await.is_none(), "whoever it was");
    let after = [a, b].into_iter().find_map(Result::ok).unwrap();
    assert!(shop.caller(&after).await.is_some());
    let tries = |password: &'static str| PasswordSignIn { email: ADA, password, kind: SessionKind::Cookie };
    assert!(shop.services.sign_in.run(tries(PASSWORD), &client(2)).await.is_err());
    assert!(shop.services.sign_in.run(tries(OTHER_PASSWORD), &client(1)).await.is_ok());
    // One that begins the account, two that reset, one that says that it was changed; once, however often the job runs.
    assert_eq!(shop.subjects(ADA).await.len(), 4);
}
