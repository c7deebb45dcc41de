//! Roles, and that nobody gives what they do not have.

use crate::office::{Hand, Office, done, refused};
use serde_json::{Value, json};

const CREATE: &str = "mutation($input: RoleInput!) { roleCreate(input: $input) {
  role { id name permissions builtIn } userErrors { code field message } } }";
const UPDATE: &str = "mutation($id: ID!, $input: RoleInput!) { roleUpdate(id: $id, input: $input) {
  role { name permissions } userErrors { code field message } } }";
const DELETE: &str =
    "mutation($id: ID!) { roleDelete(id: $id) { deletedRoleId userErrors { code field message } } }";
const UNKNOWN: &str = "gid://stoa/Role/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f";

fn input(name: &str, permissions: &[&str]) -> Value {
    json!({ "input": { "name": name, "permissions": permissions } })
}

fn with_id(id: &str, mut variables: Value) -> Value {
    variables["id"] = json!(id);
    variables
}

async fn roles(office: &Office, by: &Hand) -> Vec<Value> {
    let query = "{ admin { roles { id name builtIn permissions } } }";
    office.ask(by, query, Value::Null).await["roles"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_role_is_made_changed_and_taken_away() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let made = office.ask(&owner, CREATE, input(" Readers ", &["products:read", "orders:read"])).await;
    let role = &made["role"];
    assert_eq!((&role["name"], &role["builtIn"]), (&json!("Readers"), &json!(false)));
    assert_eq!(role["permissions"], json!(["orders:read", "products:read"]));
    let id = role["id"].as_str().unwrap();
    refused(&office.ask(&owner, CREATE, input("READERS", &["orders:read"])).await, "TAKEN", "input.name");
    let changed = office.ask(&owner, UPDATE, with_id(id, input("Lookers", &["orders:read"]))).await;
    assert_eq!(changed["role"], json!({ "name": "Lookers", "permissions": ["orders:read"] }));
    assert_eq!(office.ask(&owner, DELETE, json!({ "id": id })).await["deletedRoleId"], id);
    refused(&office.ask(&owner, DELETE, json!({ "id": id })).await, "NOT_FOUND", "id");
    refused(&office.ask(&owner, DELETE, json!({ "id": "gid://shopify/Role/5" })).await, "NOT_FOUND", "id");
    for id in [UNKNOWN, "gid://shopify/Role/5"] {
        refused(
            &office.ask(&owner, UPDATE, with_id(id, input("X", &["orders:read"]))).await,
            "NOT_FOUND",
            "id",
        );
    }
}

#[tokio::test]
async fn a_role_that_breaks_a_rule_is_refused_by_its_place() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    for (name, permissions, code, field) in [
        ("", &["orders:read"][..], "BLANK", "input.name"),
        (&"x".repeat(256), &["orders:read"], "TOO_LONG", "input.name"),
        ("Nobodies", &[], "BLANK", "input.permissions"),
        ("Odd", &["orders:read", "orders:fly"], "INVALID", "input.permissions.1"),
    ] {
        refused(&office.ask(&owner, CREATE, input(name, permissions)).await, code, field);
    }
    let before = roles(&office, &owner).await;
    let built_in = before.iter().find(|role| role["builtIn"] == true).unwrap();
    let id = built_in["id"].as_str().unwrap();
    refused(
        &office.ask(&owner, UPDATE, with_id(id, input("Mine", &["orders:read"]))).await,
        "BUILT_IN",
        "id",
    );
    refused(&office.ask(&owner, DELETE, json!({ "id": id })).await, "BUILT_IN", "id");
    assert_eq!(roles(&office, &owner).await, before, "nothing has changed");
}

#[tokio::test]
async fn a_role_that_somebody_has_stays_and_nobody_gives_what_they_lack() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (eve, _) = office.hired(&owner, "eve@example.org", &["roles:write", "roles:read"]).await;
    office.prove(&eve).await;
    let hers = roles(&office, &eve).await.into_iter().find(|role| role["name"] == "eve@example.org").unwrap();
    let id = hers["id"].as_str().unwrap();
    refused(&office.ask(&owner, DELETE, json!({ "id": id })).await, "IN_USE", "id");
    let more = input("Refunds", &["orders:refund"]);
    refused(&office.ask(&eve, CREATE, more.clone()).await, "NOT_GRANTABLE", "input.permissions");
    let grown = input("eve@example.org", &["roles:write", "roles:read", "orders:refund"]);
    refused(&office.ask(&eve, UPDATE, with_id(id, grown)).await, "NOT_GRANTABLE", "input.permissions");
    done(&office.ask(&owner, CREATE, more).await);
}
