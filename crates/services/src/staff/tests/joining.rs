//! Being asked to join, and joining.

use super::hands::{EVE, OWNER, acceptance, command, signed_in};
use crate::{
    customer::LinkUseError,
    staff::{CreateOwnerError, Invitation, InviteError, NewOwner},
    testing::{PASSWORD, TestShop, address, client},
};
use chrono::TimeDelta;
use stoa_domain::{
    access::{
        Denied, Permission, Permissions,
        grants::{Ownership, RolesWrite, StaffWrite},
    },
    account::PasswordRefusal,
    shared::RoleId,
    staff::StaffState,
};
use stoa_persistence::staff;
use uuid::Uuid;

#[tokio::test]
async fn the_first_owner_joins_by_a_link_that_is_printed() {
    let shop = TestShop::open().await;
    let old = shop.owner_link(OWNER, false).await;
    let token = shop.owner_link(OWNER, false).await;
    assert!(staff::shop_owner(shop.db.read()).await.unwrap().is_none(), "not before they have joined");
    let by = |token: &str| acceptance(token);
    let from = client(2);
    let again = shop.services.accept_invitation.run(&by(&old), &from).await;
    assert!(matches!(again, Err(LinkUseError::Invalid)), "the newer one counts");
    let shown = shop.accept(&token).await;
    let actor = shop.actor(&shown).await.unwrap();
    assert_eq!((actor.name(), actor.permissions()), ("Ada Lovelace", Permissions::ALL));
    assert_eq!(staff::shop_owner(shop.db.read()).await.unwrap(), Some(shown.subject.into()));
    assert_eq!(staff::roles(shop.db.read()).await.unwrap().len(), 5, "those that a shop comes with");
    assert!(
        shop.subjects(OWNER).await.iter().all(|subject| !subject.contains("invites")),
        "nothing was sent"
    );
    let again = shop.services.accept_invitation.run(&by(&token), &from).await;
    assert!(matches!(again, Err(LinkUseError::Invalid)), "it works once");

    let owner = shop.permit::<Ownership>(&command());
    let new = |email| NewOwner { email: address(email), replace: false, locale: None };
    let second = shop.services.create_owner.run(&owner, &new(EVE)).await;
    assert!(matches!(second, Err(CreateOwnerError::HasOwner)), "{second:?}");
    assert!(staff::find_by_email(shop.db.read(), &address(EVE)).await.unwrap().is_none(), "nothing was done");
    let twice = shop.services.create_owner.run(&owner, &new(OWNER)).await;
    assert!(matches!(twice, Err(CreateOwnerError::IsOwner)), "{twice:?}");
}

#[tokio::test]
async fn only_the_machine_makes_owners() {
    let shop = TestShop::open().await;
    let owner = shop.proven_owner().await;
    let by = shop.permit::<Ownership>(&owner);
    let new = NewOwner { email: address(EVE), replace: true, locale: None };
    let made = shop.services.create_owner.run(&by, &new).await;
    assert!(matches!(made, Err(CreateOwnerError::CommandLineOnly)), "{made:?}");
    let reset = shop.services.create_owner.reset(&by, &address(OWNER)).await;
    assert!(matches!(reset, Err(CreateOwnerError::CommandLineOnly)), "{reset:?}");
}

#[tokio::test]
async fn whoever_is_asked_joins_once_with_what_they_were_given() {
    let shop = TestShop::open().await;
    let owner = shop.proven_owner().await;
    let role = shop.role(&owner, "Till", Permissions::of(&[Permission::OrdersRead])).await;
    let asked = Invitation { email: address(EVE), name: None, roles: vec![role], locale: None };
    let by = shop.permit::<StaffWrite>(&owner);
    shop.services.invite_staff.run(&by, &asked).await.unwrap();
    let first = shop.staff_token(EVE, "accept").await;
    let invited = shop.services.invite_staff.run(&by, &asked).await.unwrap();
    assert_eq!((invited.state, invited.roles.as_slice()), (StaffState::Invited, [role].as_slice()));
    let token = shop.staff_token(EVE, "accept").await;
    assert_eq!(shop.subjects(EVE).await.len(), 2);

    let from = client(3);
    let mut weak = acceptance(&token);
    weak.password = "passwordpassword".into();
    let refused = shop.services.accept_invitation.run(&weak, &from).await;
    assert!(matches!(refused, Err(LinkUseError::Password(PasswordRefusal::Common))), "{refused:?}");
    let older = shop.services.accept_invitation.run(&acceptance(&first), &from).await;
    assert!(matches!(older, Err(LinkUseError::Invalid)), "{older:?}");
    let (acceptance, services) = (acceptance(&token), &shop.services.accept_invitation);
    let (a, b) = tokio::join!(services.run(&acceptance, &from), services.run(&acceptance, &from));
    let joined: Vec<_> = [a, b].into_iter().flatten().collect();
    assert_eq!(joined.len(), 1, "of two at once one joins");
    let eve = shop.actor(&joined[0]).await.unwrap();
    assert_eq!(eve.permissions(), Permissions::of(&[Permission::OrdersRead]));
    assert_eq!(shop.try_permit::<StaffWrite>(&eve).unwrap_err(), Denied::NotAllowed);

    let taken = shop.services.invite_staff.run(&by, &asked).await;
    assert!(matches!(taken, Err(InviteError::OnStaff)), "{taken:?}");
    signed_in(shop.signs_in(EVE, PASSWORD, &from).await);
}

#[tokio::test]
async fn an_invitation_ends() {
    let shop = TestShop::with(|s| s.accounts.invitation_lives = TimeDelta::days(2)).await;
    let token = shop.owner_link(OWNER, false).await;
    shop.wait(TimeDelta::days(2));
    let late = shop.services.accept_invitation.run(&acceptance(&token), &client(2)).await;
    assert!(matches!(late, Err(LinkUseError::Invalid)), "{late:?}");
    assert!(staff::shop_owner(shop.db.read()).await.unwrap().is_none());
}

#[tokio::test]
async fn nobody_is_given_what_the_giver_lacks() {
    let shop = TestShop::open().await;
    let owner = shop.proven_owner().await;
    let strong = shop.role(&owner, "Refunds", Permissions::of(&[Permission::OrdersRefund])).await;
    let allowed = Permissions::of(&[Permission::StaffWrite, Permission::RolesWrite, Permission::JobsRead]);
    let eve = shop.hired(&owner, EVE, allowed).await;
    let eve = shop.step_up(&eve, None).await;
    let asked = |roles: Vec<RoleId>| Invitation {
        email: address("mallory@example.org"),
        name: None,
        roles,
        locale: None,
    };
    let by = shop.permit::<StaffWrite>(&eve);
    let refused = shop.services.invite_staff.run(&by, &asked(vec![strong])).await;
    assert!(matches!(refused, Err(InviteError::NotGrantable(_))), "{refused:?}");
    let refused = shop.services.invite_staff.run(&by, &asked(vec![Uuid::from_u128(7).into()])).await;
    assert!(matches!(refused, Err(InviteError::NoRole(_))), "{refused:?}");
    let nobody = staff::find_by_email(shop.db.read(), &address("mallory@example.org")).await.unwrap();
    assert!(nobody.is_none(), "nothing of a refused invitation stays");
    let to_roles = shop.permit::<RolesWrite>(&eve);
    let all = shop.services.roles.create(&to_roles, ("All", Permissions::ALL)).await;
    assert!(all.is_err(), "{all:?}");
    let grown =
        shop.services.roles.update(&to_roles, strong, ("Refunds", allowed.with(Permissions::ALL))).await;
    assert!(grown.is_err(), "{grown:?}");
    let same = Permissions::of(&[Permission::OrdersRefund, Permission::JobsRead]);
    assert!(
        shop.services.roles.update(&to_roles, strong, ("Refunds", same)).await.is_ok(),
        "only what is new counts"
    );
}
