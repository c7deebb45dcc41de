//! What monitoring reads of a shop that sells, refuses and fails.

use crate::harness::{Family, Setup, Shop, redis_of};
use chrono::TimeDelta;
use serde_json::json;
use std::collections::BTreeMap;

const GOOD: &str = "4242424242424242";

/// A shop that is measured.
fn measured() -> Setup {
    Setup::default().config(|config| config.metrics = "127.0.0.1:0".parse().ok())
}

/// The list that dashboards and alerts are checked against.
fn promised(redis: bool) -> BTreeMap<String, Family> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/metrics.txt");
    let text = std::fs::read_to_string(file).expect("the list is there");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let families = lines.map(|line| {
        let mut words = line.split(' ').map(str::to_owned);
        let name = words.next().expect("a name");
        (name, Family { kind: words.next().expect("a type"), labels: words.collect() })
    });
    let elsewhere =
        ["stoa_sql_replica_up", "stoa_outside_requests_total", "stoa_outside_request_duration_seconds"];
    let here = |name: &str| !elsewhere.contains(&name) && (redis || !name.starts_with("stoa_redis_"));
    families.filter(|(name, _)| here(name)).collect()
}

#[tokio::test]
async fn a_shop_that_has_sold_and_refused_shows_exactly_what_the_list_says() {
    let shop = Shop::with(measured()).await;
    let before = shop.scrape().await;
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    let placed = shopper.place_order("k").await;
    shopper.pay(&placed, GOOD).await;
    shop.settle().await;
    shop.until("the mail is written", || async { !shop.mails().is_empty() }).await;
    // More bowls than there are, a cart that is gone, no GraphQL, no address, no signature.
    let mut greedy = shop.shopper();
    greedy.create_cart(&[(shop.gid("bowl").await, 4)]).await;
    let refused = shopper.add(&shop.gid("mug").await, 1).await;
    assert!(!refused.at("/cartLinesAdd/userErrors").as_array().expect("errors").is_empty());
    shopper.ask("{ nothing", json!({})).await;
    let nowhere = shop.endpoint.http.get(format!("{}/no/such/page", shop.base));
    nowhere.send().await.expect("an answer");
    assert_eq!(shop.webhook_raw("{}", None).await, 400);

    let after = shop.scrape().await;
    let redis = redis_of(shop.folder.path()).is_some();
    assert_eq!(after.families, promised(redis));

    let rose = |name: &str, labels: &[&str]| after.sum(name, labels) - before.sum(name, labels);
    assert!(rose("stoa_orders_placed_total", &[]) >= 1.0);
    assert!(rose("stoa_payment_events_total", &["outcome=\"applied\""]) >= 1.0);
    assert!(rose("stoa_webhooks_total", &["outcome=\"accepted\""]) >= 1.0);
    assert!(rose("stoa_webhooks_total", &["outcome=\"refused\""]) >= 1.0);
    assert!(rose("stoa_jobs_total", &["kind=\"mail.order_confirmed\"", "outcome=\"done\""]) >= 1.0);
    assert!(rose("stoa_mails_total", &["outcome=\"sent\""]) >= 1.0);
    assert!(rose("stoa_holds_refused_total", &[]) >= 1.0);
    assert!(rose("stoa_gateway_requests_total", &["operation=\"create_intent\"", "outcome=\"ok\""]) >= 1.0);
    assert!(rose("stoa_graphql_operations_total", &["type=\"mutation\"", "outcome=\"ok\""]) >= 2.0);
    assert!(rose("stoa_graphql_operations_total", &["type=\"mutation\"", "outcome=\"user_error\""]) >= 1.0);
    assert!(rose("stoa_graphql_operations_total", &["type=\"other\"", "outcome=\"request_error\""]) >= 1.0);
    assert!(rose("stoa_sql_statements_total", &[]) >= 20.0);

    let graphql = ["route=\"/graphql\"", "method=\"POST\"", "status=\"2xx\""];
    assert!(after.sum("stoa_http_requests_total", &graphql) >= 4.0);
    assert_eq!(after.sum("stoa_http_requests_total", &["route=\"/graphql\"", "status=\"5xx\""]), 0.0);
    assert!(after.sum("stoa_http_requests_total", &["route=\"other\"", "status=\"4xx\""]) >= 1.0);
    assert!(after.sum("stoa_http_request_duration_seconds_count", &["route=\"/graphql\""]) >= 4.0);
    assert!(after.sum("stoa_http_connections", &[]) >= 1.0);
    assert_eq!(after.sum("stoa_sql_up", &[]), 1.0);
    assert_eq!(after.sum("stoa_orders_needing_attention", &[]), 0.0);
    assert!(after.sum("process_resident_memory_bytes", &[]) > 1e6);
}

#[tokio::test]
async fn paths_and_names_that_clients_make_up_name_nothing() {
    let shop = Shop::with(measured()).await;
    for n in 0..20 {
        let url = format!("{}/orders/token-{n}?secret={n}", shop.base);
        let method = reqwest::Method::from_bytes(format!("MADEUP{n}").as_bytes()).expect("a method");
        shop.endpoint.http.get(&url).send().await.expect("an answer");
        shop.endpoint.http.request(method, &url).send().await.expect("an answer");
    }
    let families = shop.scrape().await;
    assert!(families.sum("stoa_http_requests_total", &["route=\"/orders/{token}\""]) >= 20.0);
    let made_up = families.sum("stoa_http_requests_total", &["method=\"other\""]);
    assert!(made_up >= 20.0, "{made_up}");
    assert!(families.series().all(|series| !series.contains("token-") && !series.contains("MADEUP")));
}

#[tokio::test]
async fn a_marked_order_and_a_dead_database_are_seen_at_once() {
    let shop = Shop::with(measured()).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    shopper.place_order("k").await;
    shop.by_hand("UPDATE orders SET attention = 'amount_differs'").await;
    shop.by_hand("UPDATE jobs SET dead_at = run_at WHERE kind = 'order.expire'").await;
    let seen = shop.scrape().await;
    assert_eq!(seen.sum("stoa_orders_needing_attention", &[]), 1.0);
    assert_eq!(seen.sum("stoa_jobs_dead", &[]), 1.0);

    shop.db().clone().close().await.expect("it closes");
    let seen = shop.scrape().await;
    assert_eq!(seen.sum("stoa_sql_up", &[]), 0.0);
    assert!(seen.sum("stoa_orders_needing_attention", &[]).is_nan(), "what nobody knows is no number");
}

#[tokio::test]
async fn a_shop_that_is_not_measured_serves_no_metrics() {
    let shop = Shop::open().await;
    assert_eq!(shop.app.metrics_address(), None);
    let response = shop.endpoint.http.get(format!("{}/metrics", shop.base)).send().await.expect("an answer");
    assert_eq!(response.status(), 404);
}

/// Whoever asks for a mail is told that it was sent, whatever becomes of it: whoever runs the shop sees more.
#[tokio::test]
async fn mails_that_are_never_written_are_seen() {
    let shop = Shop::with(measured()).await;
    let ada = shop.customer("ada@example.org").await;
    let before = shop.scrape().await;
    // Where mails go stands a file: none can be handed over for as long as the link works.
    let mail = shop.folder.path().join("mail");
    std::fs::rename(&mail, shop.folder.path().join("before")).expect("there are mails");
    std::fs::write(&mail, "in the way").expect("a file");
    let recover = async |email: &str| {
        let query =
            "mutation($email: String!) { customerRecover(email: $email) { customerUserErrors { code } } }";
        let asked = shop.shopper().ask(query, json!({ "email": email })).await;
        assert_eq!(asked.at("/customerRecover/customerUserErrors"), &json!([]), "{email}");
    };
    recover(&ada.email).await;
    shop.clock.advance(TimeDelta::hours(2));
    let rose = async |outcome: &str| {
        let label = format!("outcome=\"{outcome}\"");
        let label = [label.as_str()];
        shop.scrape().await.sum("stoa_mails_total", &label) - before.sum("stoa_mails_total", &label)
    };
    shop.until("the mail comes too late", || async { rose("late").await >= 1.0 }).await;

    for n in 0..21 {
        recover(&format!("nobody-{n}@example.org")).await;
    }
    assert!(rose("withheld").await >= 1.0);
}
