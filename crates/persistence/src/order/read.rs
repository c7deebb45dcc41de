//! Finding orders.

use super::{
    entities::{lines, orders},
    map,
};
use crate::{
    db::{Conn, OrderSealer, Raw, WriteTx, fault, padded},
    payment,
};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, SelectTwoMany,
    sea_query::{Expr, LockType},
};
use std::collections::HashMap;
use stoa_domain::{
    order::{Order, OrderNumber},
    shared::{CartId, EmailAddress, Fault, OrderId},
};
use uuid::Uuid;

/// How a buyer names an order: by the token they got at checkout, or by its number and their address.
#[derive(Clone, Debug)]
pub enum OrderLookup {
    /// The unguessable token.
    Token(String),
    /// Number and e-mail address, the latter in any letter case.
    Contact(OrderNumber, EmailAddress),
}

/// By id.
///
/// # Errors
/// The database does not answer.
pub async fn find(conn: &impl Conn, id: OrderId) -> Result<Option<Order>, Fault> {
    load(conn, orders::Entity::find_by_id(id.uuid())).await
}

/// How many orders are marked for a person to look at.
///
/// # Errors
/// The database does not answer.
pub async fn needing_attention(conn: &impl Conn) -> Result<u64, Fault> {
    orders::Entity::find()
        .filter(orders::Column::Attention.is_not_null())
        .count(conn.raw())
        .await
        .map_err(fault("order.needing_attention"))
}

/// By the buyer's token.
///
/// # Errors
/// The database does not answer.
pub async fn find_by_token(conn: &impl Conn, token: &str) -> Result<Option<Order>, Fault> {
    let plausible = token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !plausible {
        return Ok(None);
    }
    load(conn, orders::Entity::find().filter(orders::Column::Token.eq(token))).await
}

/// By number, if the address is the order's.
///
/// # Errors
/// The database does not answer.
pub async fn find_by_contact(
    conn: &impl Conn,
    number: OrderNumber,
    email: &EmailAddress,
) -> Result<Option<Order>, Fault> {
    let matching = orders::Entity::find()
        .filter(orders::Column::Number.eq(number))
        .filter(orders::Column::EmailKey.eq(email.key()));
    load(conn, matching).await
}

/// The order a cart has become.
///
/// # Errors
/// The database does not answer.
pub async fn find_by_cart(conn: &impl Conn, cart: CartId) -> Result<Option<Order>, Fault> {
    load(conn, orders::Entity::find().filter(orders::Column::CartId.eq(cart.uuid()))).await
}

/// Whether the cart has become an order.
///
/// # Errors
/// The database does not answer.
pub async fn is_ordered(conn: &impl Conn, cart: CartId) -> Result<bool, Fault> {
    let row: Option<i32> = orders::Entity::find()
        .select_only()
        .expr(Expr::value(1))
        .filter(orders::Column::CartId.eq(cart.uuid()))
        .into_tuple()
        .one(conn.raw())
        .await
        .map_err(fault("order.is_ordered"))?;
    Ok(row.is_some())
}

/// By id, locked until the transaction ends: nobody else moves the order meanwhile.
///
/// # Errors
/// The database does not answer.
pub async fn find_for_update(tx: &WriteTx, id: OrderId) -> Result<Option<Order>, Fault> {
    lock(tx, orders::Entity::find_by_id(id.uuid())).await
}

/// The order whose payment has this object at its gateway, locked until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn find_by_intent_for_update(
    tx: &WriteTx,
    gateway: &str,
    intent: &str,
) -> Result<Option<Order>, Fault> {
    let order = payment::order_by_intent(gateway, intent);
    lock(tx, orders::Entity::find().filter(orders::Column::Id.in_subquery(order))).await
}

/// Those with these ids that there are, in the order of the ids. Two statements.
///
/// # Errors
/// The database does not answer.
pub async fn find_all(conn: &impl Conn, ids: &[OrderId]) -> Result<Vec<Order>, Fault> {
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = orders::Entity::find()
        .filter(orders::Column::Id.is_in(padded(&uuids)))
        .all(conn.raw())
        .await
        .map_err(fault("order.find_all"))?;
    let mut found: HashMap<Uuid, (orders::Model, Vec<lines::Model>)> =
        rows.into_iter().map(|row| (row.id, (row, Vec::new()))).collect();
    let lines = lines::Entity::find()
        .filter(lines::Column::OrderId.is_in(padded(&uuids)))
        .order_by_asc(lines::Column::OrderId)
        .order_by_asc(lines::Column::Position)
        .all(conn.raw())
        .await
        .map_err(fault("order.find_all"))?;
    for line in lines {
        if let Some((_, of_it)) = found.get_mut(&line.order_id) {
            of_it.push(line);
        }
    }
    let in_order = uuids.iter().filter_map(|id| found.remove(id));
    in_order.map(|(row, lines)| map::order(row, lines, conn.seals().of_orders())).collect()
}

/// One order with its lines, in one statement, and its own row locked. What of a line was sent may be as it was before somebody gave
/// the lock to us: who sends or refunds units reads [`standings`](crate::fulfillment::standings) behind it.
async fn lock(tx: &WriteTx, which: Select<orders::Entity>) -> Result<Option<Order>, Fault> {
    let mut locked = with_lines(which);
    QuerySelect::query(&mut locked).lock_with_tables(LockType::Update, [orders::Entity]);
    let found = locked.all(tx.raw()).await.map_err(fault("order.find_for_update"))?;
    first(found, tx.seals().of_orders())
}

/// One order with its lines, in one statement.
async fn load(conn: &impl Conn, which: Select<orders::Entity>) -> Result<Option<Order>, Fault> {
    let found = with_lines(which).all(conn.raw()).await.map_err(fault("order.find"))?;
    first(found, conn.seals().of_orders())
}

fn with_lines(which: Select<orders::Entity>) -> SelectTwoMany<orders::Entity, lines::Entity> {
    which.find_with_related(lines::Entity).order_by_asc(lines::Column::Position)
}

fn first(
    found: Vec<(orders::Model, Vec<lines::Model>)>,
    sealer: OrderSealer<'_>,
) -> Result<Option<Order>, Fault> {
    found.into_iter().next().map(|(row, lines)| map::order(row, lines, sealer)).transpose()
}
