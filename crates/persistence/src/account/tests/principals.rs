//! Who a session is.

use super::*;
use crate::{
    customer::{self, NewCustomer},
    staff::{self, NewStaff, Owned, RolesSet, StaffSaved},
};
use stoa_domain::{
    access::{Mfa, Permission, Permissions, SignedIn},
    customer::Customer,
    shared::{CustomerId, EmailAddress, RoleId, StaffId},
    staff::{Role, StaffMember, StaffName, StaffState},
};

/// Another member of staff, who has joined.
async fn new_member(shop: &TestShop) -> StaffMember {
    let id = StaffId::new(shop.ids.id());
    let new = NewStaff {
        id,
        email: EmailAddress::parse("mallory@example.org").unwrap(),
        name: StaffName::parse("Mallory").unwrap(),
        locale: None,
    };
    shop.tx(async |tx| staff::invite(tx, &new, at(0)).await).await;
    let invited = staff::find(shop.db.read(), id).await.unwrap().unwrap();
    let joined = invited.clone().accept().unwrap();
    shop.tx(async |tx| staff::save(tx, &invited, &joined, at(1)).await).await;
    staff::find(shop.db.read(), id).await.unwrap().unwrap()
}

async fn who(shop: &TestShop, session: &Session, realm: Realm, seconds: i64) -> Option<Principal> {
    let before = shop.db.statements();
    let found = principal(shop.db.read(), session.id, realm, at(seconds)).await.unwrap();
    assert_eq!(shop.db.statements() - before, 1, "every request pays for this");
    found
}

#[tokio::test]
async fn a_customers_session_is_its_owner_as_long_as_both_are_good() {
    let shop = TestShop::open().await;
    let id = CustomerId::new(shop.ids.id());
    let new = NewCustomer {
        id,
        email: EmailAddress::parse("ada@example.org").unwrap(),
        first_name: None,
        last_name: None,
        phone: None,
        locale: None,
    };
    shop.tx(async |tx| customer::insert_pending(tx, &new, at(0)).await).await;
    let session = signed_in(&shop, id.uuid(), SessionKind::Storefront).await;
    assert_eq!(who(&shop, &session, Realm::Customer, 1).await, None, "the address is not proved");
    let change = async |to: fn(Customer) -> Customer| {
        let before = customer::find(shop.db.read(), id).await.unwrap().unwrap();
        let after = to(before.clone());
        shop.tx(async |tx| customer::save(tx, &before, &after, at(1)).await).await;
    };
    change(|c| Customer { state: c.state.activate(at(1)).unwrap(), ..c }).await;
    let signed_in = SignedIn { customer: id, session: session.id };
    let expected = Principal::Customer { who: signed_in, session: session.clone() };
    assert_eq!(who(&shop, &session, Realm::Customer, 2).await, Some(expected.clone()));
    assert_eq!(expected.session(), &session);
    assert_eq!(who(&shop, &session, Realm::Staff, 2).await, None, "a customer is nobody on the staff");
    let late = (session.expires_at - at(0)).num_seconds();
    assert_eq!(who(&shop, &session, Realm::Customer, late).await, None);

    change(|c| Customer { state: c.state.disable().unwrap(), ..c }).await;
    assert_eq!(who(&shop, &session, Realm::Customer, 2).await, None, "closed, at once");
    change(|c| Customer { state: c.state.enable().unwrap(), ..c }).await;
    assert_eq!(who(&shop, &session, Realm::Customer, 2).await, None, "what was ended stays so");
    let ended = found(&shop, session.id).await.revoked.map(|r| r.because);
    assert_eq!(ended, Some(RevokedBecause::AccountClosed));
    let session = super::signed_in(&shop, id.uuid(), SessionKind::Storefront).await;
    assert!(who(&shop, &session, Realm::Customer, 2).await.is_some());
    let whose = (Realm::Customer, id.uuid());
    shop.tx(async |tx| revoke(tx, whose, session.id, RevokedBecause::SignedOut, at(3)).await).await;
    assert_eq!(who(&shop, &session, Realm::Customer, 4).await, None);
}

#[tokio::test]
async fn a_member_of_staff_may_what_their_roles_say_now() {
    let shop = TestShop::open().await;
    let id = StaffId::new(shop.ids.id());
    let new = NewStaff {
        id,
        email: EmailAddress::parse("eve@example.org").unwrap(),
        name: StaffName::parse("Eve").unwrap(),
        locale: None,
    };
    shop.tx(async |tx| staff::invite(tx, &new, at(0)).await).await;
    let session = session_of(&shop, Realm::Staff, id.uuid(), SessionKind::Cookie);
    shop.tx(async |tx| insert_session(tx, &session).await).await;
    assert_eq!(who(&shop, &session, Realm::Staff, 1).await, None, "they have not answered yet");
    let invited = staff::find(shop.db.read(), id).await.unwrap().unwrap();
    let joined: StaffMember = invited.clone().accept().unwrap();
    let saved = shop.tx(async |tx| staff::save(tx, &invited, &joined, at(1)).await).await;
    assert_eq!(saved, StaffSaved::Saved);

    let may = async |session: &Session| match who(&shop, session, Realm::Staff, 2).await {
        Some(Principal::Staff { who, .. }) => Some(who),
        other => {
            assert_eq!(other, None);
            None
        }
    };
    let eve = may(&session).await.unwrap();
    assert_eq!((eve.id, eve.name.as_str(), eve.session, eve.owner), (id, "Eve", session.id, false));
    assert_eq!((eve.roles, eve.mfa, eve.stepped_up_at), (Permissions::NONE, Mfa::Missing, None));

    let mut roles = Vec::new();
    let wanted = [
        ("Packer", Permissions::of(&[Permission::OrdersRead, Permission::FulfillmentsWrite])),
        ("Clerk", Permissions::of(&[Permission::OrdersRead, Permission::OrdersRefund])),
        ("Reader", Permissions::of(&[Permission::ProductsRead])),
    ];
    for (name, permissions) in wanted {
        let role = RoleId::new(shop.ids.id());
        let draft = Role::try_new(name, permissions).unwrap();
        assert!(shop.tx(async |tx| staff::insert_role(tx, role, &draft, at(1)).await).await);
        roles.push(role);
    }
    let set = shop.tx(async |tx| staff::set_roles(tx, id, &roles, at(2)).await).await;
    assert_eq!(set, RolesSet::Set);
    let all = Permissions::of(&[
        Permission::OrdersRead,
        Permission::FulfillmentsWrite,
        Permission::OrdersRefund,
        Permission::ProductsRead,
    ]);
    assert_eq!(may(&session).await.unwrap().roles, all);
    shop.tx(async |tx| staff::set_roles(tx, id, &roles[2..], at(3)).await).await;
    assert_eq!(may(&session).await.unwrap().roles, Permissions::of(&[Permission::ProductsRead]));

    shop.tx(async |tx| step_up(tx, session.id, true, at(4)).await).await;
    let password = PasswordHash::new("hash".to_owned());
    shop.tx(async |tx| staff::set_password(tx, id, &password, at(4)).await).await;
    assert_eq!(shop.tx(async |tx| staff::set_owner(tx, None, id).await).await, Owned::Given);
    let eve = may(&session).await.unwrap();
    assert_eq!((eve.owner, eve.mfa, eve.stepped_up_at), (true, Mfa::Shown, Some(at(4))));
    assert_eq!(who(&shop, &session, Realm::Customer, 5).await, None, "staff are no customers");

    // Shut out and let in again, they have to sign in.
    let other = new_member(&shop).await;
    let session = session_of(&shop, Realm::Staff, other.id.uuid(), SessionKind::Cookie);
    shop.tx(async |tx| insert_session(tx, &session).await).await;
    assert!(who(&shop, &session, Realm::Staff, 2).await.is_some());
    let out = other.clone().disable().unwrap();
    shop.tx(async |tx| staff::save(tx, &other, &out, at(6)).await).await;
    assert_eq!(who(&shop, &session, Realm::Staff, 7).await, None, "shut out, at once");
    let out = staff::find(shop.db.read(), other.id).await.unwrap().unwrap();
    let back = StaffMember { state: StaffState::Enabled, ..out.clone() };
    shop.tx(async |tx| staff::save(tx, &out, &back, at(8)).await).await;
    assert_eq!(who(&shop, &session, Realm::Staff, 9).await, None, "what was ended stays so");
}
