//! Refunds: asked for in SQL first, so that no two together exceed what has come.

use super::entities::{payments, refunds};
use crate::db::{Conn, Raw, WriteTx, fault};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use stoa_domain::shared::{Fault, PaymentId, RefundId, Timestamp};

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

    const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Accepted => "accepted",
            Self::Failed => "failed",
        }
    }
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Which; also the gateway's idempotency key.
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
}

/// Asks for a refund. False, and nothing changed, if it and all others together exceed what has come.
///
/// # Errors
/// The database does not answer.
pub async fn request_refund(tx: &WriteTx, refund: &Refund, now: Timestamp) -> Result<bool, Fault> {
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
    let row = refunds::ActiveModel {
        id: Set(refund.id.uuid()),
        payment_id: Set(refund.payment.uuid()),
        amount: Set(refund.amount),
        reason: Set(refund.reason.clone()),
        gateway_refund: Set(refund.gateway_refund.clone()),
        state: Set(refund.state.name().to_owned()),
        created_at: Set(now),
        updated_at: Set(now),
    };
    refunds::Entity::insert(row).exec_without_returning(tx.raw()).await.map_err(fault("refund.insert"))?;
    Ok(true)
}

/// By id.
///
/// # Errors
/// The database does not answer.
pub async fn find_refund(conn: &impl Conn, id: RefundId) -> Result<Option<Refund>, Fault> {
    let row = refunds::Entity::find_by_id(id.uuid()).one(conn.raw()).await.map_err(fault("refund.find"))?;
    row.map(|r| {
        let state = RefundState::ALL.into_iter().find(|s| s.name() == r.state);
        Ok(Refund {
            id: r.id.into(),
            payment: r.payment_id.into(),
            amount: r.amount,
            reason: r.reason,
            gateway_refund: r.gateway_refund,
            state: state.ok_or(Fault::bug("refund.read: a state that no version of the program writes"))?,
        })
    })
    .transpose()
}

/// Writes down the gateway's answer; a refund that failed gives its amount free again. Only the first answer counts.
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
        .filter(refunds::Column::State.eq(RefundState::Requested.name()))
        .exec(tx.raw())
        .await
        .map_err(fault("refund.settle"))?;
    if settled.rows_affected == 0 {
        return Ok(false);
    }
    if state == RefundState::Failed {
        payments::Entity::update_many()
            .col_expr(
                payments::Column::RefundReserved,
                Expr::col(payments::Column::RefundReserved).sub(refund.amount),
            )
            .filter(payments::Column::Id.eq(refund.payment.uuid()))
            .exec(tx.raw())
            .await
            .map_err(fault("refund.give_free"))?;
    }
    Ok(true)
}
