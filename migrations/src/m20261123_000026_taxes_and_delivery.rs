//! Which taxes are charged where on what, and which ways of delivering there are where.

use crate::table::{belongs_to, drop_tables, index, key_text, one_of, unique};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tax_categories(manager).await?;
        tax_zones(manager).await?;
        tax_rates(manager).await?;
        delivery_zones(manager).await?;
        delivery_methods(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = ["delivery_methods", "delivery_zones", "tax_rates", "tax_zones", "tax_categories"];
        drop_tables(manager, &tables).await
    }
}

async fn tax_categories(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("tax_categories")
        .col(pk_uuid("id"))
        .col(key_text(manager, "code", 64))
        .col(string_len("name", 255))
        .col(string_len("kind", 16))
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .check(one_of("tax_categories", "kind", ["taxed", "exempt"]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(unique("tax_categories", &["code"])).await
}

async fn tax_zones(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("tax_zones")
        .col(pk_uuid("id"))
        .col(string_len("name", 255))
        .col(small_integer("level"))
        // null: everywhere
        .col(string_len_null("country", 2))
        // lists; an empty one is all
        .col(text("provinces"))
        .col(text("postal_ranges"))
        .col(integer("priority"))
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .check(("ck_tax_zones_level", Expr::col("level").between(0, 3)))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("tax_zones", &["country"])).await
}

async fn tax_rates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("tax_rates")
        .col(pk_uuid("id"))
        .col(uuid("tax_zone_id"))
        // null: of all that no other rate of the zone is for
        .col(uuid_null("tax_category_id"))
        .col(string_len("name", 64))
        // in millionths
        .col(big_integer("rate"))
        .col(boolean("compound"))
        .col(boolean("on_delivery"))
        .col(integer("position"))
        .col(timestamp_with_time_zone_null("valid_from"))
        .col(timestamp_with_time_zone_null("valid_until"))
        .foreign_key(&mut belongs_to("tax_rates", "tax_zone_id", "tax_zones"))
        .foreign_key(&mut belongs_to("tax_rates", "tax_category_id", "tax_categories"))
        .check(("ck_tax_rates_rate", Expr::col("rate").between(0, 1_000_000)))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("tax_rates", &["tax_zone_id"])).await?;
    manager.create_index(index("tax_rates", &["tax_category_id"])).await
}

async fn delivery_zones(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("delivery_zones")
        .col(pk_uuid("id"))
        .col(string_len("name", 255))
        // lists; an empty one is all
        .col(text("countries"))
        .col(text("provinces"))
        .col(text("postal_ranges"))
        .col(integer("priority"))
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .take();
    manager.create_table(table).await
}

async fn delivery_methods(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("delivery_methods")
        .col(pk_uuid("id"))
        // null: wherever the buyer is
        .col(uuid_null("delivery_zone_id"))
        .col(key_text(manager, "handle", 64))
        .col(string_len("title", 255))
        .col(text_null("description"))
        .col(string_len("kind", 16))
        // of a pick-up
        .col(uuid_null("location_id"))
        .col(text("rates"))
        .col(big_integer_null("free_from"))
        // cubic millimetres a gram
        .col(integer_null("divisor"))
        .col(uuid_null("tax_category_id"))
        .col(integer_null("days_min"))
        .col(integer_null("days_max"))
        .col(text("conditions"))
        .col(integer("position"))
        .col(boolean("active"))
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut belongs_to("delivery_methods", "delivery_zone_id", "delivery_zones"))
        .foreign_key(&mut belongs_to("delivery_methods", "tax_category_id", "tax_categories"))
        .check(one_of("delivery_methods", "kind", ["shipping", "local", "pick_up", "carrier"]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(unique("delivery_methods", &["handle"])).await?;
    manager.create_index(index("delivery_methods", &["delivery_zone_id"])).await?;
    manager.create_index(index("delivery_methods", &["tax_category_id"])).await
}
