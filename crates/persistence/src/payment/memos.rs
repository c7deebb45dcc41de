//! What refunds are for: which units of which lines, who gave them, and what they say of it.

use super::{
    entities::{payments, refund_lines, refunds},
    refunds::RefundState,
};
use crate::db::{Conn, Raw, WriteTx, bind_chunks, fault};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};
use std::collections::HashMap;
use stoa_domain::shared::{Fault, LineItemId, OrderId, PaymentId, RefundId};
use uuid::Uuid;

/// Units of a line that are refunded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundLine {
    /// Of which line.
    pub line: LineItemId,
    /// Units, at least 1.
    pub quantity: u32,
    /// Whether they are back in the stock.
    pub restocked: bool,
}

/// What a refund is for. Nothing of it: for no line, by nobody of the staff.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RefundMemo {
    /// Who gave it.
    pub created_by: Option<String>,
    /// What they note.
    pub note: Option<String>,
    /// Which units, one entry a line.
    pub lines: Vec<RefundLine>,
    /// How much of it is for the delivery, in minor units of the payment's currency.
    pub delivery: i64,
    /// A hash of what was asked for, by which the same request is known again.
    pub fingerprint: Option<String>,
}

/// Hides what is noted, and by whom.
impl std::fmt::Debug for RefundMemo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RefundMemo").field("lines", &self.lines).finish_non_exhaustive()
    }
}

/// A row that says what cannot be: somebody wrote to the table by hand, or there is a bug.
const UNREADABLE: Fault = Fault::bug("refund.lines: a row that no version of the program writes");

pub(super) async fn insert_lines(tx: &WriteTx, refund: RefundId, lines: &[RefundLine]) -> Result<(), Fault> {
    for some in bind_chunks(lines, 4) {
        let rows = some.iter().map(|line| refund_lines::ActiveModel {
            refund_id: Set(refund.uuid()),
            line_id: Set(line.line.uuid()),
            quantity: Set(i64::from(line.quantity)),
            restocked: Set(line.restocked),
        });
        let written = refund_lines::Entity::insert_many(rows).exec_without_returning(tx.raw()).await;
        written.map_err(fault("refund.insert_lines"))?;
    }
    Ok(())
}

/// What these refunds are for. Two statements.
///
/// # Errors
/// The database does not answer.
pub async fn refund_memos(
    conn: &impl Conn,
    ids: &[RefundId],
) -> Result<HashMap<RefundId, RefundMemo>, Fault> {
    let mut memos = HashMap::with_capacity(ids.len());
    for some in bind_chunks(ids, 1) {
        let these = || some.iter().map(|id| id.uuid());
        let rows = refunds::Entity::find().filter(refunds::Column::Id.is_in(these())).all(conn.raw()).await;
        for row in rows.map_err(fault("refund.memos"))? {
            let memo = RefundMemo {
                created_by: row.created_by,
                note: row.note,
                lines: Vec::new(),
                delivery: row.delivery,
                fingerprint: row.fingerprint,
            };
            memos.insert(RefundId::new(row.id), memo);
        }
        let rows = refund_lines::Entity::find()
            .filter(refund_lines::Column::RefundId.is_in(these()))
            .order_by_asc(refund_lines::Column::RefundId)
            .order_by_asc(refund_lines::Column::LineId)
            .all(conn.raw())
            .await
            .map_err(fault("refund.memos"))?;
        for row in rows {
            let quantity = u32::try_from(row.quantity).map_err(|_| UNREADABLE)?;
            let line = RefundLine { line: row.line_id.into(), quantity, restocked: row.restocked };
            if let Some(memo) = memos.get_mut(&RefundId::new(row.refund_id)) {
                memo.lines.push(line);
            }
        }
    }
    Ok(memos)
}

/// How many units of each of an order's lines were refunded; lines of which none were are not in it. Units count whatever the gateway
/// said of the money: what became of them was decided when the refund was asked for. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn units_refunded(conn: &impl Conn, of: OrderId) -> Result<HashMap<LineItemId, u32>, Fault> {
    let of_payments = Query::select()
        .column((refunds::Entity, refunds::Column::Id))
        .from(refunds::Entity)
        .inner_join(
            payments::Entity,
            Expr::col((payments::Entity, payments::Column::Id))
                .equals((refunds::Entity, refunds::Column::PaymentId)),
        )
        .and_where(Expr::col((payments::Entity, payments::Column::OrderId)).eq(of.uuid()))
        .take();
    let rows: Vec<(Uuid, i64)> = refund_lines::Entity::find()
        .select_only()
        .columns([refund_lines::Column::LineId, refund_lines::Column::Quantity])
        .filter(refund_lines::Column::RefundId.in_subquery(of_payments))
        .into_tuple()
        .all(conn.raw())
        .await
        .map_err(fault("refund.units"))?;
    let mut refunded: HashMap<LineItemId, u32> = HashMap::new();
    for (line, quantity) in rows {
        let units = u32::try_from(quantity).map_err(|_| UNREADABLE)?;
        let sum = refunded.entry(line.into()).or_default();
        *sum = sum.saturating_add(units);
    }
    Ok(refunded)
}

/// How much of a payment's delivery has gone back or was asked for, in minor units of its currency; of refunds that failed nothing has.
/// Behind the payment's lock it stays true. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn delivery_refunded(conn: &impl Conn, of: PaymentId) -> Result<i64, Fault> {
    let parts: Vec<i64> = refunds::Entity::find()
        .select_only()
        .column(refunds::Column::Delivery)
        .filter(refunds::Column::PaymentId.eq(of.uuid()))
        .filter(refunds::Column::State.ne(RefundState::Failed.name()))
        .filter(refunds::Column::Delivery.gt(0))
        .into_tuple()
        .all(conn.raw())
        .await
        .map_err(fault("refund.delivery"))?;
    Ok(parts.into_iter().fold(0, i64::saturating_add))
}
