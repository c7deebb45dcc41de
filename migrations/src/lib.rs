//! The database schema, one file a step, up and down, on SQLite and Postgres.
//!
//! A step that has been released is never edited: a later step changes what it made. Steps fit the version that is
//! running (expand, migrate, contract). Constraints and indexes are named by one rule, because the persistence layer
//! recognises a violated constraint by its name: `uq_`, `ck_`, `ix_` or `fk_`, the table, the columns or the rule.

mod m20261120_000001_catalog;
mod m20261120_000002_inventory;
mod m20261120_000003_carts;
mod m20261120_000004_orders;
mod m20261120_000005_payments;
mod m20261120_000006_jobs;
mod m20261120_000007_product_documents;
mod m20261121_000008_catalog_currency;
mod m20261121_000009_open_payments;
mod m20261121_000010_orders_needing_attention;
mod table;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{MigrationTrait, async_trait};

/// Every step, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261120_000001_catalog::Migration),
            Box::new(m20261120_000002_inventory::Migration),
            Box::new(m20261120_000003_carts::Migration),
            Box::new(m20261120_000004_orders::Migration),
            Box::new(m20261120_000005_payments::Migration),
            Box::new(m20261120_000006_jobs::Migration),
            Box::new(m20261120_000007_product_documents::Migration),
            Box::new(m20261121_000008_catalog_currency::Migration),
            Box::new(m20261121_000009_open_payments::Migration),
            Box::new(m20261121_000010_orders_needing_attention::Migration),
        ]
    }
}
