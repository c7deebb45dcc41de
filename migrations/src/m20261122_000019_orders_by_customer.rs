//! By which customers' orders are listed, and those found whose names are due to go. Guests' orders are in neither index, and so cost
//! nothing more than they did.

use sea_orm_migration::{
    prelude::*,
    sea_query::{Expr, ExprTrait},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const OF_CUSTOMER: &str = "ix_orders_customer_id_number";
const PERSONAL: &str = "ix_orders_personal_until";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let of_customer = Index::create()
            .name(OF_CUSTOMER)
            .table("orders")
            .col("customer_id")
            .col("number")
            .and_where(Expr::col("customer_id").is_not_null())
            .take();
        manager.create_index(of_customer).await?;
        let personal = Index::create()
            .name(PERSONAL)
            .table("orders")
            .col("personal_until")
            .and_where(Expr::col("personal_until").is_not_null())
            .take();
        manager.create_index(personal).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in [PERSONAL, OF_CUSTOMER] {
            manager.drop_index(Index::drop().name(name).table("orders").to_owned()).await?;
        }
        Ok(())
    }
}
