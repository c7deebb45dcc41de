//! Each product once more as a whole, so that showing one is reading one row.

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
            .table("product_documents")
            .col(pk_uuid("product_id"))
            // which program wrote it; one that does not know the format reads the product's rows instead
            .col(small_integer("format"))
            .col(text("body"))
            .foreign_key(
                ForeignKey::create()
                    .name("fk_product_documents_product_id")
                    .from("product_documents", "product_id")
                    .to("products", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("product_documents").take()).await
    }
}
