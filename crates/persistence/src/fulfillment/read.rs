//! Finding what was sent, and what of an order is still to be.

use super::entities::{fulfillment_lines, fulfillments};
use crate::{
    db::{Conn, bind_chunks, fault},
    order::lines,
    payment::units_refunded,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use stoa_domain::{
    order::{Fulfillment, FulfillmentLine, LineStanding, Tracking},
    shared::{Fault, FulfillmentId, LineItemId, OrderId},
};
use uuid::Uuid;

/// A row that says what cannot be: somebody wrote to the table by hand, or there is a bug.
const UNREADABLE: Fault = Fault::bug("fulfillment.read: a row that no version of the program writes");

/// By id. Two statements.
///
/// # Errors
/// The database does not answer.
pub async fn find(conn: &impl Conn, id: FulfillmentId) -> Result<Option<Fulfillment>, Fault> {
    let row = fulfillments::Entity::find_by_id(id.uuid()).one(conn.raw()).await;
    let row = row.map_err(fault("fulfillment.find"))?;
    Ok(with_lines(conn, row.into_iter().collect()).await?.pop())
}

/// What was sent of an order, in the order in which it was. Two statements.
///
/// # Errors
/// The database does not answer.
pub async fn of_order(conn: &impl Conn, order: OrderId) -> Result<Vec<Fulfillment>, Fault> {
    Ok(of_orders(conn, &[order]).await?.remove(&order).unwrap_or_default())
}

/// The same of several; those of which nothing was sent are not in it. Two statements.
///
/// # Errors
/// The database does not answer.
pub async fn of_orders(
    conn: &impl Conn,
    orders: &[OrderId],
) -> Result<HashMap<OrderId, Vec<Fulfillment>>, Fault> {
    let mut rows = Vec::new();
    for some in bind_chunks(orders, 1) {
        let found = fulfillments::Entity::find()
            .filter(fulfillments::Column::OrderId.is_in(some.iter().map(|id| id.uuid())))
            .order_by_asc(fulfillments::Column::OrderId)
            .order_by_asc(fulfillments::Column::Position)
            .all(conn.raw())
            .await
            .map_err(fault("fulfillment.of_orders"))?;
        rows.extend(found);
    }
    let mut found: HashMap<OrderId, Vec<Fulfillment>> = HashMap::new();
    for fulfillment in with_lines(conn, rows).await? {
        found.entry(fulfillment.order).or_default().push(fulfillment);
    }
    Ok(found)
}

async fn with_lines(conn: &impl Conn, rows: Vec<fulfillments::Model>) -> Result<Vec<Fulfillment>, Fault> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut lines: HashMap<Uuid, Vec<FulfillmentLine>> = HashMap::new();
    for some in bind_chunks(&ids, 1) {
        let found = fulfillment_lines::Entity::find()
            .filter(fulfillment_lines::Column::FulfillmentId.is_in(some.iter().copied()))
            .order_by_asc(fulfillment_lines::Column::FulfillmentId)
            .order_by_asc(fulfillment_lines::Column::LineId)
            .all(conn.raw())
            .await
            .map_err(fault("fulfillment.lines"))?;
        for row in found {
            let quantity = u32::try_from(row.quantity).map_err(|_| UNREADABLE)?;
            let line = FulfillmentLine { line: LineItemId::new(row.line_id), quantity };
            lines.entry(row.fulfillment_id).or_default().push(line);
        }
    }
    rows.into_iter()
        .map(|row| {
            let lines = lines.remove(&row.id).unwrap_or_default();
            fulfillment(row, lines)
        })
        .collect()
}

pub(super) fn fulfillment(
    row: fulfillments::Model,
    lines: Vec<FulfillmentLine>,
) -> Result<Fulfillment, Fault> {
    let list = |text: &str| -> Result<Vec<String>, Fault> {
        serde_json::from_str(text).map_err(|e| Fault::internal("fulfillment.read", e))
    };
    Ok(Fulfillment {
        id: FulfillmentId::new(row.id),
        order: OrderId::new(row.order_id),
        position: u32::try_from(row.position).map_err(|_| UNREADABLE)?,
        lines,
        tracking: Tracking::stored(
            row.tracking_company,
            list(&row.tracking_numbers)?,
            list(&row.tracking_urls)?,
        ),
        created_by: row.created_by,
        created_at: row.created_at,
    })
}

/// How each line of an order stands, in the order of the lines: what was sent, and what was refunded before it was, so that nobody
/// waits for it. Units that are refunded count as unsent ones as long as there are any. Two statements; behind the order's lock it
/// stays true until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn standings(conn: &impl Conn, order: OrderId) -> Result<Vec<LineStanding>, Fault> {
    use lines::Column as L;
    let rows: Vec<(Uuid, i64, i64)> = lines::Entity::find()
        .select_only()
        .columns([L::Id, L::Quantity, L::Fulfilled])
        .filter(L::OrderId.eq(order.uuid()))
        .order_by_asc(L::Position)
        .into_tuple()
        .all(conn.raw())
        .await
        .map_err(fault("fulfillment.standings"))?;
    let refunded = units_refunded(conn, order).await?;
    let units = |number: i64| u32::try_from(number).map_err(|_| UNREADABLE);
    rows.into_iter()
        .map(|(id, quantity, fulfilled)| {
            let line = LineItemId::new(id);
            let (quantity, fulfilled) = (units(quantity)?, units(fulfilled)?);
            let unsent = quantity.saturating_sub(fulfilled);
            let withdrawn = refunded.get(&line).copied().unwrap_or(0).min(unsent);
            Ok(LineStanding { line, quantity, fulfilled, withdrawn })
        })
        .collect()
}
