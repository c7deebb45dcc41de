//! Transactions that the database undoes for another's sake: they begin anew, and nobody notices.

use crate::harness::{Item, Setup, Shop, Stock, separate, statement};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use std::time::Duration;
use stoa_persistence::catalog;

const GOOD: &str = "4242424242424242";

/// A shop in a database of its own, and the database's URL.
async fn shop_apart() -> (Shop, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = separate(folder.path()).await;
    // The victim is the session that looks: it must not look before the trap is closed.
    statement(&url, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''3s''', current_database()); END $$")
        .await;
    (Shop::in_folder(folder, Setup::default()).await, url)
}

/// The next so many times somebody does this to the table, it fails as if another transaction had been in the way.
async fn fails(url: &str, times: u32, does: &str, table: &str) {
    statement(
        url,
        &format!(
            "CREATE SEQUENCE tries_{table};
             CREATE FUNCTION fail_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 IF nextval('tries_{table}') <= {times} THEN RAISE EXCEPTION 'forced' USING ERRCODE = '40001'; END IF;
                 IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;
             CREATE TRIGGER fails BEFORE {does} ON {table} FOR EACH ROW EXECUTE FUNCTION fail_{table}();"
        ),
    )
    .await;
}

async fn tries(url: &str, table: &str) -> i64 {
    statement(url, &format!("SELECT last_value FROM tries_{table}")).await.expect("a number")
}

/// Serialisation failures at every stage of a purchase: the order, the payment's event, the job that writes the mail.
#[tokio::test]
async fn a_serialization_failure_is_tried_again_and_nobody_notices_on_postgres() {
    let (shop, url) = shop_apart().await;
    let shopper = shop.shopper_with_cart([("mug", 2), ("bowl", 1)]).await;
    fails(&url, 2, "INSERT", "orders").await;
    let placed = shopper.place_order("k").await;
    assert!(placed.is_placed(), "{:?}", placed.refusals());
    assert_eq!(tries(&url, "orders").await, 3, "two failed, one did not");

    fails(&url, 3, "UPDATE", "payments").await;
    fails(&url, 4, "DELETE", "jobs").await;
    shopper.pay(&placed, GOOD).await;
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
    assert!(tries(&url, "payments").await >= 4);
    shop.until("the mail's job is gone", || async { tries(&url, "jobs").await >= 5 }).await;
    assert_eq!(shop.mails().len(), 1);
    assert_eq!(shop.stock("mug").await, Stock { on_hand: 10, allocated: 2 });
    assert_eq!(shop.history(placed.order_id()).await, ["placed", "paid"]);
    shop.books_balance_with_the_gateway().await;
}

/// One that does not pass is given up after five attempts, with nothing changed, and the buyer may try again.
#[tokio::test]
async fn a_failure_that_stays_is_given_up_and_changes_nothing_on_postgres() {
    let (shop, url) = shop_apart().await;
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    fails(&url, 5, "INSERT", "orders").await;
    let refused = shopper.place_order("k").await;
    assert_eq!(refused.answer.code(), "SERVICE_UNAVAILABLE", "{:#}", refused.answer.body);
    assert_eq!(tries(&url, "orders").await, 5);
    assert_eq!(shop.stock("mug").await, Stock { on_hand: 10, allocated: 0 });

    assert!(shopper.place_order("k").await.is_placed(), "the cart's lock is its own");
    assert_eq!(shop.stock("mug").await, Stock { on_hand: 10, allocated: 2 });
    shop.books_balance_with_the_gateway().await;
}

/// Somebody locks the same stock the other way round, by hand: Postgres ends the deadlock at our cost, and the order is placed.
#[tokio::test]
async fn a_deadlock_is_tried_again_and_nobody_notices_on_postgres() {
    let (shop, url) = shop_apart().await;
    let mut variants = [shop.variant("mug").await, shop.variant("bowl").await];
    variants.sort();
    let lock = |n: usize| {
        AssertSqlSafe(format!(
            "SELECT 1 FROM inventory_items WHERE variant_id = '{}' FOR UPDATE",
            variants[n]
        ))
    };
    let mut hand = PgConnection::connect(&url).await.expect("Postgres answers");
    // The hand never looks, and so is never the victim.
    hand.execute("SET deadlock_timeout = '10min'").await.expect("a setting");
    hand.execute("SET statement_timeout = '60s'").await.expect("a setting");
    hand.execute("BEGIN").await.expect("a transaction");
    hand.execute(lock(1)).await.expect("the second row is free");

    let shopper = shop.shopper_with_cart([("mug", 2), ("bowl", 1)]).await;
    let order = tokio::spawn(async move { (shopper.place_order("k").await, shopper) });
    // Waited for by Postgres itself: the order looks for a deadlock once, after three seconds, and by then there must be one, however
    // slow the machine that runs this.
    let until_waited_for = "DO $$ BEGIN
        WHILE NOT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))
        LOOP PERFORM pg_sleep(0.01); END LOOP; END $$";
    hand.execute(until_waited_for).await.expect("the order waits for the second row");
    // The order has the first row: now each waits for the other.
    hand.execute(lock(0)).await.expect("the other one was undone");
    hand.execute("COMMIT").await.expect("the hand lets go");
    let (placed, shopper) = order.await.expect("the buyer is served");
    assert!(placed.is_placed(), "{:?}", placed.refusals());
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    shop.until("the deadlock is counted", || async { statement(&url, deadlocks).await == Some(1) }).await;

    shopper.pay(&placed, GOOD).await;
    shop.settle().await;
    assert_eq!(shop.stock("bowl").await, Stock { on_hand: 3, allocated: 1 });
    shop.books_balance_with_the_gateway().await;
}

/// Orders that are paid as they are placed count sales and stock; imports change stock and products. In whatever order their goods
/// come, nobody is ever a deadlock's victim.
#[tokio::test(flavor = "multi_thread")]
async fn orders_and_imports_of_the_same_goods_never_deadlock_on_postgres() {
    let free = |handle, stock| Item { ships: false, ..Item::new(handle, "0.00", stock) };
    let folder = tempfile::tempdir().expect("a folder");
    let url = separate(folder.path()).await;
    statement(&url, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''10ms''', current_database()); END $$")
        .await;
    let goods = [free("a", 10_000), free("b", 10_000), free("c", 10_000)];
    let shop = Shop::in_folder(folder, Setup::selling(goods)).await;
    let (there, back) = ([("a", 1), ("b", 1), ("c", 1)], [("c", 1), ("b", 1), ("a", 1)]);
    let buy = async |lines, name: &str| {
        for n in 0..20 {
            let shopper = shop.shopper_with_cart(lines).await;
            assert!(shopper.place_order(&format!("{name} {n}")).await.is_placed());
        }
    };
    let import = async |handles: [&'static str; 3]| {
        for n in 0..20 {
            shop.restock(&handles.map(|handle| free(handle, 20_000 + n))).await;
        }
    };
    tokio::join!(
        buy(there, "there"),
        buy(back, "back"),
        buy(there, "again"),
        import(["a", "b", "c"]),
        import(["c", "b", "a"])
    );
    let mut hand = PgConnection::connect(&url).await.expect("Postgres answers");
    let row =
        hand.fetch_one("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").await;
    // Sessions tell of a deadlock when they are idle for a moment.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(row.expect("a row").get::<i64, _>(0), 0);
    assert_eq!(shop.stock("b").await.allocated, 60);
    let sold = catalog::find_product_by_handle(shop.db().read(), "b").await.expect("SQL answers");
    assert!(sold.is_some());
    shop.settle().await;
    shop.books_balance_with_the_gateway().await;
}
