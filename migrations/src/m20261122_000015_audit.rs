//! The audit log, chained, and where its chain ends.

use crate::table::{drop_tables, index, one_of};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        log(manager).await?;
        head(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_head", "audit_log"]).await
    }
}

/// No foreign keys: it says what was, whatever has become of it.
async fn log(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("audit_log")
        // 1, 2, 3 …, and none left out
        .col(big_integer("seq").primary_key())
        .col(timestamp_with_time_zone("at"))
        .col(string_len("actor_kind", 16))
        .col(uuid_null("actor_id"))
        .col(string_len("actor_name", 255))
        .col(uuid_null("session_id"))
        .col(string_len_null("network", 64))
        .col(string_len_null("request_id", 64))
        .col(string_len("action", 64))
        .col(string_len("subject_type", 64))
        .col(string_len_null("subject_id", 64))
        .col(text("changes"))
        .col(string_len("prev_hash", 64))
        .col(string_len("hash", 64))
        .check(one_of("audit_log", "actor_kind", ["staff", "key", "command", "system"]))
        .check(("ck_audit_log_seq", Expr::col("seq").gt(0)))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("audit_log", &["subject_type", "subject_id", "seq"])).await?;
    manager.create_index(index("audit_log", &["actor_id", "seq"])).await
}

/// One row: whoever adds to the log locks it, so that the chain has one end.
async fn head(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("audit_head")
        .col(integer("id").primary_key())
        .col(big_integer("seq"))
        .col(string_len("hash", 64))
        .check(("ck_audit_head_one", Expr::col("id").eq(1)))
        .take();
    manager.create_table(table).await?;
    let first = Query::insert()
        .into_table("audit_head")
        .columns(["id", "seq", "hash"])
        .values_panic([1.into(), 0_i64.into(), "0".repeat(64).into()])
        .take();
    manager.execute(first).await
}
