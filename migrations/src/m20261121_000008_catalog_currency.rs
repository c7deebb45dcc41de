//! The currency that the catalogue's prices are in: they are stored in its minor units, and read as another's they would be
//! wrong by a hundred or a thousand times.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // null: nobody has said yet
        let currency =
            Table::alter().table("catalog_state").add_column(string_len_null("currency", 3)).take();
        manager.alter_table(currency).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let currency = Table::alter().table("catalog_state").drop_column("currency").take();
        manager.alter_table(currency).await
    }
}
