//! API keys: shown once, for what they are for, until they are over.

use crate::office::{Office, done, refused};
use chrono::TimeDelta;
use serde_json::{Value, json};
use stoa_domain::shared::Clock;

const CREATE: &str = "mutation($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) {
  secret apiKey { id name hint scopes expiresAt revokedAt lastUsedAt createdById } userErrors { code field message } } }";
const REVOKE: &str =
    "mutation($id: ID!) { apiKeyRevoke(id: $id) { apiKey { revokedAt } userErrors { code field message } } }";

fn new(name: &str, scopes: &[&str]) -> Value {
    json!({ "input": { "name": name, "scopes": scopes } })
}

#[tokio::test]
async fn a_key_is_shown_once_and_does_what_it_is_for() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let made = office.ask(&owner, CREATE, new("Till", &["roles:read", "products:read"])).await;
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("stoa_sk_"));
    assert!(secret.ends_with(made["apiKey"]["hint"].as_str().unwrap()));
    assert_eq!(made["apiKey"]["scopes"], json!(["products:read", "roles:read"]));

    let key = crate::office::Hand { token: secret.to_owned(), refresh: String::new() };
    let asked = "{ admin { access { id kind name permissions } roles { name } } }";
    let seen = office.ask(&key, asked, Value::Null).await;
    let access = json!({ "id": made["apiKey"]["id"], "kind": "API_KEY", "name": "Till", "permissions": ["products:read", "roles:read"] });
    assert_eq!(seen["access"], access);
    for closed in
        ["{ admin { me { recoveryCodesLeft } } }", "{ admin { apiKeys(first: 1) { nodes { id } } } }"]
    {
        assert_eq!(office.error(&key, closed, Value::Null).await, "GRAPHQL_VALIDATION_FAILED", "{closed}");
    }
    let list = "{ admin { apiKeys(first: 5) { nodes { name hint lastUsedAt revokedAt } } } }";
    let listed = office.answer(&owner, list, Value::Null).await;
    let node = &listed["data"]["admin"]["apiKeys"]["nodes"][0];
    assert!(node["lastUsedAt"].is_string() && node["revokedAt"].is_null(), "{listed}");
    assert!(!listed.to_string().contains(secret), "nobody can show it again");

    let id = json!({ "id": made["apiKey"]["id"] });
    assert!(office.ask(&owner, REVOKE, id.clone()).await["apiKey"]["revokedAt"].is_string());
    assert!(!office.knows(&key).await);
    refused(&office.ask(&owner, REVOKE, id).await, "NOT_FOUND", "id");
    refused(&office.ask(&owner, REVOKE, json!({ "id": "gid://shopify/ApiKey/5" })).await, "NOT_FOUND", "id");
}

#[tokio::test]
async fn a_key_may_come_where_clients_of_the_admin_api_put_it() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (key, _) = office.key(&owner, &["roles:read"]).await;
    let body = json!({ "query": "{ admin { access { kind } } }" }).to_string();
    let request = axum::http::Request::post("/api/2026-04/graphql.json")
        .header("content-type", "application/json")
        .header("x-shopify-access-token", &key.token)
        .body(axum::body::Body::from(body))
        .unwrap();
    let answer = crate::shop::read(office.shop.send(request).await).await;
    assert_eq!(answer["data"]["admin"]["access"]["kind"], "API_KEY");
}

#[tokio::test]
async fn a_key_ends_when_it_was_to() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let until = office.shop.clock.now() + TimeDelta::minutes(5);
    let mut input = new("Till", &["roles:read"]);
    input["input"]["expiresAt"] = json!(until.to_rfc3339());
    let made = office.ask(&owner, CREATE, input).await;
    done(&made);
    let key =
        crate::office::Hand { token: made["secret"].as_str().unwrap().to_owned(), refresh: String::new() };
    assert!(office.knows(&key).await);
    office.shop.wait(TimeDelta::minutes(5));
    assert!(!office.knows(&key).await);
}

#[tokio::test]
async fn a_key_that_breaks_a_rule_is_refused_by_its_place() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    for (name, scopes, code, field) in [
        (" ", &["orders:read"][..], "BLANK", "input.name"),
        (&"x".repeat(256), &["orders:read"], "TOO_LONG", "input.name"),
        ("Till", &[], "BLANK", "input.scopes"),
        ("Till", &["orders:fly"], "INVALID", "input.scopes.0"),
        ("Till", &["orders:read", "staff:write"], "NOT_GRANTABLE", "input.scopes"),
    ] {
        refused(&office.ask(&owner, CREATE, new(name, scopes)).await, code, field);
    }
    let mut over = new("Till", &["orders:read"]);
    over["input"]["expiresAt"] = json!("2020-01-01T00:00:00Z");
    refused(&office.ask(&owner, CREATE, over.clone()).await, "INVALID", "input.expiresAt");
    over["input"]["expiresAt"] = json!("tomorrow");
    let answer = office.answer(&owner, CREATE, over).await;
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("ISO 8601"), "{answer}");

    let (eve, _) = office.hired(&owner, "eve@example.org", &["api_keys:write", "orders:read"]).await;
    office.prove(&eve).await;
    let more = office.ask(&eve, CREATE, new("Till", &["orders:refund"])).await;
    refused(&more, "NOT_GRANTABLE", "input.scopes");
    done(&office.ask(&eve, CREATE, new("Till", &["orders:read"])).await);
}

#[tokio::test]
async fn whoever_goes_leaves_keys_that_work_and_that_are_named() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (eve, id) = office.hired(&owner, "eve@example.org", &["api_keys:write", "products:read"]).await;
    office.prove(&eve).await;
    let made = office.ask(&eve, CREATE, new("Till", &["products:read"])).await;
    let key =
        crate::office::Hand { token: made["secret"].as_str().unwrap().to_owned(), refresh: String::new() };
    let list = "{ admin { apiKeys(first: 5) { nodes { id makerGone } } } }";
    let listed = async || office.ask(&owner, list, Value::Null).await["apiKeys"]["nodes"].clone();
    assert_eq!(listed().await, json!([{ "id": made["apiKey"]["id"], "makerGone": false }]));

    let left = json!([{ "id": made["apiKey"]["id"], "name": "Till", "makerGone": true }]);
    let keys = "apiKeys { id name makerGone } userErrors { code field message }";
    let act = |name: &str| format!("mutation($id: ID!) {{ {name}(id: $id) {{ {keys} }} }}");
    let who = json!({ "id": id });
    // Who may shut people out and not read keys is told nothing of them.
    let (mal, _) = office.hired(&owner, "mal@example.org", &["staff:write"]).await;
    office.prove(&mal).await;
    let disabled = office.ask(&mal, &act("staffMemberDisable"), who.clone()).await;
    done(&disabled);
    assert!(disabled["apiKeys"].is_null(), "{disabled}");
    let disabled = office.ask(&owner, &act("staffMemberDisable"), who.clone()).await;
    assert_eq!(disabled["apiKeys"], left, "again changes nothing, and tells");
    let removed = office.ask(&owner, &act("staffMemberRemove"), who.clone()).await;
    done(&removed);
    assert_eq!(removed["apiKeys"], left);
    let gone = office.ask(&owner, &act("staffMemberRemove"), who).await;
    assert!(gone["apiKeys"].is_null(), "{gone}");
    refused(&gone, "NOT_FOUND", "id");
    assert_eq!(listed().await[0]["makerGone"], true);
    assert!(office.knows(&key).await, "the till goes on");
}
