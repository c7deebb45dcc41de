//! How often somebody may do something: guess, and ask at all.

use crate::harness::{Answer, PASSWORD, Setup, Shop, Shopper, Socket};
use serde_json::{Value, json};
use std::num::NonZeroU32;

async fn look_up(shopper: &Shopper, number: i64, email: &str) -> Answer {
    let query = "query($l: OrderLookupInput!) { order(lookup: $l) { name } }";
    shopper.ask(query, json!({ "l": { "contact": { "number": number, "email": email } } })).await
}

/// A request with what a proxy would say of its client.
async fn ask_for(shop: &Shop, client: &str) -> reqwest::Response {
    let request = shop.endpoint.http.post(&shop.endpoint.url).header("x-forwarded-for", client);
    request.json(&json!({ "query": "{ shop { name } }" })).send().await.expect("the server answers")
}

/// Ten guesses, here or there: all instances count them together.
#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_two_instances_are_counted_together_on_redis() {
    let a = Shop::open().await;
    let b = a.beside(|_| {}).await;
    let shopper = a.shopper_with_cart([("mug", 1)]).await;
    assert!(shopper.place_order("k").await.is_placed());
    for n in 0..10 {
        let missed = look_up(&shopper.at([&a, &b][n % 2]), 1001, &format!("buyer-{n}@example.org")).await;
        assert!(missed.at("/order").is_null());
    }
    for instance in [&a, &b] {
        let refused = look_up(&shopper.at(instance), 1001, "ada@example.com").await;
        assert_eq!(refused.code(), "TOO_MANY_GUESSES");
    }
}

/// A storefront that signs customers in with the storefront vocabulary shows the token that it had: whoever has guessed from the same network
/// keeps its customer out of nothing.
#[tokio::test]
async fn a_token_of_before_lets_a_customer_in_whatever_others_have_used_up() {
    let (ada, ben) = ("ada@example.org", "ben@example.org");
    let shop = Shop::open().await;
    shop.customer(ada).await;
    shop.customer(ben).await;
    let token = |answer: &Answer| {
        let token = answer.body.pointer("/data/customerAccessTokenCreate/customerAccessToken/accessToken");
        token.and_then(Value::as_str).map(str::to_owned)
    };
    let adas = token(&shop.sign_in(ada, PASSWORD).await).expect("she is signed in");
    let bens = token(&shop.sign_in(ben, PASSWORD).await).expect("he is signed in");
    let out =
        "mutation($t: String!) { customerAccessTokenDelete(customerAccessToken: $t) { deletedAccessToken } }";
    assert!(
        shop.endpoint
            .ask(out, json!({ "t": adas }))
            .await
            .at("/customerAccessTokenDelete/deletedAccessToken")
            .is_string()
    );

    for _ in 0..10 {
        assert_eq!(token(&shop.sign_in(ada, "a stranger guesses").await), None);
    }
    assert_eq!(shop.sign_in(ada, PASSWORD).await.code(), "TOO_MANY_GUESSES");
    let with = async |shown: &str| {
        let query =
            "mutation($input: CustomerAccessTokenCreateInput!) { customerAccessTokenCreate(input: $input) {
          customerAccessToken { accessToken } customerUserErrors { code } } }";
        let input = json!({ "input": { "email": ada, "password": PASSWORD } });
        shop.endpoint.ask_with(&[("stoa-device", shown.to_owned())], query, input).await.0
    };
    for anothers in [bens.as_str(), "", "stoa_ct_x"] {
        assert_eq!(with(anothers).await.code(), "TOO_MANY_GUESSES", "{anothers}");
    }
    assert!(token(&with(&adas).await).is_some());
}

/// Who asks through a proxy that is trusted is counted by themselves: a guesser keeps nobody else out.
#[tokio::test]
async fn a_guesser_keeps_nobody_else_out() {
    let setup = Setup::default()
        .config(|c| c.http.trusted_proxies = vec!["127.0.0.1/32".parse().expect("an address")]);
    let shop = Shop::with(setup).await;
    let guess = async |client: &str, n: usize| {
        let query = "query($l: OrderLookupInput!) { order(lookup: $l) { name } }";
        let lookup = json!({ "contact": { "number": 1001, "email": format!("buyer-{n}@example.org") } });
        let body = json!({ "query": query, "variables": { "l": lookup } });
        let request = shop.endpoint.http.post(&shop.endpoint.url).header("x-forwarded-for", client);
        let answer = request.json(&body).send().await.expect("the server answers");
        let answer: serde_json::Value = answer.json().await.expect("the answer is JSON");
        answer.pointer("/errors/0/extensions/code").cloned()
    };
    for n in 0..10 {
        assert_eq!(guess("198.51.100.7", n).await, None);
    }
    assert_eq!(guess("198.51.100.7", 10).await, Some(json!("TOO_MANY_GUESSES")));
    assert_eq!(guess("203.0.113.9, 198.51.100.7", 11).await, Some(json!("TOO_MANY_GUESSES")), "made up");
    assert_eq!(guess("203.0.113.9", 12).await, None);
    let page = |client: &'static str| {
        let form = [("number", "1001"), ("email", "eve@example.org")];
        let url = format!("{}/orders", shop.base);
        let request = shop.endpoint.http.post(url).header("x-forwarded-for", client).form(&form);
        async move { request.send().await.expect("the server answers").status().as_u16() }
    };
    assert_eq!(page("198.51.100.7").await, 429, "pages count with the API");
    assert_eq!(page("203.0.113.9").await, 404);
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_again() {
    let shop = Shop::with(Setup::default().config(|c| c.http.requests_per_minute = NonZeroU32::new(5))).await;
    for left in (0..5).rev() {
        // What they say of themselves changes nothing: nobody is trusted.
        let answer = ask_for(&shop, &format!("198.51.100.{left}")).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["ratelimit-policy"], "\"requests\";q=5;w=60");
        let told = answer.headers()["ratelimit"].to_str().expect("text").to_owned();
        assert!(told.starts_with(&format!("\"requests\";r={left};t=")), "{told}");
    }
    let refused = ask_for(&shop, "198.51.100.99").await;
    assert_eq!(refused.status(), 429);
    let wait = refused.headers()["retry-after"].to_str().expect("text").parse::<u64>().expect("seconds");
    assert!((1..=12).contains(&wait), "{wait} s");
    let body: serde_json::Value = refused.json().await.expect("the answer is JSON");
    assert_eq!(body["errors"][0]["extensions"]["code"], "THROTTLED");
    let page = reqwest::get(format!("{}/shop", shop.base)).await.expect("the server answers");
    assert_eq!(page.status(), 429, "pages are counted with it");
    for watched in ["/healthz", "/readyz"] {
        let answer = reqwest::get(format!("{}{watched}", shop.base)).await.expect("the server answers");
        assert_eq!(answer.status(), 200, "{watched}");
    }
}

/// Neither a batch nor a socket gives a stranger more for one request.
#[tokio::test]
async fn each_operation_of_a_stranger_is_counted_however_it_comes() {
    let five = |c: &mut stoa::config::Config| c.http.requests_per_minute = NonZeroU32::new(5);
    let shop = Shop::with(Setup::default().config(five)).await;
    let batch = Value::Array(vec![json!({ "query": "{ shop { name } }" }); 8]);
    let request = shop.endpoint.http.post(&shop.endpoint.url).json(&batch);
    let answers: Value = request.send().await.expect("the server answers").json().await.expect("JSON");
    let throttled = |answer: &&Value| answer["errors"][0]["extensions"]["code"] == "THROTTLED";
    let answers = answers.as_array().expect("an answer for each");
    assert_eq!((answers.len(), answers.iter().filter(throttled).count()), (8, 3), "{answers:#?}");
    assert_eq!(ask_for(&shop, "198.51.100.7").await.status(), 429);

    let shop = Shop::with(Setup::default().config(five)).await;
    let mut socket = Socket::open(&shop, None).await.expect("a socket");
    for n in 0..8 {
        socket.subscribe(&n.to_string(), "{ shop { name } }", &json!({})).await;
        let told = socket.receive().await;
        let is_throttled = told.to_string().contains("THROTTLED");
        assert_eq!(is_throttled, n >= 5, "operation {n}: {told}");
        if told["type"] == "next" {
            assert_eq!(socket.receive().await["type"], "complete");
        }
    }
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_is_counted_alone() {
    let setup = Setup::default().config(|c| {
        c.http.requests_per_minute = NonZeroU32::new(2);
        c.http.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
    });
    let shop = Shop::with(setup).await;
    for _ in 0..2 {
        assert_eq!(ask_for(&shop, "198.51.100.7").await.status(), 200);
    }
    assert_eq!(ask_for(&shop, "198.51.100.7").await.status(), 429);
    assert_eq!(ask_for(&shop, "198.51.100.8").await.status(), 200);
    assert_eq!(ask_for(&shop, "2001:db8::1").await.status(), 200);
    assert_eq!(ask_for(&shop, "2001:db8::2").await.status(), 200);
    assert_eq!(ask_for(&shop, "2001:db8::3").await.status(), 429, "a /64 is one client");
}

/// Followers of one address, over either transport, leave places for those of others.
#[tokio::test]
async fn a_client_follows_only_so_much_at_once() {
    let setup = Setup::default().config(|c| {
        c.http.live.connections_per_client = 2;
        c.http.trusted_proxies = vec!["127.0.0.1/32".parse().expect("an address")];
    });
    let shop = Shop::with(setup).await;
    let mug = shop.gid("mug").await;
    let follow = async |client: &str| {
        let query = "subscription($ids: [ID!]!) { inventoryChanged(variantIds: $ids) { availableForSale } }";
        let body = json!({ "query": query, "variables": { "ids": [mug] } });
        let request = shop.endpoint.http.post(&shop.endpoint.url).header("accept", "text/event-stream");
        let request = request.header("x-forwarded-for", client).json(&body);
        request.send().await.expect("the server answers")
    };
    let open = [follow("198.51.100.7").await, follow("198.51.100.7").await];
    assert!(open.iter().all(|answer| answer.status() == 200));
    let refused = follow("198.51.100.7").await;
    assert_eq!(refused.status(), 503);
    let body: serde_json::Value = refused.json().await.expect("the answer is JSON");
    assert_eq!(body["errors"][0]["extensions"]["code"], "TOO_MANY_CONNECTIONS");
    assert_eq!(follow("198.51.100.8").await.status(), 200);
    drop(open);
}

/// Nothing is said of limits where there are none.
#[tokio::test]
async fn there_is_no_limit_unless_one_is_set() {
    let shop = Shop::open().await;
    let answer = ask_for(&shop, "198.51.100.7").await;
    assert!(answer.headers().keys().all(|name| !name.as_str().starts_with("ratelimit")));
}
