//! Locations, and stock: what the shop owns, what is promised to placed orders, and the ledger of every change.

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
        locations(manager).await?;
        items(manager).await?;
        levels(manager).await?;
        ledger(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["inventory_ledger", "inventory_levels", "inventory_items", "locations"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

async fn locations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("locations")
        .col(pk_uuid("id"))
        .col(string_len("name", 255))
        // stock is taken from the lowest position first
        .col(integer("position"))
        .col(timestamp_with_time_zone("created_at"))
        .take();
    manager.create_table(table).await?;
    let name = Index::create().name("uq_locations_name").table("locations").col("name").unique().take();
    manager.create_index(name).await
}

/// The totals of a variant over all locations: what decides whether it may be sold.
async fn items(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "inventory_items")
        .col(uuid("variant_id").primary_key())
        .col(boolean("tracked"))
        // units that may be sold beyond on_hand; null: any number
        .col(big_integer_null("backorder_limit"))
        .col(big_integer("on_hand"))
        .col(big_integer("allocated"))
        .col(big_integer("version"))
        // no cascade: stock that is promised to an order must not vanish with its variant
        .foreign_key(
            ForeignKey::create()
                .name("fk_inventory_items_variant_id")
                .from("inventory_items", "variant_id")
                .to("product_variants", "id"),
        )
        .check(("ck_inventory_items_on_hand", Expr::col("on_hand").gte(0)))
        .check(("ck_inventory_items_allocated", Expr::col("allocated").gte(0)))
        .check(("ck_inventory_items_backorder_limit", Expr::col("backorder_limit").gte(0)))
        // where the limit is null so is the comparison, and a check that is null holds
        .check((
            "ck_inventory_items_sellable",
            Expr::col("on_hand").add(Expr::col("backorder_limit")).gte(Expr::col("allocated")),
        ))
        .take();
    manager.create_table(table).await
}

async fn levels(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "inventory_levels")
        .col(uuid("variant_id"))
        .col(uuid("location_id"))
        .col(big_integer("on_hand"))
        .col(big_integer("allocated"))
        .primary_key(Index::create().name("pk_inventory_levels").col("variant_id").col("location_id"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_inventory_levels_variant_id")
                .from("inventory_levels", "variant_id")
                .to("inventory_items", "variant_id"),
        )
        .foreign_key(
            ForeignKey::create()
                .name("fk_inventory_levels_location_id")
                .from("inventory_levels", "location_id")
                .to("locations", "id"),
        )
        .check(("ck_inventory_levels_on_hand", Expr::col("on_hand").gte(0)))
        .check(("ck_inventory_levels_allocated", Expr::col("allocated").gte(0)))
        .take();
    manager.create_table(table).await
}

/// Append-only. Its sums are the counters of the other two tables; it outlives the variants it speaks of.
async fn ledger(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("inventory_ledger")
        .col(big_pk_auto("id"))
        .col(uuid("variant_id"))
        .col(uuid("location_id"))
        .col(string_len("kind", 16))
        .col(big_integer("on_hand_delta"))
        .col(big_integer("allocated_delta"))
        // the order or the import behind it
        .col(uuid_null("reference"))
        .col(timestamp_with_time_zone("at"))
        .take();
    manager.create_table(table).await?;
    let variant = Index::create()
        .name("ix_inventory_ledger_variant")
        .table("inventory_ledger")
        .col("variant_id")
        .col("location_id")
        .take();
    manager.create_index(variant).await
}
