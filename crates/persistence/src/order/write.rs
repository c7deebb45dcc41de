//! Writing orders, inside the caller's transaction.

use super::{
    entities::{allocations, lines, numbers, orders},
    map::{self, StateColumns},
};
use crate::db::{Raw, Violation, WriteTx, fault, violation};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use stoa_domain::{
    inventory::Allocation,
    order::{Attention, Order, OrderNumber, OrderState},
    shared::{Fault, OrderId, PaymentId, Timestamp},
};

/// What became of an insert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsertOutcome {
    /// It is written.
    Inserted,
    /// The cart has become another order already; the transaction must be given up.
    CartAlreadyOrdered,
}

/// Takes the next order number. Numbers of transactions that are given up are taken again, so there are no holes.
///
/// # Errors
/// The database does not answer.
pub async fn next_number(tx: &WriteTx) -> Result<OrderNumber, Fault> {
    let taken = numbers::Entity::update_many()
        .col_expr(numbers::Column::Next, Expr::col(numbers::Column::Next).add(1))
        .filter(numbers::Column::Id.eq(1))
        .exec_with_returning(tx.raw())
        .await
        .map_err(fault("order.next_number"))?;
    taken.first().map(|row| row.next - 1).ok_or(Fault::bug("order.next_number: the counter is missing"))
}

/// Writes an order, its lines and what it owns of the stock.
///
/// # Errors
/// The database does not answer.
pub async fn insert(tx: &WriteTx, order: &Order, owned: &[Allocation]) -> Result<InsertOutcome, Fault> {
    let inserted = orders::Entity::insert(map::order_row(order)?).exec_without_returning(tx.raw()).await;
    match inserted {
        Err(e) if violation(&e) == Some(Violation::Unique("uq_orders_cart_id".into())) => {
            return Ok(InsertOutcome::CartAlreadyOrdered);
        }
        other => other.map_err(fault("order.insert"))?,
    };
    let rows = order
        .lines
        .iter()
        .enumerate()
        .map(|(i, line)| map::line_row(order.id, i, line))
        .collect::<Result<Vec<_>, _>>()?;
    if !rows.is_empty() {
        lines::Entity::insert_many(rows)
            .exec_without_returning(tx.raw())
            .await
            .map_err(fault("order.insert_lines"))?;
    }
    let rows = owned.iter().map(|a| allocations::ActiveModel {
        order_id: Set(order.id.uuid()),
        variant_id: Set(a.variant.uuid()),
        location_id: Set(a.location.uuid()),
        quantity: Set(a.quantity),
    });
    if !owned.is_empty() {
        allocations::Entity::insert_many(rows)
            .exec_without_returning(tx.raw())
            .await
            .map_err(fault("order.insert_allocations"))?;
    }
    Ok(InsertOutcome::Inserted)
}

/// Moves an order from one state to the next. False, and nothing changed, if it does not stand in `from`.
///
/// # Errors
/// The database does not answer.
pub async fn set_state(
    tx: &WriteTx,
    id: OrderId,
    from: &OrderState,
    to: &OrderState,
    now: Timestamp,
) -> Result<bool, Fault> {
    let columns = StateColumns::from(to);
    let updated = orders::Entity::update_many()
        .col_expr(orders::Column::State, Expr::value(columns.state))
        .col_expr(orders::Column::ExpiresAt, Expr::value(columns.expires_at))
        .col_expr(orders::Column::PaidAt, Expr::value(columns.paid_at))
        .col_expr(orders::Column::PaidBy, Expr::value(columns.paid_by.map(PaymentId::uuid)))
        .col_expr(orders::Column::CancelledAt, Expr::value(columns.cancelled_at))
        .col_expr(orders::Column::CancelReason, Expr::value(columns.cancel_reason))
        .col_expr(orders::Column::UpdatedAt, Expr::value(now))
        .filter(orders::Column::Id.eq(id.uuid()))
        .filter(orders::Column::State.eq(from.name()))
        .exec(tx.raw())
        .await
        .map_err(fault("order.set_state"))?;
    Ok(updated.rows_affected == 1)
}

/// Marks an order for a person to look at, or takes the mark away.
///
/// # Errors
/// The database does not answer.
pub async fn set_attention(
    tx: &WriteTx,
    id: OrderId,
    attention: Option<Attention>,
    now: Timestamp,
) -> Result<(), Fault> {
    orders::Entity::update_many()
        .col_expr(orders::Column::Attention, Expr::value(attention.map(Attention::name)))
        .col_expr(orders::Column::UpdatedAt, Expr::value(now))
        .filter(orders::Column::Id.eq(id.uuid()))
        .exec(tx.raw())
        .await
        .map_err(fault("order.set_attention"))?;
    Ok(())
}

/// Takes what an order owns of the stock away from it, to be given back. Empty the second time.
///
/// # Errors
/// The database does not answer.
pub async fn take_allocations(tx: &WriteTx, id: OrderId) -> Result<Vec<Allocation>, Fault> {
    let owned = allocations::Entity::delete_many()
        .filter(allocations::Column::OrderId.eq(id.uuid()))
        .exec_with_returning(tx.raw())
        .await
        .map_err(fault("order.take_allocations"))?;
    Ok(owned
        .into_iter()
        .map(|row| Allocation {
            variant: row.variant_id.into(),
            location: row.location_id.into(),
            quantity: row.quantity,
        })
        .collect())
}
