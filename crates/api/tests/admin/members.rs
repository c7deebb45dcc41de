//! Who is on the staff: asked, shut out, let in, taken off, and given the shop.

use crate::office::{NOBODY, OTHER_PASSWORD, OWNER, Office, PASSWORD, done, hand, refused};
use serde_json::{Value, json};
use std::slice;

/// A mutation of one member of staff.
fn act(name: &str, selection: &str) -> String {
    format!("mutation($id: ID!) {{ {name}(id: $id) {{ {selection} userErrors {{ code field message }} }} }}")
}

#[tokio::test]
async fn somebody_is_asked_joins_and_is_shown() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let role = office.role(&owner, "Readers", &["products:read", "staff:read"]).await;
    let invited = office.invite(&owner, "eve@example.org", slice::from_ref(&role)).await;
    assert_eq!(invited["staffMember"]["state"], "INVITED");
    assert_eq!(invited["staffMember"]["roleIds"], json!([role]));
    done(&office.invite(&owner, "eve@example.org", &[role]).await);
    let link = office.mailed("eve@example.org", "staff/accept").await;
    let eve = hand(&office.accept(&link, "Eve", PASSWORD).await);
    refused(&office.invite(&owner, "EVE@example.org", &[]).await, "TAKEN", "input.email");

    let list = "{ admin { staffMembers(first: 1) { nodes { email } pageInfo { hasNextPage endCursor } } } }";
    let page = office.ask(&eve, list, Value::Null).await["staffMembers"].clone();
    assert_eq!(page["nodes"], json!([{ "email": OWNER }]));
    let next = "query($after: String) { admin { staffMembers(first: 5, after: $after) {
      edges { cursor node { id email name state sessions(first: 5) { nodes { current } } } } pageInfo { hasNextPage } } } }";
    let page = office.ask(&eve, next, json!({ "after": page["pageInfo"]["endCursor"] })).await;
    let node = &page["staffMembers"]["edges"][0]["node"];
    assert_eq!((&node["name"], &node["state"]), (&json!("Eve"), &json!("ENABLED")));
    assert_eq!(node["sessions"]["nodes"], json!([{ "current": true }]));
    let one = "query($id: ID!) { admin { staffMember(id: $id) { email } } }";
    let found = office.ask(&eve, one, json!({ "id": node["id"] })).await;
    assert_eq!(found["staffMember"]["email"], "eve@example.org");
    assert_eq!(office.ask(&eve, one, json!({ "id": NOBODY })).await["staffMember"], Value::Null);
    assert_eq!(office.error(&eve, one, json!({ "id": "gid://stoa/Order/5" })).await, "INVALID_ID");
}

#[tokio::test]
async fn nobody_is_asked_to_what_the_asker_may_not_do() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    refused(&office.invite(&owner, "no address", &[]).await, "INVALID", "input.email");
    let unknown = "gid://stoa/Role/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f".to_owned();
    refused(&office.invite(&owner, "eve@example.org", &[unknown]).await, "NOT_FOUND", "input.roleIds");
    let foreign = "gid://shopify/Role/5".to_owned();
    refused(&office.invite(&owner, "eve@example.org", &[foreign]).await, "NOT_FOUND", "input.roleIds.0");

    let (eve, eve_id) = office.hired(&owner, "eve@example.org", &["staff:write"]).await;
    let more = office.role(&owner, "Refunds", &["orders:refund"]).await;
    let query =
        "mutation { staffInvite(input: { email: \"a@example.org\", roleIds: [] }) { userErrors { code } } }";
    assert_eq!(office.error(&eve, query, Value::Null).await, "STEP_UP_REQUIRED");
    office.prove(&eve).await;
    refused(
        &office.invite(&eve, "mal@example.org", slice::from_ref(&more)).await,
        "NOT_GRANTABLE",
        "input.roleIds",
    );
    let set = "mutation($id: ID!, $roles: [ID!]!) { staffMemberRolesSet(id: $id, roleIds: $roles) {
      staffMember { roleIds } userErrors { code field message } } }";
    let herself = office.ask(&eve, set, json!({ "id": eve_id, "roles": [more] })).await;
    refused(&herself, "NOT_GRANTABLE", "roleIds");
    let fewer = office.ask(&owner, set, json!({ "id": eve_id, "roles": [more] })).await;
    assert_eq!(fewer["staffMember"]["roleIds"], json!([more]));
    refused(&office.ask(&owner, set, json!({ "id": NOBODY, "roles": [] })).await, "NOT_FOUND", "id");
}

#[tokio::test]
async fn somebody_is_shut_out_let_in_reset_and_taken_off() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (eve, id) = office.hired(&owner, "eve@example.org", &["products:read"]).await;
    let id = json!({ "id": id });
    let state = "staffMember { state }";

    let ended = office.ask(&owner, &act("staffMemberSessionsEnd", "endedSessions"), id.clone()).await;
    assert_eq!(ended["endedSessions"], 1);
    assert!(!office.knows(&eve).await);
    let eve = hand(&office.sign_in("eve@example.org", PASSWORD).await);

    let disabled = office.ask(&owner, &act("staffMemberDisable", state), id.clone()).await;
    assert_eq!(disabled["staffMember"]["state"], "DISABLED");
    assert!(!office.knows(&eve).await);
    refused(&office.sign_in("eve@example.org", PASSWORD).await, "UNIDENTIFIED", "");
    let enabled = office.ask(&owner, &act("staffMemberEnable", state), id.clone()).await;
    assert_eq!(enabled["staffMember"]["state"], "ENABLED");

    done(&office.ask(&owner, &act("staffMemberReset", ""), id.clone()).await);
    let reset = "mutation($t: String!, $p: String!) { staffPasswordReset(input: { token: $t, password: $p }) { userErrors { code field } } }";
    let link = office.mailed("eve@example.org", "staff/reset").await;
    done(&office.stranger(reset, json!({ "t": link, "p": OTHER_PASSWORD })).await);
    done(&office.sign_in("eve@example.org", OTHER_PASSWORD).await);
    let (mal, _) = office.hired(&owner, "mal@example.org", &["staff:write"]).await;
    office.prove(&mal).await;
    refused(&office.ask(&mal, &act("staffMemberReset", ""), id.clone()).await, "NOT_GRANTABLE", "id");
    done(&office.ask(&mal, &act("staffMemberDisable", ""), id.clone()).await);
    refused(&office.ask(&mal, &act("staffMemberEnable", ""), id.clone()).await, "NOT_GRANTABLE", "id");
    let removed = office.ask(&owner, &act("staffMemberRemove", "removedStaffMemberId"), id.clone()).await;
    assert_eq!(removed["removedStaffMemberId"], id["id"]);
    for name in ["staffMemberRemove", "staffMemberDisable", "staffMemberEnable", "staffMemberReset"] {
        refused(&office.ask(&owner, &act(name, ""), id.clone()).await, "NOT_FOUND", "id");
        let foreign = json!({ "id": "gid://shopify/StaffMember/5" });
        refused(&office.ask(&owner, &act(name, ""), foreign).await, "NOT_FOUND", "id");
    }
}

#[tokio::test]
async fn an_invitation_that_nobody_has_answered_is_not_let_in_by_hand() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let invited = office.invite(&owner, "eve@example.org", &[]).await;
    let id = json!({ "id": invited["staffMember"]["id"] });
    refused(&office.ask(&owner, &act("staffMemberEnable", ""), id.clone()).await, "INVALID_STATE", "id");
    refused(&office.ask(&owner, &act("staffMemberReset", ""), id).await, "NOT_FOUND", "id");
}

#[tokio::test]
async fn nothing_takes_the_shop_from_its_owner_but_giving_it_away() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (eve, eve_id) = office.hired(&owner, "eve@example.org", &["staff:write", "staff:read"]).await;
    office.prove(&eve).await;
    let list = "{ admin { staffMembers(first: 1) { nodes { id isShopOwner } } } }";
    let first = office.ask(&eve, list, Value::Null).await["staffMembers"]["nodes"][0].clone();
    assert_eq!(first["isShopOwner"], true);
    let id = json!({ "id": first["id"] });
    for name in ["staffMemberDisable", "staffMemberRemove", "staffMemberReset", "staffMemberSessionsEnd"] {
        refused(&office.ask(&eve, &act(name, ""), id.clone()).await, "OWNER_PROTECTED", "id");
    }
    let set = "mutation($id: ID!) { staffMemberRolesSet(id: $id, roleIds: []) { userErrors { code field message } } }";
    refused(&office.ask(&eve, set, id.clone()).await, "OWNER_PROTECTED", "id");

    let transfer = "mutation($id: ID!) { staffOwnershipTransfer(staffMemberId: $id) { userErrors { code field message } } }";
    let unknown = office.error(&eve, transfer, json!({ "id": eve_id })).await;
    assert_eq!(unknown, "GRAPHQL_VALIDATION_FAILED", "who is no owner does not know of it");
    let invited = office.invite(&owner, "mal@example.org", &[]).await;
    let too_early = office.ask(&owner, transfer, json!({ "id": invited["staffMember"]["id"] })).await;
    refused(&too_early, "NOT_ENABLED", "staffMemberId");
    refused(
        &office.ask(&owner, transfer, json!({ "id": "gid://shopify/StaffMember/5" })).await,
        "NOT_FOUND",
        "staffMemberId",
    );
    done(&office.ask(&owner, transfer, json!({ "id": eve_id })).await);
    assert_eq!(
        office.error(&owner, transfer, json!({ "id": first["id"] })).await,
        "GRAPHQL_VALIDATION_FAILED"
    );
    done(&office.ask(&eve, transfer, json!({ "id": first["id"] })).await);
}
