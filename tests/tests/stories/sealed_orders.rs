//! Orders whose addresses, telephone numbers and notes are sealed (`privacy.seal_orders`): read by who may, and by nobody in the tables.

use crate::harness::{Setup, Shop};
use serde_json::json;
use std::collections::BTreeMap;
use stoa_domain::shared::OrderId;
use stoa_services::doctor::Treatment;

/// What must not be read in any table.
const PERSON: [&str; 4] = ["Springfield", "Analytical Way", "Lovelace", "ring the brass bell"];

fn sealing(sealed: bool) -> Setup {
    Setup::default().config(move |config| config.seal_orders = sealed)
}

/// The same of a shop that is opened once more.
fn again(sealed: bool) -> Setup {
    Setup { items: Vec::new(), ..sealing(sealed) }
}

/// How many rows there are of each table, and of those how many can be read: all columns of all tables, as they lie in the database by now.
async fn rows(shop: &Shop) -> BTreeMap<String, (usize, usize)> {
    let dump = shop.dump().await;
    let is_name = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let mut whole: Vec<(&str, String)> = Vec::new();
    for line in dump.lines() {
        match (line.split_once(": ").filter(|(table, _)| is_name(table)), whole.last_mut()) {
            (Some((table, row)), _) => whole.push((table, row.to_owned())),
            // A text with line breaks goes on.
            (None, Some((_, row))) => *row += line,
            (None, None) => panic!("a row of no table: {line}"),
        }
    }
    let mut rows = BTreeMap::<String, (usize, usize)>::new();
    for (table, row) in whole {
        let (all, readable) = rows.entry(table.to_owned()).or_default();
        *all += 1;
        *readable += usize::from(is_readable(&row));
    }
    rows
}

/// Whether somebody is in a row, as text or as bytes, which a dump has in hexadecimal digits.
fn is_readable(row: &str) -> bool {
    let bytes = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    let row_in_small = row.to_ascii_lowercase();
    PERSON.iter().any(|text| row.contains(text) || row_in_small.contains(&bytes(text)))
}

/// The tables in which somebody can be read, and in how many of their rows.
fn readable(rows: &BTreeMap<String, (usize, usize)>) -> Vec<(&str, usize)> {
    let readable = rows.iter().filter(|(_, (_, readable))| *readable > 0);
    readable.map(|(table, (_, readable))| (table.as_str(), *readable)).collect()
}

/// A guest orders and pays: to her, to who prepares it and to the mail nothing is different. Gives the order and its token.
async fn bought(shop: &Shop, key: &str) -> (OrderId, String) {
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    shopper.change("cartNoteUpdate", &[("note", "String!", json!("ring the brass bell"))]).await;
    let placed = shopper.place_order(key).await;
    shopper.pay(&placed, "4242424242424242").await;
    shop.settle().await;
    shop.until("it is paid", || async { shop.is_paid(placed.order_id()).await }).await;
    seen(shop, &(placed.order_id(), placed.token())).await;
    (placed.order_id(), placed.token())
}

/// Whoever has the token reads the whole order.
async fn seen(shop: &Shop, (id, token): &(OrderId, String)) {
    let order = shop.shopper().order(token).await;
    assert_eq!(order["shippingAddress"]["city"], "Springfield", "{order}");
    assert_eq!(shop.order(*id).await.note.as_deref(), Some("ring the brass bell"));
}

#[tokio::test]
async fn what_is_sealed_of_an_order_is_read_by_who_may_and_is_in_no_table() {
    let shop = Shop::with(sealing(true)).await;
    let first = bought(&shop, "k").await;
    assert_eq!(readable(&rows(&shop).await), [], "in no table");
    // Its customer, once the address is proved; the staff by what orders are looked for with; and what a customer takes along.
    let ada = shop.customer("ada@example.org").await;
    let theirs = ada.sees("orders(first: 5) { nodes { shippingAddress { city } } }").await;
    assert_eq!(theirs["orders"]["nodes"][0]["shippingAddress"]["city"], "Springfield");
    let owner = shop.owner("owner@example.org").await;
    let find = "{ admin { orders(first: 5, query: \"email:ada@example.org\") { nodes { shippingAddress { city } note } } } }";
    let found = shop.ask_as(&owner, find, json!({})).await;
    let order = found.at("/admin/orders/nodes/0");
    assert_eq!(
        (&order["shippingAddress"]["city"], &order["note"]),
        (&json!("Springfield"), &json!("ring the brass bell"))
    );
    shop.books_balance().await;
    let folder = shop.folder;
    shop.app.stop().await.expect("everything finishes in time");

    // Off again: what was sealed is read, what comes is not sealed, and that the two differ is told.
    let shop = Shop::in_folder(folder, again(false)).await;
    seen(&shop, &first).await;
    let second = bought(&shop, "l").await;
    let found = rows(&shop).await;
    // What accounts are called is not sealed: it is looked up and sorted by.
    let account = ("customers", 1);
    assert_eq!((found["orders"], readable(&found)), ((2, 1), vec![account, ("orders", 1)]));
    let findings = shop.examine(Treatment::default()).await;
    assert!(
        findings.iter().any(|f| f.check == "accounts.keys" && f.problem.contains("orders.note: 1")),
        "{findings:?}"
    );
    let folder = shop.folder;
    shop.app.stop().await.expect("everything finishes in time");

    // And on: both are read.
    let shop = Shop::in_folder(folder, again(true)).await;
    for order in [&first, &second] {
        seen(&shop, order).await;
    }
    bought(&shop, "m").await;
    let found = rows(&shop).await;
    assert_eq!((found["orders"], readable(&found)), ((3, 1), vec![account, ("orders", 1)]));
}
