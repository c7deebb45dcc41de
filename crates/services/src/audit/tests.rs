//! The log: what is in it, and that it shows what was done to it.

use crate::{
    doctor::Treatment,
    staff::{Acceptance, Invitation, NewOwner, OwnerCreated, StepUpProof},
    testing::{PASSWORD, TestShop, address, client},
};
use secrecy::ExposeSecret;
use serde_json::Value;
use std::sync::Arc;
use stoa_domain::{
    access::{
        Actor, Denied, Grant, Permission, Permissions, Permit,
        grants::{AuditExport, AuditRead, Ownership, RolesWrite, StaffWrite},
    },
    account::SessionKind,
    audit::Head,
    shared::page::PageRequest,
    staff::StaffName,
};
use stoa_persistence::audit::AuditListing;

const OWNER: &str = "owner@example.org";

fn permit<G: Grant>(shop: &TestShop, actor: &Arc<Actor>) -> Result<Permit<G>, Denied> {
    actor.permit(&shop.ctx().settings.accounts.staff_access, shop.ctx().now())
}

/// A shop with an owner, who has just proved who they are.
async fn begun() -> (TestShop, Arc<Actor>) {
    let shop = TestShop::open().await;
    let machine = permit::<Ownership>(&shop, &Arc::new(Actor::command("root".into()))).unwrap();
    let new = NewOwner { email: address(OWNER), replace: false, locale: None };
    let OwnerCreated::Link(link) = shop.services.create_owner.run(&machine, &new).await.unwrap() else {
        panic!("nobody was on the staff");
    };
    let token = link.address.expose_secret().rsplit_once('/').unwrap().1.into();
    let name = StaffName::parse("Ada Lovelace").unwrap();
    let joining = Acceptance { token, name, password: PASSWORD.into(), kind: SessionKind::Tokens };
    let shown = shop.services.accept_invitation.run(&joining, &client(2)).await.unwrap();
    let actor = shop.caller(&shown).await.unwrap().actor.unwrap();
    let proof = StepUpProof { password: PASSWORD, code: None };
    shop.services.step_up.run(&permit(&shop, &actor).unwrap(), proof, &client(2)).await.unwrap();
    let owner = shop.caller(&shown).await.unwrap().actor.unwrap();
    (shop, owner)
}

async fn problems(services: &crate::Services) -> Vec<(&'static str, String)> {
    let found = services.doctor.examine(&Actor::command("root".into()), Treatment::default()).await.unwrap();
    found.into_iter().map(|finding| (finding.check, finding.problem)).collect()
}

#[tokio::test]
async fn the_log_says_who_did_what_and_what_it_was_before() {
    let (shop, owner) = begun().await;
    let by = permit::<RolesWrite>(&shop, &owner).unwrap();
    let roles = &shop.services.roles;
    let role = roles.create(&by, ("Till", Permissions::of(&[Permission::OrdersRead]))).await.unwrap();
    roles.update(&by, role.id, ("Till", Permissions::of(&[Permission::JobsRead]))).await.unwrap();
    roles.update(&by, role.id, ("Till", Permissions::of(&[Permission::JobsRead]))).await.unwrap();
    let log = &shop.services.audit_log;
    let of_role = AuditListing { subject_id: Some(role.id.to_string()), ..AuditListing::default() };
    let reads = permit::<AuditRead>(&shop, &owner).unwrap();
    let page = log.list(&reads, &of_role, &PageRequest::first(9)).await.unwrap();
    let entries: Vec<_> = page.nodes().cloned().collect();
    let actions: Vec<&str> = entries.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["role.create", "role.update"], "what changes nothing is not in it");
    let changed = &entries[1];
    assert_eq!(
        changed.changes,
        r#"[{"after":["jobs:read"],"before":["orders:read"],"field":"permissions"}]"#
    );
    assert_eq!((changed.actor.kind.as_str(), changed.actor.name.as_str()), ("staff", "Ada Lovelace"));
    assert_eq!(changed.actor.network, client(1).network(), "from where the request came");

    let all = log.list(&reads, &AuditListing::default(), &PageRequest::first(99)).await.unwrap();
    let all: Vec<_> = all.nodes().cloned().collect();
    let first: Vec<_> = all.iter().take(4).map(|e| (e.action.as_str(), e.actor.kind.as_str())).collect();
    let expected = [
        ("role.built_in", "system"),
        ("staff.create_owner", "command"),
        ("staff.accept", "staff"),
        ("staff.step_up", "staff"),
    ];
    assert_eq!(first, expected);
    let text = format!("{:?}", all.iter().map(|entry| &entry.changes).collect::<Vec<_>>());
    assert!(!text.contains(OWNER) && !text.contains(PASSWORD) && !text.contains("Lovelace"), "{text}");
}

#[tokio::test]
async fn what_is_refused_is_not_in_the_log_and_nothing_else_is_missing() {
    let (shop, owner) = begun().await;
    let by = permit::<RolesWrite>(&shop, &owner).unwrap();
    let seq = async || shop.services.audit_log.head().await.unwrap().seq;
    let before = seq().await;
    let some = Permissions::of(&[Permission::JobsRead]);
    let roles = &shop.services.roles;
    let (a, b) = tokio::join!(roles.create(&by, ("Till", some)), roles.create(&by, ("TILL", some)));
    assert_eq!([&a, &b].into_iter().filter(|one| one.is_ok()).count(), 1, "{a:?} {b:?}");
    assert_eq!(seq().await, before + 1);
    assert_eq!(problems(&shop.services).await, []);
}

#[tokio::test]
async fn the_doctor_knows_a_log_that_was_not_written_with_our_keys() {
    let (shop, _) = begun().await;
    assert_eq!(problems(&shop.services).await, [], "nothing is wrong with it");
    let strangers = problems(&shop.estranged().await).await;
    let chain: Vec<_> = strangers.iter().filter(|(check, _)| *check == "audit.chain").collect();
    assert!(chain.len() == 1 && chain[0].1.contains("row 1"), "{strangers:?}");
}

#[tokio::test]
async fn a_shop_without_staff_is_well_and_one_without_an_owner_is_not() {
    let shop = TestShop::open().await;
    assert_eq!(problems(&shop.services).await, []);
    assert_eq!(shop.services.audit_log.head().await.unwrap(), Head::START);
    let machine = permit::<StaffWrite>(&shop, &Arc::new(Actor::command("root".into()))).unwrap();
    let asked = Invitation { email: address(OWNER), name: None, roles: Vec::new(), locale: None };
    shop.services.invite_staff.run(&machine, &asked).await.unwrap();
    assert_eq!(problems(&shop.services).await, [], "nobody has joined");
    let token = shop.staff_token(OWNER, "accept").await.into();
    let name = StaffName::parse("Ada Lovelace").unwrap();
    let joining = Acceptance { token, name, password: PASSWORD.into(), kind: SessionKind::Cookie };
    shop.services.accept_invitation.run(&joining, &client(2)).await.unwrap();
    let found = problems(&shop.services).await;
    assert!(found.len() == 1 && found[0].0 == "staff.owner", "{found:?}");
}

#[tokio::test]
async fn the_log_goes_out_line_by_line_with_its_end() {
    let (shop, owner) = begun().await;
    let by = permit::<RolesWrite>(&shop, &owner).unwrap();
    for n in 0..510 {
        let name = format!("Role {n}");
        let allows = Permissions::of(&[Permission::JobsRead]);
        shop.services.roles.create(&by, (&name, allows)).await.unwrap();
    }
    let taking_out = permit::<AuditExport>(&shop, &owner).unwrap();
    let mut export = shop.services.export_audit_log.begin(&taking_out).await.unwrap();
    let mut text = String::new();
    while let Some(lines) = export.next().await.unwrap() {
        text += &lines;
    }
    assert!(text.ends_with('\n'));
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let head = shop.services.audit_log.head().await.unwrap();
    let rows = &lines[..lines.len() - 1];
    assert_eq!(rows.len(), usize::try_from(head.seq).unwrap());
    assert_eq!(rows.last().unwrap()["action"], "audit.export", "that it was taken out is in it");
    for (n, row) in rows.iter().enumerate() {
        assert_eq!(row["seq"], (n + 1).to_string());
        let before = if n == 0 { Head::START.hash.to_string().into() } else { rows[n - 1]["hash"].clone() };
        assert_eq!(row["prev_hash"], before, "{n}");
    }
    let end = &lines.last().unwrap()["head"];
    assert_eq!((&end["seq"], &end["hash"]), (&head.seq.to_string().into(), &head.hash.to_string().into()));
}

#[tokio::test]
async fn an_end_that_was_kept_elsewhere_shows_what_was_cut_off_with_its_head() {
    let (shop, owner) = begun().await;
    let by = permit::<RolesWrite>(&shop, &owner).unwrap();
    let before = shop.services.audit_log.head().await.unwrap();
    shop.services.roles.create(&by, ("Till", Permissions::of(&[Permission::JobsRead]))).await.unwrap();
    let kept = shop.services.audit_log.head().await.unwrap();
    let doctor = &shop.services.doctor;
    for known in [before, kept] {
        assert_eq!(doctor.audit_end(known).await.unwrap(), None, "rows are added behind it");
    }
    // What a log looks like to whoever kept the end of rows that are gone, or were written anew.
    for known in [Head { seq: kept.seq + 1, ..kept }, Head { hash: before.hash, ..kept }] {
        let found = doctor.audit_end(known).await.unwrap().unwrap();
        assert_eq!(found.check, "audit.end");
    }
}
