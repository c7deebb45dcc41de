//! Gift cards and store credit, with their ledger; and what customers are asked no tax for.

use crate::table::{
    add_columns, belongs_to, drop_columns, drop_tables, index, key_text, not_negative, one_of, unique,
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
        cards(manager).await?;
        entries(manager).await?;
        let of_customers = [boolean("tax_exempt").default(false).take(), string_len_null("tax_number", 32)];
        add_columns(manager, "customers", of_customers).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "customers", &["tax_number", "tax_exempt"]).await?;
        drop_tables(manager, &["gift_card_entries", "gift_cards"]).await
    }
}

/// No foreign key to customers and order lines: money outlives both.
async fn cards(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("gift_cards")
        .col(pk_uuid("id"))
        .col(string_len("kind", 16))
        // of a card: a hash of its code, and how that ends
        .col(key_text(manager, "code_hash", 64).null().take())
        .col(string_len_null("last_characters", 4))
        // of store credit: whose it is
        .col(uuid_null("customer_id"))
        .col(string_len("currency", 3))
        .col(big_integer("initial"))
        // the sum of its entries
        .col(big_integer("balance"))
        .col(string_len("state", 16))
        .col(timestamp_with_time_zone_null("expires_at"))
        // which unit of which line was sold as it
        .col(uuid_null("order_line_id"))
        .col(integer_null("unit"))
        .col(text_null("note"))
        .col(string_len("created_by", 255))
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .check(one_of("gift_cards", "kind", ["card", "credit"]))
        .check(one_of("gift_cards", "state", ["enabled", "disabled"]))
        .check(not_negative("gift_cards", "balance"))
        .take();
    manager.create_table(table).await?;
    manager.create_index(unique("gift_cards", &["code_hash"])).await?;
    manager.create_index(unique("gift_cards", &["order_line_id", "unit"])).await?;
    let one_credit = unique("gift_cards", &["customer_id", "currency", "kind"])
        .and_where(Expr::col("kind").eq("credit"))
        .take();
    manager.create_index(one_credit).await?;
    let expiring =
        index("gift_cards", &["expires_at"]).and_where(Expr::col("expires_at").is_not_null()).take();
    manager.create_index(expiring).await
}

/// Rows are only ever added. Each order spends a card once and gets it back once, each refund is on a card once.
async fn entries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let kinds = ["issued", "spent", "given_back", "refunded", "adjusted", "expired"];
    let table = Table::create()
        .table("gift_card_entries")
        .col(pk_uuid("id"))
        .col(uuid("gift_card_id"))
        .col(timestamp_with_time_zone("at"))
        .col(big_integer("delta"))
        .col(string_len("kind", 16))
        .col(uuid_null("order_id"))
        .col(uuid_null("refund_id"))
        .col(string_len("actor", 255))
        .foreign_key(&mut belongs_to("gift_card_entries", "gift_card_id", "gift_cards"))
        .check(one_of("gift_card_entries", "kind", kinds))
        .take();
    manager.create_table(table).await?;
    let by_order = unique("gift_card_entries", &["gift_card_id", "order_id", "kind"])
        .and_where(Expr::col("kind").is_in(["spent", "given_back"]))
        .take();
    manager.create_index(by_order).await?;
    let by_refund =
        unique("gift_card_entries", &["refund_id"]).and_where(Expr::col("refund_id").is_not_null()).take();
    manager.create_index(by_refund).await?;
    manager.create_index(index("gift_card_entries", &["gift_card_id", "at"])).await
}
