//! The outbox: what must follow a commit.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("jobs")
            .col(pk_uuid("id"))
            .col(string_len("kind", 64))
            .col(text("payload"))
            .col(string_len_null("dedup_key", 255))
            .col(timestamp_with_time_zone("run_at"))
            .col(integer("attempts"))
            // a lease: a worker that died lets go of the job when it runs out
            .col(timestamp_with_time_zone_null("locked_until"))
            .col(text_null("last_error"))
            // set when it failed too often: kept, listed, never claimed
            .col(timestamp_with_time_zone_null("dead_at"))
            .col(timestamp_with_time_zone("created_at"))
            .take();
        manager.create_table(table).await?;
        let key = Index::create().name("uq_jobs_dedup_key").table("jobs").col("dedup_key").unique().take();
        manager.create_index(key).await?;
        let due =
            Index::create().name("ix_jobs_dead_at_run_at").table("jobs").col("dead_at").col("run_at").take();
        manager.create_index(due).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("jobs").take()).await
    }
}
