//! What customers see of themselves, what staff look through, and what is done at night: for the plans of their statements.

use crate::harness::{Customer, PASSWORD, Shop, Staff};
use chrono::TimeDelta;
use serde_json::{Value, json};
use stoa_domain::shared::Clock;
use stoa_persistence::{Durability, account, customer, order};

const ADA: &str = "ada@example.org";

/// Those whom the rows of all others are made after: a customer with an address book, and a shop's owner.
pub(super) async fn template(shop: &Shop) -> (Customer, Staff) {
    let ada = shop.customer(ADA).await;
    let add = "mutation($token: String!, $address: MailingAddressInput!) {
      customerAddressCreate(address: $address, customerAccessToken: $token) {
      customerAddress { id } customerUserErrors { code field } } }";
    let address = json!({ "firstName": "Ada", "lastName": "Lovelace", "address1": "12 Analytical Way", "city": "Springfield",
                          "province": "IL", "zip": "62701", "country": "United States" });
    let added = ada.ask(add, json!({ "address": address })).await;
    assert!(added.at("/customerAddressCreate/customerAddress/id").is_string(), "{:#}", added.body);
    let owner = shop.owner("owner@example.org").await;
    (ada, owner)
}

/// A customer signs in, and looks at what they have bought, in every order; somebody else becomes one.
pub(super) async fn account(shop: &Shop, ada: &Customer) {
    let in_again = shop.sign_in(ADA, PASSWORD).await;
    assert!(in_again.body.get("errors").is_none(), "{:#}", in_again.body);
    for sort in ["ID", "PROCESSED_AT", "RELEVANCE", "TOTAL_PRICE"] {
        for reverse in [false, true] {
            let orders = |after: &str| {
                format!(
                    "numberOfOrders orders(first: 10, sortKey: {sort}, reverse: {reverse}{after}) {{ pageInfo {{ endCursor }} nodes {{ id }} }}"
                )
            };
            let first = ada.sees(&orders("")).await;
            let after = format!(", after: {}", first["orders"]["pageInfo"]["endCursor"]);
            assert!(ada.sees(&orders(&after)).await.is_object());
        }
    }
    let seen = ada.sees("email addresses(first: 10) { nodes { city } } defaultAddress { city }").await;
    assert_eq!(seen["email"], ADA);
    // Whose address is proved is given the orders that a guest made with it.
    shop.customer("grace@example.org").await;
}

/// Everything that staff list, in every order and by every condition.
pub(super) async fn staff(shop: &Shop, owner: &Staff) {
    let orders = [
        "",
        "#1001",
        "email:ada@example.org",
        "status:paid",
        "financial_status:pending",
        "financial_status:authorized",
        "financial_status:paid",
        "financial_status:partially_refunded",
        "financial_status:refunded",
        "financial_status:voided",
        "fulfillment_status:unfulfilled",
        "attention:true",
    ];
    list(shop, owner, "orders", &["PROCESSED_AT", "UPDATED_AT", "TOTAL_PRICE"], &orders).await;
    let customers = ["", "ada", "email:ada@example.org", "state:enabled"];
    list(shop, owner, "customers", &["CREATED_AT", "UPDATED_AT"], &customers).await;
    let log =
        |more: &str| format!("auditLog(first: 20{more}) {{ pageInfo {{ endCursor }} nodes {{ action }} }}");
    let first = ask(shop, owner, &log("")).await;
    ask(shop, owner, &log(&format!(", after: {}", first["auditLog"]["pageInfo"]["endCursor"]))).await;
    for filter in [
        "subjectType: \"Order\", subjectId: \"1\"",
        "action: \"role.create\"",
        "from: \"2020-01-01T00:00:00Z\", until: \"2020-02-01T00:00:00Z\"",
    ] {
        ask(shop, owner, &log(&format!(", filter: {{ {filter} }}"))).await;
    }
}

async fn list(shop: &Shop, owner: &Staff, what: &str, sorts: &[&str], queries: &[&str]) {
    for sort in sorts {
        for reverse in [false, true] {
            let page = |more: &str| {
                format!(
                    "{what}(first: 20, sortKey: {sort}, reverse: {reverse}{more}) {{ pageInfo {{ endCursor }} nodes {{ id }} }}"
                )
            };
            let first = ask(shop, owner, &page("")).await;
            ask(shop, owner, &page(&format!(", after: {}", first[what]["pageInfo"]["endCursor"]))).await;
        }
        for query in queries {
            let page = format!("{what}(first: 20, sortKey: {sort}, query: \"{query}\") {{ nodes {{ id }} }}");
            ask(shop, owner, &page).await;
        }
    }
}

async fn ask(shop: &Shop, owner: &Staff, selection: &str) -> Value {
    let answer = shop.ask_as(owner, &format!("{{ admin {{ {selection} }} }}"), json!({})).await;
    assert!(answer.body.get("errors").is_none(), "{selection}: {:#}", answer.body);
    answer.at("/admin").clone()
}

/// What is over is deleted, and names are taken off old orders.
pub(super) async fn night(shop: &Shop) {
    let (db, now) = (shop.db(), shop.clock.now());
    let long_ago = now - TimeDelta::days(90);
    account::sweep(db, (long_ago, long_ago), 99).await.expect("SQL answers");
    account::archives_over(db.read(), long_ago, 100).await.expect("SQL answers");
    customer::pending_over(db.read(), long_ago, now, 100).await.expect("SQL answers");
    let tx = db.write(Durability::Full).await.expect("SQL answers");
    order::forget_persons(&tx, long_ago, 100).await.expect("SQL answers");
    tx.commit().await.expect("it is kept");
}
