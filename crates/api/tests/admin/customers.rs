//! Customers and their groups, as staff see and change them.

use crate::office::{Hand, Office, PASSWORD, done, refused};
use serde_json::{Value, json};

const LIST: &str = "query($q: String) { admin { customers(first: 10, query: $q) { nodes {
  id email state displayName tags note groups { name } } } } }";
const NOBODY: &str = "gid://stoa/Customer/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f";

/// An office, somebody who reads and writes customers, and a customer who has registered and proved their address.
async fn with_ada() -> (Office, Hand, String, String) {
    let (office, _, key, id, token) = with_ada_and_owner().await;
    (office, key, id, token)
}

/// The same with the owner, who has proved who they are.
pub(crate) async fn with_ada_and_owner() -> (Office, Hand, Hand, String, String) {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (key, _) = office.key(&owner, &["customers:read", "customers:write", "customers:erase"]).await;
    let register =
        "mutation($i: CustomerCreateInput!) { customerCreate(input: $i) { customerUserErrors { code } } }";
    office.stranger(register, json!({ "i": { "email": "ada@example.org", "password": PASSWORD, "firstName": "Ada", "lastName": "Lovelace" } })).await;
    let link = office.mailed("ada@example.org", "account/activate").await;
    let activate =
        "mutation($i: CustomerActivateInput!) { customerActivate(id: \"gid://stoa/Customer/me\", input: $i) {
      customer { id } customerAccessToken { accessToken } customerUserErrors { code } } }";
    let begun =
        office.stranger(activate, json!({ "i": { "activationToken": link, "password": PASSWORD } })).await;
    let listed = office.ask(&key, LIST, json!({ "q": "email:ada@example.org" })).await;
    let id = listed["customers"]["nodes"][0]["id"].as_str().unwrap_or_else(|| panic!("{listed} {begun}"));
    let token = begun["customerAccessToken"]["accessToken"].as_str().unwrap().to_owned();
    let id = id.to_owned();
    (office, owner, key, id, token)
}

fn act(name: &str, argument: &str) -> String {
    format!(
        "mutation($id: ID!) {{ {name}({argument}: $id) {{ customer {{ state }} userErrors {{ code field message }} }} }}"
    )
}

#[tokio::test]
async fn customers_are_found_read_and_described() {
    let (office, key, id, _) = with_ada().await;
    let update =
        "mutation($id: ID!, $i: CustomerDetailsUpdateInput!) { customerDetailsUpdate(id: $id, input: $i) {
      customer { firstName lastName note tags locale } userErrors { code field message } } }";
    let input = json!({ "note": "likes blue", "tags": ["vip", "wholesale"], "locale": "fr" });
    let changed = office.ask(&key, update, json!({ "id": id, "i": input })).await;
    assert_eq!(
        changed["customer"],
        json!({ "firstName": "Ada", "lastName": "Lovelace", "note": "likes blue", "tags": ["vip", "wholesale"], "locale": "fr" })
    );
    for (query, count) in
        [("lovelace", 1), ("tag:vip", 1), ("state:enabled", 1), ("state:pending", 0), ("tag:other", 0)]
    {
        let found = office.ask(&key, LIST, json!({ "q": query })).await;
        assert_eq!(found["customers"]["nodes"].as_array().unwrap().len(), count, "{query}");
    }
    assert_eq!(office.error(&key, LIST, json!({ "q": "colour:red" })).await, "BAD_USER_INPUT");
    let refused_as = async |input: Value, code: &str, field: &str| {
        refused(&office.ask(&key, update, json!({ "id": id, "i": input })).await, code, field);
    };
    refused_as(json!({ "firstName": "<b>" }), "INVALID", "input.firstName").await;
    refused_as(json!({ "locale": "nl" }), "INVALID", "input.locale").await;
    refused_as(json!({ "tags": ["x".repeat(300)] }), "INVALID", "input.tags").await;
    refused_as(json!({ "note": "x".repeat(5_001) }), "TOO_LONG", "input.note").await;
    refused_as(json!({ "taxNumber": "1".repeat(33) }), "TOO_LONG", "input.taxNumber").await;
    let taxed =
        "mutation($id: ID!, $i: CustomerDetailsUpdateInput!) { customerDetailsUpdate(id: $id, input: $i) {
      customer { taxExempt taxNumber } userErrors { code field message } } }";
    for (input, is) in [
        (
            json!({ "taxExempt": true, "taxNumber": " DE136695976 " }),
            json!({ "taxExempt": true, "taxNumber": "DE136695976" }),
        ),
        (json!({ "taxNumber": "" }), json!({ "taxExempt": true, "taxNumber": null })),
        (json!({ "taxExempt": false }), json!({ "taxExempt": false, "taxNumber": null })),
    ] {
        assert_eq!(office.ask(&key, taxed, json!({ "id": id, "i": input })).await["customer"], is);
    }
    refused(&office.ask(&key, update, json!({ "id": NOBODY, "i": {} })).await, "NOT_FOUND", "");
    let one = "query($id: ID!) { admin { customer(id: $id) { email } } }";
    assert_eq!(office.ask(&key, one, json!({ "id": NOBODY })).await["customer"], Value::Null);
}

/// Who has agreed to what, and when, and to which words, staff see of each customer of a page: read once for all of them.
#[tokio::test]
async fn what_a_customer_has_agreed_to_is_shown_with_its_history() {
    let (office, key, id, _) = with_ada().await;
    let sign_in =
        "mutation($i: CustomerSignInInput!) { customerSignIn(input: $i) { tokens { accessToken } } }";
    let begun =
        office.stranger(sign_in, json!({ "i": { "email": "ada@example.org", "password": PASSWORD } })).await;
    let token = begun["tokens"]["accessToken"].as_str().unwrap().to_owned();
    let customer = Hand { token, refresh: String::new() };
    let query = "mutation($i: CustomerMarketingConsentUpdateInput!) {
      customerMarketingConsentUpdate(input: $i) { userErrors { code } } }";
    for input in [json!({ "granted": true, "text": "Write to me." }), json!({ "granted": false })] {
        let said = office.ask(&customer, query, json!({ "i": input })).await;
        assert_eq!(said["userErrors"], json!([]), "{said}");
    }
    let wanted = json!([
        { "granted": true, "kind": "EMAIL_MARKETING", "source": "ACCOUNT", "wording": "Write to me." },
        { "granted": false, "kind": "EMAIL_MARKETING", "source": "ACCOUNT", "wording": null },
    ]);
    let list = "{ admin { customers(first: 10) { nodes { id consents { granted kind source wording } } } } }";
    let seen = office.ask(&key, list, Value::Null).await;
    let nodes = seen["customers"]["nodes"].as_array().unwrap();
    let ada = nodes.iter().find(|node| node["id"] == id.as_str()).unwrap();
    assert_eq!(ada["consents"], wanted);
    let own = "{ viewer { consents { granted kind source wording } } }";
    assert_eq!(office.ask(&customer, own, Value::Null).await["consents"], wanted);
}

#[tokio::test]
async fn a_customer_is_shut_out_let_in_and_taken_out() {
    let (office, key, id, token) = with_ada().await;
    let seen = async || {
        let query = "query($t: String!) { customer(customerAccessToken: $t) { email } }";
        office.stranger(query, json!({ "t": token })).await
    };
    assert_eq!(seen().await["email"], "ada@example.org");
    let id = json!({ "id": id });
    assert_eq!(
        office.ask(&key, &act("customerDisable", "id"), id.clone()).await["customer"]["state"],
        "DISABLED"
    );
    assert_eq!(seen().await, Value::Null, "every sign-in has ended");
    assert_eq!(
        office.ask(&key, &act("customerEnable", "id"), id.clone()).await["customer"]["state"],
        "ENABLED"
    );
    let invite = act("customerSendAccountInviteEmail", "customerId");
    refused(&office.ask(&key, &invite, id.clone()).await, "INVALID_STATE", "");
    let erase = "mutation($id: ID!) { customerRequestDataErasure(customerId: $id) { customerId userErrors { code field message } } }";
    assert_eq!(office.ask(&key, erase, id.clone()).await["customerId"], id["id"]);
    let gone = office.ask(&key, LIST, json!({ "q": "state:erased" })).await;
    assert!(!gone.to_string().contains("ada@example.org") && gone.to_string().contains("erased"), "{gone}");
    refused(&office.ask(&key, erase, json!({ "id": NOBODY })).await, "NOT_FOUND", "");
    for name in ["customerDisable", "customerEnable"] {
        refused(&office.ask(&key, &act(name, "id"), json!({ "id": NOBODY })).await, "NOT_FOUND", "");
    }
}

/// Whoever may only read customers does not take them out of the house; who may proves who they are, and the log says so.
#[tokio::test]
async fn what_is_known_of_a_customer_is_taken_out_by_who_may_and_the_log_says_so() {
    let (office, owner, key, id, _) = with_ada_and_owner().await;
    let query = "mutation($id: ID!) { customerDataExport(customerId: $id) { archive userErrors { code field message } } }";
    let denied = office.answer(&key, query, json!({ "id": id })).await;
    assert!(denied["errors"].is_array() && !denied.to_string().contains("ada@example.org"), "{denied}");
    let (taker, _) = office.key(&owner, &["customers:export", "customers:erase"]).await;
    let taken = office.ask(&taker, query, json!({ "id": id })).await;
    let archive: Value = serde_json::from_str(taken["archive"].as_str().unwrap()).unwrap();
    assert_eq!(archive["account"]["email"], "ada@example.org");
    assert_eq!(archive["account"]["firstName"], "Ada");
    let log = "{ admin { auditLog(first: 50, reverse: true) { nodes { action subjectId } } } }";
    let told = office.answer(&owner, log, Value::Null).await.to_string();
    assert_eq!(told.matches("customer.export").count(), 1, "{told}");
    refused(&office.ask(&taker, query, json!({ "id": NOBODY })).await, "NOT_FOUND", "");
    let erase = "mutation($id: ID!) { customerRequestDataErasure(customerId: $id) { customerId } }";
    assert_eq!(office.ask(&taker, erase, json!({ "id": id })).await["customerId"], json!(id));
    refused(&office.ask(&taker, query, json!({ "id": id })).await, "NOT_FOUND", "");
}

#[tokio::test]
async fn customers_are_sorted_into_groups() {
    let (office, key, id, _) = with_ada().await;
    let create = "mutation($n: String!) { customerGroupCreate(name: $n) { customerGroup { id name } userErrors { code field message } } }";
    let made = office.ask(&key, create, json!({ "n": "Wholesale" })).await;
    let group = made["customerGroup"]["id"].clone();
    refused(&office.ask(&key, create, json!({ "n": "WHOLESALE" })).await, "TAKEN", "name");
    refused(&office.ask(&key, create, json!({ "n": " " })).await, "BLANK", "name");
    refused(&office.ask(&key, create, json!({ "n": "x".repeat(300) })).await, "TOO_LONG", "name");
    let members = |name: &str| {
        format!(
            "mutation($id: ID!, $c: [ID!]!) {{ {name}(id: $id, customerIds: $c) {{ changedMembers userErrors {{ code field message }} }} }}"
        )
    };
    let add = members("customerGroupAddMembers");
    assert_eq!(office.ask(&key, &add, json!({ "id": group, "c": [id, NOBODY] })).await["changedMembers"], 1);
    let found = office.ask(&key, LIST, json!({ "q": "ada" })).await;
    assert_eq!(found["customers"]["nodes"][0]["groups"], json!([{ "name": "Wholesale" }]));
    let remove = members("customerGroupRemoveMembers");
    assert_eq!(office.ask(&key, &remove, json!({ "id": group, "c": [id] })).await["changedMembers"], 1);
    let rename = "mutation($id: ID!, $n: String!) { customerGroupUpdate(id: $id, name: $n) { customerGroup { name } userErrors { code field message } } }";
    assert_eq!(
        office.ask(&key, rename, json!({ "id": group, "n": "Trade" })).await["customerGroup"]["name"],
        "Trade"
    );
    let groups = "{ admin { customerGroups(first: 5) { nodes { name } } } }";
    assert_eq!(
        office.ask(&key, groups, Value::Null).await["customerGroups"]["nodes"],
        json!([{ "name": "Trade" }])
    );
    let delete = "mutation($id: ID!) { customerGroupDelete(id: $id) { deletedCustomerGroupId userErrors { code field message } } }";
    done(&office.ask(&key, delete, json!({ "id": group })).await);
    refused(&office.ask(&key, delete, json!({ "id": group })).await, "NOT_FOUND", "id");
    refused(&office.ask(&key, &add, json!({ "id": group, "c": [id] })).await, "NOT_FOUND", "id");
}
