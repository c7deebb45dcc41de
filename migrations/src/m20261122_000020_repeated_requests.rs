//! What makes requests of staff safe to repeat: the keys of stock changes, what a refund was asked for as, and how much of it is for the
//! delivery, which is given back no more than once.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let within = Expr::col("delivery").between(0, Expr::col("amount"));
        let delivery = big_integer("delivery").default(0).check(("ck_refunds_delivery", within)).take();
        // null: asked for by the program, or before this was written down
        let fingerprint = string_len_null("fingerprint", 64);
        for column in [delivery, fingerprint] {
            manager.alter_table(Table::alter().table("refunds").add_column(column).take()).await?;
        }
        let requests = Table::create()
            .table("stock_requests")
            // a hash of the key and of who has sent it
            .col(pk_uuid("id"))
            .col(string_len("fingerprint", 64))
            .col(timestamp_with_time_zone("created_at"))
            .take();
        manager.create_table(requests).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("stock_requests").take()).await?;
        for column in ["fingerprint", "delivery"] {
            manager.alter_table(Table::alter().table("refunds").drop_column(column).take()).await?;
        }
        Ok(())
    }
}
