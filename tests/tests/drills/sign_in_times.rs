//! Whether the time that a refused sign-in takes tells if there is such an account: as many of the one kind as of the other, in turns and
//! from networks of their own, compared by rank.

use crate::{
    harness::{Item, Setup, Shop},
    ranks::{compare, median},
    report,
    sizes::Size,
};
use serde_json::{Value, json};
use std::time::Instant;

/// Sign-ins of each kind.
const EACH: u32 = 500;
/// Accounts, and as many addresses that have none: wrong passwords for one are bounded.
const ADDRESSES: u32 = 10;
/// Before anything is counted.
const WARM_UP: u32 = 20;

const SIGN_IN: &str =
    "mutation($input: CustomerAccessTokenCreateInput!) { customerAccessTokenCreate(input: $input) {
  customerAccessToken { accessToken } customerUserErrors { code field message } } }";

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_refusal_tells_nothing_on_sqlite() {
    timed(Size::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_refusal_tells_nothing_on_postgres() {
    timed(Size::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_refusal_tells_nothing_on_redis() {
    timed(Size::Redis).await;
}

/// Somebody who has an account, or nobody.
fn address(known: bool, number: u32) -> String {
    let who = if known { "ada" } else { "bob" };
    format!("{who}-{}@example.org", number % ADDRESSES)
}

/// Signs in with a wrong password, from a network that nobody has come from before; gives milliseconds and the answer.
async fn refused(shop: &Shop, email: &str, from: u32) -> (f64, Value) {
    let network = std::net::Ipv4Addr::from_bits(0x0a00_0000 + from);
    let input = json!({ "email": email, "password": "a lighthouse made of paper" });
    let request = shop.endpoint.http.post(&shop.endpoint.url).header("x-forwarded-for", network.to_string());
    let request = request.json(&json!({ "query": SIGN_IN, "variables": { "input": input } }));
    let began = Instant::now();
    let answer = request.send().await.expect("the server answers");
    let body = answer.json().await.expect("the answer is JSON");
    (began.elapsed().as_secs_f64() * 1_000.0, body)
}

async fn timed(size: Size) {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 1)]).config(move |config| {
        size.configure(config);
        config.http.trusted_proxies = vec!["127.0.0.1/32".parse().expect("a network")];
    }))
    .await;
    for number in 0..ADDRESSES {
        shop.customer(&address(true, number)).await;
    }
    shop.settle().await;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let mut answers = std::collections::BTreeSet::new();
    for number in 0..EACH + WARM_UP {
        // Which comes first is left to chance: whatever passes over the machine in between meets both alike.
        let known_first: bool = rand::random();
        for is_known in [known_first, !known_first] {
            let from = number * 2 + u32::from(is_known) + 1;
            let (took, answer) = refused(&shop, &address(is_known, number), from).await;
            answers.insert(answer.to_string());
            if number >= WARM_UP {
                if is_known { known.push(took) } else { unknown.push(took) }
            }
        }
    }
    assert_eq!(answers.len(), 1, "the answer tells: {answers:#?}");
    let answer = answers.first().expect("one answer");
    assert!(answer.contains("UNIDENTIFIED_CUSTOMER"), "{answer}");
    let ranks = compare(&known, &unknown);
    report(
        &format!("wrong passwords for known and unknown addresses, {}", size.name()),
        &format!(
            "{EACH} each, in turns; median {:.2} ms for known, {:.2} ms for unknown ones; a known one takes longer in {:.1} % of all pairs; by \
             chance alone with a probability of {:.3} (Mann-Whitney)",
            median(&known),
            median(&unknown),
            ranks.larger * 100.0,
            ranks.by_chance,
        ),
    );
    // Chance alone goes so far once in ten million runs; a hash that is made for one kind only makes it all pairs.
    assert!((0.4..0.6).contains(&ranks.larger), "one kind of address takes longer: {ranks:?}");
    shop.app.stop().await.expect("everything finishes in time");
}
