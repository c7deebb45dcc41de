//! Orders, their lines, what they own of the stock, their history, and the keys that make placing one safe to repeat.

use crate::table::keyed_table;
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        numbers(manager).await?;
        orders(manager).await?;
        lines(manager).await?;
        allocations(manager).await?;
        history(manager).await?;
        keys(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "idempotency_keys",
            "order_events",
            "order_allocations",
            "order_lines",
            "orders",
            "order_numbers",
        ];
        for table in tables {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

/// One row: the number the next order gets. A sequence would leave holes on Postgres, and SQLite has none.
async fn numbers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("order_numbers")
        .col(integer("id").primary_key())
        .col(big_integer("next"))
        .check(("ck_order_numbers_one", Expr::col("id").eq(1)))
        .take();
    manager.create_table(table).await?;
    let first = Query::insert()
        .into_table("order_numbers")
        .columns(["id", "next"])
        .values_panic([1.into(), 1001_i64.into()])
        .take();
    manager.execute(first).await
}

async fn orders(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("orders")
        .col(pk_uuid("id"))
        .col(big_integer("number"))
        .col(string_len("token", 64))
        .col(uuid("cart_id"))
        .col(string_len("state", 32))
        .col(timestamp_with_time_zone_null("expires_at"))
        .col(timestamp_with_time_zone_null("paid_at"))
        .col(uuid_null("paid_by"))
        .col(timestamp_with_time_zone_null("cancelled_at"))
        .col(string_len_null("cancel_reason", 32))
        .col(string_len_null("attention", 32))
        .col(string_len("fulfillment", 32))
        .col(string_len("email", 254))
        // in lower case: the form in which two addresses are the same person's
        .col(string_len("email_key", 254))
        .col(string_len_null("phone", 255))
        .col(text_null("shipping_address"))
        .col(string_len_null("delivery_title", 255))
        .col(string_len_null("delivery_handle", 255))
        .col(text_null("note"))
        .col(text("attributes"))
        .col(string_len("currency", 3))
        .col(big_integer("subtotal"))
        .col(big_integer("delivery"))
        .col(big_integer("delivery_tax"))
        .col(big_integer("tax"))
        .col(big_integer("total"))
        // in millionths
        .col(big_integer("tax_rate"))
        .col(boolean("prices_include_tax"))
        .col(string_len("tax_rounding", 8))
        .col(timestamp_with_time_zone("placed_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .check(("ck_orders_total", Expr::col("total").gte(0)))
        .take();
    manager.create_table(table).await?;
    for (name, column) in
        [("uq_orders_number", "number"), ("uq_orders_token", "token"), ("uq_orders_cart_id", "cart_id")]
    {
        let index = Index::create().name(name).table("orders").col(column).unique().take();
        manager.create_index(index).await?;
    }
    // expiry asks for unpaid orders by time
    let state = Index::create()
        .name("ix_orders_state_expires_at")
        .table("orders")
        .col("state")
        .col("expires_at")
        .take();
    manager.create_index(state).await?;
    let email = Index::create()
        .name("ix_orders_email_key_placed_at")
        .table("orders")
        .col("email_key")
        .col("placed_at")
        .take();
    manager.create_index(email).await
}

/// Copies of what was sold: no foreign key to the catalogue, which may forget it.
async fn lines(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("order_lines")
        .col(pk_uuid("id"))
        .col(uuid("order_id"))
        .col(integer("position"))
        .col(uuid("variant_id"))
        .col(uuid("product_id"))
        .col(string_len("title", 255))
        .col(string_len("variant_title", 1024))
        .col(string_len_null("sku", 255))
        .col(text_null("image_url"))
        .col(big_integer("quantity"))
        .col(big_integer("unit_price"))
        .col(big_integer("subtotal"))
        .col(big_integer("tax"))
        .col(boolean("requires_shipping"))
        .col(text("attributes"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_order_lines_order_id")
                .from("order_lines", "order_id")
                .to("orders", "id"),
        )
        .check(("ck_order_lines_quantity", Expr::col("quantity").gt(0)))
        .take();
    manager.create_table(table).await?;
    let place = Index::create()
        .name("uq_order_lines_order_id_position")
        .table("order_lines")
        .col("order_id")
        .col("position")
        .unique()
        .take();
    manager.create_index(place).await
}

/// What an order owns of which location's stock, until it is fulfilled or given back.
async fn allocations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "order_allocations")
        .col(uuid("order_id"))
        .col(uuid("variant_id"))
        .col(uuid("location_id"))
        .col(big_integer("quantity"))
        .primary_key(
            Index::create().name("pk_order_allocations").col("order_id").col("variant_id").col("location_id"),
        )
        .foreign_key(
            ForeignKey::create()
                .name("fk_order_allocations_order_id")
                .from("order_allocations", "order_id")
                .to("orders", "id"),
        )
        .check(("ck_order_allocations_quantity", Expr::col("quantity").gt(0)))
        .take();
    manager.create_table(table).await
}

async fn history(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("order_events")
        .col(pk_uuid("id"))
        .col(uuid("order_id"))
        .col(timestamp_with_time_zone("at"))
        .col(string_len("actor", 255))
        .col(string_len("kind", 64))
        .col(text("detail"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_order_events_order_id")
                .from("order_events", "order_id")
                .to("orders", "id"),
        )
        .take();
    manager.create_table(table).await?;
    let order = Index::create()
        .name("ix_order_events_order_id_at")
        .table("order_events")
        .col("order_id")
        .col("at")
        .take();
    manager.create_index(order).await
}

async fn keys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("idempotency_keys")
        .col(string_len("scope", 64))
        .col(string_len("key", 255))
        .col(text("fingerprint"))
        .col(uuid("order_id"))
        .col(timestamp_with_time_zone("created_at"))
        .primary_key(Index::create().name("pk_idempotency_keys").col("scope").col("key"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_idempotency_keys_order_id")
                .from("idempotency_keys", "order_id")
                .to("orders", "id"),
        )
        .take();
    manager.create_table(table).await
}
