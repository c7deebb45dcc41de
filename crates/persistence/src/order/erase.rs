//! Taking a person out of their orders. What the tax office asks for stays: figures, number, and for its time the name and address
//! that the invoice was made out to.

use super::{
    entities::{lines, orders},
    map,
};
use crate::db::{Batch, Conn, Raw, WriteTx, bind_chunks, fault, stored};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, LockBehavior, LockType},
};
use stoa_domain::{
    customer::{ErasureObstacle, erased_email, obstacle, personal_until},
    shared::{CustomerId, Fault, IdGenerator, Timestamp},
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
/// order, by [`forget_persons`]. In the transaction that erases the customer. Gives the number of orders.
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
    let theirs: Vec<(Uuid, Timestamp)> = orders::Entity::find()
        .select_only()
        .columns([O::Id, O::PlacedAt])
        .filter(O::CustomerId.eq(of.uuid()))
        .order_by_asc(O::Id)
        .lock(LockType::Update)
        .into_tuple()
        .all(tx.raw())
        .await
        .map_err(fault("order.erase"))?;
    let nothing = || Expr::value(Option::<String>::None);
    let email = erased_email(of);
    for some in theirs.chunks(TOGETHER) {
        let mut batch = Batch::new();
        for (id, placed_at) in some {
            let emptied = orders::Entity::update_many()
                .col_expr(O::Email, Expr::value(email.as_str()))
                .col_expr(O::EmailKey, Expr::value(email.key()))
                .col_expr(O::Phone, nothing())
                .col_expr(O::Note, nothing())
                .col_expr(O::Locale, nothing())
                .col_expr(O::Attributes, Expr::value(NO_ATTRIBUTES))
                .col_expr(O::Token, Expr::value(ids.token()))
                .col_expr(O::PersonalUntil, Expr::value(personal_until(*placed_at, keep_years).map(stored)))
                .col_expr(O::UpdatedAt, Expr::value(stored(now)))
                .filter(O::Id.eq(*id));
            batch.update(emptied.into_query());
        }
        batch.write(tx).await?;
    }
    let orders: Vec<Uuid> = theirs.iter().map(|(id, _)| *id).collect();
    for some in bind_chunks(&orders, 1) {
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
