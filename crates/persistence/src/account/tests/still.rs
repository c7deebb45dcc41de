//! A sign-in takes a while: what is changed of its owner meanwhile counts.

use super::*;
use crate::{
    customer::{self, NewCustomer},
    staff::{self, NewStaff},
};
use stoa_domain::{
    account::Waiter,
    customer::Customer,
    shared::{CustomerId, EmailAddress, StaffId},
    staff::{StaffMember, StaffName},
};

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn hash(text: &str) -> PasswordHash {
    PasswordHash::new(text.to_owned())
}

async fn ada(shop: &TestShop, address: &str) -> CustomerId {
    let id = CustomerId::new(shop.ids.id());
    let (first_name, last_name) = (None, None);
    let new = NewCustomer { id, email: email(address), first_name, last_name, phone: None, locale: None };
    shop.tx(async |tx| {
        customer::insert_pending(tx, &new, at(0)).await?;
        let before = customer::find_for_update(tx, id).await?.unwrap();
        let after = Customer { state: before.state.activate(at(1)).unwrap(), ..before.clone() };
        customer::save(tx, &before, &after, at(1)).await?;
        customer::set_password(tx, id, &hash("first"), at(1)).await
    })
    .await;
    id
}

async fn eve(shop: &TestShop, address: &str) -> StaffId {
    let id = StaffId::new(shop.ids.id());
    let name = StaffName::parse("Eve").unwrap();
    let new = NewStaff { id, email: email(address), name, locale: None };
    shop.tx(async |tx| {
        staff::invite(tx, &new, at(0)).await?;
        let before = staff::find(tx, id).await?.unwrap();
        let after: StaffMember = before.clone().accept().unwrap();
        staff::save(tx, &before, &after, at(1)).await?;
        staff::set_password(tx, id, &hash("first"), at(1)).await
    })
    .await;
    id
}

/// Shuts a customer out, or lets them in.
async fn let_in(shop: &TestShop, id: CustomerId, yes: bool, seconds: i64) {
    shop.tx(async |tx| {
        let before = customer::find_for_update(tx, id).await?.unwrap();
        let state = if yes { before.state.enable() } else { before.state.disable() };
        let after = Customer { state: state.unwrap(), ..before.clone() };
        customer::save(tx, &before, &after, at(seconds)).await
    })
    .await;
}

#[tokio::test]
async fn what_was_compared_with_a_customer_counts_as_long_as_they_stand_so() {
    let shop = TestShop::open().await;
    let id = ada(&shop, "ada@example.org").await;
    let read = customer::credentials_of(shop.db.read(), id).await.unwrap().unwrap();
    assert_eq!(read.password_changed_at, Some(at(1)));
    let waiter =
        Waiter { realm: Realm::Customer, subject: id.uuid(), password_changed_at: read.password_changed_at };
    let still = async || {
        let still = shop.tx(async |tx| customer::still(tx, &read).await).await;
        assert_eq!(shop.tx(async |tx| still_waits(tx, &waiter).await).await, still, "the same for who waits");
        still
    };
    assert!(still().await);
    // A costlier hash is of the same password; another name is of the same person.
    shop.tx(async |tx| customer::rehash(tx, id, &hash("first"), &hash("dearer")).await).await;
    shop.tx(async |tx| customer::set_tags(tx, id, &["vip".to_owned()], at(2)).await).await;
    assert!(still().await);
    let_in(&shop, id, false, 3).await;
    assert!(!still().await, "shut out");
    let_in(&shop, id, true, 4).await;
    assert!(still().await);
    shop.tx(async |tx| customer::set_password(tx, id, &hash("second"), at(5)).await).await;
    assert!(!still().await, "another password");
    let again = customer::credentials_of(shop.db.read(), id).await.unwrap().unwrap();
    assert!(shop.tx(async |tx| customer::still(tx, &again).await).await);
    let last = shop.ids.id();
    shop.tx(async |tx| customer::erase(tx, id, last, "customer", at(6)).await).await;
    assert!(!shop.tx(async |tx| customer::still(tx, &again).await).await, "erased");
    let nobody = Waiter { subject: shop.ids.id(), password_changed_at: None, ..waiter };
    assert!(!shop.tx(async |tx| still_waits(tx, &nobody).await).await);
}

#[tokio::test]
async fn what_was_compared_with_staff_counts_as_long_as_they_stand_so() {
    let shop = TestShop::open().await;
    let id = eve(&shop, "eve@example.org").await;
    let read = staff::credentials_of(shop.db.read(), id).await.unwrap().unwrap();
    let waiter =
        Waiter { realm: Realm::Staff, subject: id.uuid(), password_changed_at: read.password_changed_at };
    let still = async || {
        let still = shop.tx(async |tx| staff::still(tx, &read).await).await;
        assert_eq!(shop.tx(async |tx| still_waits(tx, &waiter).await).await, still, "the same for who waits");
        still
    };
    assert!(still().await);
    let in_another_world = Waiter { realm: Realm::Customer, ..waiter };
    assert!(!shop.tx(async |tx| still_waits(tx, &in_another_world).await).await);
    shop.tx(async |tx| staff::rehash(tx, id, &hash("first"), &hash("dearer")).await).await;
    assert!(still().await);
    let before = staff::find(shop.db.read(), id).await.unwrap().unwrap();
    let out = before.clone().disable().unwrap();
    shop.tx(async |tx| staff::save(tx, &before, &out, at(2)).await).await;
    assert!(!still().await, "shut out");
    let before = staff::find(shop.db.read(), id).await.unwrap().unwrap();
    let back = before.clone().enable().unwrap();
    shop.tx(async |tx| staff::save(tx, &before, &back, at(3)).await).await;
    assert!(still().await);
    shop.tx(async |tx| staff::set_password(tx, id, &hash("second"), at(4)).await).await;
    assert!(!still().await, "another password");
    shop.tx(async |tx| staff::remove(tx, id).await).await;
    assert!(!still().await, "off the staff");
}

/// Whichever of the two comes first: nobody is signed in with the old password afterwards.
#[tokio::test]
async fn a_sign_in_under_way_does_not_outlive_what_ends_all_sign_ins() {
    let shop = TestShop::open().await;
    for round in 0..8 {
        let id = ada(&shop, &format!("ada{round}@example.org")).await;
        let read = customer::credentials_of(shop.db.read(), id).await.unwrap().unwrap();
        let session = session_of(&shop, Realm::Customer, id.uuid(), SessionKind::Tokens);
        let sign_in = shop.tx(async |tx| {
            let still = customer::still(tx, &read).await?;
            if still {
                insert_session(tx, &session).await?;
            }
            Ok(still)
        });
        let whose = (Realm::Customer, id.uuid());
        let last = shop.ids.id();
        let end = async || match round % 3 {
            0 => {
                shop.tx(async |tx| {
                    customer::find_for_update(tx, id).await?;
                    customer::set_password(tx, id, &hash("second"), at(9)).await?;
                    revoke_all(tx, whose, None, RevokedBecause::PasswordChanged, at(9)).await
                })
                .await;
            }
            1 => let_in(&shop, id, false, 9).await,
            _ => {
                shop.tx(async |tx| customer::erase(tx, id, last, "customer", at(9)).await).await;
            }
        };
        tokio::join!(sign_in, end());
        let found = find_session(shop.db.read(), session.id).await.unwrap();
        assert!(found.is_none_or(|s| s.revoked.is_some()), "round {round}: somebody is still signed in");
    }
    for round in 0..4 {
        let id = eve(&shop, &format!("eve{round}@example.org")).await;
        let read = staff::credentials_of(shop.db.read(), id).await.unwrap().unwrap();
        let session = session_of(&shop, Realm::Staff, id.uuid(), SessionKind::Cookie);
        let before = staff::find(shop.db.read(), id).await.unwrap().unwrap();
        let out = before.clone().disable().unwrap();
        let sign_in = shop.tx(async |tx| {
            if staff::still(tx, &read).await? {
                insert_session(tx, &session).await?;
            }
            Ok(())
        });
        let end = async || {
            if round % 2 == 0 {
                shop.tx(async |tx| staff::save(tx, &before, &out, at(9)).await).await;
            } else {
                shop.tx(async |tx| staff::remove(tx, id).await).await;
            }
        };
        tokio::join!(sign_in, end());
        let found = find_session(shop.db.read(), session.id).await.unwrap();
        assert!(found.is_none_or(|s| s.revoked.is_some()), "round {round}: somebody is still signed in");
    }
}
