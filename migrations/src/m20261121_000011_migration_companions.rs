//! Which programs can live with which step: what a program has to know to run on tables that are newer than itself, so that a
//! roll-out can be taken back.

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
            .table("migration_companions")
            .col(string_len("step", 255).primary_key())
            // a program that knows this step can live with the other; one of which nothing is said can live with none
            .col(string_len("lives_with", 255))
            .take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("migration_companions").take()).await
    }
}
