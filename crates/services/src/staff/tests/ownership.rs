//! Nothing takes the shop from its owner.

use super::hands::{EVE, OWNER, command, signed_in};
use crate::{
    staff::{Invitation, InviteError, MemberError, NewOwner, OwnerCreated, TransferError},
    testing::{PASSWORD, TestShop, address, client},
};
use stoa_domain::{
    access::{
        Denied, Permissions,
        grants::{Ownership, StaffWrite},
    },
    shared::StaffId,
};
use stoa_persistence::staff;

#[tokio::test]
async fn nothing_takes_the_shop_from_its_owner() {
    let shop = TestShop::open().await;
    let shown = shop.owner().await;
    let id = StaffId::new(shown.subject);
    let owner = shop.step_up(&shown, None).await;
    // Somebody who may do everything, and is not the owner.
    let eve = shop.hired(&owner, EVE, Permissions::ALL).await;
    let eve = shop.step_up(&eve, None).await;
    assert_eq!(shop.try_permit::<Ownership>(&eve).unwrap_err(), Denied::NotAllowed);
    let members = &shop.services.staff_members;
    for who in [&eve, &owner, &command()] {
        let by = shop.permit::<StaffWrite>(who);
        assert!(matches!(members.disable(&by, id).await, Err(MemberError::Owner(_))));
        assert!(matches!(members.remove(&by, id).await, Err(MemberError::Owner(_))));
        assert!(matches!(members.set_roles(&by, id, &[]).await, Err(MemberError::Owner(_))));
        assert!(matches!(members.reset(&by, id).await, Err(MemberError::Owner(_))));
        if who.who() != owner.who() {
            let sessions = &shop.services.staff_sessions;
            assert!(matches!(sessions.end_all(&by, id).await, Err(MemberError::Owner(_))));
            assert!(matches!(sessions.end(&by, id, shown.session).await, Err(MemberError::Owner(_))));
        }
        let asked = Invitation { email: address(OWNER), name: None, roles: Vec::new(), locale: None };
        assert!(matches!(shop.services.invite_staff.run(&by, &asked).await, Err(InviteError::OnStaff)));
    }
    for role in shop.services.roles.list(&shop.permit(&eve)).await.unwrap() {
        let by = shop.permit(&eve);
        let less = Permissions::of(&[stoa_domain::access::Permission::JobsRead]);
        drop(shop.services.roles.update(&by, role.id, ("Less", less)).await);
        drop(shop.services.roles.delete(&by, role.id).await);
    }
    let still = shop.actor(&shown).await.unwrap();
    assert_eq!(still.permissions(), Permissions::ALL);
    assert!(shop.try_permit::<Ownership>(&still).is_ok());
    signed_in(shop.signs_in(OWNER, PASSWORD, &client(2)).await);
    // Their own sign-ins the owner ends as anybody's.
    let by = shop.permit::<StaffWrite>(&owner);
    assert_eq!(shop.services.staff_sessions.end_all(&by, id).await.unwrap(), 2);
}

#[tokio::test]
async fn the_owner_gives_the_shop_to_another_and_to_one_only() {
    let shop = TestShop::open().await;
    let shown = shop.owner().await;
    let owner = shop.step_up(&shown, None).await;
    let eve = shop.hired(&owner, EVE, Permissions::of(&[stoa_domain::access::Permission::JobsRead])).await;
    let grace = shop
        .hired(&owner, "grace@example.org", Permissions::of(&[stoa_domain::access::Permission::JobsRead]))
        .await;
    let by = shop.permit::<Ownership>(&owner);
    let transfer = &shop.services.transfer_ownership;
    let asked =
        Invitation { email: address("later@example.org"), name: None, roles: Vec::new(), locale: None };
    let later = shop.services.invite_staff.run(&shop.permit(&owner), &asked).await.unwrap();
    assert!(matches!(transfer.run(&by, later.id).await, Err(TransferError::NotEnabled)));
    let (a, b) = tokio::join!(transfer.run(&by, eve.subject.into()), transfer.run(&by, grace.subject.into()));
    assert_eq!([&a, &b].into_iter().filter(|one| one.is_ok()).count(), 1, "{a:?} {b:?}");
    assert!([a, b].into_iter().any(|one| matches!(one, Err(TransferError::Stale))));
    let before = shop.actor(&shown).await.unwrap();
    assert_eq!(before.permissions(), Permissions::NONE, "at once, and with nothing but their roles");
    assert_eq!(shop.try_permit::<StaffWrite>(&before).unwrap_err(), Denied::NotAllowed);
}

#[tokio::test]
async fn the_machine_puts_another_owner_in_the_place_of_the_first() {
    let shop = TestShop::open().await;
    let shown = shop.owner().await;
    let owner = shop.step_up(&shown, None).await;
    let token = shop.owner_link("grace@example.org", true).await;
    assert!(shop.actor(&shown).await.unwrap().meets(stoa_domain::access::Need::Ownership), "not yet");
    let grace = shop.accept(&token).await;
    assert_eq!(shop.actor(&grace).await.unwrap().permissions(), Permissions::ALL);
    assert_eq!(shop.actor(&shown).await.unwrap().permissions(), Permissions::NONE);
    // A link for a shop that was given away meanwhile makes nobody its owner.
    let late = shop.owner_link("late@example.org", true).await;
    let given = NewOwner { email: address(OWNER), replace: true, locale: None };
    let by = shop.permit::<Ownership>(&command());
    let given = shop.services.create_owner.run(&by, &given).await.unwrap();
    assert!(matches!(given, OwnerCreated::Given), "who is on the staff needs no link");
    let answer = super::hands::acceptance(&late);
    assert!(shop.services.accept_invitation.run(&answer, &client(5)).await.is_err());
    let owns = staff::shop_owner(shop.db.read()).await.unwrap();
    assert_eq!(owns, Some(shown.subject.into()));
    drop(owner);
}
