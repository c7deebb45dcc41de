//! The orders that a person should look at are counted every few seconds: an index of them alone, which is next to empty.

use sea_orm_migration::{
    prelude::*,
    sea_query::{Expr, ExprTrait},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const NAME: &str = "ix_orders_attention";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::create()
            .name(NAME)
            .table("orders")
            .col("attention")
            .and_where(Expr::col("attention").is_not_null())
            .take();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(NAME).table("orders").to_owned()).await
    }
}
