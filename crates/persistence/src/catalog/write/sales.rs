//! Counting units sold, by which the best-selling come first.

use crate::catalog::entities::{membership, product};
use crate::db::{Raw, WriteTx, fault};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{CaseStatement, Expr, ExprTrait, LockType},
};
use std::collections::BTreeMap;
use stoa_domain::shared::{Fault, ProductId};

/// Adds units sold of some products, negative where an order was taken back. Does not raise the catalogue's version:
/// the order of the best-selling may lag a little. Two statements; on
/// Postgres a third locks several products in the order of their ids.
///
/// # Errors
/// The database does not answer.
pub async fn record_sales(tx: &WriteTx, sold: &[(ProductId, i64)]) -> Result<(), Fault> {
    let mut totals: BTreeMap<ProductId, i64> = BTreeMap::new();
    for (product, units) in sold {
        *totals.entry(*product).or_default() += units;
    }
    totals.retain(|_, units| *units != 0);
    if totals.is_empty() {
        return Ok(());
    }
    count(tx, &totals).await.map_err(fault("counting units sold"))
}

async fn count(tx: &WriteTx, totals: &BTreeMap<ProductId, i64>) -> Result<(), DbErr> {
    let by = |column: Expr| -> Expr {
        let case = totals.iter().fold(CaseStatement::new(), |case, (product, units)| {
            case.case(column.clone().eq(product.uuid()), *units)
        });
        case.finally(0_i64).into()
    };
    let ids = || totals.keys().map(|id| id.uuid());
    if totals.len() > 1 && tx.raw().get_database_backend() == DbBackend::Postgres {
        // An update locks its rows in whatever order it finds them.
        product::Entity::find()
            .select_only()
            .column(product::Column::Id)
            .filter(product::Column::Id.is_in(ids()))
            .order_by_asc(product::Column::Id)
            .lock(LockType::NoKeyUpdate)
            .into_tuple::<uuid::Uuid>()
            .all(tx.raw())
            .await?;
    }
    product::Entity::update_many()
        .col_expr(
            product::Column::Sales,
            Expr::col(product::Column::Sales).add(by(Expr::col(product::Column::Id))),
        )
        .filter(product::Column::Id.is_in(ids()))
        .exec(tx.raw())
        .await?;
    membership::Entity::update_many()
        .col_expr(
            membership::Column::Sales,
            Expr::col(membership::Column::Sales).add(by(Expr::col(membership::Column::ProductId))),
        )
        .filter(membership::Column::ProductId.is_in(ids()))
        .exec(tx.raw())
        .await
        .map(drop)
}
