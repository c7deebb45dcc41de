//! Shutting out, letting in, and what people may do.

use super::hands::{EVE, OWNER, signed_in};
use crate::{
    account::{PasswordSignIn, SignInError},
    staff::{MemberError, RoleError},
    testing::{PASSWORD, TestShop, client},
};
use stoa_domain::{
    access::{
        Permission, Permissions,
        grants::{Enrolment, Oneself, RolesWrite, StaffRead, StaffWrite},
    },
    account::SessionKind,
    shared::{StaffId, page::PageRequest},
    staff::{RoleRefusal, StaffName, StaffState},
};

const READS: Permissions = Permissions::of(&[Permission::OrdersRead]);

#[tokio::test]
async fn whoever_is_shut_out_is_out_at_once_and_let_in_anew() {
    let shop = TestShop::open().await;
    let owner = shop.proven_owner().await;
    let eve = shop.hired(&owner, EVE, READS).await;
    let id = StaffId::new(eve.subject);
    let by = shop.permit::<StaffWrite>(&owner);
    let members = &shop.services.staff_members;
    for _ in 0..2 {
        let out = members.disable(&by, id).await.unwrap();
        assert_eq!(out.state, StaffState::Disabled { joined: true });
        assert!(shop.actor(&eve).await.is_none());
    }
    let given = PasswordSignIn { email: EVE, password: PASSWORD, kind: SessionKind::Tokens };
    let refused = shop.services.staff_sign_in.run(given, &client(3)).await;
    assert!(matches!(refused, Err(SignInError::Unidentified)), "{refused:?}");
    assert_eq!(members.enable(&by, id).await.unwrap().state, StaffState::Enabled);
    assert!(shop.actor(&eve).await.is_none(), "letting in brings no sign-in back");
    signed_in(shop.signs_in(EVE, PASSWORD, &client(3)).await);
    members.remove(&by, id).await.unwrap();
    assert!(matches!(members.remove(&by, id).await, Err(MemberError::NotFound)));
    let all = members.list(&shop.permit::<StaffRead>(&owner), &PageRequest::first(9)).await.unwrap();
    assert_eq!(all.nodes().count(), 1);
}

#[tokio::test]
async fn roles_count_at_once_and_together() {
    let shop = TestShop::open().await;
    let owner = shop.proven_owner().await;
    let eve = shop.hired(&owner, EVE, READS).await;
    let allowed = async || shop.actor(&eve).await.unwrap().permissions();
    assert_eq!(allowed().await, READS);
    let more = Permissions::of(&[Permission::JobsRead]);
    let role = shop.role(&owner, "Jobs", more).await;
    let herself = shop.permit::<Enrolment>(&shop.actor(&eve).await.unwrap());
    let has = shop.services.staff_members.me(&herself).await.unwrap().member.roles;
    let both: Vec<_> = has.iter().copied().chain([role]).collect();
    let (by, id) = (shop.permit::<StaffWrite>(&owner), StaffId::new(eve.subject));
    shop.services.staff_members.set_roles(&by, id, &both).await.unwrap();
    assert_eq!(allowed().await, READS.with(more));
    let roles = &shop.services.roles;
    let writes = shop.permit::<RolesWrite>(&owner);
    roles.update(&writes, role, ("Jobs", Permissions::of(&[Permission::JobsWrite]))).await.unwrap();
    assert_eq!(allowed().await, READS.with(Permissions::of(&[Permission::JobsWrite])));
    assert!(matches!(roles.delete(&writes, role).await, Err(RoleError::InUse)));
    let taken = roles.create(&writes, ("JOBS", more)).await;
    assert!(matches!(taken, Err(RoleError::Taken)), "{taken:?}");
    shop.services.staff_members.set_roles(&by, id, &[]).await.unwrap();
    assert_eq!(allowed().await, Permissions::NONE);
    roles.delete(&writes, role).await.unwrap();
    assert!(matches!(roles.delete(&writes, role).await, Err(RoleError::NotFound)));
}

#[tokio::test]
async fn built_in_roles_are_nobodys_to_change_and_come_back() {
    let shop = TestShop::open().await;
    let owner = shop.proven_owner().await;
    let by = shop.permit::<RolesWrite>(&owner);
    for role in shop.services.roles.list(&shop.permit(&owner)).await.unwrap() {
        let changed = shop.services.roles.update(&by, role.id, ("Mine", READS)).await;
        assert!(matches!(changed, Err(RoleError::Refused(RoleRefusal::BuiltIn))), "{changed:?}");
        let gone = shop.services.roles.delete(&by, role.id).await;
        assert!(matches!(gone, Err(RoleError::Refused(RoleRefusal::BuiltIn))), "{gone:?}");
    }
    let before = shop.services.audit_log.head().await.unwrap();
    shop.services.begin_schedules().await.unwrap();
    assert_eq!(shop.services.audit_log.head().await.unwrap(), before, "there was nothing to add");
}

#[tokio::test]
async fn nobody_brings_back_or_weakens_somebody_who_may_do_more_than_they() {
    let shop = TestShop::open().await;
    let owner = shop.proven_owner().await;
    let eve = shop.hired(&owner, EVE, READS).await;
    let id = StaffId::new(eve.subject);
    let writes = Permissions::of(&[Permission::StaffWrite]);
    let mal = shop.hired(&owner, "mal@example.org", writes).await;
    let mal = shop.permit::<StaffWrite>(&shop.step_up(&mal, None).await);
    let members = &shop.services.staff_members;

    assert!(matches!(members.reset(&mal, id).await, Err(MemberError::NotGrantable(_))));
    assert!(shop.actor(&eve).await.is_some(), "and her sign-in goes on");
    assert_eq!(members.enable(&mal, id).await.unwrap().state, StaffState::Enabled, "which changes nothing");
    members.disable(&mal, id).await.unwrap();
    assert!(matches!(members.enable(&mal, id).await, Err(MemberError::NotGrantable(_))));
    let by = shop.permit::<StaffWrite>(&owner);
    assert_eq!(members.enable(&by, id).await.unwrap().state, StaffState::Enabled);
    members.reset(&by, id).await.unwrap();
    // Whoever may do no more than they do is theirs to help.
    members.set_roles(&by, id, &[]).await.unwrap();
    members.reset(&mal, id).await.unwrap();
    members.disable(&mal, id).await.unwrap();
    members.enable(&mal, id).await.unwrap();
}

#[tokio::test]
async fn sign_ins_are_listed_and_ended_one_by_one_and_all() {
    let shop = TestShop::open().await;
    let first = shop.owner().await;
    let second = signed_in(shop.signs_in(OWNER, PASSWORD, &client(3)).await);
    let owner = shop.step_up(&first, None).await;
    let eve = shop.hired(&owner, EVE, READS).await;
    let sessions = &shop.services.staff_sessions;
    let by = shop.permit::<Enrolment>(&owner);
    assert_eq!(sessions.own(&by, &PageRequest::first(9)).await.unwrap().nodes().count(), 2);
    assert!(!sessions.end_own(&by, eve.session).await.unwrap(), "nobody else's");
    assert!(sessions.end_own(&by, second.session).await.unwrap());
    assert!(shop.actor(&second).await.is_none() && shop.actor(&first).await.is_some());
    let (reads, writes) = (shop.permit::<StaffRead>(&owner), shop.permit::<StaffWrite>(&owner));
    let of_eve = StaffId::new(eve.subject);
    assert_eq!(sessions.of(&reads, of_eve, &PageRequest::first(9)).await.unwrap().nodes().count(), 1);
    assert!(!sessions.end(&writes, of_eve, first.session).await.unwrap(), "it is not hers");
    assert_eq!(sessions.end_all(&writes, of_eve).await.unwrap(), 1);
    assert!(shop.actor(&eve).await.is_none());
    assert_eq!(sessions.end_all_own(&by).await.unwrap(), 1);
    assert!(shop.actor(&first).await.is_none());
}

#[tokio::test]
async fn people_say_themselves_what_they_are_called() {
    let shop = TestShop::open().await;
    let owner = shop.proven_owner().await;
    let eve = shop.hired(&owner, EVE, READS).await;
    let by = shop.permit::<Oneself>(&shop.actor(&eve).await.unwrap());
    let name = StaffName::parse("Grace Hopper").unwrap();
    shop.services.staff_members.update(&by, (&name, None)).await.unwrap();
    assert_eq!(shop.actor(&eve).await.unwrap().name(), "Grace Hopper");
}
