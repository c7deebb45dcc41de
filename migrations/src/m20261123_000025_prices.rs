//! Price lists, markets and exchange rates, what a shop decides about money once, and what rules ask of goods.

use crate::table::{
    add_columns, belongs_to, drop_columns, drop_tables, index, key_of, key_text, keyed_table, not_negative,
    one_of, unique,
};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        markets(manager).await?;
        rates(manager).await?;
        lists(manager).await?;
        prices(manager).await?;
        settings(manager).await?;
        // Raised by every change of what carts cost, as the version is by every change of the catalogue.
        add_columns(manager, "catalog_state", [big_integer("rules").default(1).take()]).await?;
        let of_products = [boolean("gift_card").default(false).take(), uuid_null("tax_category_id")];
        add_columns(manager, "products", of_products).await?;
        add_columns(manager, "product_variants", SIDES.map(integer_null)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "product_variants", &SIDES).await?;
        drop_columns(manager, "products", &["tax_category_id", "gift_card"]).await?;
        drop_columns(manager, "catalog_state", &["rules"]).await?;
        let tables = [
            "pricing_settings",
            "price_list_prices",
            "price_lists",
            "exchange_rates",
            "market_countries",
            "markets",
        ];
        drop_tables(manager, &tables).await
    }
}

/// Of one unit.
const SIDES: [&str; 3] = ["length_mm", "width_mm", "height_mm"];

/// The shop's own market has no row: it is everywhere that no other is.
async fn markets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("markets")
        .col(pk_uuid("id"))
        .col(string_len("name", 255))
        .col(key_text(manager, "name_key", 255))
        .col(string_len("currency", 3))
        // no foreign key: the two tables would refer to each other
        .col(uuid_null("price_list_id"))
        // what is made of converted prices
        .col(text("rounding"))
        // null: as the shop's
        .col(boolean_null("prices_include_tax"))
        .col(boolean("net_prices").default(false))
        .col(boolean("active"))
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .take();
    manager.create_table(table).await?;
    manager.create_index(unique("markets", &["name_key"])).await?;

    // A country is in one market.
    let countries = keyed_table(manager, "market_countries")
        .col(string_len("country", 2))
        .col(uuid("market_id"))
        .primary_key(&mut key_of("market_countries", &["country"]))
        .foreign_key(&mut belongs_to("market_countries", "market_id", "markets"))
        .take();
    manager.create_table(countries).await?;
    manager.create_index(index("market_countries", &["market_id"])).await
}

async fn rates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("exchange_rates")
        .col(string_len("currency", 3).primary_key())
        // what one unit of the shop's currency is worth, in billionths
        .col(big_integer("rate"))
        .col(string_len("source", 64))
        .col(timestamp_with_time_zone("as_of"))
        .col(timestamp_with_time_zone("updated_at"))
        .check(("ck_exchange_rates_rate", Expr::col("rate").gt(0)))
        .take();
    manager.create_table(table).await
}

async fn lists(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("price_lists")
        .col(pk_uuid("id"))
        .col(string_len("name", 255))
        .col(key_text(manager, "name_key", 255))
        .col(string_len("kind", 16))
        .col(string_len("currency", 3))
        // in millionths of the price it lies over
        .col(big_integer_null("adjustment"))
        // ids of customers' groups
        .col(text("groups"))
        .col(uuid_null("market_id"))
        .col(timestamp_with_time_zone_null("starts_at"))
        .col(timestamp_with_time_zone_null("ends_at"))
        .col(boolean("active"))
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut belongs_to("price_lists", "market_id", "markets"))
        .check(one_of("price_lists", "kind", ["market", "group", "sale"]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(unique("price_lists", &["name_key"])).await?;
    manager.create_index(index("price_lists", &["market_id"])).await?;
    // When prices change by the clock next.
    for column in ["starts_at", "ends_at"] {
        let due = index("price_lists", &[column]).and_where(Expr::col(column).is_not_null()).take();
        manager.create_index(due).await?;
    }
    Ok(())
}

/// No foreign key to variants: a price may be there before its goods are, and outlives them until staff take it away.
async fn prices(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "price_list_prices")
        .col(uuid("price_list_id"))
        .col(uuid("variant_id"))
        .col(big_integer("from_quantity").default(1))
        .col(big_integer("price"))
        .col(big_integer_null("compare_at_price"))
        .primary_key(&mut key_of("price_list_prices", &["price_list_id", "variant_id", "from_quantity"]))
        .foreign_key(&mut belongs_to("price_list_prices", "price_list_id", "price_lists"))
        .check(not_negative("price_list_prices", "price"))
        .check(("ck_price_list_prices_from_quantity", Expr::col("from_quantity").gt(0)))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("price_list_prices", &["variant_id"])).await
}

/// At most one row. What is null is as the configuration says, and so is everything while there is none.
async fn settings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("pricing_settings")
        .col(integer("id").primary_key())
        .col(string_len_null("tax_rounding", 16))
        .col(boolean_null("prices_include_tax"))
        .col(string_len_null("tax_basis", 16))
        .col(text("origin_countries"))
        .col(string_len_null("delivery_tax", 16))
        .col(string_len_null("group_deliveries", 16))
        // whether services outside of the house are asked, and what stands in for them
        .col(string_len_null("tax_service", 16))
        .col(string_len_null("carrier_service", 16))
        // where the shop is
        .col(string_len_null("home_country", 2))
        .col(string_len_null("home_province", 32))
        .col(string_len_null("home_zip", 32))
        .col(string_len_null("home_city", 255))
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("updated_at"))
        .check(("ck_pricing_settings_one", Expr::col("id").eq(1)))
        .take();
    manager.create_table(table).await
}
