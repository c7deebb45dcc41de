//! By which staff's lists of orders are sorted: when they last changed, and what the buyer was charged. Without, each page of such a list
//! reads and sorts all orders there are.

use crate::table::index;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const BY: [&str; 2] = ["updated_at", "total"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in BY {
            manager.create_index(index("orders", &[column, "id"])).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in BY {
            let name = format!("ix_orders_{column}_id");
            manager.drop_index(Index::drop().name(name).table("orders").to_owned()).await?;
        }
        Ok(())
    }
}
