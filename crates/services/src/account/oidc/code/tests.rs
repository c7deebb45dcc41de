//! Codes: whom they sign in, once, and what does nothing.

use super::*;
use crate::{
    account::Issued,
    testing::{TestShop, address, client},
};
use secrecy::ExposeSecret;
use stoa_domain::customer::CustomerState;
use stoa_persistence::{account, customer};

/// The pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const ADA: &str = "ada@example.org";

fn challenge() -> CodeChallenge {
    CodeChallenge::parse(CHALLENGE).unwrap()
}

fn ada() -> Identity {
    Identity {
        issuer: "https://id.example".into(),
        subject: "248289761001".into(),
        email: Email::Proved(address(ADA)),
        given_name: Some("Ada".into()),
        family_name: None,
    }
}

async fn code(shop: &TestShop) -> String {
    give(shop.ctx(), challenge(), ada()).await.unwrap().expose_secret().to_owned()
}

async fn has_account(shop: &TestShop) -> bool {
    customer::find_by_email(shop.db.read(), &address(ADA)).await.unwrap().is_some()
}

#[test]
fn a_challenge_is_of_its_verifier_alone() {
    assert!(challenge().is_of(VERIFIER));
    let long = "a".repeat(129);
    for wrong in ["", "short", &VERIFIER.replace('d', "e"), CHALLENGE, &format!("{VERIFIER}="), &long] {
        assert!(!challenge().is_of(wrong), "{wrong}");
    }
    // A hash of what is no verifier does not make it one.
    let short = URL_SAFE_NO_PAD.encode(Sha256::digest("short"));
    assert!(!CodeChallenge::parse(&short).unwrap().is_of("short"));
    for wrong in ["", VERIFIER.split_at(20).0, &format!("{CHALLENGE}="), &CHALLENGE.replace('E', "+")] {
        assert_eq!(CodeChallenge::parse(wrong), None, "{wrong}");
    }
}

#[tokio::test]
async fn a_code_and_its_verifier_sign_in_once_and_nothing_begins_before() {
    let shop = TestShop::open().await;
    let code = code(&shop).await;
    let redeem =
        async |code: &str, verifier: &str| shop.services.redeem_oidc.run((code, verifier), &client(1)).await;
    assert!(!has_account(&shop).await, "a code alone begins nothing");
    // Who reads it on its way, and who has made up a verifier of their own.
    let (other, longer) = (VERIFIER.replace('d', "e"), format!("{code}x"));
    for (code, verifier) in [
        (code.as_str(), ""),
        (code.as_str(), CHALLENGE),
        (code.as_str(), other.as_str()),
        ("", VERIFIER),
        (longer.as_str(), VERIFIER),
    ] {
        assert!(matches!(redeem(code, verifier).await, Err(RedeemOidcError::Invalid)), "{code} {verifier}");
    }
    assert!(!has_account(&shop).await);

    let begun = redeem(&code, VERIFIER).await.unwrap();
    assert!(
        matches!(begun.credential, Issued::Tokens { .. }),
        "a storefront elsewhere keeps no cookie of ours"
    );
    assert!(shop.caller(&begun).await.is_some());
    let found = customer::find_by_email(shop.db.read(), &address(ADA)).await.unwrap().unwrap();
    assert!(matches!(found.state, CustomerState::Enabled { .. }));
    assert!(matches!(redeem(&code, VERIFIER).await, Err(RedeemOidcError::Invalid)), "once");
}

#[tokio::test]
async fn of_two_who_show_a_code_at_once_one_is_signed_in() {
    let shop = TestShop::open().await;
    let other = shop.beside().await;
    for _ in 0..4 {
        let code = code(&shop).await;
        let shown = (code.as_str(), VERIFIER);
        let from = (client(1), client(2));
        let (one, two) = tokio::join!(
            shop.services.redeem_oidc.run(shown, &from.0),
            other.redeem_oidc.run(shown, &from.1)
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    }
}

#[tokio::test]
async fn a_code_is_over_after_a_minute_and_none_is_an_answer_of_a_provider() {
    let shop = TestShop::open().await;
    let code = code(&shop).await;
    let kept = Presented::parse(CODE, &code).unwrap();
    let row = account::find_challenge(shop.db.read(), ChallengeId::new(kept.id())).await.unwrap().unwrap();
    assert!(!format!("{row:?}").contains(ADA));
    // What the browser sends back from a provider is told from it, though both wait in one table.
    let shown = (Some(code.as_str()), Some(code.as_str()));
    let waiting = super::super::waiting::take(shop.ctx(), "fake", shown).await.unwrap();
    assert!(waiting.is_none());

    shop.wait(LIVES);
    let late = shop.services.redeem_oidc.run((&code, VERIFIER), &client(1)).await;
    assert!(matches!(late, Err(RedeemOidcError::Invalid)));
    assert!(!has_account(&shop).await);
}

#[tokio::test]
async fn an_account_that_has_the_address_by_now_is_not_opened() {
    let shop = TestShop::open().await;
    let code = code(&shop).await;
    // While the code was on its way, its owner has begun one by mail: an address alone opens no account that there is.
    shop.customer(ADA).await;
    let mails = shop.subjects(ADA).await.len();
    let refused = shop.services.redeem_oidc.run((&code, VERIFIER), &client(1)).await;
    assert!(matches!(refused, Err(RedeemOidcError::Invalid)));
    assert_eq!(shop.subjects(ADA).await.len(), mails, "no link is mailed that works in no browser");
}
