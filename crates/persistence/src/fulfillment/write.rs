//! Writing down what was sent, inside the caller's transaction and behind the order's lock.

use super::{
    entities::{fulfillment_lines, fulfillments},
    read,
};
use crate::{
    db::{Raw, WriteTx, fault, fitting, stored},
    order::{lines, set_fulfillment},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType},
};
use stoa_domain::{
    order::{Fulfillment, FulfillmentLine, FulfillmentStatus, Tracking},
    shared::{Fault, FulfillmentId, OrderId, Timestamp},
};

/// Characters of who sent it.
const NAME: usize = 255;

/// A part of an order that is leaving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFulfillment {
    /// Which it is to be.
    pub id: FulfillmentId,
    /// Of which order.
    pub order: OrderId,
    /// What is sent, one entry a line, as [`stoa_domain::order::plan_fulfillment`] has planned it.
    pub lines: Vec<FulfillmentLine>,
    /// Where the parcel is.
    pub tracking: Tracking,
    /// Who sends it.
    pub created_by: String,
    /// How much of the order will have left with it.
    pub status: FulfillmentStatus,
}

/// Writes down that a part of an order was sent: as the next parcel, with its lines, and in the lines of the order. `None` if a line is not
/// the order's or more of it would have left than was sold; the transaction must be given up.
///
/// # Errors
/// The database does not answer.
pub async fn insert(tx: &WriteTx, new: NewFulfillment, now: Timestamp) -> Result<Option<Fulfillment>, Fault> {
    let mut sent = new.lines;
    sent.sort_by_key(|line| line.line);
    for line in &sent {
        if !count(tx, new.order, line).await? {
            return Ok(None);
        }
    }
    let row = fulfillments::Model {
        id: new.id.uuid(),
        order_id: new.order.uuid(),
        position: last_position(tx, new.order).await? + 1,
        tracking_company: new.tracking.company().map(str::to_owned),
        tracking_numbers: list(new.tracking.numbers())?,
        tracking_urls: list(new.tracking.urls())?,
        created_by: fitting(&new.created_by, NAME),
        created_at: stored(now),
    };
    let active: fulfillments::ActiveModel = row.clone().into();
    let written = fulfillments::Entity::insert(active.reset_all()).exec_without_returning(tx.raw()).await;
    written.map_err(fault("fulfillment.insert"))?;
    let rows = sent.iter().map(|line| fulfillment_lines::ActiveModel {
        fulfillment_id: Set(row.id),
        line_id: Set(line.line.uuid()),
        quantity: Set(i64::from(line.quantity)),
    });
    if !sent.is_empty() {
        let written = fulfillment_lines::Entity::insert_many(rows).exec_without_returning(tx.raw()).await;
        written.map_err(fault("fulfillment.insert"))?;
    }
    set_fulfillment(tx, new.order, new.status, now).await?;
    read::fulfillment(row, sent).map(Some)
}

/// Counts units of a line as sent; false if so many were not left.
async fn count(tx: &WriteTx, order: OrderId, line: &FulfillmentLine) -> Result<bool, Fault> {
    use lines::Column as L;
    let after = || Expr::col(L::Fulfilled).add(i64::from(line.quantity));
    let counted = lines::Entity::update_many()
        .col_expr(L::Fulfilled, after())
        .filter(L::Id.eq(line.line.uuid()))
        .filter(L::OrderId.eq(order.uuid()))
        .filter(after().lte(Expr::col(L::Quantity)))
        .exec(tx.raw())
        .await
        .map_err(fault("fulfillment.count"))?;
    Ok(counted.rows_affected == 1)
}

async fn last_position(tx: &WriteTx, order: OrderId) -> Result<i32, Fault> {
    let last: Option<Option<i32>> = fulfillments::Entity::find()
        .select_only()
        .expr(Expr::col(fulfillments::Column::Position).max())
        .filter(fulfillments::Column::OrderId.eq(order.uuid()))
        .into_tuple()
        .one(tx.raw())
        .await
        .map_err(fault("fulfillment.position"))?;
    Ok(last.flatten().unwrap_or(0))
}

/// Says anew where a parcel is; gives the parcel as it was before. `None` if there is none.
///
/// # Errors
/// The database does not answer.
pub async fn set_tracking(
    tx: &WriteTx,
    id: FulfillmentId,
    tracking: &Tracking,
) -> Result<Option<Fulfillment>, Fault> {
    use fulfillments::Column as F;
    let locked = fulfillments::Entity::find_by_id(id.uuid()).lock(LockType::Update);
    let held = locked.one(tx.raw()).await.map_err(fault("fulfillment.set_tracking"))?;
    if held.is_none() {
        return Ok(None);
    }
    let before = read::find(tx, id).await?;
    fulfillments::Entity::update_many()
        .col_expr(F::TrackingCompany, Expr::value(tracking.company()))
        .col_expr(F::TrackingNumbers, Expr::value(list(tracking.numbers())?))
        .col_expr(F::TrackingUrls, Expr::value(list(tracking.urls())?))
        .filter(F::Id.eq(id.uuid()))
        .exec(tx.raw())
        .await
        .map_err(fault("fulfillment.set_tracking"))?;
    Ok(before)
}

fn list(texts: &[String]) -> Result<String, Fault> {
    serde_json::to_string(texts).map_err(|e| Fault::internal("fulfillment.write", e))
}
