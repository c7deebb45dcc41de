//! By which staff look for rows of the audit log beside whose act it was and what it was done to: the act, and the time. Without, each page
//! of such a list reads all of the log where little of it fits.

use crate::table::index;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("audit_log", &["action", "seq"])).await?;
        // Rows come in the order of their time, or nearly so: the end of the index is all that is written to.
        manager.create_index(index("audit_log", &["at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["ix_audit_log_at", "ix_audit_log_action_seq"] {
            manager.drop_index(Index::drop().name(name).table("audit_log").to_owned()).await?;
        }
        Ok(())
    }
}
