//! Every transaction takes its locks in the order that is written down: read from Postgres' own log of a shop at work.

use super::{accounts, admin, customers, discounts, nights, oidc, rules, staff};
use crate::{
    harness::{Item, OwnPostgres, Setup, Shop, at},
    oidc::{FakeProvider, trusted},
};
use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet};
use stoa_domain::order::Order;
use stoa_persistence::{SqlCartStore, SqlReservationStore, db::LOCK_ORDER};
use stoa_services::{
    catalog::demo,
    doctor::Treatment,
    system::{SystemClock, SystemIds},
};

const GOOD: &str = "4242424242424242";

/// Says before each line which transaction it belongs to.
const LOG: [(&str, &str); 3] = [("log_statement", "all"), ("log_line_prefix", "%v|"), ("fsync", "off")];

/// Columns that are unique in their table: by one of them a statement finds one row.
const UNIQUE: [&str; 4] = ["id", "intent", "handle", "email_key"];
/// Columns of keys: sorted by one of them a statement locks each row after the one before it.
const KEYS: [&str; 4] = ["id", "variant_id", "promotion_id", "code_key"];

/// What locks several rows in no order of its own: how it goes on from its beginning, and the table of which its transaction has locked a
/// row by then that all its rivals lock first.
const BEHIND: [(&str, &str); 13] = [
    ("UPDATE \"collection_products\"", "products"),
    // Who writes to the catalogue takes turns.
    ("DELETE FROM \"product_variants\"", "catalog_state"),
    ("DELETE FROM \"price_list_prices\"", "catalog_state"),
    ("UPDATE \"inventory_levels\"", "inventory_items"),
    ("DELETE FROM \"inventory_levels\"", "inventory_items"),
    ("DELETE FROM \"customer_addresses\"", "customers"),
    ("DELETE FROM \"customer_group_members\"", "customers"),
    ("UPDATE \"account_tokens\"", "customers"),
    ("UPDATE \"account_tokens\"", "staff"),
    ("UPDATE \"order_lines\"", "orders"),
    ("UPDATE \"promotion_uses\"", "orders"),
    ("DELETE FROM \"cart_holds\"", "carts"),
    ("DELETE FROM \"cart_holds\"", "hold_fences"),
];

const WAITS: [&str; 4] = ["FOR UPDATE", "FOR NO KEY UPDATE", "FOR KEY SHARE", "FOR SHARE"];

/// The tables whose rows a statement locks, waiting for whoever has them, in the order in which it has them. Plain inserts wait for
/// nobody but another of the same key, and the rows they make are their own.
fn locks(statement: &str) -> Vec<&str> {
    // Of several statements in one each begins behind the name of a table of its own.
    let parts = parts(statement);
    let (last, others) = parts.split_last().expect("a statement has a word");
    // Behind the last of them stands what the whole statement does itself.
    let whole = last.split_once(") UPDATE ").map(|(_, rest)| rest.split('"').nth(1).expect("a table"));
    others.iter().chain([last]).filter_map(|part| locks_alone(part)).chain(whole).collect()
}

/// Of several statements in one, each; else the one.
fn parts(statement: &str) -> Vec<&str> {
    statement.strip_prefix("WITH ").map_or_else(|| vec![statement], |with| with.split(" AS (").collect())
}

/// The parts of a statement that lock several rows of a table, as far as their text tells, and in no order of their own.
fn unsorted(statement: &str) -> Vec<&str> {
    let parts = parts(statement);
    let sorted = |part: &str, table: &str| {
        KEYS.iter().any(|key| {
            [format!("ORDER BY \"{table}\".\"{key}\" ASC"), format!("ORDER BY \"{key}\" ASC")]
                .iter()
                .any(|order| part.contains(order))
        })
    };
    let one = |part: &str| {
        let found = part.split_once(" WHERE ").map_or("", |(_, found)| found);
        UNIQUE.iter().any(|key| found.contains(&format!("\"{key}\" = $")))
    };
    // Behind a part that has locked the same rows in order already.
    let locked =
        |table: &str| parts.iter().any(|part| locks_alone(part) == Some(table) && sorted(part, table));
    parts
        .iter()
        .copied()
        .filter(|part| match (part.split_ascii_whitespace().next(), locks_alone(part)) {
            (Some("SELECT"), Some(table)) => !sorted(part, table) && !one(part),
            (Some("UPDATE" | "DELETE"), Some(table)) => is_of_several(part) && !locked(table),
            _ => false,
        })
        .collect()
}

fn locks_alone(statement: &str) -> Option<&str> {
    let table = |after: &str| {
        let (_, rest) = statement.split_once(after)?;
        rest.split('"').next()
    };
    match statement.split_ascii_whitespace().next()? {
        "UPDATE" => table("UPDATE \""),
        "DELETE" => table("DELETE FROM \""),
        "INSERT" if statement.contains("ON CONFLICT") => table("INSERT INTO \""),
        "SELECT"
            if WAITS.iter().any(|lock| statement.contains(lock)) && !statement.contains("SKIP LOCKED") =>
        {
            table(" FROM \"")
        }
        _ => None,
    }
}

/// Whether rows are found by a list of more than one.
fn is_of_several(part: &str) -> bool {
    part.split(" IN (").skip(1).any(|list| {
        let (list, _) = list.split_once(')').unwrap_or((list, ""));
        list.starts_with("SELECT") || list.contains(',')
    })
}

/// What was executed, by the log: transactions and statements.
fn executed(log: &str) -> impl Iterator<Item = (&str, &str)> {
    log.lines().filter_map(|line| {
        let (transaction, rest) = line.split_once('|')?;
        let (_, statement) = rest.split_once("LOG:  execute ")?.1.split_once(": ")?;
        Some((transaction, statement))
    })
}

/// What locks several rows of a table neither in their order nor behind a lock that all others take first, by the log.
fn in_no_order(log: &str) -> BTreeSet<&str> {
    let mut held: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for (transaction, statement) in executed(log) {
        let held = held.entry(transaction).or_default();
        let together = locks(statement);
        let behind = |part: &&str| {
            // What was locked before in order, or by who skips what is locked, is changed or deleted in any.
            locks_alone(part).is_some_and(|table| held.contains(table))
                || BEHIND.iter().any(|(beginning, table)| {
                    part.starts_with(beginning) && (held.contains(table) || together.contains(table))
                })
        };
        found.extend(unsorted(statement).into_iter().filter(|part| !behind(part)));
        held.extend(together.iter().copied());
        if statement.ends_with("SKIP LOCKED") {
            held.extend(statement.split_once(" FROM \"").and_then(|(_, rest)| rest.split('"').next()));
        }
    }
    found
}

/// The tables each transaction locked rows of, in the order of the first time, by the log.
fn locked(log: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut transactions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (transaction, statement) in executed(log) {
        for table in locks(statement) {
            let tables = transactions.entry(transaction).or_default();
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
    }
    transactions
}

fn rank(table: &str) -> usize {
    LOCK_ORDER
        .iter()
        .position(|ranked| *ranked == table)
        .unwrap_or_else(|| panic!("{table} is locked, but stands nowhere in the order"))
}

#[test]
fn the_log_is_understood() {
    let log = r#"
3/7|LOG:  statement: BEGIN
3/7|LOG:  execute sqlx_s_1: SELECT "orders"."id" FROM "orders" WHERE "orders"."id" = $1 FOR UPDATE
3/7|DETAIL:  parameters: $1 = 'UPDATE "nothing"'
3/7|LOG:  execute sqlx_s_2: UPDATE "payments" SET "state" = $1
4/1|LOG:  execute sqlx_s_1: SELECT "id" FROM "jobs" LIMIT $1 FOR UPDATE SKIP LOCKED
4/1|LOG:  execute sqlx_s_3: INSERT INTO "jobs" ("id") VALUES ($1) ON CONFLICT ("id") DO NOTHING
4/1|LOG:  execute sqlx_s_4: INSERT INTO "orders" ("id") VALUES ($1)
3/7|LOG:  execute sqlx_s_1: DELETE FROM "order_allocations" WHERE "order_id" = $1
5/1|LOG:  execute sqlx_s_5: WITH "locked" AS (SELECT "id" FROM "inventory_items" ORDER BY "id" ASC FOR UPDATE) UPDATE "inventory_items" SET "on_hand" = $1
5/1|LOG:  execute sqlx_s_6: WITH "write_0" AS (INSERT INTO "inventory_levels" ("id") VALUES ($1) ON CONFLICT ("id") DO NOTHING RETURNING 1) , "write_1" AS (INSERT INTO "orders" ("id") VALUES ($1) RETURNING 1) , "write_2" AS (UPDATE "jobs" SET "id" = $1 RETURNING 1) SELECT (SELECT COUNT(*) FROM "write_0")
6/1|LOG:  execute sqlx_s_7: WITH "due" AS (SELECT "id" FROM "jobs" LIMIT $1 FOR UPDATE SKIP LOCKED) UPDATE "jobs" SET "id" = $1
"#;
    let found: Vec<_> = locked(log).into_iter().collect();
    assert_eq!(
        found,
        [
            ("3/7", vec!["orders", "payments", "order_allocations"]),
            ("4/1", vec!["jobs"]),
            ("5/1", vec!["inventory_items", "inventory_levels", "jobs"]),
            ("6/1", vec!["jobs"]),
        ]
    );
}

#[test]
fn rows_in_no_order_are_seen() {
    let log = r#"
1/1|LOG:  execute s: SELECT "id" FROM "staff" WHERE "staff"."id" = $1 FOR UPDATE
1/1|LOG:  execute s: SELECT "id" FROM "staff" WHERE "id" IN ($1, $2) ORDER BY "id" ASC FOR UPDATE
1/1|LOG:  execute s: SELECT "id" FROM "jobs" LIMIT $1 FOR UPDATE SKIP LOCKED
1/1|LOG:  execute s: WITH "locked" AS (SELECT "id" FROM "staff" WHERE "id" IN ($1) ORDER BY "id" ASC FOR UPDATE) , "w" AS (UPDATE "staff" SET "n" = $1 WHERE "id" IN ($2)) SELECT 1
2/1|LOG:  execute s: SELECT "id" FROM "staff" WHERE "email" IN ($1) FOR UPDATE
2/1|LOG:  execute s: SELECT "id" FROM "roles" WHERE "id" IN ($1) ORDER BY "id" DESC FOR SHARE
2/1|LOG:  execute s: DELETE FROM "sessions" WHERE "id" IN ($1, $2)
3/1|LOG:  execute s: SELECT "id" FROM "sessions" LIMIT $1 FOR UPDATE SKIP LOCKED
3/1|LOG:  execute s: DELETE FROM "sessions" WHERE "id" IN ($3, $4)
"#;
    let seen: Vec<_> = in_no_order(log).into_iter().collect();
    assert_eq!(
        seen,
        [
            r#"DELETE FROM "sessions" WHERE "id" IN ($1, $2)"#,
            r#"SELECT "id" FROM "roles" WHERE "id" IN ($1) ORDER BY "id" DESC FOR SHARE"#,
            r#"SELECT "id" FROM "staff" WHERE "email" IN ($1) FOR UPDATE"#,
        ]
    );
}

/// Everything a shop does that writes: purchases, paid, free, refused, expired and refunded; imports, collections, sweeping, mending.
async fn everything(shop: &Shop) {
    let currency = shop.app.services().context().settings().currency;
    demo::seed(shop.db(), &SystemClock, &SystemIds, currency).await.expect("the demo's goods");
    let paid = shop.shopper_with_cart([("mug", 2), ("bowl", 1)]).await;
    let placed = paid.place_order("paid").await;
    paid.pay(&placed, GOOD).await;
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);

    let free = shop.shopper_with_cart([("sample", 1), ("leaflet", 1)]).await;
    assert!(free.place_order("free").await.is_placed());

    // The gateway took too little: when the order's time is over it goes back, and so does the stock.
    let odd = shop.shopper_with_cart([("mug", 1), ("bowl", 1)]).await;
    let placed = odd.place_order("odd").await;
    shop.gateway_post(&format!("/v1/payment_intents/{}", placed.intent()), &[("amount", "1000")]).await;
    odd.pay(&placed, GOOD).await;
    // Nobody pays this one.
    let late = shop.shopper_with_cart([("mug", 1)]).await;
    let late = late.place_order("late").await;
    // By hand at the gateway, a part goes back.
    let part = shop.shopper_with_cart([("mug", 1)]).await;
    let returned = part.place_order("part").await;
    part.pay(&returned, GOOD).await;
    shop.settle().await;
    shop.gateway_post("/v1/refunds", &[("payment_intent", &returned.intent()), ("amount", "500")]).await;
    shop.settle().await;

    shop.clock.advance(TimeDelta::minutes(61));
    shop.run_jobs().await;
    shop.until("what came goes back", || async {
        shop.history(placed.order_id()).await.iter().any(|kind| kind == "refund_sent")
    })
    .await;
    shop.until("nobody waits for the late one", || async {
        shop.order(late.order_id()).await.state.name() == "cancelled"
    })
    .await;

    // Another size, another stock, one size less.
    for sizes in [["S", "M", "L"], ["L", "M", "XL"]] {
        let mut csv = "Handle,Title,Published,Option1 Name,Option1 Value,Variant Inventory Tracker,Variant Inventory Qty,\
            Variant Inventory Policy,Variant Price,Variant Requires Shipping,Variant Taxable"
            .replace("            ", "");
        for (n, size) in sizes.iter().enumerate() {
            csv += &format!("\nshirt,Shirt,true,Size,{size},shopify,{n},deny,20.00,true,true");
        }
        shop.import(&csv).await;
    }
    let now = stoa_domain::shared::Clock::now(&*shop.clock) + TimeDelta::days(60);
    SqlCartStore::new(shop.db().clone()).sweep(now).await.expect("SQL answers");
    SqlReservationStore::new(shop.db().clone()).sweep(now).await.expect("SQL answers");
    shop.examine(Treatment { fix: true, payments: 100 }).await;
}

/// An order of two variants, paid.
async fn paid(shop: &Shop, key: &str) -> Order {
    let shopper = shop.shopper_with_cart([("mug", 1), ("bowl", 1)]).await;
    let placed = shopper.place_order(key).await;
    shopper.pay(&placed, GOOD).await;
    shop.settle().await;
    shop.order(placed.order_id()).await
}

#[tokio::test]
async fn every_transaction_locks_in_the_order_that_is_written_down_on_postgres() {
    let server = OwnPostgres::start(&LOG, |_| {});
    let folder = tempfile::tempdir().expect("a folder");
    at(folder.path(), &server.url());
    let free = |handle| Item { ships: false, ..Item::new(handle, "0.00", 5) };
    let goods =
        [Item::new("mug", "12.50", 10), Item::new("bowl", "20.00", 3), free("sample"), free("leaflet")];
    let fake = FakeProvider::start().await;
    let providers = vec![trusted("fake", &fake)];
    let setup = Setup::selling(goods).config(move |c| c.oidc = providers);
    let shop = Shop::in_folder(folder, setup).await;
    let begun = server.log().len();
    everything(&shop).await;
    customers::everything(&shop).await;
    oidc::everything(&shop, &fake).await;
    nights::everything(&shop, &fake).await;
    accounts::everything(shop.db()).await;
    rules::everything(shop.db()).await;
    let (sent, back) = (paid(&shop, "sent").await, paid(&shop, "back").await);
    let waiting = shop.shopper_with_cart([("mug", 1)]).await.place_order("waiting").await;
    let waiting = shop.order(waiting.order_id()).await;
    // Its part of the log is chained with the shop's key, and the use cases go on from there.
    staff::everything(&shop).await;
    admin::everything(&shop, [&sent, &back, &waiting]).await;
    discounts::everything(&shop).await;
    shop.settle().await;
    shop.books_balance().await;
    shop.app.stop().await.expect("everything finishes in time");

    let log = server.log();
    let transactions = locked(&log[begun..]);
    let mut met: BTreeSet<&str> = BTreeSet::new();
    let mut longest = 0;
    for (transaction, tables) in &transactions {
        assert!(tables.is_sorted_by_key(|table| rank(table)), "{transaction} locks {tables:?}");
        met.extend(tables.iter().copied());
        longest = longest.max(tables.len());
    }
    for (what, beginning, within) in nights::RUN {
        let mut run = executed(&log[begun..]).map(|(_, statement)| statement);
        let ran =
            run.any(|text| text.starts_with(beginning) && within.iter().all(|part| text.contains(part)));
        assert!(ran, "never seen: {what}: {beginning}");
    }
    let missing: Vec<_> = LOCK_ORDER.iter().filter(|table| !met.contains(*table)).collect();
    assert!(missing.is_empty(), "nobody was seen to lock {missing:?}");
    let unsorted: Vec<_> = in_no_order(&log[begun..]).into_iter().collect();
    assert!(unsorted.is_empty(), "{} lock rows in no order:\n{}", unsorted.len(), unsorted.join("\n"));
    assert!(longest >= 6, "an import alone locks more: {longest}");
}
