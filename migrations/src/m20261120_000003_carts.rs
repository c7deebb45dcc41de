//! Carts and holds of a shop without Redis. All of it may be lost without harm to an order.
//!
//! Times are whole microseconds since 1970: they are compared in every hold and rewritten by every click, and a number
//! is a quarter of a date's text.

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
        carts(manager).await?;
        holds(manager).await?;
        fences(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["hold_fences", "cart_holds", "carts"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

async fn carts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("carts")
        .col(pk_uuid("id"))
        .col(big_integer("version"))
        // null once deleted: nothing of the buyer is kept, but the version is, until the cart's time is up
        .col(text_null("body"))
        .col(big_integer("expires_at"))
        .check(("ck_carts_version", Expr::col("version").gte(1)))
        .take();
    manager.create_table(table).await?;
    let expiry = Index::create().name("ix_carts_expires_at").table("carts").col("expires_at").take();
    manager.create_index(expiry).await
}

async fn holds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "cart_holds")
        .col(uuid("cart_id"))
        .col(uuid("variant_id"))
        .col(big_integer("quantity"))
        .col(big_integer("expires_at"))
        .primary_key(Index::create().name("pk_cart_holds").col("cart_id").col("variant_id"))
        .check(("ck_cart_holds_quantity", Expr::col("quantity").between(1, i64::from(u32::MAX))))
        .take();
    manager.create_table(table).await?;
    // The sum of a variant's live holds is read from this index alone, and skips the dead. There is none by expiry: every
    // click would rewrite it for all lines of the cart, and the sweeper can as well walk this one.
    let variant = Index::create()
        .name("ix_cart_holds_variant_id_expires_at_quantity")
        .table("cart_holds")
        .col("variant_id")
        .col("expires_at")
        .col("quantity")
        .take();
    manager.create_index(variant).await
}

/// The newest stock figure that holds have been decided by. No foreign key: a fence outlives its variant without harm.
async fn fences(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "hold_fences")
        .col(uuid("variant_id").primary_key())
        // null: any number
        .col(big_integer_null("sellable"))
        .col(big_integer("version"))
        .take();
    manager.create_table(table).await
}
