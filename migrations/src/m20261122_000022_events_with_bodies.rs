//! What a gateway's events say of buyers is kept while they wait to be applied, and no longer: an index of those that still say it, by
//! which the night finds what older versions have left. Before long it is next to empty.

use sea_orm_migration::{
    prelude::*,
    sea_query::{Expr, ExprTrait},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const NAME: &str = "ix_gateway_events_received_at";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::create()
            .name(NAME)
            .table("gateway_events")
            .col("received_at")
            .and_where(Expr::col("body").ne(""))
            .take();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(NAME).table("gateway_events").to_owned()).await
    }
}
