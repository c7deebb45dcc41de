//! Refunds: asked for in SQL first, so that no two together exceed what has come.

use super::{
    entities::{payments, refunds},
    memos::{self, RefundMemo},
};
use crate::db::{Conn, Raw, WriteTx, bind_chunks, fault, fitting};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait},
};
use std::collections::HashMap;
use stoa_domain::shared::{Fault, PaymentId, RefundId, Timestamp};

/// Characters of who asked for it.
const NAME: usize = 255;

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// Asked for; the gateway has not answered yet.
    Requested,
    /// The gateway has it.
    Accepted,
    /// The gateway will not; the amount can be asked for again.
    Failed,
}

impl RefundState {
    const ALL: [Self; 3] = [Self::Requested, Self::Accepted, Self::Failed];

    /// The name it is stored under.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Accepted => "accepted",
            Self::Failed => "failed",
        }
    }

    /// What a refund in this state takes of what can be given back.
    const fn takes(self, amount: i64) -> i64 {
        match self {
            Self::Requested | Self::Accepted => amount,
            Self::Failed => 0,
        }
    }
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Which; also the gateway's idempotency key, where we asked for it.
    pub id: RefundId,
    /// Of which payment.
    pub payment: PaymentId,
    /// How much, in minor units of the payment's currency.
    pub amount: i64,
    /// Why.
    pub reason: String,
    /// The gateway's id of it.
    pub gateway_refund: Option<String>,
    /// Where it stands.
    pub state: RefundState,
    /// What it is in minor units of the shop's currency; `None`: the payment is in that, or nobody has said so.
    pub shop_amount: Option<i64>,
    /// The refund that says what it is for, where one act goes back over several payments; `None`: it is that one, or the only one.
    pub parent: Option<RefundId>,
}

/// Asks for a refund. False, and nothing changed, if it and all others together exceed what has come.
///
/// # Errors
/// The database does not answer.
pub async fn request_refund(tx: &WriteTx, refund: &Refund, now: Timestamp) -> Result<bool, Fault> {
    request_refund_for(tx, refund, &RefundMemo::default(), now).await
}

/// The same with what it is for. That no more units of a line are refunded than were sold is decided behind the order's lock, by
/// [`units_refunded`].
///
/// # Errors
/// The database does not answer.
pub async fn request_refund_for(
    tx: &WriteTx,
    refund: &Refund,
    memo: &RefundMemo,
    now: Timestamp,
) -> Result<bool, Fault> {
    use payments::Column as P;
    let reserved = payments::Entity::update_many()
        .col_expr(P::RefundReserved, Expr::col(P::RefundReserved).add(refund.amount))
        .filter(P::Id.eq(refund.payment.uuid()))
        .filter(Expr::col(P::AmountReceived).sub(Expr::col(P::RefundReserved)).gte(refund.amount))
        // What was refunded at the gateway by hand counts as well.
        .filter(Expr::col(P::AmountReceived).sub(Expr::col(P::AmountRefunded)).gte(refund.amount))
        .exec(tx.raw())
        .await
        .map_err(fault("refund.reserve"))?;
    if reserved.rows_affected == 0 {
        return Ok(false);
    }
    insert(tx, refund, memo, now).await?;
    memos::insert_lines(tx, refund.id, &memo.lines).await?;
    Ok(true)
}

/// Writes down a refund that somebody made at the gateway.
///
/// # Errors
/// The database does not answer.
pub async fn record_refund(tx: &WriteTx, refund: &Refund, now: Timestamp) -> Result<(), Fault> {
    insert(tx, refund, &RefundMemo::default(), now).await?;
    // It is a fact: what it takes of the payment is counted, whether or not so much was left.
    reserve(tx, refund.payment, refund.state.takes(refund.amount)).await
}

async fn insert(tx: &WriteTx, refund: &Refund, memo: &RefundMemo, now: Timestamp) -> Result<(), Fault> {
    let row = refunds::ActiveModel {
        id: Set(refund.id.uuid()),
        payment_id: Set(refund.payment.uuid()),
        amount: Set(refund.amount),
        reason: Set(refund.reason.clone()),
        gateway_refund: Set(refund.gateway_refund.clone()),
        state: Set(refund.state.name().to_owned()),
        created_at: Set(now),
        updated_at: Set(now),
        created_by: Set(memo.created_by.as_deref().map(|name| fitting(name, NAME))),
        note: Set(memo.note.as_deref().map(|note| fitting(note, usize::MAX))),
        delivery: Set(memo.delivery),
        fingerprint: Set(memo.fingerprint.clone()),
        shop_amount: Set(refund.shop_amount),
        parent_id: Set(refund.parent.map(RefundId::uuid)),
    };
    refunds::Entity::insert(row).exec_without_returning(tx.raw()).await.map_err(fault("refund.insert"))?;
    Ok(())
}

async fn reserve(tx: &WriteTx, payment: PaymentId, by: i64) -> Result<(), Fault> {
    use payments::Column as P;
    if by == 0 {
        return Ok(());
    }
    payments::Entity::update_many()
        .col_expr(P::RefundReserved, Expr::col(P::RefundReserved).add(by))
        .filter(P::Id.eq(payment.uuid()))
        .exec(tx.raw())
        .await
        .map_err(fault("refund.count"))?;
    Ok(())
}

/// By id.
///
/// # Errors
/// The database does not answer.
pub async fn find_refund(conn: &impl Conn, id: RefundId) -> Result<Option<Refund>, Fault> {
    let row = refunds::Entity::find_by_id(id.uuid()).one(conn.raw()).await.map_err(fault("refund.find"))?;
    row.map(read).transpose()
}

/// All of a payment, the oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn refunds_of(conn: &impl Conn, payment: PaymentId) -> Result<Vec<Refund>, Fault> {
    let rows = refunds::Entity::find()
        .filter(refunds::Column::PaymentId.eq(payment.uuid()))
        .order_by_asc(refunds::Column::CreatedAt)
        .order_by_asc(refunds::Column::Id)
        .all(conn.raw())
        .await
        .map_err(fault("refund.of_payment"))?;
    rows.into_iter().map(read).collect()
}

/// The same of several; those that nothing went back of are not in it. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn refunds_of_all(
    conn: &impl Conn,
    payments: &[PaymentId],
) -> Result<HashMap<PaymentId, Vec<Refund>>, Fault> {
    let mut found: HashMap<PaymentId, Vec<Refund>> = HashMap::new();
    for some in bind_chunks(payments, 1) {
        let rows = refunds::Entity::find()
            .filter(refunds::Column::PaymentId.is_in(some.iter().map(|id| id.uuid())))
            .order_by_asc(refunds::Column::CreatedAt)
            .order_by_asc(refunds::Column::Id)
            .all(conn.raw())
            .await
            .map_err(fault("refund.of_payments"))?;
        for row in rows {
            let refund = read(row)?;
            found.entry(refund.payment).or_default().push(refund);
        }
    }
    Ok(found)
}

fn read(row: refunds::Model) -> Result<Refund, Fault> {
    let state = RefundState::ALL.into_iter().find(|s| s.name() == row.state);
    Ok(Refund {
        id: row.id.into(),
        payment: row.payment_id.into(),
        amount: row.amount,
        reason: row.reason,
        gateway_refund: row.gateway_refund,
        shop_amount: row.shop_amount,
        parent: row.parent_id.map(RefundId::new),
        state: state.ok_or(Fault::bug("refund.read: a state that no version of the program writes"))?,
    })
}

/// Writes down what the gateway says of a refund; one that failed gives its amount free again, and one that came through
/// after all takes it back. False, and nothing changed, if it does not stand as it was read any more.
///
/// # Errors
/// The database does not answer.
pub async fn settle_refund(
    tx: &WriteTx,
    refund: &Refund,
    gateway_refund: Option<&str>,
    state: RefundState,
    now: Timestamp,
) -> Result<bool, Fault> {
    let settled = refunds::Entity::update_many()
        .col_expr(refunds::Column::State, Expr::value(state.name()))
        .col_expr(refunds::Column::GatewayRefund, Expr::value(gateway_refund))
        .col_expr(refunds::Column::UpdatedAt, Expr::value(now))
        .filter(refunds::Column::Id.eq(refund.id.uuid()))
        .filter(refunds::Column::State.eq(refund.state.name()))
        .exec(tx.raw())
        .await
        .map_err(fault("refund.settle"))?;
    if settled.rows_affected == 0 {
        return Ok(false);
    }
    reserve(tx, refund.payment, state.takes(refund.amount) - refund.state.takes(refund.amount)).await?;
    Ok(true)
}
