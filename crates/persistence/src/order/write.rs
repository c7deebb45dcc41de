//! Writing orders, inside the caller's transaction.

use super::{
    entities::{allocations, lines, numbers, orders},
    idempotency::{self, KnownKey},
    map::{self, StateColumns},
};
use crate::db::{Batch, Place, Raw, Violation, WriteTx, fault, stored, violation};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryTrait, UpdateMany,
    sea_query::{CaseStatement, Expr, ExprTrait},
};
use stoa_domain::{
    inventory::Allocation,
    order::{Attention, FulfillmentStatus, LineItem, Order, OrderNumber, OrderState},
    shared::{Fault, OrderId, PaymentId, Timestamp},
};

/// What became of an insert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsertOutcome {
    /// It is written.
    Inserted,
    /// The cart has become another order already; the transaction must be given up.
    CartAlreadyOrdered,
    /// Somebody else has used the key; the transaction must be given up.
    KeyTaken,
}

/// A new order, and what makes it safe to ask for again.
#[derive(Debug)]
pub struct NewOrder<'a> {
    /// The order, with its number.
    pub order: &'a Order,
    /// What it owns of the stock.
    pub owned: &'a [Allocation],
    /// The scope of the key, and the key.
    pub key: (&'a str, &'a str),
    /// The request it came with, as its fingerprint.
    pub fingerprint: String,
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

/// Writes an order, its lines, what it owns of the stock and its key, and with it whatever `beside` has.
///
/// # Errors
/// The database does not answer.
pub async fn insert(
    tx: &WriteTx,
    new: NewOrder<'_>,
    beside: impl FnOnce(&mut Batch),
) -> Result<InsertOutcome, Fault> {
    let NewOrder { order, owned, key, fingerprint } = new;
    let mut batch = Batch::new();
    batch.insert(orders::Entity::insert(map::order_row(order, tx.seals().of_orders())?).into_query());
    let rows = order.lines.iter().enumerate();
    let promised = |line: &LineItem| owned.iter().any(|a| a.variant == line.variant);
    let rows = rows
        .map(|(i, line)| map::line_row(order.id, i, line, promised(line)))
        .collect::<Result<Vec<_>, _>>()?;
    if !rows.is_empty() {
        batch.insert(lines::Entity::insert_many(rows).into_query());
    }
    let rows = owned.iter().map(|a| allocations::ActiveModel {
        order_id: Set(order.id.uuid()),
        variant_id: Set(a.variant.uuid()),
        location_id: Set(a.location.uuid()),
        quantity: Set(a.quantity),
    });
    if !owned.is_empty() {
        batch.insert(allocations::Entity::insert_many(rows).into_query());
    }
    let key =
        idempotency::claim_key(&mut batch, key, &KnownKey { fingerprint, order: order.id }, order.placed_at);
    beside(&mut batch);
    match batch.run(tx.raw()).await {
        Ok(written) if written.rows(key) == 0 => Ok(InsertOutcome::KeyTaken),
        Ok(_) => Ok(InsertOutcome::Inserted),
        Err(e) if violation(&e) == Some(Violation::Unique("uq_orders_cart_id".into())) => {
            Ok(InsertOutcome::CartAlreadyOrdered)
        }
        Err(e) => Err(fault("order.insert")(e)),
    }
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
    let moved = moving(id, from, to, now).exec(tx.raw()).await.map_err(fault("order.set_state"))?;
    Ok(moved.rows_affected == 1)
}

/// The same with other writes, of an order that the transaction has locked: one row is written if it stands in `from`.
pub fn move_state(
    batch: &mut Batch,
    id: OrderId,
    (from, to): (&OrderState, &OrderState),
    now: Timestamp,
) -> Place {
    batch.update(moving(id, from, to, now).into_query())
}

fn moving(id: OrderId, from: &OrderState, to: &OrderState, now: Timestamp) -> UpdateMany<orders::Entity> {
    let columns = StateColumns::from(to);
    orders::Entity::update_many()
        .col_expr(orders::Column::State, Expr::value(columns.state))
        .col_expr(orders::Column::ExpiresAt, Expr::value(columns.expires_at))
        .col_expr(orders::Column::PaidAt, Expr::value(columns.paid_at))
        .col_expr(orders::Column::PaidBy, Expr::value(columns.paid_by.map(PaymentId::uuid)))
        .col_expr(orders::Column::CancelledAt, Expr::value(columns.cancelled_at))
        .col_expr(orders::Column::CancelReason, Expr::value(columns.cancel_reason))
        .col_expr(orders::Column::UpdatedAt, Expr::value(now))
        .filter(orders::Column::Id.eq(id.uuid()))
        .filter(orders::Column::State.eq(from.name()))
}

/// Marks an order for a person to look at, or takes the mark away. That it was marked is seen of when it last changed, also where the mark
/// that it has stays.
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
        .col_expr(orders::Column::Attention, instead(attention))
        .col_expr(orders::Column::UpdatedAt, Expr::value(now))
        .filter(orders::Column::Id.eq(id.uuid()))
        .exec(tx.raw())
        .await
        .map_err(fault("order.set_attention"))?;
    Ok(())
}

/// What the mark becomes: what it is to be, but where a dispute stands, which has a deadline and is lost if nobody sees it.
fn instead(by: Option<Attention>) -> Expr {
    let name = Expr::value(by.map(Attention::name));
    match by {
        None | Some(Attention::Disputed) => name,
        Some(_) => {
            let disputed = orders::Column::Attention.eq(Attention::Disputed.name());
            CaseStatement::new().case(disputed, Expr::col(orders::Column::Attention)).finally(name).into()
        }
    }
}

/// Says how much of an order has left the house.
///
/// # Errors
/// The database does not answer.
pub async fn set_fulfillment(
    tx: &WriteTx,
    id: OrderId,
    status: FulfillmentStatus,
    now: Timestamp,
) -> Result<(), Fault> {
    orders::Entity::update_many()
        .col_expr(orders::Column::Fulfillment, Expr::value(map::fulfillment_name(status)))
        .col_expr(orders::Column::UpdatedAt, Expr::value(stored(now)))
        .filter(orders::Column::Id.eq(id.uuid()))
        .exec(tx.raw())
        .await
        .map(drop)
        .map_err(fault("order.set_fulfillment"))
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
