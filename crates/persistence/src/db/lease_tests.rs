//! Connections that stay at hand: what is given up half-way, and what dies while nobody uses it.

use super::*;
use crate::testing::TestShop;
use conn::Raw;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::time::Duration;
use tokio::time::timeout;

/// For what must come some time, however busy the machine is.
const SOME_TIME: Duration = Duration::from_secs(60);

async fn number(conn: &impl Conn, sql: &str) -> Result<i64, sea_orm::DbErr> {
    let statement = Statement::from_string(conn.raw().get_database_backend(), sql);
    conn.raw().query_one_raw(statement).await?.unwrap().try_get_by_index(0)
}

/// A statement that takes long.
fn long(db: &Db) -> &'static str {
    match db.read().raw().get_database_backend() {
        DbBackend::Sqlite => {
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000) SELECT count(*) FROM n"
        }
        _ => "SELECT 1::bigint FROM pg_sleep(30)",
    }
}

async fn nobody_is_busy(db: &Db) {
    let idle = async {
        while db.pools().iter().any(|pool| pool.busy > 0) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(SOME_TIME, idle).await.expect("a connection is missed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_was_given_up_half_way_answers_nobody_else() {
    let shop = TestShop::open().await;
    let long = long(&shop.db);
    for round in 0..12_u64 {
        let given_up = timeout(Duration::from_micros(round * 500), number(shop.db.read(), long)).await;
        assert!(given_up.is_err(), "it takes long");
        let asked = format!("SELECT CAST({round} AS bigint)");
        assert_eq!(number(shop.db.read(), &asked).await.unwrap(), i64::try_from(round).unwrap());
    }
    nobody_is_busy(&shop.db).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_ask_at_once_are_all_answered_and_each_their_own() {
    let shop = TestShop::open().await;
    let mut asked = tokio::task::JoinSet::new();
    for n in 0..200_i64 {
        let db = shop.db.clone();
        asked.spawn(async move {
            let own = format!("SELECT CAST({n} AS bigint)");
            assert_eq!(number(db.read(), &own).await.unwrap(), n);
            if n % 4 == 0 {
                let tx = db.write(Durability::Relaxed).await.unwrap();
                assert_eq!(number(&tx, &own).await.unwrap(), n);
                if n % 8 == 0 {
                    tx.commit().await.unwrap();
                }
            }
        });
    }
    while let Some(outcome) = asked.join_next().await {
        outcome.unwrap();
    }
    nobody_is_busy(&shop.db).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_connections_that_died_at_hand_one_fails_and_the_others_are_asked_first_on_postgres() {
    let shop = TestShop::open().await;
    let db = &shop.db;
    // Four at hand.
    let held: Vec<_> = futures_util::future::join_all(
        (0..4).map(|_| number(db.read(), "SELECT 1::bigint FROM pg_sleep(0.2)")),
    )
    .await;
    assert!(held.iter().all(Result::is_ok));
    let tx = db.write(Durability::Full).await.unwrap();
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = 'stoa' \
        AND query LIKE '%pg_sleep(0.2)%'";
    assert!(number(&tx, cut).await.unwrap() >= 1);
    tx.rollback().await.unwrap();
    let mut failed = 0;
    for _ in 0..8 {
        match number(db.read(), "SELECT 7::bigint").await {
            Ok(seven) => assert_eq!(seven, 7),
            Err(error) => {
                assert_eq!(fault("reading")(error).kind(), stoa_domain::shared::FaultKind::Unavailable);
                failed += 1;
            }
        }
    }
    assert!(failed <= 1, "{failed} of 8 failed: after the first the others show that they live");
    nobody_is_busy(db).await;
}

/// The error of what was given up comes in place of the answer to what is asked next.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_was_dropped_while_it_failed_leaves_nothing_behind_on_postgres() {
    let mut config = crate::testing::new_postgres_schema().await;
    config.writers = 1;
    let db = Db::connect(&config).await.unwrap();
    for pause in ["0", "0.05", "0.3"] {
        let tx = db.write(Durability::Full).await.unwrap();
        let failing =
            format!("SELECT 1::bigint / (0 * length(pg_sleep({pause})::text)) FROM generate_series(1, 1)");
        assert!(
            timeout(Duration::from_millis(20), number(&tx, &failing))
                .await
                .map_or(true, |answer| answer.is_err())
        );
        drop(tx);
        // The only connection there is, for a transaction and for a statement of its own.
        let next = db.write(Durability::Full).await.unwrap();
        assert_eq!(number(&next, "SELECT 7::bigint").await.unwrap(), 7);
        drop(next);
        let turn = db.write_one(Durability::Full).await.unwrap();
        let statement = Statement::from_string(DbBackend::Postgres, "SELECT 8::bigint");
        let eight: i64 =
            turn.raw().query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap();
        assert_eq!(eight, 8);
    }
    nobody_is_busy(&db).await;
}

/// As when a program ends: nothing panics, whatever is at hand.
#[test]
fn a_database_may_be_let_go_where_no_runtime_is_left() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let shop = runtime.block_on(async {
        let shop = TestShop::open().await;
        let _ = crate::catalog::version(shop.db.read()).await.unwrap();
        shop
    });
    drop(runtime);
    drop(shop);
}
