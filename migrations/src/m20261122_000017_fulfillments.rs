//! What was sent of which order, which lines a refund is for, and who gave it.

use crate::table::{belongs_to, drop_tables, key_of, keyed_table, unique};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let within = Expr::col("fulfilled").between(0, Expr::col("quantity"));
        let fulfilled =
            big_integer("fulfilled").default(0).check(("ck_order_lines_fulfilled", within)).take();
        add_column(manager, "order_lines", fulfilled).await?;
        // Whether the order was promised stock for it; of older ones nobody knows.
        add_column(manager, "order_lines", boolean_null("promised")).await?;
        add_column(manager, "refunds", string_len_null("created_by", 255)).await?;
        add_column(manager, "refunds", text_null("note")).await?;
        fulfillments(manager).await?;
        fulfillment_lines(manager).await?;
        refund_lines(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["refund_lines", "fulfillment_lines", "fulfillments"]).await?;
        for (table, column) in [
            ("refunds", "note"),
            ("refunds", "created_by"),
            ("order_lines", "promised"),
            ("order_lines", "fulfilled"),
        ] {
            manager.alter_table(Table::alter().table(table).drop_column(column).take()).await?;
        }
        Ok(())
    }
}

/// SQLite takes one a statement.
async fn add_column(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: ColumnDef,
) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).take()).await
}

async fn fulfillments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("fulfillments")
        .col(pk_uuid("id"))
        .col(uuid("order_id"))
        .col(integer("position"))
        .col(string_len_null("tracking_company", 255))
        // lists
        .col(text("tracking_numbers"))
        .col(text("tracking_urls"))
        .col(string_len("created_by", 255))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut belongs_to("fulfillments", "order_id", "orders"))
        .take();
    manager.create_table(table).await?;
    manager.create_index(unique("fulfillments", &["order_id", "position"])).await
}

async fn fulfillment_lines(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "fulfillment_lines")
        .col(uuid("fulfillment_id"))
        .col(uuid("line_id"))
        .col(big_integer("quantity"))
        .primary_key(&mut key_of("fulfillment_lines", &["fulfillment_id", "line_id"]))
        .foreign_key(&mut belongs_to("fulfillment_lines", "fulfillment_id", "fulfillments"))
        .foreign_key(&mut belongs_to("fulfillment_lines", "line_id", "order_lines"))
        .check(("ck_fulfillment_lines_quantity", Expr::col("quantity").gt(0)))
        .take();
    manager.create_table(table).await
}

async fn refund_lines(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "refund_lines")
        .col(uuid("refund_id"))
        .col(uuid("line_id"))
        .col(big_integer("quantity"))
        .col(boolean("restocked"))
        .primary_key(&mut key_of("refund_lines", &["refund_id", "line_id"]))
        .foreign_key(&mut belongs_to("refund_lines", "refund_id", "refunds"))
        .foreign_key(&mut belongs_to("refund_lines", "line_id", "order_lines"))
        .check(("ck_refund_lines_quantity", Expr::col("quantity").gt(0)))
        .take();
    manager.create_table(table).await
}
