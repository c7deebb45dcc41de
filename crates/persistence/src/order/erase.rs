//! Taking a person out of their orders. What the tax office asks for stays: figures, number, and for its time the name and address
//! that the invoice was made out to.

use super::{
    entities::{lines, orders},
    map,
};
use crate::db::{Batch, Conn, Raw, WriteTx, bind_chunks, fault, stored};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType, Order, Query},
};
use stoa_domain::{
    customer::{ErasureObstacle, erased_email, obstacle, personal_until},
    shared::{CustomerId, EmailAddress, Fault, IdGenerator, OrderId, Timestamp},
};
use uuid::Uuid;

/// Orders that are written in one statement.
const TOGETHER: usize = 100;

/// What a list of no attributes is.
const NO_ATTRIBUTES: &str = "[]";

/// What stands in the way of erasing a customer: an order that is still to be paid or sent. `None`: nothing does. Orders of a guest
/// with their address count once they are [claimed](super::claim).
///
/// # Errors
/// The database does not answer.
pub async fn erasure_obstacle(
    conn: &impl Conn,
    of: CustomerId,
    now: Timestamp,
) -> Result<Option<ErasureObstacle>, Fault> {
    let rows = orders::Entity::find()
        .filter(orders::Column::CustomerId.eq(of.uuid()))
        .filter(orders::Column::State.ne("cancelled"))
        .order_by_desc(orders::Column::Number)
        .all(conn.raw())
        .await
        .map_err(fault("order.erasure_obstacle"))?;
    for row in &rows {
        let (state, sent) = (map::state_of(row)?, map::fulfillment_of(row)?);
        if let Some(obstacle) = obstacle(&state, sent, row.placed_at, now) {
            return Ok(Some(obstacle));
        }
    }
    Ok(None)
}

/// Takes a customer out of their orders: address of mail, telephone, note and attributes go, those of the lines too, and the token
/// becomes another, so that no link in a mail leads there any more. The name and address of the delivery go `keep_years` after each
/// order, by [`forget_persons`]; at once from those that were given up and for which nothing was ever paid, since no tax office asks
/// for them. Gives the number of orders; those that were emptied before are none.
///
/// # Errors
/// The database does not answer.
pub async fn erase(
    tx: &WriteTx,
    of: CustomerId,
    keep_years: u32,
    ids: &dyn IdGenerator,
    now: Timestamp,
) -> Result<u64, Fault> {
    use orders::Column as O;
    let email = erased_email(of);
    let theirs: Vec<(Uuid, Timestamp)> = orders::Entity::find()
        .select_only()
        .columns([O::Id, O::PlacedAt])
        .filter(O::CustomerId.eq(of.uuid()))
        .filter(O::EmailKey.ne(email.key()))
        .order_by_asc(O::Id)
        .lock(LockType::Update)
        .into_tuple()
        .all(tx.raw())
        .await
        .map_err(fault("order.erase"))?;
    let emptied = |(order, placed_at): &(Uuid, Timestamp)| Emptied {
        order: *order,
        email: email.clone(),
        until: personal_until(*placed_at, keep_years).map(stored),
    };
    empty(tx, &theirs.iter().map(emptied).collect::<Vec<_>>(), ids, now).await
}

/// What is left of whoever placed an order.
struct Emptied {
    order: Uuid,
    email: EmailAddress,
    /// Until when the delivery keeps its name and address; `None`: for ever.
    until: Option<Timestamp>,
}

/// Empties orders that the transaction has locked.
async fn empty(
    tx: &WriteTx,
    theirs: &[Emptied],
    ids: &dyn IdGenerator,
    now: Timestamp,
) -> Result<u64, Fault> {
    use orders::Column as O;
    let nothing = || Expr::value(Option::<String>::None);
    for some in theirs.chunks(TOGETHER) {
        let mut batch = Batch::new();
        for Emptied { order, email, until } in some {
            let emptied = orders::Entity::update_many()
                .col_expr(O::Email, Expr::value(email.as_str()))
                .col_expr(O::EmailKey, Expr::value(email.key()))
                .col_expr(O::Phone, nothing())
                .col_expr(O::Note, nothing())
                .col_expr(O::Locale, nothing())
                .col_expr(O::Attributes, Expr::value(NO_ATTRIBUTES))
                .col_expr(O::Token, Expr::value(ids.token()))
                .col_expr(O::PersonalUntil, Expr::value(*until))
                .col_expr(O::UpdatedAt, Expr::value(stored(now)))
                .filter(O::Id.eq(*order));
            batch.update(emptied.into_query());
        }
        batch.write(tx).await?;
    }
    let orders: Vec<Uuid> = theirs.iter().map(|emptied| emptied.order).collect();
    for some in bind_chunks(&orders, 1) {
        orders::Entity::update_many()
            .col_expr(O::ShippingAddress, nothing())
            .col_expr(O::PersonalUntil, Expr::value(Option::<Timestamp>::None))
            .filter(O::Id.is_in(some.iter().copied()))
            .filter(never_paid())
            .exec(tx.raw())
            .await
            .map_err(fault("order.erase"))?;
        lines::Entity::update_many()
            .col_expr(lines::Column::Attributes, Expr::value(NO_ATTRIBUTES))
            .filter(lines::Column::OrderId.is_in(some.iter().copied()))
            .filter(lines::Column::Attributes.ne(NO_ATTRIBUTES))
            .exec(tx.raw())
            .await
            .map_err(fault("order.erase"))?;
    }
    Ok(theirs.len() as u64)
}

/// Orders that were given up, and for which no money has ever come.
pub(super) fn never_paid() -> Condition {
    let p = |column: &'static str| Expr::col(("payments", column));
    let came = Query::select()
        .expr(Expr::value(1))
        .from("payments")
        .and_where(p("order_id").equals((orders::Entity, orders::Column::Id)))
        .and_where(p("amount_received").gt(0))
        .take();
    Condition::all().add(orders::Column::State.eq("cancelled")).add(Expr::exists(came).not())
}

/// Customers who were erased, and of whom an order still says who they were: it was on its way meanwhile. At most `limit` of them, by
/// their ids, behind `after`.
///
/// # Errors
/// The database does not answer.
pub async fn still_named(
    conn: &impl Conn,
    after: Option<CustomerId>,
    limit: u64,
) -> Result<Vec<CustomerId>, Fault> {
    let c = |column: &'static str| Expr::col(("customers", column));
    let o = |column: &'static str| Expr::col(("orders", column));
    let names_them = Query::select()
        .expr(Expr::value(1))
        .from("orders")
        .and_where(o("customer_id").equals(("customers", "id")))
        .and_where(o("email_key").ne(c("email_key")))
        .take();
    let mut query = Query::select()
        .column(("customers", "id"))
        .from("customers")
        .and_where(c("state").eq("erased"))
        .and_where(Expr::exists(names_them))
        .order_by(("customers", "id"), Order::Asc)
        .limit(limit)
        .take();
    if let Some(after) = after {
        query.and_where(c("id").gt(after.uuid()));
    }
    let rows = conn.raw().query_all(&query).await.map_err(fault("order.still_named"))?;
    let id = |row: &sea_orm::QueryResult| row.try_get_by_index::<Uuid>(0).map(CustomerId::new);
    rows.iter().map(id).collect::<Result<_, _>>().map_err(fault("order.still_named"))
}

/// What guests have given up unpaid since before `before`, and what still says who they were; at most `limit` orders, by their ids,
/// behind `after`.
///
/// # Errors
/// The database does not answer.
pub async fn given_up_by_guests(
    conn: &impl Conn,
    before: Timestamp,
    after: Option<OrderId>,
    limit: u64,
) -> Result<Vec<OrderId>, Fault> {
    use orders::Column as O;
    let mut query = orders::Entity::find()
        .select_only()
        .column(O::Id)
        .filter(given_up_by_guest(before))
        .order_by_asc(O::Id)
        .limit(limit);
    if let Some(after) = after {
        query = query.filter(O::Id.gt(after.uuid()));
    }
    let found: Vec<Uuid> =
        query.into_tuple().all(conn.raw()).await.map_err(fault("order.given_up_by_guests"))?;
    Ok(found.into_iter().map(OrderId::new).collect())
}

fn given_up_by_guest(before: Timestamp) -> Condition {
    use orders::Column as O;
    never_paid()
        .add(O::CustomerId.is_null())
        .add(O::CancelledAt.lt(stored(before)))
        .add(O::EmailKey.not_like(format!("%@{}", EmailAddress::NOWHERE)))
}

/// Takes guests out of those of these orders that they have given up unpaid since before `before`, all that says who they were. Gives
/// the number of orders.
///
/// # Errors
/// The database does not answer.
pub async fn forget_guests(
    tx: &WriteTx,
    of: &[OrderId],
    before: Timestamp,
    ids: &dyn IdGenerator,
    now: Timestamp,
) -> Result<u64, Fault> {
    use orders::Column as O;
    let mut theirs = Vec::new();
    for some in bind_chunks(of, 1) {
        let still: Vec<Uuid> = orders::Entity::find()
            .select_only()
            .column(O::Id)
            .filter(O::Id.is_in(some.iter().map(|id| id.uuid())))
            .filter(given_up_by_guest(before))
            .order_by_asc(O::Id)
            .lock(LockType::Update)
            .into_tuple()
            .all(tx.raw())
            .await
            .map_err(fault("order.forget_guests"))?;
        let emptied = |order| Emptied { order, email: EmailAddress::erased(order), until: None };
        theirs.extend(still.into_iter().map(emptied));
    }
    empty(tx, &theirs, ids, now).await
}

/// Takes the name and address of the delivery off orders whose time is over, at most `limit` of them, and tells how many there were.
/// Orders that somebody else has locked are left for the next time.
///
/// # Errors
/// The database does not answer.
pub async fn forget_persons(tx: &WriteTx, now: Timestamp, limit: u64) -> Result<u64, Fault> {
    use orders::Column as O;
    let due: Vec<Uuid> = orders::Entity::find()
        .select_only()
        .column(O::Id)
        .filter(O::PersonalUntil.is_not_null())
        .filter(O::PersonalUntil.lte(stored(now)))
        .order_by_asc(O::PersonalUntil)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_tuple()
        .all(tx.raw())
        .await
        .map_err(fault("order.forget_persons"))?;
    if due.is_empty() {
        return Ok(0);
    }
    let forgotten = orders::Entity::update_many()
        .col_expr(O::ShippingAddress, Expr::value(Option::<String>::None))
        .col_expr(O::PersonalUntil, Expr::value(Option::<Timestamp>::None))
        .filter(O::Id.is_in(due))
        .exec(tx.raw())
        .await
        .map_err(fault("order.forget_persons"))?;
    Ok(forgotten.rows_affected)
}
