//! What the tables say of the variants a cart wants: everything a decision needs, in one statement.

use super::entities::{cart_holds as holds, hold_fences as fences};
use crate::db::{Raw, WriteTx, bind_chunks, fault, padded};
use sea_orm::{
    ConnectionTrait, DbErr, ExprTrait, QueryResult,
    sea_query::{Expr, Func, Query, SelectStatement},
};
use std::collections::HashMap;
use stoa_domain::{
    inventory::StockSnapshot,
    shared::{CartId, Fault, VariantId},
};
use uuid::Uuid;

/// One variant, as a cart finds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    /// The newest figure the store was told.
    pub(super) fence: StockSnapshot,
    /// Units held by all carts, this one included.
    pub(super) held: i64,
    /// What this cart's row says, live or dead: units, and until when.
    pub(super) own: Option<(i64, i64)>,
}

/// All the variants a cart asks for.
#[derive(Debug, Default)]
pub(super) struct Standings {
    /// Variants without a fence, which nobody holds, are absent.
    pub(super) by_variant: HashMap<VariantId, Standing>,
    /// Rows the cart has in all, of other variants too. `None` where none of these variants has a fence.
    pub(super) own_rows: Option<i64>,
}

/// Reads where `cart` stands with `variants` at `now`.
pub(super) async fn read(
    tx: &WriteTx,
    cart: CartId,
    variants: &[VariantId],
    now: i64,
) -> Result<Standings, Fault> {
    let mut standings = Standings::default();
    for chunk in bind_chunks(variants, 2) {
        let query = query(cart, chunk, now);
        for row in tx.raw().query_all(&query).await.map_err(fault("holds.standing"))? {
            let (standing, own_rows) = decode(&row).map_err(fault("holds.standing"))?;
            standings.own_rows = Some(own_rows);
            standings.by_variant.insert(standing.fence.variant, standing);
        }
    }
    Ok(standings)
}

fn query(cart: CartId, variants: &[VariantId], now: i64) -> SelectStatement {
    let fence = |column| Expr::col((fences::Entity, column));
    let own = |column| Expr::col(("own", column));
    let own_row = own(holds::Column::VariantId)
        .eq(fence(fences::Column::VariantId))
        .and(own(holds::Column::CartId).eq(cart.uuid()));
    Query::select()
        .expr(fence(fences::Column::VariantId))
        .expr(fence(fences::Column::Sellable))
        .expr(fence(fences::Column::Version))
        .expr(held(now))
        .expr(own(holds::Column::Quantity))
        .expr(own(holds::Column::ExpiresAt))
        .expr(own_rows(cart))
        .from(fences::Entity)
        .join_as(sea_orm::JoinType::LeftJoin, holds::Entity, "own", own_row)
        .and_where(fence(fences::Column::VariantId).is_in(padded(variants).map(VariantId::uuid)))
        .take()
}

/// Units of the fence's variant held by anybody. The cart's own are subtracted later: without them in the condition the
/// sum comes from an index alone.
fn held(now: i64) -> Expr {
    let hold = |column| Expr::col(("live", column));
    let sum = Query::select()
        .expr(hold(holds::Column::Quantity).sum())
        .from_as(holds::Entity, "live")
        .and_where(hold(holds::Column::VariantId).eq(Expr::col((fences::Entity, fences::Column::VariantId))))
        .and_where(hold(holds::Column::ExpiresAt).gt(now))
        .take();
    // Postgres makes a numeric of the sum.
    Expr::expr(Func::coalesce([sum.into(), Expr::val(0)])).cast_as("bigint")
}

fn own_rows(cart: CartId) -> Expr {
    Query::select()
        .expr(Expr::col(("mine", holds::Column::CartId)).count())
        .from_as(holds::Entity, "mine")
        .and_where(Expr::col(("mine", holds::Column::CartId)).eq(cart.uuid()))
        .take()
        .into()
}

fn decode(row: &QueryResult) -> Result<(Standing, i64), DbErr> {
    let variant = VariantId::new(row.try_get_by_index::<Uuid>(0)?);
    let fence =
        StockSnapshot { variant, sellable: row.try_get_by_index(1)?, version: row.try_get_by_index(2)? };
    let quantity: Option<i64> = row.try_get_by_index(4)?;
    let until: Option<i64> = row.try_get_by_index(5)?;
    let standing = Standing { fence, held: row.try_get_by_index(3)?, own: quantity.zip(until) };
    Ok((standing, row.try_get_by_index(6)?))
}
