//! Staff, roles and keys, on both databases.

mod keys;
mod owner;
mod roles;

use super::*;
use crate::{
    account::PasswordHash,
    testing::{TestShop, at},
};
use futures_util::future::join_all;
use stoa_domain::{
    access::{Permission, Permissions},
    account::{Realm, SessionKind},
    shared::{EmailAddress, IdGenerator, RoleId, StaffId},
    staff::{StaffMember, StaffName, StaffState},
};

fn new_staff(shop: &TestShop, name: &str) -> NewStaff {
    NewStaff {
        id: StaffId::new(shop.ids.id()),
        email: EmailAddress::parse(&format!("{name}@example.org")).unwrap(),
        name: StaffName::parse(name).unwrap(),
        locale: None,
    }
}

/// Somebody who has joined.
async fn joined(shop: &TestShop, name: &str) -> StaffMember {
    let new = new_staff(shop, name);
    shop.tx(async |tx| invite(tx, &new, at(0)).await).await;
    let before = found(shop, new.id).await;
    let after = before.clone().accept().unwrap();
    assert_eq!(shop.tx(async |tx| save(tx, &before, &after, at(1)).await).await, StaffSaved::Saved);
    let password = PasswordHash::new(format!("hash of {name}"));
    assert!(shop.tx(async |tx| set_password(tx, new.id, &password, at(1)).await).await);
    found(shop, new.id).await
}

async fn found(shop: &TestShop, id: StaffId) -> StaffMember {
    find(shop.db.read(), id).await.unwrap().unwrap()
}

#[tokio::test]
async fn two_invitations_at_once_are_one() {
    let shop = TestShop::open().await;
    let asked: Vec<NewStaff> = ["eve", "EVE", "Eve", "eVe"].map(|name| new_staff(&shop, name)).into();
    let invited =
        join_all(asked.iter().map(async |new| shop.tx(async |tx| invite(tx, new, at(0)).await).await));
    let invited = invited.await;
    let new: Vec<_> =
        invited.iter().filter_map(|i| if let Invited::New(id) = i { Some(*id) } else { None }).collect();
    assert_eq!(new.len(), 1, "{invited:?}");
    assert_eq!(invited.iter().filter(|i| **i == Invited::Known(new[0])).count(), 3, "{invited:?}");
    let eve = found(&shop, new[0]).await;
    assert_eq!((eve.state, eve.owner, eve.roles.len()), (StaffState::Invited, false, 0));
    assert_eq!(find_by_email(shop.db.read(), &eve.email).await.unwrap(), Some(eve));
}

#[tokio::test]
async fn whoever_is_shut_out_has_no_password_to_be_compared_with() {
    let shop = TestShop::open().await;
    let new = new_staff(&shop, "eve");
    let of = async || credentials(shop.db.read(), &new.email).await.unwrap().map(|c| (c.id, c.password));
    shop.tx(async |tx| invite(tx, &new, at(0)).await).await;
    let password = PasswordHash::new("h".to_owned());
    assert!(!shop.tx(async |tx| set_password(tx, new.id, &password, at(1)).await).await, "not joined");
    let invited = found(&shop, new.id).await;
    // Shut out before they answered, they still have to; joined, they are what they were.
    let out = invited.clone().disable().unwrap();
    shop.tx(async |tx| save(tx, &invited, &out, at(1)).await).await;
    assert_eq!(found(&shop, new.id).await.state, StaffState::Disabled { joined: false });
    let out = found(&shop, new.id).await;
    let back = out.clone().enable().unwrap();
    shop.tx(async |tx| save(tx, &out, &back, at(2)).await).await;
    let invited = found(&shop, new.id).await;
    assert_eq!(invited.state, StaffState::Invited);
    let in_now = invited.clone().accept().unwrap();
    shop.tx(async |tx| save(tx, &invited, &in_now, at(3)).await).await;
    shop.tx(async |tx| set_password(tx, new.id, &password, at(3)).await).await;
    assert_eq!(of().await, Some((new.id, password.clone())));
    let dearer = PasswordHash::new("dearer".to_owned());
    assert!(shop.tx(async |tx| rehash(tx, new.id, &password, &dearer).await).await);
    assert!(!shop.tx(async |tx| rehash(tx, new.id, &password, &dearer).await).await);
    assert_eq!(of().await, Some((new.id, dearer)));

    let stale = in_now;
    let now = found(&shop, new.id).await;
    let out = now.clone().disable().unwrap();
    assert_eq!(shop.tx(async |tx| save(tx, &stale, &out, at(4)).await).await, StaffSaved::Stale);
    assert_eq!(shop.tx(async |tx| save(tx, &now, &out, at(4)).await).await, StaffSaved::Saved);
    assert_eq!(of().await, None);
    assert_eq!(credentials_of(shop.db.read(), new.id).await.unwrap(), None);
    assert_eq!(found(&shop, new.id).await.state, StaffState::Disabled { joined: true });
}

#[tokio::test]
async fn two_do_not_have_one_address() {
    let shop = TestShop::open().await;
    let (eve, mallory) = (joined(&shop, "eve").await, joined(&shop, "mallory").await);
    let tx = shop.write().await;
    let after = StaffMember { email: EmailAddress::parse("EVE@example.org").unwrap(), ..mallory.clone() };
    assert_eq!(save(&tx, &mallory, &after, at(2)).await.unwrap(), StaffSaved::Taken);
    tx.rollback().await.unwrap();
    let ids = [mallory.id, StaffId::new(shop.ids.id()), eve.id];
    assert_eq!(find_all(shop.db.read(), &ids).await.unwrap(), [mallory.clone(), eve.clone()]);
    let page = list_staff(shop.db.read(), &stoa_domain::shared::page::PageRequest::first(9)).await.unwrap();
    assert_eq!(page.nodes().copied().collect::<Vec<_>>(), [eve.id, mallory.id]);
}
