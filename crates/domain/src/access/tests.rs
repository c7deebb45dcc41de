//! Who gets a permit.

use super::grants::{
    ApiKeysWrite, Enrolment, Oneself, OrdersRefund, OwnCredentials, Ownership, ProductsRead, ProductsWrite,
    RolesWrite, StaffWrite,
};
use super::*;
use crate::shared::{ApiKeyId, SessionId, StaffId, Timestamp};
use chrono::{DateTime, TimeDelta};
use std::sync::Arc;
use uuid::Uuid;

const NOW: Timestamp = DateTime::UNIX_EPOCH;
const RULES: AccessRules = AccessRules { require_totp: false, step_up: TimeDelta::minutes(10) };
const STRICT: AccessRules = AccessRules { require_totp: true, ..RULES };

fn session(roles: &[Permission]) -> StaffSession {
    StaffSession {
        id: StaffId::new(Uuid::from_u128(1)),
        name: "Ada".into(),
        session: SessionId::new(Uuid::from_u128(2)),
        owner: false,
        roles: Permissions::of(roles),
        mfa: Mfa::Missing,
        stepped_up_at: None,
    }
}

fn actor(of: StaffSession) -> Arc<Actor> {
    Arc::new(Actor::staff(of, Origin::default()))
}

fn key(scopes: Permissions) -> Arc<Actor> {
    Arc::new(Actor::key(ApiKeyId::new(Uuid::from_u128(3)), "till".into(), scopes, Origin::default()))
}

fn denied<G: Grant>(actor: &Arc<Actor>, rules: &AccessRules, now: Timestamp) -> Option<Denied> {
    actor.permit::<G>(rules, now).err()
}

#[test]
fn a_permit_is_only_given_for_what_one_has() {
    let reader = actor(session(&[Permission::ProductsRead]));
    assert_eq!(reader.permit::<ProductsRead>(&RULES, NOW).unwrap().actor().name(), "Ada");
    assert_eq!(denied::<ProductsWrite>(&reader, &RULES, NOW), Some(Denied::NotAllowed));
    let writer = actor(session(&[Permission::ProductsWrite]));
    assert_eq!(denied::<ProductsRead>(&writer, &RULES, NOW), Some(Denied::NotAllowed));
    let nobody = actor(session(&[]));
    for permission in Permission::ALL {
        assert!(!nobody.may(*permission), "{permission}");
    }
    assert_eq!(denied::<Ownership>(&nobody, &RULES, NOW), Some(Denied::NotAllowed));
    assert_eq!(denied::<Oneself>(&nobody, &RULES, NOW), None);
}

#[test]
fn step_up_is_asked_for_again_after_its_time() {
    let at = |stepped_up_at| {
        actor(StaffSession {
            stepped_up_at,
            ..session(&[Permission::OrdersRefund, Permission::ProductsRead])
        })
    };
    assert_eq!(denied::<OrdersRefund>(&at(None), &RULES, NOW), Some(Denied::StepUp));
    assert_eq!(denied::<ProductsRead>(&at(None), &RULES, NOW), None);
    let proven = at(Some(NOW));
    let after = |minutes| NOW + TimeDelta::minutes(minutes);
    assert_eq!(denied::<OrdersRefund>(&proven, &RULES, after(9)), None);
    assert_eq!(denied::<OrdersRefund>(&proven, &RULES, after(10)), Some(Denied::StepUp));
    assert_eq!(denied::<OwnCredentials>(&proven, &RULES, after(10)), Some(Denied::StepUp));
    // A clock that runs a little behind is no reason to ask again, one that was set back is no licence for ever.
    assert_eq!(denied::<OrdersRefund>(&proven, &RULES, after(-1)), None);
    assert_eq!(denied::<OrdersRefund>(&proven, &RULES, after(-60)), Some(Denied::StepUp));
}

#[test]
fn without_a_second_factor_one_can_only_get_one() {
    let ada = session(&[Permission::ProductsRead]);
    let missing = actor(ada.clone());
    assert_eq!(denied::<ProductsRead>(&missing, &STRICT, NOW), Some(Denied::EnrolTotp));
    assert_eq!(denied::<Oneself>(&missing, &STRICT, NOW), Some(Denied::EnrolTotp));
    assert_eq!(denied::<Enrolment>(&missing, &STRICT, NOW), None);
    // What one may not do at all is not there, with or without.
    assert_eq!(denied::<ProductsWrite>(&missing, &STRICT, NOW), Some(Denied::NotAllowed));
    let shown = actor(StaffSession { mfa: Mfa::Shown, ..ada });
    assert_eq!(denied::<ProductsRead>(&shown, &STRICT, NOW), None);
    let owner = actor(StaffSession { owner: true, ..session(&[]) });
    assert_eq!(denied::<ProductsRead>(&owner, &STRICT, NOW), Some(Denied::EnrolTotp));
}

#[test]
fn an_owner_has_everything_and_a_key_never_staff() {
    let owner = actor(StaffSession { owner: true, stepped_up_at: Some(NOW), ..session(&[]) });
    let all = key(Permissions::ALL);
    for permission in Permission::ALL {
        assert!(owner.may(*permission), "{permission}");
        let peoples =
            [Permission::StaffWrite, Permission::RolesWrite, Permission::ApiKeysWrite].contains(permission);
        assert_eq!(all.may(*permission), !peoples, "{permission}");
    }
    assert_eq!(denied::<Ownership>(&owner, &RULES, NOW), None);
    assert_eq!(denied::<StaffWrite>(&all, &RULES, NOW), Some(Denied::NotAllowed));
    assert_eq!(denied::<RolesWrite>(&all, &RULES, NOW), Some(Denied::NotAllowed));
    assert_eq!(denied::<ApiKeysWrite>(&all, &RULES, NOW), Some(Denied::NotAllowed));
    assert_eq!(denied::<Ownership>(&all, &RULES, NOW), Some(Denied::NotAllowed));
    assert_eq!(denied::<Oneself>(&all, &RULES, NOW), Some(Denied::NotAllowed));
    // A key has nothing to prove itself with, and what it may do it may do by itself.
    assert_eq!(denied::<OrdersRefund>(&all, &STRICT, NOW), None);
    assert_eq!(denied::<OrdersRefund>(&key(Permissions::NONE), &RULES, NOW), Some(Denied::NotAllowed));
}

#[test]
fn who_acts_reaches_a_log_by_id_alone() {
    let origin = Origin { network: Some("192.0.2.7".into()), request: Some("r-1".into()) };
    let text = format!("{:?}", Actor::staff(session(&[]), origin));
    assert!(text.contains("r-1") && text.contains(&session(&[]).id.to_string()), "{text}");
    assert!(!text.contains("Ada") && !text.contains("192.0.2.7"), "{text}");
}

#[test]
fn the_command_line_may_do_all_but_what_is_a_persons_own() {
    let command = Arc::new(Actor::command("root".into()));
    assert_eq!(denied::<StaffWrite>(&command, &STRICT, NOW), None);
    assert_eq!(denied::<Ownership>(&command, &STRICT, NOW), None);
    assert_eq!(denied::<Enrolment>(&command, &STRICT, NOW), Some(Denied::NotAllowed));
}

#[test]
fn a_set_is_kept_as_a_sorted_list_and_read_by_other_versions() {
    let set = Permissions::of(&[Permission::StaffRead, Permission::AuditRead, Permission::StaffRead]);
    let text = serde_json::to_string(&set).unwrap();
    assert_eq!(text, r#"["audit:read","staff:read"]"#);
    assert_eq!(serde_json::from_str::<Permissions>(&text).unwrap(), set);
    let newer = r#"["staff:read","coupons:write","audit:read"]"#;
    assert_eq!(serde_json::from_str::<Permissions>(newer).unwrap(), set);
    assert_eq!(format!("{set:?}"), r#"{"staff:read", "audit:read"}"#);
}

#[test]
fn sets_are_sets() {
    let one = Permissions::of(&[Permission::OrdersRead, Permission::OrdersWrite]);
    let other = Permissions::of(&[Permission::OrdersWrite, Permission::JobsRead]);
    assert_eq!(one.without(other).iter().collect::<Vec<_>>(), [Permission::OrdersRead]);
    assert!(one.with(other).contains_all(one) && !one.contains_all(other));
    assert!(Permissions::NONE.is_empty() && Permissions::ALL.contains_all(one));
    assert_eq!(Permissions::ALL.iter().count(), Permission::ALL.len());
}

#[test]
fn every_permission_has_a_name_of_its_own_that_is_read_back() {
    for permission in Permission::ALL {
        assert_eq!(Permission::from_name(permission.name()), Some(*permission));
    }
    assert_eq!(Permission::from_name("products"), None);
    let proven: Vec<_> = Permission::ALL.iter().filter(|p| p.wants_step_up()).map(|p| p.name()).collect();
    let expected = [
        "orders:refund",
        "customers:erase",
        "customers:export",
        "staff:write",
        "roles:write",
        "api_keys:write",
        "audit:export",
        "gift_cards:write",
    ];
    assert_eq!(proven, expected);
}
