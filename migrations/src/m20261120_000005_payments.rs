//! Payments, refunds, and the events a gateway has sent.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        payments(manager).await?;
        refunds(manager).await?;
        events(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["gateway_events", "refunds", "payments"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

async fn payments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("payments")
        .col(pk_uuid("id"))
        .col(uuid("order_id"))
        .col(string_len("gateway", 32))
        // null until the gateway has answered
        .col(string_len_null("intent", 255))
        .col(string_len("state", 32))
        .col(big_integer("amount"))
        .col(string_len("currency", 3))
        .col(big_integer("amount_received"))
        .col(big_integer("amount_refunded"))
        // what has been asked to go back: two refunds at once cannot both take the last of it
        .col(big_integer("refund_reserved"))
        .col(boolean("disputed"))
        .col(timestamp_with_time_zone_null("dispute_at"))
        .col(string_len_null("last_error", 255))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(
            ForeignKey::create().name("fk_payments_order_id").from("payments", "order_id").to("orders", "id"),
        )
        .check(("ck_payments_amount_refunded", Expr::col("amount_refunded").gte(0)))
        .check(("ck_payments_refund_reserved", Expr::col("refund_reserved").gte(0)))
        .check(("ck_payments_refund_within", Expr::col("amount_refunded").lte(Expr::col("amount_received"))))
        .take();
    manager.create_table(table).await?;
    let order = Index::create().name("ix_payments_order_id").table("payments").col("order_id").take();
    manager.create_index(order).await?;
    let intent = Index::create()
        .name("uq_payments_gateway_intent")
        .table("payments")
        .col("gateway")
        .col("intent")
        .unique()
        .take();
    manager.create_index(intent).await
}

async fn refunds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("refunds")
        .col(pk_uuid("id"))
        .col(uuid("payment_id"))
        .col(big_integer("amount"))
        .col(text("reason"))
        .col(string_len_null("gateway_refund", 255))
        .col(string_len("state", 16))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_refunds_payment_id")
                .from("refunds", "payment_id")
                .to("payments", "id"),
        )
        .check(("ck_refunds_amount", Expr::col("amount").gt(0)))
        .take();
    manager.create_table(table).await?;
    let payment = Index::create().name("ix_refunds_payment_id").table("refunds").col("payment_id").take();
    manager.create_index(payment).await
}

/// Every event as it came, byte for byte: the merchant's evidence, and what is applied when its payment is known.
async fn events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("gateway_events")
        .col(string_len("id", 255).primary_key())
        .col(string_len("gateway", 32))
        .col(string_len("kind", 255))
        .col(string_len_null("intent", 255))
        .col(string_len("state", 16))
        .col(text("body"))
        .col(timestamp_with_time_zone("occurred_at"))
        .col(timestamp_with_time_zone("received_at"))
        .col(timestamp_with_time_zone_null("applied_at"))
        .take();
    manager.create_table(table).await?;
    let intent = Index::create()
        .name("ix_gateway_events_intent_state")
        .table("gateway_events")
        .col("intent")
        .col("state")
        .take();
    manager.create_index(intent).await
}
