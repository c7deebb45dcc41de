//! Orders that were placed without signing in, and whose they turn out to be.

use super::{entities::orders, erase::never_paid};
use crate::db::{Raw, WriteTx, fault};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LockType},
};
use stoa_domain::shared::{CustomerId, EmailAddress, Fault};
use uuid::Uuid;

/// Makes the orders of a guest with this address a customer's, and tells how many there were. Only once they have proved that the
/// address is theirs, and behind the lock of their account. What was given up unpaid is nobody's: anybody can place that with anybody's
/// address, and would write into another's history.
///
/// # Errors
/// The database does not answer.
pub async fn claim(tx: &WriteTx, customer: CustomerId, email: &EmailAddress) -> Result<u64, Fault> {
    claim_where(tx, customer, email, Condition::all().add(never_paid().not())).await
}

/// The same, but for orders that wait for their payment as well.
///
/// # Errors
/// The database does not answer.
pub async fn claim_paid(tx: &WriteTx, customer: CustomerId, email: &EmailAddress) -> Result<u64, Fault> {
    let paid = Condition::all().add(orders::Column::State.ne("awaiting_payment")).add(never_paid().not());
    claim_where(tx, customer, email, paid).await
}

/// The same of all that wait for nothing any more, for an erasure, which empties them.
///
/// # Errors
/// The database does not answer.
pub async fn claim_decided(tx: &WriteTx, customer: CustomerId, email: &EmailAddress) -> Result<u64, Fault> {
    let decided = Condition::all().add(orders::Column::State.ne("awaiting_payment"));
    claim_where(tx, customer, email, decided).await
}

async fn claim_where(
    tx: &WriteTx,
    customer: CustomerId,
    email: &EmailAddress,
    which: Condition,
) -> Result<u64, Fault> {
    use orders::Column as O;
    let which = which.add(O::EmailKey.eq(email.key())).add(O::CustomerId.is_null());
    if !tx.is_alone() {
        // An update locks its rows in whatever order it finds them.
        orders::Entity::find()
            .select_only()
            .column(O::Id)
            .filter(which.clone())
            .order_by_asc(O::Id)
            .lock(LockType::Update)
            .into_tuple::<Uuid>()
            .all(tx.raw())
            .await
            .map_err(fault("order.claim"))?;
    }
    let claimed = orders::Entity::update_many()
        .col_expr(O::CustomerId, Expr::value(customer.uuid()))
        .filter(which)
        .exec(tx.raw())
        .await
        .map_err(fault("order.claim"))?;
    Ok(claimed.rows_affected)
}
