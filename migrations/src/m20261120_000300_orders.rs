//! Orders, their lines and allocations, payments and refunds, gateway events, idempotency keys and the job queue.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum OrderNumbers {
    Table,
    Id,
    Next,
}

#[derive(DeriveIden)]
enum Orders {
    Table,
    Id,
    Number,
    Token,
    CartId,
    State,
    ExpiresAt,
    PaidAt,
    PaidBy,
    CancelledAt,
    CancelReason,
    Attention,
    Fulfillment,
    Email,
    EmailKey,
    Phone,
    ShippingAddress,
    DeliveryTitle,
    DeliveryHandle,
    Note,
    Attributes,
    Currency,
    Subtotal,
    Delivery,
    DeliveryTax,
    Tax,
    Total,
    TaxRate,
    PricesIncludeTax,
    TaxRounding,
    PlacedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum OrderLines {
    Table,
    Id,
    OrderId,
    Position,
    VariantId,
    ProductId,
    Title,
    VariantTitle,
    Sku,
    ImageUrl,
    Quantity,
    UnitPrice,
    Subtotal,
    Tax,
    RequiresShipping,
    Attributes,
}

#[derive(DeriveIden)]
enum OrderAllocations {
    Table,
    OrderId,
    VariantId,
    LocationId,
    Quantity,
}

#[derive(DeriveIden)]
enum OrderEvents {
    Table,
    Id,
    OrderId,
    At,
    Actor,
    Kind,
    Detail,
}

#[derive(DeriveIden)]
enum Payments {
    Table,
    Id,
    OrderId,
    Gateway,
    Intent,
    State,
    Amount,
    Currency,
    AmountReceived,
    AmountRefunded,
    RefundReserved,
    Disputed,
    LastError,
    Version,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum Refunds {
    Table,
    Id,
    PaymentId,
    Amount,
    Reason,
    GatewayRefund,
    State,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum GatewayEvents {
    Table,
    Id,
    Gateway,
    Kind,
    Intent,
    State,
    Body,
    OccurredAt,
    ReceivedAt,
    AppliedAt,
}

#[derive(DeriveIden)]
enum IdempotencyKeys {
    Table,
    Scope,
    Key,
    Fingerprint,
    OrderId,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Jobs {
    Table,
    Id,
    Kind,
    Payload,
    DedupKey,
    RunAt,
    Attempts,
    LockedUntil,
    LastError,
    DeadAt,
    CreatedAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        order_tables(m).await?;
        payment_tables(m).await?;
        job_tables(m).await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.drop_table(Table::drop().table(Jobs::Table).to_owned()).await?;
        m.drop_table(Table::drop().table(IdempotencyKeys::Table).to_owned()).await?;
        m.drop_table(Table::drop().table(GatewayEvents::Table).to_owned()).await?;
        m.drop_table(Table::drop().table(Refunds::Table).to_owned()).await?;
        m.drop_table(Table::drop().table(Payments::Table).to_owned()).await?;
        m.drop_table(Table::drop().table(OrderEvents::Table).to_owned()).await?;
        m.drop_table(Table::drop().table(OrderAllocations::Table).to_owned()).await?;
        m.drop_table(Table::drop().table(OrderLines::Table).to_owned()).await?;
        m.drop_table(Table::drop().table(Orders::Table).to_owned()).await?;
        m.drop_table(Table::drop().table(OrderNumbers::Table).to_owned()).await
    }
}

async fn order_tables(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    // One row: the number the next order gets. A sequence would leave holes on Postgres, and SQLite has none.
    m.create_table(
        Table::create().table(OrderNumbers::Table).col(integer(OrderNumbers::Id).primary_key()).col(big_integer(OrderNumbers::Next)).to_owned(),
    )
    .await?;
    let first = Query::insert()
        .into_table(OrderNumbers::Table)
        .columns([OrderNumbers::Id, OrderNumbers::Next])
        .values_panic([1.into(), 1001_i64.into()])
        .to_owned();
    m.execute(first).await?;

    m.create_table(
        Table::create()
            .table(Orders::Table)
            .col(uuid(Orders::Id).primary_key())
            .col(big_integer(Orders::Number).unique_key())
            .col(string(Orders::Token).unique_key())
            .col(uuid(Orders::CartId).unique_key())
            .col(string(Orders::State))
            .col(timestamp_with_time_zone_null(Orders::ExpiresAt))
            .col(timestamp_with_time_zone_null(Orders::PaidAt))
            .col(uuid_null(Orders::PaidBy))
            .col(timestamp_with_time_zone_null(Orders::CancelledAt))
            .col(string_null(Orders::CancelReason))
            .col(string_null(Orders::Attention))
            .col(string(Orders::Fulfillment))
            .col(string(Orders::Email))
            .col(string(Orders::EmailKey))
            .col(string_null(Orders::Phone))
            .col(text_null(Orders::ShippingAddress))
            .col(string_null(Orders::DeliveryTitle))
            .col(string_null(Orders::DeliveryHandle))
            .col(text_null(Orders::Note))
            .col(text(Orders::Attributes))
            .col(string_len(Orders::Currency, 3))
            .col(big_integer(Orders::Subtotal))
            .col(big_integer(Orders::Delivery))
            .col(big_integer(Orders::DeliveryTax))
            .col(big_integer(Orders::Tax))
            .col(big_integer(Orders::Total))
            .col(big_integer(Orders::TaxRate))
            .col(boolean(Orders::PricesIncludeTax))
            .col(string(Orders::TaxRounding))
            .col(timestamp_with_time_zone(Orders::PlacedAt))
            .col(timestamp_with_time_zone(Orders::UpdatedAt))
            .check(Expr::col(Orders::Total).gte(0))
            .to_owned(),
    )
    .await?;
    // Expiry asks for unpaid orders by time; the admin lists by time within a state.
    m.create_index(
        Index::create().name("orders_state_expires").table(Orders::Table).col(Orders::State).col(Orders::ExpiresAt).to_owned(),
    )
    .await?;
    m.create_index(
        Index::create().name("orders_email").table(Orders::Table).col(Orders::EmailKey).col(Orders::PlacedAt).to_owned(),
    )
    .await?;

    m.create_table(
        Table::create()
            .table(OrderLines::Table)
            .col(uuid(OrderLines::Id).primary_key())
            .col(uuid(OrderLines::OrderId))
            .col(integer(OrderLines::Position))
            .col(uuid(OrderLines::VariantId))
            .col(uuid(OrderLines::ProductId))
            .col(string(OrderLines::Title))
            .col(string(OrderLines::VariantTitle))
            .col(string_null(OrderLines::Sku))
            .col(text_null(OrderLines::ImageUrl))
            .col(big_integer(OrderLines::Quantity))
            .col(big_integer(OrderLines::UnitPrice))
            .col(big_integer(OrderLines::Subtotal))
            .col(big_integer(OrderLines::Tax))
            .col(boolean(OrderLines::RequiresShipping))
            .col(text(OrderLines::Attributes))
            .foreign_key(
                ForeignKey::create().from(OrderLines::Table, OrderLines::OrderId).to(Orders::Table, Orders::Id),
            )
            .check(Expr::col(OrderLines::Quantity).gt(0))
            .to_owned(),
    )
    .await?;
    m.create_index(
        Index::create()
            .name("order_lines_order")
            .table(OrderLines::Table)
            .col(OrderLines::OrderId)
            .col(OrderLines::Position)
            .unique()
            .to_owned(),
    )
    .await?;

    // What an order owns of which location's stock. Variants may be deleted later, so no foreign key to them.
    m.create_table(
        Table::create()
            .table(OrderAllocations::Table)
            .col(uuid(OrderAllocations::OrderId))
            .col(uuid(OrderAllocations::VariantId))
            .col(uuid(OrderAllocations::LocationId))
            .col(big_integer(OrderAllocations::Quantity))
            .primary_key(
                Index::create()
                    .col(OrderAllocations::OrderId)
                    .col(OrderAllocations::VariantId)
                    .col(OrderAllocations::LocationId),
            )
            .foreign_key(
                ForeignKey::create()
                    .from(OrderAllocations::Table, OrderAllocations::OrderId)
                    .to(Orders::Table, Orders::Id),
            )
            .check(Expr::col(OrderAllocations::Quantity).gte(0))
            .to_owned(),
    )
    .await?;

    m.create_table(
        Table::create()
            .table(OrderEvents::Table)
            .col(uuid(OrderEvents::Id).primary_key())
            .col(uuid(OrderEvents::OrderId))
            .col(timestamp_with_time_zone(OrderEvents::At))
            .col(string(OrderEvents::Actor))
            .col(string(OrderEvents::Kind))
            .col(text(OrderEvents::Detail))
            .foreign_key(
                ForeignKey::create().from(OrderEvents::Table, OrderEvents::OrderId).to(Orders::Table, Orders::Id),
            )
            .to_owned(),
    )
    .await?;
    m.create_index(
        Index::create().name("order_events_order").table(OrderEvents::Table).col(OrderEvents::OrderId).col(OrderEvents::At).to_owned(),
    )
    .await
}

async fn payment_tables(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table(Payments::Table)
            .col(uuid(Payments::Id).primary_key())
            .col(uuid(Payments::OrderId))
            .col(string(Payments::Gateway))
            .col(string_null(Payments::Intent))
            .col(string(Payments::State))
            .col(big_integer(Payments::Amount))
            .col(string_len(Payments::Currency, 3))
            .col(big_integer(Payments::AmountReceived))
            .col(big_integer(Payments::AmountRefunded))
            .col(big_integer(Payments::RefundReserved))
            .col(boolean(Payments::Disputed))
            .col(string_null(Payments::LastError))
            .col(big_integer(Payments::Version))
            .col(timestamp_with_time_zone(Payments::CreatedAt))
            .col(timestamp_with_time_zone(Payments::UpdatedAt))
            .foreign_key(ForeignKey::create().from(Payments::Table, Payments::OrderId).to(Orders::Table, Orders::Id))
            .check(Expr::col(Payments::AmountRefunded).gte(0))
            .check(Expr::col(Payments::RefundReserved).gte(0))
            .check(Expr::col(Payments::AmountRefunded).lte(Expr::col(Payments::AmountReceived)))
            .to_owned(),
    )
    .await?;
    m.create_index(
        Index::create().name("payments_order").table(Payments::Table).col(Payments::OrderId).to_owned(),
    )
    .await?;
    m.create_index(
        Index::create().name("payments_intent").table(Payments::Table).col(Payments::Gateway).col(Payments::Intent).unique().to_owned(),
    )
    .await?;

    m.create_table(
        Table::create()
            .table(Refunds::Table)
            .col(uuid(Refunds::Id).primary_key())
            .col(uuid(Refunds::PaymentId))
            .col(big_integer(Refunds::Amount))
            .col(string(Refunds::Reason))
            .col(string_null(Refunds::GatewayRefund))
            .col(string(Refunds::State))
            .col(timestamp_with_time_zone(Refunds::CreatedAt))
            .col(timestamp_with_time_zone(Refunds::UpdatedAt))
            .foreign_key(ForeignKey::create().from(Refunds::Table, Refunds::PaymentId).to(Payments::Table, Payments::Id))
            .check(Expr::col(Refunds::Amount).gt(0))
            .to_owned(),
    )
    .await?;
    m.create_index(
        Index::create().name("refunds_payment").table(Refunds::Table).col(Refunds::PaymentId).to_owned(),
    )
    .await?;

    m.create_table(
        Table::create()
            .table(GatewayEvents::Table)
            .col(string(GatewayEvents::Id).primary_key())
            .col(string(GatewayEvents::Gateway))
            .col(string(GatewayEvents::Kind))
            .col(string_null(GatewayEvents::Intent))
            .col(string(GatewayEvents::State))
            .col(text(GatewayEvents::Body))
            .col(timestamp_with_time_zone(GatewayEvents::OccurredAt))
            .col(timestamp_with_time_zone(GatewayEvents::ReceivedAt))
            .col(timestamp_with_time_zone_null(GatewayEvents::AppliedAt))
            .to_owned(),
    )
    .await?;
    m.create_index(
        Index::create()
            .name("gateway_events_intent")
            .table(GatewayEvents::Table)
            .col(GatewayEvents::Intent)
            .col(GatewayEvents::State)
            .to_owned(),
    )
    .await
}

async fn job_tables(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table(IdempotencyKeys::Table)
            .col(string(IdempotencyKeys::Scope))
            .col(string(IdempotencyKeys::Key))
            .col(string(IdempotencyKeys::Fingerprint))
            .col(uuid(IdempotencyKeys::OrderId))
            .col(timestamp_with_time_zone(IdempotencyKeys::CreatedAt))
            .primary_key(Index::create().col(IdempotencyKeys::Scope).col(IdempotencyKeys::Key))
            .foreign_key(
                ForeignKey::create()
                    .from(IdempotencyKeys::Table, IdempotencyKeys::OrderId)
                    .to(Orders::Table, Orders::Id),
            )
            .to_owned(),
    )
    .await?;

    m.create_table(
        Table::create()
            .table(Jobs::Table)
            .col(uuid(Jobs::Id).primary_key())
            .col(string(Jobs::Kind))
            .col(text(Jobs::Payload))
            .col(string_null(Jobs::DedupKey).unique_key())
            .col(timestamp_with_time_zone(Jobs::RunAt))
            .col(integer(Jobs::Attempts))
            .col(timestamp_with_time_zone_null(Jobs::LockedUntil))
            .col(text_null(Jobs::LastError))
            .col(timestamp_with_time_zone_null(Jobs::DeadAt))
            .col(timestamp_with_time_zone(Jobs::CreatedAt))
            .to_owned(),
    )
    .await?;
    // The claim asks for the living by due time.
    m.create_index(
        Index::create().name("jobs_due").table(Jobs::Table).col(Jobs::DeadAt).col(Jobs::RunAt).to_owned(),
    )
    .await
}
