//! The row of a cart.
#![allow(unreachable_pub, reason = "SeaORM's macros ask for pub, and write it")]

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "carts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// From 1; rises with every save, also of a cart made anew over this row.
    pub version: i64,
    /// The cart as JSON; `None` once deleted.
    #[sea_orm(column_type = "Text", nullable)]
    pub body: Option<String>,
    /// In microseconds since 1970; at this moment the cart is gone, row or not.
    pub expires_at: i64,
}
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
