//! Whose an order is, in which language they are written to about it, and until when it keeps their name.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            // null: a guest's. No foreign key: an order outlives its customer, and SQLite adds none to a table that is there.
            uuid_null("customer_id"),
            string_len_null("locale", 16),
            // null: as long as there is the order
            timestamp_with_time_zone_null("personal_until"),
        ];
        for column in columns {
            manager.alter_table(Table::alter().table("orders").add_column(column).take()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["personal_until", "locale", "customer_id"] {
            manager.alter_table(Table::alter().table("orders").drop_column(column).take()).await?;
        }
        Ok(())
    }
}
