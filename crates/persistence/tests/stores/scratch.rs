//! A database for a test, and moments and ids to use in it.

use chrono::{DateTime, TimeDelta};
use std::sync::Arc;
use stoa_domain::{
    inventory::{HoldRequest, StockSnapshot},
    shared::{Timestamp, VariantId},
};
use stoa_persistence::{Db, DbConfig, SqlCartStore, SqlReservationStore};
use tempfile::TempDir;
use uuid::Uuid;

/// Opens a migrated database that lives as long as the folder.
pub(crate) async fn database() -> (Db, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let config = match std::env::var("STOA_TEST_DATABASE") {
        Ok(url) => DbConfig::parse(&url),
        Err(_) => DbConfig::sqlite(folder.path().join("shop.db")),
    };
    let db = Db::connect(&config).await.unwrap();
    db.migrate().await.unwrap();
    (db, folder)
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
