//! Orders that were placed without signing in, and whose they turn out to be.

use super::entities::orders;
use crate::db::{Raw, WriteTx, fault};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LockType},
};
use stoa_domain::shared::{CustomerId, EmailAddress, Fault};
use uuid::Uuid;

/// Makes every order of a guest with this address a customer's, and tells how many there were. Only once they have proved that the
/// address is theirs, and behind the lock of their account.
///
/// # Errors
/// The database does not answer.
pub async fn claim(tx: &WriteTx, customer: CustomerId, email: &EmailAddress) -> Result<u64, Fault> {
    claim_where(tx, customer, email, Condition::all()).await
}

/// The same, but for orders that nobody has paid yet: anybody can place those with anybody's address.
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
