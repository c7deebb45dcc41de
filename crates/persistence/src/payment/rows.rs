//! Payments, one row each. Changed under a lock on the row, after the order's.

use super::{
    entities::{payments, refunds},
    refunds::RefundState,
};
use crate::db::{Batch, Conn, Place, Raw, WriteTx, Writes, fault, padded};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Query, SelectStatement, UnionType},
};
use stoa_domain::{
    payment::{Payment, PaymentState},
    shared::{Currency, Fault, OrderId, PaymentId, Timestamp},
};
use uuid::Uuid;

const UNREADABLE: Fault = Fault::bug("payment.read: a row that no version of the program writes");

/// Writes a new payment.
pub fn insert(batch: &mut Batch, payment: &Payment) {
    let row = payments::ActiveModel {
        id: Set(payment.id.uuid()),
        order_id: Set(payment.order.uuid()),
        gateway: Set(payment.gateway.clone()),
        intent: Set(payment.intent.clone()),
        state: Set(payment.state.name().to_owned()),
        amount: Set(payment.amount),
        currency: Set(payment.currency.code().to_owned()),
        amount_received: Set(payment.amount_received),
        amount_refunded: Set(payment.amount_refunded),
        refund_reserved: Set(0),
        disputed: Set(payment.disputed),
        dispute_at: Set(payment.dispute_at),
        last_error: Set(payment.last_error.clone()),
        created_at: Set(payment.created_at),
        updated_at: Set(payment.updated_at),
    };
    batch.insert(payments::Entity::insert(row).into_query());
}

/// The payment of an order at the gateway; `None` where nothing was to be charged. What gift cards have paid is none of it.
///
/// # Errors
/// The database does not answer.
pub async fn find_by_order(conn: &impl Conn, order: OrderId) -> Result<Option<Payment>, Fault> {
    let found = payments::Entity::find()
        .filter(payments::Column::OrderId.eq(order.uuid()))
        .filter(payments::Column::Gateway.ne(Payment::STORED_VALUE));
    found.one(conn.raw()).await.map_err(fault("payment.find"))?.map(payment).transpose()
}

/// What gift cards and store credit have paid for an order, in the order in which they were used.
///
/// # Errors
/// The database does not answer.
pub async fn stored_value_of(conn: &impl Conn, order: OrderId) -> Result<Vec<Payment>, Fault> {
    let rows = payments::Entity::find()
        .filter(payments::Column::OrderId.eq(order.uuid()))
        .filter(payments::Column::Gateway.eq(Payment::STORED_VALUE))
        .order_by_asc(payments::Column::Id)
        .all(conn.raw())
        .await
        .map_err(fault("payment.stored_value"))?;
    rows.into_iter().map(payment).collect()
}

/// All payments of an order, at the gateway and with gift cards, in the order of their ids, which is that in which they were made; locked until the
/// transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn find_by_order_for_update(tx: &WriteTx, order: OrderId) -> Result<Vec<Payment>, Fault> {
    let rows = payments::Entity::find()
        .filter(payments::Column::OrderId.eq(order.uuid()))
        .order_by_asc(payments::Column::Id)
        .lock_exclusive()
        .all(tx.raw())
        .await
        .map_err(fault("payment.lock_all"))?;
    rows.into_iter().map(payment).collect()
}

/// The payments of these orders, at the gateway and with gift cards, in no order. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn find_by_orders(conn: &impl Conn, orders: &[OrderId]) -> Result<Vec<Payment>, Fault> {
    let uuids: Vec<Uuid> = orders.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(Vec::new());
    }
    let found = payments::Entity::find().filter(payments::Column::OrderId.is_in(padded(&uuids)));
    let rows = found.all(conn.raw()).await.map_err(fault("payment.find_by_orders"))?;
    rows.into_iter().map(payment).collect()
}

/// By id.
///
/// # Errors
/// The database does not answer.
pub async fn find(conn: &impl Conn, id: PaymentId) -> Result<Option<Payment>, Fault> {
    let found = payments::Entity::find_by_id(id.uuid());
    found.one(conn.raw()).await.map_err(fault("payment.find"))?.map(payment).transpose()
}

/// By the gateway's id of its object.
///
/// # Errors
/// The database does not answer.
pub async fn find_by_intent(conn: &impl Conn, gateway: &str, intent: &str) -> Result<Option<Payment>, Fault> {
    let found = by_intent(gateway, intent);
    found.one(conn.raw()).await.map_err(fault("payment.find_by_intent"))?.map(payment).transpose()
}

/// By the gateway's id of its object, locked until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn find_by_intent_for_update(
    tx: &WriteTx,
    gateway: &str,
    intent: &str,
) -> Result<Option<Payment>, Fault> {
    let which = by_intent(gateway, intent).lock_exclusive();
    which.one(tx.raw()).await.map_err(fault("payment.lock"))?.map(payment).transpose()
}

/// The id of the order whose payment has this object at its gateway.
pub(crate) fn order_by_intent(gateway: &str, intent: &str) -> SelectStatement {
    by_intent(gateway, intent).select_only().column(payments::Column::OrderId).into_query()
}

fn by_intent(gateway: &str, intent: &str) -> Select<payments::Entity> {
    payments::Entity::find()
        .filter(payments::Column::Gateway.eq(gateway))
        .filter(payments::Column::Intent.eq(intent))
}

/// By id, locked until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn find_for_update(tx: &WriteTx, id: PaymentId) -> Result<Option<Payment>, Fault> {
    let which = payments::Entity::find_by_id(id.uuid()).lock_exclusive();
    which.one(tx.raw()).await.map_err(fault("payment.lock"))?.map(payment).transpose()
}

/// Payments that the gateway has an object for and that may still move, made before `before`, the oldest first: a page of
/// them after the one that ended with `after`. One moves while it is not at its end, or while a refund of it is.
///
/// # Errors
/// The database does not answer.
pub async fn open(
    conn: &impl Conn,
    before: Timestamp,
    after: Option<PaymentId>,
    most: u64,
) -> Result<Vec<Payment>, Fault> {
    use payments::Column as P;
    let refunding = Query::select()
        .column(refunds::Column::PaymentId)
        .from(refunds::Entity)
        .and_where(Expr::col(refunds::Column::State).eq(RefundState::Requested.name()))
        .take();
    // Found from both ends, each by its index: a condition that holds for the one or the other is found by none.
    let open = PaymentState::ALL.into_iter().filter(|state| !state.is_final()).map(PaymentState::name);
    let moving = Query::select()
        .column(P::Id)
        .from(payments::Entity)
        .and_where(Expr::col(P::State).is_in(open))
        .union(UnionType::Distinct, refunding)
        .take();
    let mut page = payments::Entity::find()
        .filter(P::Intent.is_not_null())
        // No gateway is asked about gift cards, whatever their rows say.
        .filter(P::Gateway.ne(Payment::STORED_VALUE))
        .filter(P::Id.in_subquery(moving))
        .filter(P::CreatedAt.lt(before))
        // Ids are in the order of their making.
        .order_by_asc(P::Id)
        .limit(most);
    if let Some(last) = after {
        page = page.filter(P::Id.gt(last.uuid()));
    }
    let rows = page.all(conn.raw()).await.map_err(fault("payment.open"))?;
    rows.into_iter().map(payment).collect()
}

/// Payments, the latest first, whatever their state: what a comparison with the gateway begins with.
///
/// # Errors
/// The database does not answer.
pub async fn latest(conn: &impl Conn, most: u64) -> Result<Vec<Payment>, Fault> {
    let rows = payments::Entity::find()
        .filter(payments::Column::Intent.is_not_null())
        .filter(payments::Column::Gateway.ne(Payment::STORED_VALUE))
        .order_by_desc(payments::Column::Id)
        .limit(most)
        .all(conn.raw())
        .await
        .map_err(fault("payment.latest"))?;
    rows.into_iter().map(payment).collect()
}

/// Writes what changed of a payment that the transaction has locked.
///
/// # Errors
/// The database does not answer.
pub async fn save(tx: &WriteTx, payment: &Payment) -> Result<(), Fault> {
    let mut batch = Batch::new();
    let saved = change(&mut batch, payment);
    match batch.write(tx).await?.rows(saved) {
        1 => Ok(()),
        _ => Err(Fault::bug("payment.save: no such payment")),
    }
}

/// The same with other writes: one row is written if there is such a payment.
pub fn change(batch: &mut Batch, payment: &Payment) -> Place {
    let changed = payments::Entity::update_many()
        .col_expr(payments::Column::State, Expr::value(payment.state.name()))
        .col_expr(payments::Column::Intent, Expr::value(payment.intent.clone()))
        .col_expr(payments::Column::AmountReceived, Expr::value(payment.amount_received))
        .col_expr(payments::Column::AmountRefunded, Expr::value(payment.amount_refunded))
        .col_expr(payments::Column::Disputed, Expr::value(payment.disputed))
        .col_expr(payments::Column::DisputeAt, Expr::value(payment.dispute_at))
        .col_expr(payments::Column::LastError, Expr::value(payment.last_error.clone()))
        .col_expr(payments::Column::UpdatedAt, Expr::value(payment.updated_at))
        .filter(payments::Column::Id.eq(payment.id.uuid()));
    batch.update(changed.into_query())
}

/// Writes down the gateway's id of a payment. False, and nothing written, if it is known by another one already. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn set_intent(
    on: &impl Writes,
    id: PaymentId,
    intent: &str,
    now: Timestamp,
) -> Result<bool, Fault> {
    let unknown_or_same = payments::Column::Intent.is_null().or(payments::Column::Intent.eq(intent));
    let updated = payments::Entity::update_many()
        .col_expr(payments::Column::Intent, Expr::value(intent))
        .col_expr(payments::Column::UpdatedAt, Expr::value(now))
        .filter(payments::Column::Id.eq(id.uuid()))
        .filter(unknown_or_same)
        .exec(on.raw())
        .await
        .map_err(fault("payment.set_intent"))?;
    Ok(updated.rows_affected == 1)
}

fn payment(row: payments::Model) -> Result<Payment, Fault> {
    Ok(Payment {
        id: PaymentId::new(row.id),
        order: OrderId::new(row.order_id),
        gateway: row.gateway,
        intent: row.intent,
        state: PaymentState::from_name(&row.state).ok_or(UNREADABLE)?,
        amount: row.amount,
        currency: Currency::parse(&row.currency).map_err(|_| UNREADABLE)?,
        amount_received: row.amount_received,
        amount_refunded: row.amount_refunded,
        disputed: row.disputed,
        dispute_at: row.dispute_at,
        last_error: row.last_error,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
