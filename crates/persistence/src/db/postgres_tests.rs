//! The rules of connections to a Postgres; run with `STOA_TEST_DATABASE` only.

use super::*;
use crate::testing::TestShop;
use conn::Raw;
use sea_orm::ConnectionTrait;
use std::time::Duration;
use stoa_domain::shared::FaultKind;

async fn setting(conn: &impl Conn, name: &str) -> String {
    let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, format!("SHOW {name}"));
    conn.raw().query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_given_up_and_is_no_bug_on_postgres() {
    let mut config = crate::testing::new_postgres_schema().await;
    config.postgres.statement_timeout = Duration::from_millis(100);
    let db = Db::connect(&config).await.unwrap();
    db.migrate().await.unwrap();
    let slept = db.read().raw().execute_unprepared("SELECT pg_sleep(30)").await;
    let fault = fault("sleeping")(slept.unwrap_err());
    assert_eq!(fault.kind(), FaultKind::Unavailable);
    assert!(!is_transient(&fault), "it would take as long again");
    db.ping().await.unwrap();
}

#[tokio::test]
async fn sessions_are_told_when_to_give_up_on_postgres() {
    let mut config = crate::testing::new_postgres_schema().await;
    config.postgres.statement_timeout = Duration::from_secs(7);
    config.postgres.keepalive = Duration::from_secs(30);
    let db = Db::connect(&config).await.unwrap();
    let tx = db.write(Durability::Full).await.unwrap();
    assert_eq!(setting(&tx, "statement_timeout").await, "7s");
    assert_eq!(setting(&tx, "idle_in_transaction_session_timeout").await, "1min");
    assert_eq!(setting(&tx, "tcp_keepalives_idle").await, "30");
    assert_eq!(setting(&tx, "tcp_keepalives_interval").await, "10");
    assert_eq!(setting(db.read(), "statement_timeout").await, "7s");
}

#[tokio::test]
async fn only_the_catalogue_is_read_on_the_replica_on_postgres() {
    let mut config = crate::testing::new_postgres_schema().await;
    let replica = crate::testing::new_postgres_schema().await;
    let DbTarget::Postgres(url) = &replica.target else { panic!("a Postgres") };
    config.postgres.replica = Some(url.clone());
    Db::connect(&replica).await.unwrap().migrate().await.unwrap();
    let db = Db::connect(&config).await.unwrap();
    db.migrate().await.unwrap();
    // Nothing replicates here, so that the two can be told apart.
    let tx = db.write(Durability::Full).await.unwrap();
    tx.raw().execute_unprepared("UPDATE catalog_state SET version = 7").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(crate::catalog::version(db.read()).await.unwrap(), 7);
    assert_eq!(crate::catalog::version(&db.catalogue()).await.unwrap(), 0);
    db.close().await.unwrap();

    let without = TestShop::open().await;
    assert_eq!(
        crate::catalog::version(&without.db.catalogue()).await.unwrap(),
        0,
        "the primary, where there is none"
    );
}

#[tokio::test]
async fn a_connection_that_was_cut_is_a_passing_fault_and_the_next_works_on_postgres() {
    let db = Db::connect(&crate::testing::new_postgres_schema().await).await.unwrap();
    db.migrate().await.unwrap();
    let tx = db.write(Durability::Full).await.unwrap();
    tx.raw().execute_unprepared("UPDATE catalog_state SET version = 7").await.unwrap();
    let cut = tx.raw().execute_unprepared("SELECT pg_terminate_backend(pg_backend_pid())").await;
    assert_eq!(fault("cutting")(cut.unwrap_err()).kind(), FaultKind::Unavailable);
    assert_eq!(tx.commit().await.unwrap_err().kind(), FaultKind::Unavailable);
    assert_eq!(crate::catalog::version(db.read()).await.unwrap(), 0, "undone, and readable");
    let tx = db.write(Durability::Full).await.unwrap();
    tx.raw().execute_unprepared("UPDATE catalog_state SET version = 8").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(crate::catalog::version(db.read()).await.unwrap(), 8);
}

/// Whatever the server's own default is: a shop on a server that is set to be stricter would fail where it is busiest.
#[tokio::test]
async fn transactions_are_read_committed_whatever_the_default_on_postgres() {
    let mut config = crate::testing::new_postgres_schema().await;
    let DbTarget::Postgres(url) = &mut config.target else { panic!("a Postgres") };
    url.push_str("&options[default_transaction_isolation]=serializable");
    let db = Db::connect(&config).await.unwrap();
    let tx = db.write(Durability::Full).await.unwrap();
    assert_eq!(setting(&tx, "transaction_isolation").await, "read committed");
    assert_eq!(setting(db.read(), "transaction_isolation").await, "read committed");
}

#[tokio::test]
async fn as_many_write_at_once_as_are_let_on_postgres() {
    let mut config = crate::testing::new_postgres_schema().await;
    config.writers = 2;
    config.acquire_timeout = Duration::from_secs(1);
    let db = Db::connect(&config).await.unwrap();
    let first = db.write(Durability::Full).await.unwrap();
    let _second = db.write(Durability::Full).await.unwrap();
    let third = db.write(Durability::Full).await.unwrap_err();
    assert_eq!(third.kind(), FaultKind::Unavailable);
    assert!(!is_transient(&third), "trying again at once would only lengthen the queue");
    first.rollback().await.unwrap();
    let _next = db.write(Durability::Full).await.unwrap();
}
