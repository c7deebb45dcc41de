//! What orders keep of how they were priced. Of orders that an older program places, what is new is nothing, or null: as it was.

use crate::table::{add_columns, belongs_to, drop_columns, drop_tables, key_of, keyed_table, not_negative};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, "orders", of_orders()).await?;
        add_columns(manager, "order_lines", of_lines()).await?;
        // The refund whose act this one is a part of; and what it is in the shop's currency.
        add_columns(manager, "refunds", [big_integer_null("shop_amount"), uuid_null("parent_id")]).await?;
        pricing(manager).await?;
        taxes(manager).await?;
        deliveries(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["order_deliveries", "order_taxes", "order_pricing"]).await?;
        drop_columns(manager, "refunds", &["parent_id", "shop_amount"]).await?;
        let lines = ["gift_card", "tax_category", "gift_of", "removed_tax", "discount"];
        drop_columns(manager, "order_lines", &lines).await?;
        let orders = [
            "reverse_charge",
            "tax_number",
            "shop_total",
            "shop_tax",
            "shop_delivery_discount",
            "shop_delivery",
            "shop_discount",
            "shop_subtotal",
            "exchange_rate",
            "shop_currency",
            "market_id",
            "charge",
            "removed_tax",
            "delivery_discount",
            "discount",
        ];
        drop_columns(manager, "orders", &orders).await
    }
}

/// An amount that is nothing where nobody says it.
fn amount(table: &'static str, column: &'static str) -> ColumnDef {
    big_integer(column).default(0).check(not_negative(table, column)).take()
}

fn of_orders() -> Vec<ColumnDef> {
    let mut columns: Vec<ColumnDef> =
        ["discount", "delivery_discount", "removed_tax"].map(|column| amount("orders", column)).into();
    columns.extend([
        // what the gateway is asked for; null: the total
        big_integer_null("charge").check(not_negative("orders", "charge")).take(),
        // null: the shop's own
        uuid_null("market_id"),
        // null, as what follows: that of the order
        string_len_null("shop_currency", 3),
        // in billionths
        big_integer_null("exchange_rate"),
    ]);
    let in_both = [
        "shop_subtotal",
        "shop_discount",
        "shop_delivery",
        "shop_delivery_discount",
        "shop_tax",
        "shop_total",
    ];
    columns.extend(in_both.map(big_integer_null));
    columns.extend([string_len_null("tax_number", 32), boolean("reverse_charge").default(false).take()]);
    columns
}

fn of_lines() -> Vec<ColumnDef> {
    vec![
        // of all classes
        amount("order_lines", "discount"),
        amount("order_lines", "removed_tax"),
        // the promotion that put it in
        uuid_null("gift_of"),
        string_len_null("tax_category", 64),
        boolean("gift_card").default(false).take(),
    ]
}

/// What people read of an order's price, step by step.
async fn pricing(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("order_pricing")
        .col(pk_uuid("order_id"))
        .col(text("steps"))
        // promotions, with their shares of the lines
        .col(text("applications"))
        // which rules of the shop it was priced by
        .col(big_integer("rules"))
        .col(timestamp_with_time_zone("explained_at"))
        .foreign_key(&mut belongs_to("order_pricing", "order_id", "orders"))
        .take();
    manager.create_table(table).await
}

async fn taxes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "order_taxes")
        .col(uuid("order_id"))
        .col(integer("position"))
        .col(string_len("name", 64))
        .col(string_len("zone", 255))
        // in millionths
        .col(big_integer("rate"))
        .col(boolean("compound"))
        .col(big_integer("base"))
        .col(big_integer("amount"))
        // whether prices contain it
        .col(boolean("inside"))
        .primary_key(&mut key_of("order_taxes", &["order_id", "position"]))
        .foreign_key(&mut belongs_to("order_taxes", "order_id", "orders"))
        .take();
    manager.create_table(table).await
}

async fn deliveries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "order_deliveries")
        .col(uuid("order_id"))
        .col(integer("position"))
        .col(string_len("group_key", 64))
        .col(uuid_null("location_id"))
        .col(string_len("handle", 64))
        .col(string_len("title", 255))
        .col(string_len("kind", 16))
        .col(big_integer("price"))
        .col(big_integer("discount"))
        .col(big_integer("removed_tax"))
        .col(big_integer("tax"))
        .col(integer_null("days_min"))
        .col(integer_null("days_max"))
        // a list
        .col(text("line_ids"))
        .primary_key(&mut key_of("order_deliveries", &["order_id", "position"]))
        .foreign_key(&mut belongs_to("order_deliveries", "order_id", "orders"))
        .take();
    manager.create_table(table).await
}
