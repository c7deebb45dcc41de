//! Promotions, their codes, how often they were used and by whom; and the keys of what is only ever looked up.

use crate::table::{belongs_to, drop_tables, index, key_of, key_text, keyed_table, not_negative, one_of};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        lookup_keys(manager).await?;
        promotions(manager).await?;
        counters(manager).await?;
        codes(manager).await?;
        code_batches(manager).await?;
        buyers(manager).await?;
        uses(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "promotion_uses",
            "promotion_buyers",
            "promotion_code_batches",
            "promotion_codes",
            "promotion_counters",
            "promotions",
            "lookup_keys",
        ];
        drop_tables(manager, &tables).await
    }
}

/// One a purpose: what makes hashes of short or guessable things useless without the root key. Made once, and kept through its rotations.
async fn lookup_keys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("lookup_keys")
        .col(string_len("purpose", 32).primary_key())
        // sealed
        .col(text("key"))
        .col(timestamp_with_time_zone("created_at"))
        .take();
    manager.create_table(table).await
}

async fn promotions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("promotions")
        .col(pk_uuid("id"))
        .col(string_len("title", 255))
        // folded, for the staff's search
        .col(key_text(manager, "title_key", 255))
        .col(string_len("class", 16))
        .col(string_len("method", 16))
        // conditions and action
        .col(text("definition"))
        .col(integer("priority"))
        .col(boolean("stacks"))
        .col(boolean("exclusive"))
        .col(string_len("state", 16))
        .col(timestamp_with_time_zone_null("starts_at"))
        .col(timestamp_with_time_zone_null("ends_at"))
        .col(big_integer_null("per_buyer"))
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .check(one_of("promotions", "class", ["product", "order", "delivery"]))
        .check(one_of("promotions", "method", ["automatic", "code"]))
        .check(one_of("promotions", "state", ["draft", "active", "archived"]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("promotions", &["state", "id"])).await
}

/// A row only of what is limited: what is not is locked by nobody. No foreign key, which would lock the promotion with each order.
async fn counters(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("promotion_counters")
        .col(pk_uuid("promotion_id"))
        .col(big_integer("used").default(0))
        .col(big_integer_null("most"))
        // in minor units of the shop's currency
        .col(big_integer("spent").default(0))
        .col(big_integer_null("budget"))
        .check(not_negative("promotion_counters", "used"))
        .check(not_negative("promotion_counters", "spent"))
        .take();
    manager.create_table(table).await
}

async fn codes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "promotion_codes")
        .col(key_text(manager, "code_key", 64))
        .col(uuid("promotion_id"))
        // as it was written
        .col(string_len("code", 64))
        .col(uuid_null("batch_id"))
        .col(big_integer("used").default(0))
        .col(big_integer_null("most"))
        .col(timestamp_with_time_zone_null("disabled_at"))
        .col(timestamp_with_time_zone("created_at"))
        .primary_key(&mut key_of("promotion_codes", &["code_key"]))
        .check(not_negative("promotion_codes", "used"))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("promotion_codes", &["promotion_id", "code_key"])).await
}

async fn code_batches(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("promotion_code_batches")
        .col(pk_uuid("id"))
        .col(uuid("promotion_id"))
        .col(big_integer("wanted"))
        .col(big_integer("made").default(0))
        .col(string_len("prefix", 32))
        // characters behind the prefix
        .col(integer("length"))
        // of each code
        .col(big_integer_null("most"))
        .col(string_len("state", 16))
        .col(string_len("created_by", 255))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .check(one_of("promotion_code_batches", "state", ["making", "made", "failed"]))
        .check(("ck_promotion_code_batches_made", Expr::col("made").between(0, Expr::col("wanted"))))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("promotion_code_batches", &["promotion_id", "id"])).await
}

/// How often a buyer has used a promotion that each may use so often. The keys are hashes: no address stands here.
async fn buyers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "promotion_buyers")
        .col(uuid("promotion_id"))
        .col(key_text(manager, "buyer_key", 64))
        .col(big_integer("used"))
        .primary_key(&mut key_of("promotion_buyers", &["promotion_id", "buyer_key"]))
        .check(not_negative("promotion_buyers", "used"))
        .take();
    manager.create_table(table).await
}

/// What orders took. Given back once, when the order ends.
async fn uses(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "promotion_uses")
        .col(uuid("order_id"))
        .col(uuid("promotion_id"))
        .col(key_text(manager, "code_key", 64).null().take())
        // a list of hashes
        .col(text("buyer_keys"))
        // in minor units of the order's currency, and of the shop's
        .col(big_integer("amount"))
        .col(big_integer("amount_shop"))
        .col(string_len("title", 255))
        .col(string_len("state", 16))
        .col(timestamp_with_time_zone("taken_at"))
        .col(timestamp_with_time_zone_null("given_back_at"))
        .primary_key(&mut key_of("promotion_uses", &["order_id", "promotion_id"]))
        .foreign_key(&mut belongs_to("promotion_uses", "order_id", "orders"))
        .check(one_of("promotion_uses", "state", ["taken", "given_back"]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("promotion_uses", &["promotion_id", "taken_at"])).await
}
