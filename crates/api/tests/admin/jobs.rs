//! Jobs and settings.

use crate::office::{Office, refused};
use serde_json::{Value, json};

#[tokio::test]
async fn jobs_are_listed_and_only_those_that_were_given_up_are_decided_about() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    office.invite(&owner, "eve@example.org", &[]).await;
    let (key, _) = office.key(&owner, &["jobs:read", "jobs:write"]).await;
    let list = "query($s: AdminJobState) { admin { jobs(first: 10, state: $s) { nodes { id kind state attempts payload } } } }";
    let waiting = office.ask(&key, list, json!({ "s": "WAITING" })).await;
    let job = &waiting["jobs"]["nodes"][0];
    assert_eq!(job["kind"], "mail.account");
    assert_eq!(office.ask(&key, list, json!({ "s": "DEAD" })).await["jobs"]["nodes"], json!([]));
    for name in ["jobRetry", "jobDiscard"] {
        let act = format!(
            "mutation($id: ID!) {{ {name}(id: $id) {{ job {{ state }} userErrors {{ code field message }} }} }}"
        );
        refused(&office.ask(&key, &act, json!({ "id": job["id"] })).await, "NOT_DEAD", "id");
        refused(&office.ask(&key, &act, json!({ "id": "gid://shopify/Job/5" })).await, "NOT_FOUND", "id");
    }
}

#[tokio::test]
async fn settings_are_read_and_hold_no_secret() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (key, _) = office.key(&owner, &["settings:read"]).await;
    let query = "{ admin { settings { name currencyCode countryCode deliveryPrice { amount } payWithinMinutes stepUpMinutes requireTotp language } } }";
    let seen = office.ask(&key, query, Value::Null).await;
    let wanted = json!({ "name": "Test <Shop>", "currencyCode": "EUR", "countryCode": "DE", "deliveryPrice": { "amount": "5.00" },
                         "payWithinMinutes": 60, "stepUpMinutes": 10, "requireTotp": false, "language": "en" });
    assert_eq!(seen["settings"], wanted);
}
