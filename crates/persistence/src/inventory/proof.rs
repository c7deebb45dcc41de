//! The proof that counters and ledger agree.

use super::entities::{item, ledger, level};
use crate::db::{Conn, fault};
use sea_orm::{
    ConnectionTrait, DbErr, FromQueryResult, IdenStatic, Iterable,
    sea_query::{Alias, Expr, ExprTrait, Func, IntoIden, JoinType, Query, SelectStatement},
};
use stoa_domain::shared::{Fault, VariantId};
use uuid::Uuid;

/// A variant whose figures do not add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discrepancy {
    /// Which variant.
    pub variant: VariantId,
    /// Units on hand by its totals, by its levels, by the ledger.
    pub on_hand: [i64; 3],
    /// Units promised by its totals, by its levels, by the ledger.
    pub allocated: [i64; 3],
}

#[derive(FromQueryResult)]
struct Row {
    variant_id: Uuid,
    item_on_hand: i64,
    item_allocated: i64,
    level_on_hand: i64,
    level_allocated: i64,
    ledger_on_hand: i64,
    ledger_allocated: i64,
}

/// Every variant whose totals are not the sum of its levels and of its ledger. None, unless there is a bug.
///
/// # Errors
/// The database does not answer.
pub async fn discrepancies(conn: &impl Conn) -> Result<Vec<Discrepancy>, Fault> {
    let rows: Result<Vec<Row>, DbErr> = async {
        let rows = conn.raw().query_all(&query()).await?;
        rows.iter().map(|row| Row::from_query_result(row, "")).collect()
    }
    .await;
    let rows = rows.map_err(fault("proving the stock ledger"))?;
    Ok(rows
        .into_iter()
        .map(|row| Discrepancy {
            variant: VariantId::new(row.variant_id),
            on_hand: [row.item_on_hand, row.level_on_hand, row.ledger_on_hand],
            allocated: [row.item_allocated, row.level_allocated, row.ledger_allocated],
        })
        .collect())
}

/// Every variant of which the stock promises another number than placed orders own: `(promised, owned)`. None, unless there
/// is a bug.
///
/// # Errors
/// The database does not answer.
pub async fn unowned(conn: &impl Conn) -> Result<Vec<(VariantId, i64, i64)>, Fault> {
    let item = |column: item::Column| Expr::col((item::Entity, column));
    let owned = Expr::from(Func::coalesce([Expr::col(("owned", "units")), Expr::value(0_i64)]));
    let sums = Query::select()
        .column("variant_id")
        .expr_as(Expr::from(Func::sum(Expr::col("quantity"))).cast_as("bigint"), "units")
        .from("order_allocations")
        .group_by_col("variant_id")
        .take();
    let same_variant = Expr::col(("owned", "variant_id")).equals((item::Entity, item::Column::VariantId));
    let query = Query::select()
        .expr(item(item::Column::VariantId))
        .expr(item(item::Column::Allocated))
        .expr(owned.clone())
        .from(item::Entity)
        .join_subquery(JoinType::LeftJoin, sums, "owned", same_variant)
        .and_where(item(item::Column::Allocated).ne(owned))
        .order_by((item::Entity, item::Column::VariantId), sea_orm::Order::Asc)
        .take();
    let rows = conn.raw().query_all(&query).await.map_err(fault("proving allocations"))?;
    let read = |row: &sea_orm::QueryResult| -> Result<_, DbErr> {
        let variant = VariantId::new(row.try_get_by_index::<Uuid>(0)?);
        Ok((variant, row.try_get_by_index(1)?, row.try_get_by_index(2)?))
    };
    rows.iter().map(|row| read(row).map_err(fault("proving allocations"))).collect()
}

fn query() -> SelectStatement {
    let levels = sums(level::Entity.as_str(), "on_hand", "allocated");
    let ledger = sums(ledger::Entity.as_str(), "on_hand_delta", "allocated_delta");
    let item = |column: item::Column| Expr::col((item::Entity, column));
    let sum = |source: &'static str, column: &'static str| {
        Expr::from(Func::coalesce([Expr::col((source, column)), Expr::value(0_i64)]))
    };
    let same_variant = |source: &'static str| {
        Expr::col((source, "variant_id")).equals((item::Entity, item::Column::VariantId))
    };
    let mut wrong = sea_orm::Condition::any();
    for source in ["levels", "ledger"] {
        wrong = wrong
            .add(item(item::Column::OnHand).ne(sum(source, "on_hand")))
            .add(item(item::Column::Allocated).ne(sum(source, "allocated")));
    }
    debug_assert_eq!(item::Column::iter().count(), 6, "a new counter needs its proof");
    Query::select()
        .expr(item(item::Column::VariantId))
        .expr_as(item(item::Column::OnHand), "item_on_hand")
        .expr_as(item(item::Column::Allocated), "item_allocated")
        .expr_as(sum("levels", "on_hand"), "level_on_hand")
        .expr_as(sum("levels", "allocated"), "level_allocated")
        .expr_as(sum("ledger", "on_hand"), "ledger_on_hand")
        .expr_as(sum("ledger", "allocated"), "ledger_allocated")
        .from(item::Entity)
        .join_subquery(JoinType::LeftJoin, levels, "levels", same_variant("levels"))
        .join_subquery(JoinType::LeftJoin, ledger, "ledger", same_variant("ledger"))
        .cond_where(wrong)
        .order_by((item::Entity, item::Column::VariantId), sea_orm::Order::Asc)
        .take()
}

/// A table's figures by variant. The sum of bigints is a numeric on Postgres, hence the cast.
fn sums(table: &'static str, on_hand: &'static str, allocated: &'static str) -> SelectStatement {
    let sum = |column: &'static str| Expr::from(Func::sum(Expr::col(column))).cast_as("bigint");
    Query::select()
        .column("variant_id")
        .expr_as(sum(on_hand), "on_hand")
        .expr_as(sum(allocated), "allocated")
        .from(Alias::new(table).into_iden())
        .group_by_col("variant_id")
        .take()
}
