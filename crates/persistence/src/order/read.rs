//! Finding orders.

use super::{
    entities::{lines, orders},
    map,
};
use crate::db::{Conn, Raw, WriteTx, fault};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::Expr,
};
use stoa_domain::{
    order::{Order, OrderNumber},
    shared::{CartId, EmailAddress, Fault, OrderId},
};

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
    load(conn.raw(), orders::Entity::find_by_id(id.uuid())).await
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
    load(conn.raw(), orders::Entity::find().filter(orders::Column::Token.eq(token))).await
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
    load(conn.raw(), matching).await
}

/// The order a cart has become.
///
/// # Errors
/// The database does not answer.
pub async fn find_by_cart(conn: &impl Conn, cart: CartId) -> Result<Option<Order>, Fault> {
    load(conn.raw(), orders::Entity::find().filter(orders::Column::CartId.eq(cart.uuid()))).await
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
    // SQLite's writer is alone anyway. On Postgres rows of an outer join cannot be locked.
    if tx.is_alone() {
        return load(tx.raw(), orders::Entity::find_by_id(id.uuid())).await;
    }
    let locked = orders::Entity::find_by_id(id.uuid()).lock_exclusive().one(tx.raw()).await;
    let Some(row) = locked.map_err(fault("order.find_for_update"))? else { return Ok(None) };
    let lines = lines::Entity::find()
        .filter(lines::Column::OrderId.eq(row.id))
        .order_by_asc(lines::Column::Position)
        .all(tx.raw())
        .await
        .map_err(fault("order.find_lines"))?;
    map::order(row, lines).map(Some)
}

/// One order with its lines, in one statement.
async fn load(conn: &impl ConnectionTrait, which: Select<orders::Entity>) -> Result<Option<Order>, Fault> {
    let found = which
        .find_with_related(lines::Entity)
        .order_by_asc(lines::Column::Position)
        .all(conn)
        .await
        .map_err(fault("order.find"))?;
    found.into_iter().next().map(|(row, lines)| map::order(row, lines)).transpose()
}
