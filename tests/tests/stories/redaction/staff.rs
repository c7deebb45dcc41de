//! What staff and programs with keys do.

use super::Marks;
use crate::harness::{PASSWORD, Shop, Staff};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use stoa_auth::TotpSecret;
use stoa_domain::shared::Clock;

const OWNER: &str = "marked.owner@example.org";
const CLERK: &str = "marked.clerk@example.org";

/// The owner gets a second factor, signs in with it, makes a key and invites somebody; the key and the invited one are used.
pub(super) async fn work(shop: &Shop, marks: &mut Marks, refused: &mut Vec<String>) {
    marks.add("the owner's address", OWNER);
    marks.add("a clerk's address", CLERK);
    marks.add("the password of staff", PASSWORD);
    let owner = shop.owner(OWNER).await;
    marks.add("the owner's token", &owner.token);
    let clerk = shop.staff(&owner, CLERK, &["orders:read"]).await;
    marks.add("a clerk's token", &clerk.token);
    let invitation = shop.mailed_token_at(CLERK, "/staff/accept/").await;
    marks.add("an invitation", &invitation);
    let key = shop.key(&owner, &["orders:read"]).await;
    marks.add("an API key", &key.token);
    for header in ["x-shopify-access-token", "authorization"] {
        let shown = [(
            header,
            if header == "authorization" { format!("Bearer {}", key.token) } else { key.token.clone() },
        )];
        shop.endpoint.ask_with(&shown, "{ admin { orders(first: 1) { nodes { id } } } }", Value::Null).await;
    }
    let cut = Staff { token: key.token[..key.token.len() - 1].to_owned() };
    refused.push(shop.ask_as(&cut, "{ shop { name } }", Value::Null).await.body.to_string());

    let begin = "mutation($p: String!) { staffTotpBegin(password: $p) { totp { secret otpauthUrl } userErrors { code } } }";
    let begun = shop.ask_as(&owner, begin, json!({ "p": PASSWORD })).await.body;
    let secret = marks.take("an authenticator's secret", &begun, "/data/staffTotpBegin/totp/secret");
    marks.take("an authenticator's address", &begun, "/data/staffTotpBegin/totp/otpauthUrl");
    let code =
        TotpSecret::from_bytes(&base32(&secret)).expect("a secret").code(shop.clock.now()).expect("a code");
    let confirm =
        "mutation($c: String!) { staffTotpConfirm(code: $c) { recoveryCodes userErrors { code } } }";
    let confirmed = shop.ask_as(&owner, confirm, json!({ "c": code.expose_secret() })).await.body;
    let codes =
        confirmed["data"]["staffTotpConfirm"]["recoveryCodes"].as_array().expect("recovery codes").clone();
    let codes: Vec<&str> = codes.iter().map(|code| code.as_str().expect("a code")).collect();
    codes.iter().for_each(|code| marks.add("a recovery code", code));
    sign_in(shop, marks, refused, codes[0]).await;
}

async fn sign_in(shop: &Shop, marks: &mut Marks, refused: &mut Vec<String>, code: &str) {
    let sign_in = "mutation($i: StaffSignInInput!) { staffSignIn(input: $i) { challenge { token } userErrors { code message } } }";
    marks.add("a wrong password of staff", "marked password of some clerk");
    let wrong = json!({ "i": { "email": OWNER, "password": "marked password of some clerk" } });
    refused.push(shop.endpoint.ask(sign_in, wrong).await.body.to_string());
    let right = json!({ "i": { "email": OWNER, "password": PASSWORD } });
    let begun = shop.endpoint.ask(sign_in, right).await.body;
    let challenge = marks.take("a challenge", &begun, "/data/staffSignIn/challenge/token");
    let verify = "mutation($t: String!, $c: String!) { staffSignInVerify(challenge: $t, code: $c) {
      device tokens { accessToken refreshToken } userErrors { code message } } }";
    marks.add("a wrong recovery code", "mark-edco-dexx");
    refused.push(
        shop.endpoint.ask(verify, json!({ "t": challenge, "c": "mark-edco-dexx" })).await.body.to_string(),
    );
    let verified = shop.endpoint.ask(verify, json!({ "t": challenge, "c": code })).await.body;
    marks.take("a token of the owner's", &verified, "/data/staffSignInVerify/tokens/accessToken");
    marks.take("a refresh token of the owner's", &verified, "/data/staffSignInVerify/tokens/refreshToken");
    let recover = "mutation($e: String!) { staffPasswordRecover(email: $e) { userErrors { code } } }";
    shop.endpoint.ask(recover, json!({ "e": CLERK })).await;
    marks.add("the link of a reset of staff", &shop.mailed_token_at(CLERK, "/staff/reset/").await);
}

/// Reads base 32 (RFC 4648) without padding.
fn base32(text: &str) -> Vec<u8> {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            other => panic!("no letter of base 32: {other}"),
        };
        (bits, count) = (bits << 5 | u32::from(value), count + 5);
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).expect("a byte"));
        }
    }
    bytes
}
