//! The one way a counter changes: a conditional update of many rows at once.

use super::{
    entities::{item, level},
    snapshots::snapshot_of,
};
use crate::db::{Batch, Raw, WriteTx, fault};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Set, UpdateMany,
    sea_query::{Alias, CaseStatement, CommonTableExpression, Expr, ExprTrait, OnConflict, Query},
};
use std::collections::BTreeMap;
use stoa_domain::{
    inventory::{Allocation, StockSnapshot},
    shared::{Fault, LocationId, VariantId},
};

/// By how much the counters of a row move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Delta {
    pub(super) on_hand: i64,
    pub(super) allocated: i64,
}

/// Deltas by variant, in id order.
pub(super) type ItemDeltas = BTreeMap<VariantId, Delta>;

/// Adds up what allocations mean for each variant.
pub(super) fn totals(allocations: &[Allocation], of: impl Fn(i64) -> Delta) -> ItemDeltas {
    let mut totals = ItemDeltas::new();
    for allocation in allocations {
        let delta = of(allocation.quantity);
        let total = totals.entry(allocation.variant).or_default();
        total.on_hand += delta.on_hand;
        total.allocated += delta.allocated;
    }
    totals
}

/// Locks the stock rows of these variants in id order and reads them, for as long as the transaction lasts.
pub(super) async fn lock<C: ConnectionTrait>(
    connection: &C,
    variants: impl Iterator<Item = VariantId>,
) -> Result<Vec<item::Model>, DbErr> {
    item::Entity::find()
        .filter(item::Column::VariantId.is_in(variants.map(VariantId::uuid)))
        .order_by_asc(item::Column::VariantId)
        .lock_exclusive()
        .all(connection)
        .await
}

/// Locks the stock rows of these variants in id order, for a transaction that goes on to change them one by one, and other tables before
/// that: so a single row is locked as well.
pub(crate) async fn lock_all(
    tx: &WriteTx,
    variants: impl ExactSizeIterator<Item = VariantId>,
) -> Result<(), Fault> {
    // SQLite's writer is alone.
    if variants.len() == 0 || tx.raw().get_database_backend() == DbBackend::Sqlite {
        return Ok(());
    }
    lock(tx.raw(), variants).await.map(drop).map_err(fault("locking stock"))
}

/// Moves the counters of the rows where `allowed` holds, raises their versions, and gives the rows that moved.
pub(super) async fn move_items<C: ConnectionTrait>(
    connection: &C,
    deltas: &ItemDeltas,
    allowed: Condition,
) -> Result<Vec<StockSnapshot>, DbErr> {
    if deltas.is_empty() {
        return Ok(Vec::new());
    }
    let of_these = item::Column::VariantId.is_in(deltas.keys().map(|v| v.uuid()));
    let rows = moving(deltas).filter(of_these).filter(allowed).exec_with_returning(connection).await?;
    Ok(rows.iter().map(snapshot_of).collect())
}

/// The same, and locks all of the rows in id order, those that do not move as well. `allowed` names columns without their table.
pub(super) async fn lock_and_move_items<C: ConnectionTrait>(
    connection: &C,
    deltas: &ItemDeltas,
    allowed: Condition,
) -> Result<Vec<StockSnapshot>, DbErr> {
    // SQLite's writer is alone.
    if deltas.is_empty() || connection.get_database_backend() == DbBackend::Sqlite {
        return move_items(connection, deltas, allowed).await;
    }
    const LOCKED: &str = "locked";
    let lock = item::Entity::find()
        .filter(item::Column::VariantId.is_in(deltas.keys().map(|v| v.uuid())))
        .order_by_asc(item::Column::VariantId)
        .lock_exclusive();
    let locked = CommonTableExpression::new().query(lock.into_query()).table_name(LOCKED).to_owned();
    // The rows as they are once they are locked: the update itself would first look at them as they were when it began.
    let allowed = Query::select().column(item::Column::VariantId).from(LOCKED).cond_where(allowed).take();
    let mut update = moving(deltas).filter(item::Column::VariantId.in_subquery(allowed));
    QueryTrait::query(&mut update).with_cte(locked);
    let rows = update.exec_with_returning(connection).await?;
    Ok(rows.iter().map(snapshot_of).collect())
}

fn moving(deltas: &ItemDeltas) -> UpdateMany<item::Entity> {
    item::Entity::update_many()
        .col_expr(
            item::Column::OnHand,
            Expr::col(item::Column::OnHand).add(by_variant(deltas, |d| d.on_hand)),
        )
        .col_expr(
            item::Column::Allocated,
            Expr::col(item::Column::Allocated).add(by_variant(deltas, |d| d.allocated)),
        )
        .col_expr(item::Column::Version, Expr::col(item::Column::Version).add(1_i64))
}

/// What a row's variant moves by: a plain number for one variant, a CASE over several.
pub(super) fn by_variant(deltas: &ItemDeltas, figure: impl Fn(&Delta) -> i64) -> Expr {
    if let (1, Some(only)) = (deltas.len(), deltas.values().next()) {
        return Expr::value(figure(only));
    }
    let case = deltas.iter().fold(CaseStatement::new(), |case, (variant, delta)| {
        case.case(Expr::col(item::Column::VariantId).eq(variant.uuid()), figure(delta))
    });
    case.finally(0_i64).into()
}

/// Deltas by variant and location, in id order.
pub(super) type LevelDeltas = BTreeMap<(VariantId, LocationId), Delta>;

/// Adds up what allocations mean for each level.
pub(super) fn level_totals(allocations: &[Allocation], of: impl Fn(i64) -> Delta) -> LevelDeltas {
    let mut totals = LevelDeltas::new();
    for allocation in allocations {
        let total = totals.entry((allocation.variant, allocation.location)).or_default();
        let delta = of(allocation.quantity);
        total.on_hand += delta.on_hand;
        total.allocated += delta.allocated;
    }
    totals
}

/// Moves the counters of levels up, making those that are not there yet.
pub(super) async fn raise_levels<C: ConnectionTrait>(
    connection: &C,
    deltas: &LevelDeltas,
) -> Result<(), DbErr> {
    let mut batch = Batch::new();
    add_to_levels(&mut batch, deltas);
    batch.run(connection).await.map(drop)
}

/// The same with other writes.
pub(super) fn add_to_levels(batch: &mut Batch, deltas: &LevelDeltas) {
    if deltas.is_empty() {
        return;
    }
    let rows = deltas.iter().map(|((variant, location), delta)| level::ActiveModel {
        variant_id: Set(variant.uuid()),
        location_id: Set(location.uuid()),
        on_hand: Set(delta.on_hand),
        allocated: Set(delta.allocated),
    });
    let sum = |column: level::Column| {
        Expr::col((level::Entity, column)).add(Expr::col((Alias::new("excluded"), column)))
    };
    let over = OnConflict::columns([level::Column::VariantId, level::Column::LocationId])
        .value(level::Column::OnHand, sum(level::Column::OnHand))
        .value(level::Column::Allocated, sum(level::Column::Allocated))
        .to_owned();
    batch.insert(level::Entity::insert_many(rows).on_conflict(over).into_query());
}

/// Levels that one statement moves down. Its condition is a chain of ORs, one deeper for each, and SQLite takes no
/// expression deeper than 1,000.
const LEVELS_AT_ONCE: usize = 400;

/// Moves the counters of levels down. Not by inserting with a conflict clause as above: a row with a negative counter
/// would break its CHECK constraint before the conflict is noticed.
pub(super) async fn lower_levels<C: ConnectionTrait>(
    connection: &C,
    deltas: &LevelDeltas,
) -> Result<(), DbErr> {
    let deltas: Vec<_> = deltas.iter().collect();
    for deltas in deltas.chunks(LEVELS_AT_ONCE) {
        lower_some(connection, deltas).await?;
    }
    Ok(())
}

async fn lower_some<C: ConnectionTrait>(
    connection: &C,
    deltas: &[(&(VariantId, LocationId), &Delta)],
) -> Result<(), DbErr> {
    let key = |(variant, location): &(VariantId, LocationId)| {
        level::Column::VariantId.eq(variant.uuid()).and(level::Column::LocationId.eq(location.uuid()))
    };
    let by = |figure: fn(&Delta) -> i64| -> Expr {
        let case =
            deltas.iter().fold(CaseStatement::new(), |case, (at, delta)| case.case(key(at), figure(delta)));
        case.finally(0_i64).into()
    };
    let moved = level::Entity::update_many()
        .col_expr(level::Column::OnHand, Expr::col(level::Column::OnHand).add(by(|d| d.on_hand)))
        .col_expr(level::Column::Allocated, Expr::col(level::Column::Allocated).add(by(|d| d.allocated)))
        .filter(deltas.iter().fold(Condition::any(), |any, (at, _)| any.add(key(at))))
        .exec(connection)
        .await?;
    if moved.rows_affected == deltas.len() as u64 { Ok(()) } else { Err(DbErr::RecordNotUpdated) }
}
