//! What of payments can still be given back, and when it was.

use super::entities::{payments, refunds};
use crate::db::{Conn, bind_chunks, fault};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;
use stoa_domain::shared::{Fault, PaymentId, RefundId, Timestamp};
use uuid::Uuid;

/// How much of each payment can still be asked back, in minor units of its currency: what has come, without what went back and what
/// was asked for already. Behind a payment's lock it stays true. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn refundable(conn: &impl Conn, ids: &[PaymentId]) -> Result<HashMap<PaymentId, i64>, Fault> {
    use payments::Column as P;
    let mut found = HashMap::with_capacity(ids.len());
    for some in bind_chunks(ids, 1) {
        let rows: Vec<(Uuid, i64, i64, i64)> = payments::Entity::find()
            .select_only()
            .columns([P::Id, P::AmountReceived, P::AmountRefunded, P::RefundReserved])
            .filter(P::Id.is_in(some.iter().map(|id| id.uuid())))
            .into_tuple()
            .all(conn.raw())
            .await
            .map_err(fault("payment.refundable"))?;
        // As `request_refund` decides it: what was refunded at the gateway by hand counts as well.
        let left = |received: i64, refunded: i64, reserved: i64| (received - refunded.max(reserved)).max(0);
        found.extend(
            rows.into_iter().map(|(id, came, back, asked)| (PaymentId::new(id), left(came, back, asked))),
        );
    }
    Ok(found)
}

/// When each of these refunds was asked for. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn refund_moments(
    conn: &impl Conn,
    ids: &[RefundId],
) -> Result<HashMap<RefundId, Timestamp>, Fault> {
    let mut found = HashMap::with_capacity(ids.len());
    for some in bind_chunks(ids, 1) {
        let rows: Vec<(Uuid, Timestamp)> = refunds::Entity::find()
            .select_only()
            .columns([refunds::Column::Id, refunds::Column::CreatedAt])
            .filter(refunds::Column::Id.is_in(some.iter().map(|id| id.uuid())))
            .into_tuple()
            .all(conn.raw())
            .await
            .map_err(fault("refund.moments"))?;
        found.extend(rows.into_iter().map(|(id, at)| (RefundId::new(id), at)));
    }
    Ok(found)
}
