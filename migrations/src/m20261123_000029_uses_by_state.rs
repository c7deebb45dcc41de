//! By which what a dead order took is found, and which of an order's payments are the gateway's.

use crate::table::index;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TAKEN: &str = "ix_promotion_uses_order_id_state";
const BY_GATEWAY: &str = "ix_payments_order_id_gateway";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let taken =
            index("promotion_uses", &["order_id", "state"]).and_where(Expr::col("state").eq("taken")).take();
        manager.create_index(taken).await?;
        manager.create_index(index("payments", &["order_id", "gateway"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(BY_GATEWAY).table("payments").to_owned()).await?;
        manager.drop_index(Index::drop().name(TAKEN).table("promotion_uses").to_owned()).await
    }
}
