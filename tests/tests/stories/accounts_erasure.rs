//! What is known of a customer: given to them, and taken out.

use crate::harness::{Customer, Event, PASSWORD, Setup, Shop, refusals};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::path::Path;
use stoa_domain::shared::Clock;

const ADA: &str = "ada@example.org";

async fn erase(customer: &Customer) -> Value {
    let query = "mutation($password: String!) { customerErase(input: { password: $password }) {
      userErrors { code field } } }";
    customer.request(query, json!({ "password": PASSWORD })).await.at("/customerErase").clone()
}

/// The archives that lie in the shop's store.
fn archives(folder: &Path) -> Vec<Value> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let inside = |path: std::path::PathBuf| {
        if path.is_dir() {
            return archives(&path);
        }
        let is_archive = path.file_name().is_some_and(|name| name.to_string_lossy().contains("my-data"));
        let text = is_archive.then(|| std::fs::read_to_string(&path).expect("a file"));
        text.map(|text| serde_json::from_str(&text).expect("JSON")).into_iter().collect()
    };
    paths.flat_map(inside).collect()
}

/// Whoever asks for what is known of them gets their orders too, those from before they had an account, and nobody else's.
#[tokio::test]
async fn an_archive_has_the_orders_of_its_owner() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    let placed = shopper.place_order("k").await;
    let (ada, eve) = (shop.customer(ADA).await, shop.customer("eve@example.org").await);
    for customer in [&ada, &eve] {
        let asked =
            customer.request("mutation { customerDataRequest { userErrors { code } } }", json!({})).await;
        assert!(refusals(asked.at("/customerDataRequest")).is_empty());
        shop.mailed_token(&customer.email, "archive").await;
    }
    let order = shop.order(placed.order_id()).await;
    let archives = archives(&shop.folder.path().join("media"));
    assert_eq!(archives.len(), 2);
    for archive in archives {
        let text = archive.to_string();
        let orders = archive["orders"].as_array().expect("orders");
        let numbers: Vec<&Value> = orders.iter().map(|order| &order["number"]).collect();
        if archive["account"]["email"] == ADA {
            assert_eq!(numbers, [&json!(order.number)]);
        } else {
            assert!(numbers.is_empty() && !text.contains("Springfield"), "{archive:#}");
        }
        assert!(!text.contains(order.token.as_str()), "a key is no knowledge");
    }
    shop.books_balance().await;
}

/// The link of the mail leads to the file, and to nothing once its time is over or its owner is gone.
#[tokio::test]
async fn the_link_to_an_archive_leads_to_it() {
    let shop = Shop::open().await;
    let ada = shop.customer(ADA).await;
    ada.request("mutation { customerDataRequest { userErrors { code } } }", json!({})).await;
    let link = shop.mailed_token(ADA, "archive").await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
    let client = client.expect("a client");
    let open = async |token: &str| {
        let url = format!("{}/account/archive/{token}", shop.base);
        client.get(url).send().await.expect("the server answers")
    };
    let answer = open(&link).await;
    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
    let address = answer.headers()["location"].to_str().expect("an address").to_owned();
    let file = async || client.get(&address).send().await.expect("the server answers");
    let found = file().await;
    assert_eq!(found.status(), 200, "{address}");
    assert_eq!(found.headers()["content-type"], "application/json");
    assert_eq!(found.headers()["cache-control"], "private, no-store");
    assert!(found.headers()["content-disposition"].to_str().expect("text").starts_with("attachment"));
    let archive: Value = found.json().await.expect("JSON");
    assert_eq!(archive["account"]["email"], ADA);

    for wrong in ["nonsense", &link[1..]] {
        assert_eq!(open(wrong).await.status(), 404, "{wrong}");
    }
    assert_eq!(client.get(format!("{address}x")).send().await.expect("an answer").status(), 404);
    shop.clock.advance(TimeDelta::minutes(16));
    assert_eq!(file().await.status(), 404, "the address of a file ends");
    assert_eq!(open(&link).await.status(), 303, "the link leads to it once more");
    shop.clock.advance(TimeDelta::days(8));
    assert_eq!(open(&link).await.status(), 404);
}

/// Nobody is taken out while something is to be paid or sent. Afterwards the account is gone, and the order keeps name and address for as
/// long as the law wants.
#[tokio::test]
async fn who_has_an_open_order_is_taken_out_once_it_is_over() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    let mut ada = shop.customer(ADA).await;
    assert_eq!(refusals(&erase(&ada).await), ["ORDERS_OPEN"], "it is not paid");
    shopper.pay(&placed, "4242424242424242").await;
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
    assert_eq!(refusals(&erase(&ada).await), ["ORDERS_OPEN"], "it is not sent");
    assert!(ada.is_signed_in().await, "nothing has changed");

    shop.clock.advance(TimeDelta::days(31));
    let again = shop.sign_in(ADA, PASSWORD).await;
    let token = again.at("/customerAccessTokenCreate/customerAccessToken/accessToken").as_str();
    token.expect("a token").clone_into(&mut ada.token);
    let before = shop.order(placed.order_id()).await;
    let make = "mutation($mug: ID!) { cartCreate(input: { lines: [{ merchandiseId: $mug, quantity: 1 }] }) { cart { id } } }";
    let made = ada.request(make, json!({ "mug": shop.gid("mug").await })).await;
    let mut left = shop.shopper();
    made.at("/cartCreate/cart/id").as_str().expect("a cart").clone_into(&mut left.cart);
    assert!(!left.read_cart().await.is_null());
    assert!(refusals(&erase(&ada).await).is_empty());
    assert!(!ada.is_signed_in().await);
    assert!(left.read_cart().await.is_null(), "her cart has her address in it");
    let kept = shop.order(placed.order_id()).await;
    assert_eq!((&kept.figures, kept.number), (&before.figures, before.number));
    assert_ne!(kept.email, before.email);
    assert_ne!(kept.token, before.token, "no link of a mail leads there");
    let name = |order: &stoa_domain::order::Order| order.shipping_address.clone().and_then(|to| to.last_name);
    assert_eq!(name(&kept).as_deref(), Some("Lovelace"), "the tax office may ask");

    shop.clock.advance(TimeDelta::days(366 * 11));
    shop.until("the name is forgotten", || async {
        shop.run_jobs().await;
        name(&shop.order(placed.order_id()).await).is_none()
    })
    .await;
    shop.books_balance().await;
}

/// What the gateway's form has asked a buyer, and its events repeat.
fn billing() -> Value {
    json!({ "name": "Countess Byron", "email": "countess@example.net", "phone": "+1 555 0100",
            "address": { "line1": "7 Secret Mews", "city": "Ockham" } })
}

/// In no table is anything of who was erased, but for what the tax office asks for; and that goes when its time is over.
#[tokio::test]
async fn nothing_of_who_is_erased_is_in_any_table() {
    let shop = Shop::with(Setup::default()).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    let now = shop.clock.now().timestamp();
    // A card that was declined, something that is none of ours, and a charge that nobody knows of.
    let declined = json!({ "id": placed.intent(), "object": "payment_intent", "status": "requires_payment_method",
        "amount": 1_000, "currency": "usd",
        "last_payment_error": { "code": "card_declined", "payment_method": { "billing_details": billing() } } });
    let customer = json!({ "id": "cus_1", "object": "customer", "name": "Countess Byron", "email": "countess@example.net" });
    let stranger = json!({ "id": "dp_9", "object": "dispute", "charge": "ch_of_somebody", "status": "needs_response",
        "evidence": { "customer_name": "Countess Byron" } });
    for (id, kind, object) in [
        ("evt_declined", "payment_intent.payment_failed", &declined),
        ("evt_customer", "customer.created", &customer),
        ("evt_stranger", "charge.dispute.created", &stranger),
    ] {
        assert_eq!(shop.webhook(&Event::dated(now, id, kind, object)).await, 200, "{id}");
    }
    shop.by_hand(
        "INSERT INTO gateway_events (id, gateway, kind, state, body, occurred_at, received_at) VALUES ('evt_old', 'stripe', \
         'charge.succeeded', 'applied', 'Countess Byron', '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00')",
    )
    .await;
    shopper.pay(&placed, "4242424242424242").await;
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
    let mut ada = shop.customer(ADA).await;
    let before = shop.dump().await;
    for there in ["Countess", "Ada@Example.org", "Springfield", "evt_declined"] {
        assert!(before.contains(there), "{there} is looked for where it is");
    }

    shop.clock.advance(TimeDelta::days(91));
    let again = shop.sign_in(ADA, PASSWORD).await;
    let token = again.at("/customerAccessTokenCreate/customerAccessToken/accessToken").as_str();
    token.expect("a token").clone_into(&mut ada.token);
    assert!(refusals(&erase(&ada).await).is_empty());
    let lacks = async |words: &[&str]| {
        shop.run_jobs().await;
        let left = shop.dump().await.to_lowercase();
        let found = left.lines().filter(|line| words.iter().any(|word| line.contains(word)));
        found.map(str::to_owned).collect::<Vec<_>>()
    };
    let theirs = ["ada@", "countess", "byron", "555 0100", "secret mews", "ockham"];
    shop.until("nothing but the order says who it was", || async { lacks(&theirs).await.is_empty() }).await;
    let all = [&theirs[..], &["lovelace", "springfield", "analytical"]].concat();
    let kept = lacks(&all).await;
    assert!(kept.iter().all(|line| line.starts_with("orders: ")) && kept.len() == 1, "{kept:#?}");
    shop.clock.advance(TimeDelta::days(366 * 11));
    shop.until("the name is forgotten", || async { lacks(&all).await.is_empty() }).await;
    shop.books_balance().await;
}
