//! What members of staff do to their own account: sign-ins, proofs, second factors, name and password.

use crate::{
    office::{OTHER_PASSWORD, OWNER, Office, PASSWORD, code, done, hand, refusals, refused},
    shop::{Plan, settings},
};
use chrono::TimeDelta;
use serde_json::{Value, json};

const SESSIONS: &str =
    "{ admin { me { sessions(first: 10) { nodes { id current createdAt userAgent network } } } } }";
const ROLE: &str = "mutation { roleCreate(input: { name: \"Readers\", permissions: [\"products:read\"] }) { role { name } userErrors { code } } }";

#[tokio::test]
async fn sign_ins_are_listed_and_ended() {
    let office = Office::open().await;
    let here = office.owner().await;
    let there = hand(&office.sign_in(OWNER, PASSWORD).await);
    let listed = office.ask(&here, SESSIONS, Value::Null).await;
    let nodes = listed["me"]["sessions"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 2);
    let other = nodes.iter().find(|node| node["current"] == false).unwrap()["id"].as_str().unwrap();

    let revoke = "mutation($id: ID!) { staffSessionRevoke(id: $id) { revokedSessionId userErrors { code field message } } }";
    let ended = office.ask(&here, revoke, json!({ "id": other })).await;
    assert_eq!(ended["revokedSessionId"], other);
    assert!(!office.knows(&there).await);
    refused(&office.ask(&here, revoke, json!({ "id": other })).await, "NOT_FOUND", "id");
    refused(&office.ask(&here, revoke, json!({ "id": "gid://shopify/Session/5" })).await, "NOT_FOUND", "id");
    let wrong = office.error(&here, revoke, json!({ "id": "gid://stoa/Role/5" })).await;
    assert_eq!(wrong, "INVALID_ID");

    done(&office.ask(&here, "mutation { staffSignOut { userErrors { code } } }", Value::Null).await);
    assert!(!office.knows(&here).await);
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_sign_in() {
    let office = Office::open().await;
    let here = office.owner().await;
    let there = hand(&office.sign_in(OWNER, PASSWORD).await);
    let query = "mutation { staffSignOutEverywhere { endedSessions userErrors { code } } }";
    assert_eq!(office.ask(&here, query, Value::Null).await["endedSessions"], 2);
    assert!(!office.knows(&here).await && !office.knows(&there).await);
}

#[tokio::test]
async fn what_a_thief_must_not_do_takes_a_recent_proof() {
    let office = Office::open().await;
    let owner = office.owner().await;
    assert_eq!(office.error(&owner, ROLE, Value::Null).await, "STEP_UP_REQUIRED");
    let prove = "mutation($p: String!, $c: String) { staffStepUp(input: { password: $p, code: $c }) { until userErrors { code field message } } }";
    let wrong = office.ask(&owner, prove, json!({ "p": OTHER_PASSWORD })).await;
    refused(&wrong, "UNIDENTIFIED", "input.password");
    assert_eq!(office.error(&owner, ROLE, Value::Null).await, "STEP_UP_REQUIRED");
    office.prove(&owner).await;
    done(&office.ask(&owner, ROLE, Value::Null).await);
    let elsewhere = hand(&office.sign_in(OWNER, PASSWORD).await);
    assert_eq!(office.error(&elsewhere, ROLE, Value::Null).await, "STEP_UP_REQUIRED");

    let (secret, codes) = office.enrolled(&owner).await;
    office.shop.wait(TimeDelta::minutes(9));
    let bare = office.ask(&owner, prove, json!({ "p": PASSWORD })).await;
    refused(&bare, "CODE_NEEDED", "input.code");
    let wrong = office.ask(&owner, prove, json!({ "p": PASSWORD, "c": "000000" })).await;
    refused(&wrong, "CODE_WRONG", "input.code");
    done(&office.ask(&owner, prove, json!({ "p": PASSWORD, "c": office.code(&secret) })).await);
    done(&office.ask(&owner, prove, json!({ "p": PASSWORD, "c": codes[3] })).await);
    let used = office.ask(&owner, prove, json!({ "p": PASSWORD, "c": codes[3] })).await;
    refused(&used, "CODE_WRONG", "input.code");
}

#[tokio::test]
async fn a_refused_guard_leaves_the_rest_of_the_answer() {
    let office = Office::open().await;
    let owner = office.owner().await;
    let both =
        "mutation { staffRecoveryCodesCreate { recoveryCodes } staffTotpDisable { userErrors { code } } }";
    let answer = office.answer(&owner, both, Value::Null).await;
    assert_eq!(answer["data"], json!({ "staffRecoveryCodesCreate": null, "staffTotpDisable": null }));
    let codes: Vec<_> =
        answer["errors"].as_array().unwrap().iter().map(|e| &e["extensions"]["code"]).collect();
    assert_eq!(codes, ["STEP_UP_REQUIRED", "STEP_UP_REQUIRED"]);
}

#[tokio::test]
async fn a_second_factor_is_got_replaced_and_given_up() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let begin = "mutation($p: String!) { staffTotpBegin(password: $p) { totp { secret } userErrors { code field message } } }";
    let confirm = "mutation($c: String!) { staffTotpConfirm(code: $c) { recoveryCodes userErrors { code field message } } }";
    let codes = "mutation { staffRecoveryCodesCreate { recoveryCodes userErrors { code field message } } }";
    let disable = "mutation { staffTotpDisable { userErrors { code field message } } }";
    for query in [codes, disable] {
        refused(&office.ask(&owner, query, Value::Null).await, "NOT_ENROLLED", "");
    }
    refused(&office.ask(&owner, confirm, json!({ "c": "000000" })).await, "NOT_ENROLLED", "");
    refused(&office.ask(&owner, begin, json!({ "p": OTHER_PASSWORD })).await, "UNIDENTIFIED", "password");
    done(&office.ask(&owner, begin, json!({ "p": PASSWORD })).await);
    refused(&office.ask(&owner, confirm, json!({ "c": "000000" })).await, "CODE_WRONG", "code");

    let (_, first) = office.enrolled(&owner).await;
    refused(&office.ask(&owner, begin, json!({ "p": PASSWORD })).await, "ENROLLED", "");
    let others = office.ask(&owner, codes, Value::Null).await;
    let others = others["recoveryCodes"].as_array().unwrap();
    assert!(others.len() == 10 && !others.contains(&json!(first[0])), "the first are worth nothing");
    done(&office.ask(&owner, disable, Value::Null).await);
    assert!(!office.knows(&owner).await, "this sign-in has ended, too");
    done(&office.sign_in(OWNER, PASSWORD).await);
}

#[tokio::test]
async fn where_the_shop_wants_a_second_factor_nothing_else_is_open_before_there_is_one() {
    let mut settings = settings();
    settings.accounts.staff_access.require_totp = true;
    let office = Office::build(Plan { settings, ..Plan::default() }).await;
    let owner = office.owner().await;
    let me = "{ admin { me { member { email } } } }";
    assert_eq!(office.ask(&owner, me, Value::Null).await["me"]["member"]["email"], OWNER);
    let roles = "{ admin { roles { name } } }";
    assert_eq!(office.error(&owner, roles, Value::Null).await, "TOTP_ENROLLMENT_REQUIRED");
    let export = office.get(Some(&owner), "/admin/audit.ndjson").await;
    assert_eq!(export.status(), 403);
    assert_eq!(code(&crate::shop::read(export).await), "TOTP_ENROLLMENT_REQUIRED");
    office.enrolled(&owner).await;
    assert!(!office.ask(&owner, roles, Value::Null).await["roles"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn name_language_and_password_are_one_s_own() {
    let office = Office::open().await;
    let owner = office.owner().await;
    let update = "mutation($input: StaffProfileUpdateInput!) { staffProfileUpdate(input: $input) { staffMember { name locale } userErrors { code field message } } }";
    let changed =
        office.ask(&owner, update, json!({ "input": { "name": " Olga  O. ", "locale": "de-CH" } })).await;
    assert_eq!(changed["staffMember"], json!({ "name": "Olga O.", "locale": "de" }));
    refused(&office.ask(&owner, update, json!({ "input": { "name": " " } })).await, "INVALID", "input.name");
    let dutch = json!({ "input": { "name": "Olga", "locale": "nl" } });
    refused(&office.ask(&owner, update, dutch).await, "INVALID", "input.locale");

    let change = "mutation($p: String!) { staffPasswordChange(newPassword: $p) { userErrors { code field message } } }";
    assert_eq!(office.error(&owner, change, json!({ "p": OTHER_PASSWORD })).await, "STEP_UP_REQUIRED");
    office.prove(&owner).await;
    let elsewhere = hand(&office.sign_in(OWNER, PASSWORD).await);
    for (password, code) in [
        ("short", "PASSWORD_TOO_SHORT"),
        (" seven grey herons waiting", "PASSWORD_INVALID"),
        ("owner@example.org", "PASSWORD_TOO_COMMON"),
        (&*"a long one ".repeat(30), "PASSWORD_TOO_LONG"),
    ] {
        let payload = office.ask(&owner, change, json!({ "p": password })).await;
        assert_eq!(refusals(&payload), [(code.to_owned(), "newPassword".to_owned())], "{password}");
    }
    done(&office.ask(&owner, change, json!({ "p": OTHER_PASSWORD })).await);
    assert!(office.knows(&owner).await && !office.knows(&elsewhere).await);
    done(&office.sign_in(OWNER, OTHER_PASSWORD).await);
}
