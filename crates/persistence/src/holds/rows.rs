//! The rows of holds: written for one cart, read for one cart or for many.

use super::entities::cart_holds::{Column, Entity};
use crate::db::{Raw, WriteTx, bind_chunks, fault};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict, Query},
};
use stoa_domain::shared::{CartId, Fault, VariantId};

/// Units of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hold {
    pub(super) variant: VariantId,
    pub(super) quantity: i64,
}

/// Puts holds of a cart in, or over what it holds of the same variants.
pub(super) async fn write(tx: &WriteTx, cart: CartId, held: &[Hold], expires_at: i64) -> Result<(), Fault> {
    for chunk in bind_chunks(held, 4) {
        let mut insert = Query::insert();
        insert.into_table(Entity).columns([
            Column::CartId,
            Column::VariantId,
            Column::Quantity,
            Column::ExpiresAt,
        ]);
        for hold in chunk {
            insert.values_panic([
                cart.uuid().into(),
                hold.variant.uuid().into(),
                hold.quantity.into(),
                expires_at.into(),
            ]);
        }
        let mut over = OnConflict::columns([Column::CartId, Column::VariantId]);
        over.update_columns([Column::Quantity, Column::ExpiresAt]);
        insert.on_conflict(over);
        tx.raw().execute(&insert).await.map_err(fault("holds.write"))?;
    }
    Ok(())
}

/// Lets go of all a cart holds.
pub(super) async fn clear(tx: &impl Raw, cart: CartId) -> Result<(), Fault> {
    Entity::delete_many()
        .filter(Column::CartId.eq(cart.uuid()))
        .exec(tx.raw())
        .await
        .map(drop)
        .map_err(fault("holds.clear"))
}

/// Moves the expiry of what a cart still holds at `now`.
pub(super) async fn extend(tx: &impl Raw, cart: CartId, now: i64, expires_at: i64) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::ExpiresAt, Expr::value(expires_at))
        .filter(Column::CartId.eq(cart.uuid()))
        .filter(Column::ExpiresAt.gt(now))
        .exec(tx.raw())
        .await
        .map(drop)
        .map_err(fault("holds.extend"))
}
