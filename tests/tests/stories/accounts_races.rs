//! What works once, done by several at once: registering an address, opening a link, using a refresh token. Each is raced many times: a
//! race that is lost once in twenty is lost.

use crate::harness::{Answer, PASSWORD, Shop, refusals};
use serde_json::{Value, json};

const ADA: &str = "ada@example.org";
const SIGN_IN: &str = "mutation($input: CustomerSignInInput!) { customerSignIn(input: $input) {
  tokens { refreshToken } userErrors { code } } }";
const REFRESH: &str = "mutation($t: String!) { customerTokenRefresh(refreshToken: $t) {
  tokens { accessToken refreshToken } userErrors { code } } }";
const RESET: &str = "mutation($input: CustomerResetInput!) {
  customerReset(id: \"gid://stoa/Customer/me\", input: $input) { customerUserErrors { code } } }";

/// The place of the one answer that was not refused; all others were because the token is none any more.
fn winner(answers: &[&Answer], mutation: &str) -> usize {
    let refused = |answer: &Answer| -> Vec<String> {
        refusals(answer.at(mutation)).into_iter().map(str::to_owned).collect()
    };
    let all: Vec<Vec<String>> = answers.iter().map(|answer| refused(answer)).collect();
    let places: Vec<usize> = (0..all.len()).filter(|place| all[*place].is_empty()).collect();
    assert_eq!(places.len(), 1, "{mutation}: {all:?}");
    assert!(all.iter().all(|codes| codes.is_empty() || *codes == ["TOKEN_INVALID"]), "{mutation}: {all:?}");
    places[0]
}

/// Whether they are signed in by this password.
async fn opens(shop: &Shop, email: &str, password: &str) -> bool {
    let answer = shop.sign_in(email, password).await;
    refusals(answer.at("/customerAccessTokenCreate")).is_empty()
}

/// Story 47: of two who use one refresh token at once one gets tokens, and these do nothing: which of the two is a thief nobody knows.
#[tokio::test]
async fn a_refresh_token_used_twice_at_once_gives_nobody_a_sign_in() {
    let shop = Shop::open().await;
    shop.customer(ADA).await;
    let input = json!({ "input": { "email": ADA, "password": PASSWORD, "mode": "TOKENS" } });
    for round in 0..20 {
        let begun = shop.endpoint.ask(SIGN_IN, input.clone()).await;
        let token = json!({ "t": begun.at("/customerSignIn/tokens/refreshToken") });
        let refresh = || shop.endpoint.ask(REFRESH, token.clone());
        let (one, other) = tokio::join!(refresh(), refresh());
        let answers = [&one, &other];
        let first = answers[winner(&answers, "/customerTokenRefresh")].at("/customerTokenRefresh/tokens");

        let access = first["accessToken"].as_str().expect("a token");
        let shown = [("authorization", format!("Bearer {access}"))];
        let (ended, _) = shop.endpoint.ask_with(&shown, "{ shop { name } }", json!({})).await;
        assert_eq!((ended.status, ended.code()), (401, "UNAUTHENTICATED"), "round {round}");
        let last = shop.endpoint.ask(REFRESH, json!({ "t": first["refreshToken"] })).await;
        assert_eq!(refusals(last.at("/customerTokenRefresh")), ["TOKEN_INVALID"], "round {round}");
    }
}

/// Story 46: an address that is registered twice at once, both links opened at once, is one account with the password of one.
#[tokio::test]
async fn an_address_registered_and_opened_twice_at_once_is_one_account() {
    let shop = Shop::open().await;
    // Nearly as many mails as one network may ask for in an hour.
    for round in 0..9 {
        let email = format!("ada-{round}@example.org");
        let (one, other) = tokio::join!(shop.register(&email), shop.register(&email));
        assert_eq!((one.status, &one.body), (other.status, &other.body), "round {round}");
        shop.has_mailed(&email, 2).await;
        let letters = shop.letters(&email).await;
        let links: Vec<String> = letters.iter().filter_map(|letter| letter.token("activate")).collect();
        let [first, second] = links.as_slice() else { panic!("round {round}: {links:?}") };
        let passwords = [PASSWORD, "a lighthouse made of paper"];
        let (one, other) =
            tokio::join!(shop.activate(first, passwords[0]), shop.activate(second, passwords[1]));
        let place = winner(&[&one, &other], "/customerActivate");
        assert!(opens(&shop, &email, passwords[place]).await, "round {round}");
        if round % 2 == 0 {
            assert!(!opens(&shop, &email, passwords[1 - place]).await, "round {round}");
        }
    }
}

/// A link that four open at once, each with a password of their own, is one's: that of an account's beginning, and of a reset.
#[tokio::test]
async fn a_link_that_four_open_at_once_is_ones() {
    let shop = Shop::open().await;
    let passwords: [String; 4] = std::array::from_fn(|n| format!("seven grey herons waiting {n}"));
    let others: [String; 4] = std::array::from_fn(|n| format!("tall oaks from little acorns {n}"));
    for round in 0..8 {
        let email = format!("ada-{round}@example.org");
        shop.register(&email).await;
        let link = shop.mailed_token(&email, "activate").await;
        let open = |n: usize| shop.activate(&link, &passwords[n]);
        let (a, b, c, d) = tokio::join!(open(0), open(1), open(2), open(3));
        let before = winner(&[&a, &b, &c, &d], "/customerActivate");
        assert!(opens(&shop, &email, &passwords[before]).await, "round {round}");

        let recover =
            "mutation($email: String!) { customerRecover(email: $email) { customerUserErrors { code } } }";
        shop.endpoint.ask(recover, json!({ "email": email })).await;
        let link = shop.mailed_token(&email, "reset").await;
        let reset = |n: usize| {
            let input: Value = json!({ "input": { "resetToken": link, "password": others[n] } });
            shop.endpoint.ask(RESET, input)
        };
        let (a, b, c, d) = tokio::join!(reset(0), reset(1), reset(2), reset(3));
        let after = winner(&[&a, &b, &c, &d], "/customerReset");
        assert!(opens(&shop, &email, &others[after]).await, "round {round}");
        assert!(!opens(&shop, &email, &passwords[before]).await, "round {round}: the old one is over");
    }
}
