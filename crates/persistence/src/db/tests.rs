//! The rules of connections and transactions, on SQLite files of their own.

use super::*;
use conn::Raw;
use sea_orm::{ConnectionTrait, DbErr, Statement, sea_query::Query};
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use stoa_domain::shared::{Fault, FaultKind};

struct TestDb {
    db: Db,
    _folder: tempfile::TempDir,
}

async fn open() -> TestDb {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::connect(&DbConfig::sqlite(folder.path().join("shop.db"))).await.unwrap();
    db.migrate().await.unwrap();
    TestDb { db, _folder: folder }
}

async fn version(conn: &impl Conn) -> i64 {
    let query = Query::select().column("version").from("catalog_state").take();
    conn.raw().query_one(&query).await.unwrap().unwrap().try_get("", "version").unwrap()
}

async fn set_version(tx: &WriteTx, version: i64) {
    let update = Query::update().table("catalog_state").value("version", version).take();
    tx.raw().execute(&update).await.unwrap();
}

async fn synchronous(tx: &WriteTx) -> i32 {
    let backend = tx.raw().get_database_backend();
    let row =
        tx.raw().query_one_raw(Statement::from_string(backend, "PRAGMA synchronous")).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn what_is_not_committed_is_undone_and_never_seen() {
    let test = open().await;
    let tx = test.db.write(Durability::Full).await.unwrap();
    set_version(&tx, 7).await;
    assert_eq!(version(&tx).await, 7, "a transaction sees its own writes");
    assert_eq!(version(test.db.read()).await, 0, "others do not");
    drop(tx);

    let tx = test.db.write(Durability::Full).await.unwrap();
    assert_eq!(version(&tx).await, 0, "dropping undid it");
    set_version(&tx, 8).await;
    tx.commit().await.unwrap();
    assert_eq!(version(test.db.read()).await, 8);
}

#[tokio::test]
async fn each_transaction_gets_the_durability_it_asked_for() {
    const NORMAL: i32 = 1;
    const FULL: i32 = 2;
    let test = open().await;
    for (asked, expected) in [
        (Durability::Relaxed, NORMAL),
        (Durability::Relaxed, NORMAL),
        (Durability::Full, FULL),
        (Durability::Full, FULL),
        (Durability::Relaxed, NORMAL),
    ] {
        let tx = test.db.write(asked).await.unwrap();
        assert_eq!(synchronous(&tx).await, expected, "{asked:?}");
        tx.commit().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_writer_neither_blocks_nor_deceives_the_next() {
    let test = open().await;
    for round in 0..200_u64 {
        let db = test.db.clone();
        let durability = if round % 2 == 0 { Durability::Full } else { Durability::Relaxed };
        let writer = tokio::spawn(async move {
            let tx = db.write(durability).await.unwrap();
            set_version(&tx, 1_000).await;
            tokio::time::sleep(Duration::from_secs(60)).await;
            tx.commit().await.unwrap();
        });
        tokio::time::sleep(Duration::from_micros(round * 3)).await;
        writer.abort();
        let tx = test.db.write(Durability::Full).await.unwrap();
        assert_eq!(synchronous(&tx).await, 2);
        assert_eq!(version(&tx).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writers_and_readers_lose_nothing_and_never_find_it_locked() {
    let test = open().await;
    let mut tasks = Vec::new();
    for task in 0..64 {
        let db = test.db.clone();
        tasks.push(tokio::spawn(async move {
            let durability = if task % 2 == 0 { Durability::Full } else { Durability::Relaxed };
            for _ in 0..5 {
                let before = version(db.read()).await;
                let tx = db.write(durability).await.unwrap();
                let current = version(&tx).await;
                assert!(current >= before);
                set_version(&tx, current + 1).await;
                tx.commit().await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(version(test.db.read()).await, 64 * 5);
}

#[tokio::test]
async fn a_writer_whose_turn_never_comes_gives_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = DbConfig::sqlite(folder.path().join("shop.db"));
    config.acquire_timeout = Duration::from_secs(2);
    let db = Db::connect(&config).await.unwrap();
    let _first = db.write(Durability::Full).await.unwrap();
    let second = db.write(Durability::Full).await.unwrap_err();
    assert_eq!(second.kind(), FaultKind::Unavailable);
    assert!(!is_transient(&second), "trying again at once would only lengthen the queue");
}

#[tokio::test]
async fn readers_cannot_write() {
    let test = open().await;
    let update = Query::update().table("catalog_state").value("version", 5).take();
    assert!(test.db.read().raw().execute(&update).await.is_err());
    assert_eq!(version(test.db.read()).await, 0);
}

#[tokio::test]
async fn broken_rules_are_known_by_name() {
    let test = open().await;
    let tx = test.db.write(Durability::Full).await.unwrap();
    let insert = |table: &'static str, columns: &[&'static str], values: Vec<sea_orm::Value>| {
        Query::insert()
            .into_table(table)
            .columns(columns.iter().copied())
            .values_panic(values.into_iter().map(Into::into))
            .take()
    };
    let failure = async |query: sea_orm::sea_query::InsertStatement| -> DbErr {
        tx.raw().execute(&query).await.unwrap_err()
    };
    let second_row = failure(insert("catalog_state", &["id", "version"], vec![1.into(), 1.into()])).await;
    assert_eq!(violation(&second_row), Some(Violation::Unique("pk_catalog_state".to_owned())));
    let other_row = failure(insert("catalog_state", &["id", "version"], vec![2.into(), 1.into()])).await;
    assert_eq!(violation(&other_row), Some(Violation::Check("ck_catalog_state_one_row".to_owned())));

    let location = |n: u128| {
        let id = uuid::Uuid::from_u128(n);
        insert(
            "locations",
            &["id", "name", "position", "created_at"],
            vec![id.into(), "Shed".into(), 1.into(), chrono::DateTime::UNIX_EPOCH.into()],
        )
    };
    tx.raw().execute(&location(1)).await.unwrap();
    let same_name = failure(location(2)).await;
    assert_eq!(violation(&same_name), Some(Violation::Unique("uq_locations_name".to_owned())));
    let orphan = failure(insert(
        "inventory_levels",
        &["variant_id", "location_id", "on_hand", "allocated"],
        vec![uuid::Uuid::nil().into(), uuid::Uuid::nil().into(), 0.into(), 0.into()],
    ))
    .await;
    assert_eq!(violation(&orphan), Some(Violation::ForeignKey));
    assert_eq!(violation(&DbErr::Custom("other".to_owned())), None);
}

#[tokio::test]
async fn only_what_passes_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.db");
    let db = Db::connect(&DbConfig::sqlite(&file)).await.unwrap();
    db.migrate().await.unwrap();
    // Another process that holds the file's write lock: real BUSY errors, without SQLite's own patience.
    let other = sea_orm::Database::connect(format!("sqlite://{}", file.display())).await.unwrap();
    other.execute_unprepared("PRAGMA busy_timeout = 0").await.unwrap();
    let held = db.write(Durability::Full).await.unwrap();
    let attempts = AtomicUsize::new(0);
    let busy: Result<(), Fault> = retrying(|| async {
        attempts.fetch_add(1, Ordering::Relaxed);
        other
            .execute_unprepared("UPDATE catalog_state SET version = 1")
            .await
            .map(drop)
            .map_err(fault("writing"))
    })
    .await;
    assert!(is_transient(&busy.unwrap_err()));
    assert_eq!(attempts.load(Ordering::Relaxed), 5);
    drop(held);

    attempts.store(0, Ordering::Relaxed);
    let bug: Result<(), Fault> = retrying(|| async {
        attempts.fetch_add(1, Ordering::Relaxed);
        Err(Fault::bug("a contradiction"))
    })
    .await;
    assert_eq!(bug.unwrap_err().kind(), FaultKind::Internal);
    assert_eq!(attempts.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn migrations_go_up_down_and_up_again() {
    let test = open().await;
    let tables = async || -> Vec<String> {
        let query = Query::select()
            .column("name")
            .from("sqlite_master")
            .and_where(sea_orm::sea_query::ExprTrait::eq(sea_orm::sea_query::Expr::col("type"), "table"))
            .take();
        let rows = test.db.read().raw().query_all(&query).await.unwrap();
        let mut names: Vec<String> = rows.iter().map(|r| r.try_get("", "name").unwrap()).collect();
        names.retain(|n| !n.starts_with("sqlite_") && n != "seaql_migrations");
        names.sort();
        names
    };
    let up = tables().await;
    assert!(up.contains(&"products".to_owned()));
    assert_eq!(test.db.migrate().await.unwrap(), 0, "nothing is applied twice");
    test.db.migrate_down(None).await.unwrap();
    assert_eq!(tables().await, Vec::<String>::new(), "down leaves nothing behind");
    assert!(!test.db.pending_migrations().await.unwrap().is_empty());
    assert!(test.db.migrate().await.unwrap() > 0);
    assert_eq!(tables().await, up);
    assert!(test.db.pending_migrations().await.unwrap().is_empty());
}

#[tokio::test]
async fn statements_are_counted_on_every_connection() {
    let test = open().await;
    let before = test.db.statements();
    version(test.db.read()).await;
    let tx = test.db.write(Durability::Full).await.unwrap();
    set_version(&tx, 1).await;
    tx.commit().await.unwrap();
    assert_eq!(test.db.statements() - before, 2);
}

#[test]
fn the_setting_says_which_database() {
    let target = |url: &str| DbConfig::parse(url).target;
    assert_eq!(target("postgres://u:p@h/db"), DbTarget::Postgres("postgres://u:p@h/db".to_owned()));
    assert_eq!(target("data/shop.db"), DbTarget::Sqlite("data/shop.db".into()));
    assert_eq!(target("sqlite:data/shop.db"), DbTarget::Sqlite("data/shop.db".into()));
    assert_eq!(target("sqlite:///var/shop.db"), DbTarget::Sqlite("/var/shop.db".into()));
    assert!(!format!("{:?}", DbConfig::parse("postgres://u:secret@h/db")).contains("secret"));
}

#[test]
fn lists_come_in_few_shapes() {
    assert_eq!(padded::<u8>(&[]).count(), 0, "an empty list stays empty");
    assert_eq!(padded(&[1, 2, 3]).collect::<Vec<_>>(), [1, 2, 3, 3]);
    assert_eq!(padded(&[1, 2]).collect::<Vec<_>>(), [1, 2]);
    assert!(bind_chunks(&[(); 10_000], 9).all(|chunk| chunk.len() * 9 <= 30_000));
}
