//! How staff come in: by invitation, by password and code, by the next token, and by the mail for who has forgotten.

use crate::office::{Hand, OTHER_PASSWORD, OWNER, Office, PASSWORD, done, hand, refused};
use chrono::TimeDelta;
use serde_json::{Value, json};

const ME: &str = "{ admin { me { member { email name state isShopOwner secondFactorSince } recoveryCodesLeft permissions } } }";

async fn reset(office: &Office, token: &str, password: &str) -> Value {
    let query = "mutation($input: StaffPasswordResetInput!) { staffPasswordReset(input: $input) { userErrors { code field message } } }";
    office.stranger(query, json!({ "input": { "token": token, "password": password } })).await
}

async fn refresh(office: &Office, token: &str) -> Value {
    let query = "mutation($t: String!) { staffTokenRefresh(refreshToken: $t) { tokens { accessToken refreshToken } userErrors { code field message } } }";
    office.stranger(query, json!({ "t": token })).await
}

#[tokio::test]
async fn the_first_owner_comes_in_by_the_printed_link() {
    let office = Office::open().await;
    let owner = office.owner().await;
    let me = &office.ask(&owner, ME, Value::Null).await["me"];
    assert_eq!(
        me["member"],
        json!({ "email": OWNER, "name": "Olga Owner", "state": "ENABLED", "isShopOwner": true, "secondFactorSince": null })
    );
    assert_eq!(me["recoveryCodesLeft"], 0);
    assert!(me["permissions"].as_array().unwrap().contains(&json!("staff:write")), "{me}");
}

#[tokio::test]
async fn an_invitation_is_answered_once_with_a_name_and_a_password() {
    let office = Office::open().await;
    let link = office.owner_link(OWNER).await;
    refused(&office.accept(&link, " ", PASSWORD).await, "INVALID", "input.name");
    refused(&office.accept(&link, "Olga", "short").await, "PASSWORD_TOO_SHORT", "input.password");
    refused(&office.accept(&link, "Olga", "passwordpassword").await, "PASSWORD_TOO_COMMON", "input.password");
    refused(&office.accept("stoa_at_x", "Olga", PASSWORD).await, "TOKEN_INVALID", "input.token");
    let accepted = office.accept(&link, "Olga", PASSWORD).await;
    done(&accepted);
    assert!(accepted["device"].is_string() && accepted["tokens"]["accessTokenExpiresAt"].is_string());
    refused(&office.accept(&link, "Olga", PASSWORD).await, "TOKEN_INVALID", "input.token");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let office = Office::open().await;
    office.owner().await;
    let wrong = office.sign_in(OWNER, OTHER_PASSWORD).await;
    refused(&wrong, "UNIDENTIFIED", "");
    assert_eq!(office.sign_in("nobody@example.org", OTHER_PASSWORD).await, wrong);
    let right = office.sign_in("OWNER@example.org", PASSWORD).await;
    done(&right);
    assert_eq!(right["challenge"], Value::Null);
    assert!(office.knows(&hand(&right)).await);
}

#[tokio::test]
async fn guessing_passwords_is_stopped() {
    let office = Office::open().await;
    let query = "mutation($input: StaffSignInInput!) { staffSignIn(input: $input) { userErrors { code } } }";
    let guess = json!({ "input": { "email": OWNER, "password": OTHER_PASSWORD } });
    let nobody = Hand { token: String::new(), refresh: String::new() };
    let mut codes = Vec::new();
    for _ in 0..12 {
        let answer = office.answer(&nobody, query, guess.clone()).await;
        codes.push(answer["errors"][0]["extensions"]["code"].clone());
    }
    assert_eq!(codes[0], Value::Null);
    assert_eq!(codes.last().unwrap(), "TOO_MANY_GUESSES");
}

#[tokio::test]
async fn who_has_a_second_factor_is_asked_for_a_code() {
    let office = Office::open().await;
    let owner = office.owner().await;
    let (secret, codes) = office.enrolled(&owner).await;
    assert_eq!(codes.len(), 10);
    office.shop.wait(TimeDelta::seconds(30));

    let waiting = office.sign_in(OWNER, PASSWORD).await;
    done(&waiting);
    assert_eq!(waiting["tokens"], Value::Null);
    let challenge = waiting["challenge"]["token"].as_str().unwrap().to_owned();
    let verify = async |challenge: &str, code: &str| {
        let query = "mutation($challenge: String!, $code: String!) { staffSignInVerify(challenge: $challenge, code: $code) {
          device tokens { accessToken refreshToken } userErrors { code field message } } }";
        office.stranger(query, json!({ "challenge": challenge, "code": code })).await
    };
    refused(&verify(&challenge, "000000").await, "CODE_WRONG", "code");
    refused(&verify("stoa_ch_nonsense", "000000").await, "CHALLENGE_OVER", "challenge");
    let verified = verify(&challenge, &office.code(&secret)).await;
    done(&verified);
    assert!(office.knows(&hand(&verified)).await);
    office.shop.wait(TimeDelta::seconds(30));
    refused(&verify(&challenge, &office.code(&secret)).await, "CHALLENGE_OVER", "challenge");

    let waiting = office.sign_in(OWNER, PASSWORD).await;
    let challenge = waiting["challenge"]["token"].as_str().unwrap();
    done(&verify(challenge, &codes[0]).await);
    let me = office.ask(&hand(&verified), ME, Value::Null).await;
    assert_eq!(me["me"]["recoveryCodesLeft"], 9);
}

#[tokio::test]
async fn a_refresh_token_works_once_and_its_reuse_ends_the_sign_in() {
    let office = Office::open().await;
    let owner = office.owner().await;
    let next = refresh(&office, &owner.refresh).await;
    done(&next);
    assert!(office.knows(&hand(&next)).await);
    refused(&refresh(&office, "stoa_rt_nonsense").await, "TOKEN_INVALID", "refreshToken");
    refused(&refresh(&office, &owner.refresh).await, "TOKEN_INVALID", "refreshToken");
    assert!(!office.knows(&hand(&next)).await, "whose it is nobody knows");
}

#[tokio::test]
async fn a_customer_s_refresh_token_is_none_of_the_staff_s() {
    let office = Office::open().await;
    let owner = office.owner().await;
    let query =
        "mutation($t: String!) { customerTokenRefresh(refreshToken: $t) { userErrors { code field } } }";
    let crossed = office.stranger(query, json!({ "t": owner.refresh })).await;
    refused(&crossed, "TOKEN_INVALID", "refreshToken");
    assert!(office.knows(&owner).await);
}

#[tokio::test]
async fn who_has_forgotten_is_sent_a_link_and_nobody_is_told_whether_there_is_an_account() {
    let office = Office::open().await;
    let owner = office.owner().await;
    let recover = async |email: &str| {
        let query =
            "mutation($e: String!) { staffPasswordRecover(email: $e) { userErrors { code field message } } }";
        office.stranger(query, json!({ "e": email })).await
    };
    let known = recover(OWNER).await;
    done(&known);
    assert_eq!(recover("nobody@example.org").await, known);
    assert_eq!(recover("no address").await, known);
    assert_eq!(office.mails_to("nobody@example.org").await, 0);

    let link = office.mailed(OWNER, "staff/reset").await;
    refused(&reset(&office, &link, "short").await, "PASSWORD_TOO_SHORT", "input.password");
    done(&reset(&office, &link, OTHER_PASSWORD).await);
    refused(&reset(&office, &link, OTHER_PASSWORD).await, "TOKEN_INVALID", "input.token");
    assert!(!office.knows(&owner).await, "every sign-in has ended");
    refused(&office.sign_in(OWNER, PASSWORD).await, "UNIDENTIFIED", "");
    done(&office.sign_in(OWNER, OTHER_PASSWORD).await);
}

#[tokio::test]
async fn a_credential_that_is_over_is_served_nothing() {
    let office = Office::open().await;
    let owner = office.owner().await;
    office.shop.wait(TimeDelta::minutes(11));
    let answer = office.send(&owner.token, "{ shop { name } }", Value::Null).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.headers()["www-authenticate"], "Bearer");
    assert!(office.knows(&hand(&refresh(&office, &owner.refresh).await)).await);
}
