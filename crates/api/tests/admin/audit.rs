//! The audit log, read and taken out.

use crate::{
    office::{Hand, NOBODY, Office, code},
    shop::{bytes, read},
};
use serde_json::{Value, json};

const LOG: &str = "query($filter: AuditFilter, $first: Int, $after: String, $reverse: Boolean) {
  admin { auditLog(first: $first, after: $after, filter: $filter, reverse: $reverse) {
    nodes { sequence at action actorId actorKind actorName subjectType subjectId changes sessionId requestId }
    pageInfo { hasNextPage endCursor } } auditLogHead { sequence hash } } }";

async fn log(office: &Office, by: &Hand, variables: Value) -> Value {
    office.ask(by, LOG, variables).await
}

fn actions(page: &Value) -> Vec<&str> {
    let nodes = page["auditLog"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["action"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_staff_have_done_is_read_and_filtered() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let role = office.role(&owner, "Readers", &["products:read"]).await;
    let all = log(&office, &owner, json!({ "first": 50 })).await;
    assert_eq!(actions(&all)[..2], ["role.create", "staff.step_up"], "the latest first");
    let newest = &all["auditLog"]["nodes"][0];
    assert_eq!((&newest["actorKind"], &newest["actorName"]), (&json!("staff"), &json!("Olga Owner")));
    assert_eq!(
        (&newest["subjectType"], &newest["subjectId"]),
        (&json!("Role"), &json!(role.rsplit('/').next()))
    );
    assert!(newest["requestId"].is_string() && newest["sessionId"].is_string(), "{newest}");
    let changes: Value = serde_json::from_str(newest["changes"].as_str().unwrap()).unwrap();
    assert_eq!(changes[1], json!({ "field": "permissions", "before": [], "after": ["products:read"] }));
    assert_eq!(all["auditLogHead"]["sequence"], newest["sequence"]);

    let oldest = log(&office, &owner, json!({ "first": 1, "reverse": false })).await;
    assert_eq!(oldest["auditLog"]["nodes"][0]["sequence"], "1");
    let after = &oldest["auditLog"]["pageInfo"]["endCursor"];
    let second = log(&office, &owner, json!({ "first": 1, "reverse": false, "after": after })).await;
    assert_eq!(second["auditLog"]["nodes"][0]["sequence"], "2");

    let of = async |filter: Value| {
        actions(&log(&office, &owner, json!({ "first": 50, "filter": filter })).await).len()
    };
    assert_eq!(of(json!({ "action": "role.create" })).await, 1);
    assert_eq!(of(json!({ "subjectType": "Role" })).await, 1);
    assert!(of(json!({ "actorId": newest["actorId"] })).await >= 3);
    assert_eq!(of(json!({ "actorId": NOBODY })).await, 0);
    assert_eq!(of(json!({ "actorId": "gid://shopify/StaffMember/5" })).await, 0);
    assert_eq!(of(json!({ "from": "2099-01-01T00:00:00Z" })).await, 0);
    assert_eq!(of(json!({ "until": "2099-01-01T00:00:00Z" })).await, actions(&all).len());
    let wrong = json!({ "first": 1, "filter": { "actorId": "gid://stoa/Order/5" } });
    assert_eq!(office.error(&owner, LOG, wrong).await, "INVALID_ID");
}

#[tokio::test]
async fn the_log_is_taken_out_line_by_line_with_its_end() {
    let office = Office::open().await;
    let owner = office.owner().await;
    let early = office.get(Some(&owner), "/admin/audit.ndjson").await;
    assert_eq!(early.status(), 403);
    assert_eq!(code(&read(early).await), "STEP_UP_REQUIRED");
    office.prove(&owner).await;
    let taken = office.get(Some(&owner), "/admin/audit.ndjson").await;
    assert_eq!(taken.status(), 200);
    assert_eq!(taken.headers()["content-type"], "application/x-ndjson");
    assert_eq!(taken.headers()["cache-control"], "no-store");
    let text = String::from_utf8(bytes(taken).await).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (end, entries) = lines.split_last().unwrap();
    assert_eq!(entries.last().unwrap()["action"], "audit.export", "that it was taken out is in it");
    assert_eq!(end["head"]["seq"], entries.last().unwrap()["seq"]);
    assert_eq!(end["head"]["hash"], entries.last().unwrap()["hash"]);
    assert_eq!(entries.len().to_string(), end["head"]["seq"].as_str().unwrap());
}

#[tokio::test]
async fn to_who_may_not_take_it_out_there_is_nothing() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (reader, _) = office.key(&owner, &["audit:read"]).await;
    let (exporter, _) = office.key(&owner, &["audit:export"]).await;
    let nothing = office.get(None, "/admin/nothing").await;
    assert_eq!(nothing.status(), 404);
    let nothing = read(nothing).await;
    let made_up = Hand { token: "stoa_sk_nonsense".into(), refresh: String::new() };
    for by in [None, Some(&made_up), Some(&reader)] {
        let answer = office.get(by, "/admin/audit.ndjson").await;
        assert_eq!(answer.status(), 404);
        assert_eq!(read(answer).await, nothing);
    }
    assert_eq!(office.get(Some(&exporter), "/admin/audit.ndjson").await.status(), 200);
}

#[tokio::test]
async fn to_ask_what_the_log_would_be_is_not_to_take_it_out() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let head = http::Request::head("/admin/audit.ndjson")
        .header("authorization", format!("Bearer {}", owner.token))
        .body(axum::body::Body::empty())
        .unwrap();
    let answer = office.shop.send(head).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/x-ndjson");
    assert!(bytes(answer).await.is_empty());
    let filter = json!({ "first": 5, "filter": { "action": "audit.export" } });
    assert!(actions(&log(&office, &owner, filter).await).is_empty());
}

#[tokio::test]
async fn whoever_is_signed_out_meanwhile_does_not_get_the_log() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (eve, eve_id) = office.hired(&owner, "eve@example.org", &["audit:export"]).await;
    office.prove(&eve).await;
    let begun = office.get(Some(&eve), "/admin/audit.ndjson").await;
    assert_eq!(begun.status(), 200);
    let disable = "mutation($id: ID!) { staffMemberDisable(id: $id) { userErrors { code } } }";
    office.ask(&owner, disable, json!({ "id": eve_id })).await;
    assert!(axum::body::to_bytes(begun.into_body(), usize::MAX).await.is_err(), "it breaks off");
}
