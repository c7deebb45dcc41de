//! A database for a test, and moments and ids to use in it.

use chrono::{DateTime, TimeDelta};
use sqlx::Connection;
use std::sync::Arc;
use stoa_domain::{
    inventory::{HoldRequest, StockSnapshot},
    shared::{Timestamp, VariantId},
};
use stoa_persistence::{Db, DbConfig, SqlCartStore, SqlReservationStore};
use tempfile::TempDir;
use uuid::Uuid;

/// Whether the tests run on Postgres, and if so on which.
pub(crate) fn postgres() -> Option<String> {
    std::env::var("STOA_TEST_DATABASE").ok()
}

/// Opens a migrated database that nobody else uses and that lives as long as the folder.
pub(crate) async fn database() -> (Db, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let config = match postgres() {
        Some(url) => DbConfig::parse(&with_own_schema(&url).await),
        None => DbConfig::sqlite(folder.path().join("shop.db")),
    };
    let db = Db::connect(&config).await.unwrap();
    db.migrate().await.unwrap();
    (db, folder)
}

pub(crate) async fn with_own_schema(url: &str) -> String {
    let schema = format!("{}test_{}", std::env::var("STOA_TEST_RUN").unwrap_or_default(), id().simple());
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
    sqlx::query(create).execute(&mut connection).await.unwrap();
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}options[search_path]={schema}")
}

pub(crate) async fn carts() -> (Arc<SqlCartStore>, TempDir) {
    let (db, folder) = database().await;
    (Arc::new(SqlCartStore::new(db)), folder)
}

pub(crate) async fn holds() -> (Arc<SqlReservationStore>, TempDir) {
    let (db, folder) = database().await;
    (Arc::new(SqlReservationStore::new(db)), folder)
}

/// Noon of some day, and minutes after it.
pub(crate) fn noon(minutes: i64) -> Timestamp {
    DateTime::from_timestamp(1_800_014_400, 0).unwrap() + TimeDelta::minutes(minutes)
}

/// An id nobody else has.
pub(crate) fn id() -> Uuid {
    #[expect(clippy::disallowed_methods, reason = "tests on one database must not share ids")]
    Uuid::new_v4()
}

/// Requests for one unit of each of `count` variants of which there is one.
pub(crate) fn wishes(count: usize) -> Vec<HoldRequest> {
    (0..count).map(|_| want(VariantId::new(id()), 1)).collect()
}

/// A request for one unit of a variant that has one, as of a version.
pub(crate) fn want(variant: VariantId, version: i64) -> HoldRequest {
    HoldRequest { quantity: 1, snapshot: StockSnapshot { variant, sellable: Some(1), version } }
}
