//! How much a key, an account and an operation may ask.

use crate::{
    office::{Hand, OWNER, Office, PASSWORD, code, hand, header_of},
    shop::{Plan, read},
};
use serde_json::{Value, json};
use std::num::NonZeroU32;
use stoa_api::http::AppSettings;

const NAME: &str = "{ __typename }";

async fn limited(change: impl FnOnce(&mut AppSettings)) -> Office {
    let mut api = AppSettings::default();
    change(&mut api);
    Office::build(Plan { api, ..Plan::default() }).await
}

/// Asks until it is too much; gives how often it was not.
async fn exhaust(office: &Office, by: &Hand) -> u32 {
    for n in 0..20 {
        let answer = office.send(&by.token, NAME, Value::Null).await;
        if answer.status() == 429 {
            assert!(header_of(answer.headers(), "retry-after").is_some());
            assert!(header_of(answer.headers(), "ratelimit").unwrap().starts_with("\"requests\";r=0;t="));
            assert_eq!(code(&read(answer).await), "THROTTLED");
            return n;
        }
        assert!(answer.status().is_success(), "{}", answer.status());
    }
    panic!("nothing was ever too much");
}

#[tokio::test]
async fn a_key_has_its_own_share() {
    let office = limited(|api| api.key_requests_per_minute = NonZeroU32::new(3)).await;
    let owner = office.proven_owner().await;
    let (key, _) = office.key(&owner, &["settings:read"]).await;
    let (other, _) = office.key(&owner, &["products:read"]).await;
    let first = office.send(&key.token, NAME, Value::Null).await;
    assert!(header_of(first.headers(), "ratelimit").unwrap().starts_with("\"requests\";r=2;t="));
    assert_eq!(header_of(first.headers(), "ratelimit-policy"), Some("\"requests\";q=3;w=60"));
    assert_eq!(exhaust(&office, &key).await, 2);
    assert_eq!(office.get(Some(&key), "/admin/mail/new_sign_in").await.status(), 429, "wherever it asks");
    assert_eq!(
        office.get(Some(&key), "/admin/audit.ndjson").await.status(),
        404,
        "but where nothing is for it"
    );
    assert_eq!(exhaust(&office, &other).await, 3);
    assert!(office.knows(&owner).await && office.knows(&owner).await);
}

#[tokio::test]
async fn a_sign_in_has_a_share_of_its_own_and_all_of_an_account_have_four() {
    let office = limited(|api| api.account_requests_per_minute = NonZeroU32::new(2)).await;
    let stolen = office.owner().await;
    let mut others = Vec::new();
    for _ in 0..4 {
        others.push(hand(&office.sign_in(OWNER, PASSWORD).await));
    }
    assert_eq!(exhaust(&office, &stolen).await, 2);
    for other in &others[..3] {
        assert_eq!(
            exhaust(&office, other).await,
            2,
            "who has stolen one does not keep the others from ending it"
        );
    }
    assert_eq!(exhaust(&office, &others[3]).await, 0);
    assert!(office.stranger("{ shop { name } }", Value::Null).await["name"].is_string(), "guests are others");
}

#[tokio::test]
async fn each_operation_of_a_batch_is_counted() {
    let office = limited(|api| api.key_requests_per_minute = NonZeroU32::new(3)).await;
    let owner = office.proven_owner().await;
    let (key, _) = office.key(&owner, &["products:read"]).await;
    let batch = Value::Array(vec![json!({ "query": NAME }); 5]);
    let answers = read(office.post(&key.token, &batch).await).await;
    let refused: Vec<bool> =
        answers.as_array().unwrap().iter().map(|one| one.get("errors").is_some()).collect();
    assert_eq!(refused, [false, false, false, true, true], "{answers}");
    assert_eq!(code(&answers[3]), "THROTTLED");
    assert_eq!(exhaust(&office, &key).await, 0);
}

#[tokio::test]
async fn nothing_is_for_nothing() {
    let plan = Plan { cost_per_minute: NonZeroU32::new(3), ..Plan::default() };
    let office = Office::build(plan).await;
    for n in 0..4 {
        let answer = office.send("", NAME, Value::Null).await;
        assert_eq!(answer.status() == 429, n == 3, "operation {n}");
    }
}

#[tokio::test]
async fn there_is_no_limit_on_an_account_unless_one_is_set() {
    let office = Office::open().await;
    let owner = office.owner().await;
    let answer = office.send(&owner.token, NAME, Value::Null).await;
    assert_eq!(header_of(answer.headers(), "ratelimit"), None);
}

#[tokio::test]
async fn operations_are_paid_for_by_their_cost() {
    let mut plan = Plan { cost_per_minute: NonZeroU32::new(100), ..Plan::default() };
    plan.api.limits.cost_extension = true;
    plan.api.key_requests_per_minute = NonZeroU32::new(600);
    let office = Office::build(plan).await;
    let owner = office.proven_owner().await;
    let (key, _) = office.key(&owner, &["api_keys:read"]).await;
    let list = "query($n: Int!) { admin { apiKeys(first: $n) { nodes { id } } } }";
    let answer = office.send(&key.token, list, json!({ "n": 40 })).await;
    let told: Vec<_> =
        answer.headers().get_all("ratelimit").iter().map(|v| v.to_str().unwrap().to_owned()).collect();
    assert_eq!(told.len(), 2, "the quota of requests beside that of costs: {told:?}");
    let body = read(answer).await;
    let cost = body["extensions"]["cost"]["requestedQueryCost"].as_u64().unwrap();
    assert!((40..=60).contains(&cost), "{body}");
    assert_eq!(body["extensions"]["cost"]["throttleStatus"]["maximumAvailable"], 100);
    assert_eq!(body["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"], 100 - cost);

    office.send(&key.token, list, json!({ "n": 40 })).await;
    let waits = office.send(&key.token, list, json!({ "n": 40 })).await;
    assert!(header_of(waits.headers(), "retry-after").is_some());
    assert_eq!(code(&read(waits).await), "THROTTLED");
    let never = office.send(&key.token, list, json!({ "n": 250 })).await;
    assert_eq!(header_of(never.headers(), "retry-after"), None);
    assert_eq!(code(&read(never).await), "QUERY_TOO_COSTLY");
    assert!(office.knows(&owner).await, "the owner has a share of their own");
}
