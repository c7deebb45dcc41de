//! Finding orders.

use super::{
    entities::{lines, orders},
    map,
};
use crate::{
    db::{Conn, Raw, WriteTx, fault},
    payment,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    SelectTwoMany,
    sea_query::{Expr, LockType},
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

/// One order with its lines, in one statement, and its own row locked: lines never change.
async fn lock(tx: &WriteTx, which: Select<orders::Entity>) -> Result<Option<Order>, Fault> {
    let mut locked = with_lines(which);
    QuerySelect::query(&mut locked).lock_with_tables(LockType::Update, [orders::Entity]);
    first(locked.all(tx.raw()).await.map_err(fault("order.find_for_update"))?)
}

/// One order with its lines, in one statement.
async fn load(conn: &impl ConnectionTrait, which: Select<orders::Entity>) -> Result<Option<Order>, Fault> {
    first(with_lines(which).all(conn).await.map_err(fault("order.find"))?)
}

fn with_lines(which: Select<orders::Entity>) -> SelectTwoMany<orders::Entity, lines::Entity> {
    which.find_with_related(lines::Entity).order_by_asc(lines::Column::Position)
}

fn first(found: Vec<(orders::Model, Vec<lines::Model>)>) -> Result<Option<Order>, Fault> {
    found.into_iter().next().map(|(row, lines)| map::order(row, lines)).transpose()
}
