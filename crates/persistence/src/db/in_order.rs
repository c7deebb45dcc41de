//! Conditional updates of several rows of a table in one statement, which locks them in the order of their keys: of two transactions that want the
//! same rows, one has all of them before the other has any.

use super::{Raw, WriteTx};
use sea_orm::{
    Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, UpdateMany,
    sea_query::{CaseStatement, CommonTableExpression, Expr, ExprTrait, Query},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Updates those of `these` rows where `allowed` holds, and tells how many that were. Those where it does not are locked as well. `key` is what tells
/// rows apart; `allowed` names columns without their table.
pub(crate) async fn update_in_order<E: EntityTrait>(
    tx: &WriteTx,
    update: UpdateMany<E>,
    key: &[E::Column],
    (these, allowed): (Condition, Condition),
) -> Result<u64, DbErr> {
    // SQLite's writer is alone.
    if tx.is_alone() {
        return Ok(update.filter(these).filter(allowed).exec(tx.raw()).await?.rows_affected);
    }
    const LOCKED: &str = "locked";
    let mut lock = E::find().filter(these).lock_exclusive();
    for column in key {
        lock = lock.order_by_asc(*column);
    }
    let locked = CommonTableExpression::new().query(lock.into_query()).table_name(LOCKED).to_owned();
    // The rows as they are once they are locked: the update itself would first look at them as they were when it began.
    let allowed = Query::select().columns(key.iter().copied()).from(LOCKED).cond_where(allowed).take();
    let row = Expr::tuple(key.iter().map(|column| Expr::col(*column)));
    let mut update = update.filter(row.in_subquery(allowed));
    QueryTrait::query(&mut update).with_cte(locked);
    Ok(update.exec(tx.raw()).await?.rows_affected)
}

/// The figure of a row with this key: a plain number for one row, a CASE over several.
pub(crate) fn by_key(key: &Expr, figures: &BTreeMap<Uuid, i64>) -> Expr {
    if let (1, Some(only)) = (figures.len(), figures.values().next()) {
        return Expr::value(*only);
    }
    let case = figures
        .iter()
        .fold(CaseStatement::new(), |case, (id, figure)| case.case(key.clone().eq(*id), *figure));
    case.finally(0_i64).into()
}
