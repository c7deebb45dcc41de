//! Whether somebody has ordered before.

use super::entities::orders;
use crate::db::{Conn, fault};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use stoa_domain::shared::{CustomerId, EmailAddress, Fault};
use uuid::Uuid;

/// Whether there is an order of this account's, or one that was written to any of these addresses in any letter case, that was not cancelled.
/// One statement.
///
/// # Errors
/// The database does not answer.
pub async fn has_ordered(
    conn: &impl Conn,
    customer: Option<CustomerId>,
    addresses: &[EmailAddress],
) -> Result<bool, Fault> {
    let mut theirs = Condition::any();
    if let Some(customer) = customer {
        theirs = theirs.add(orders::Column::CustomerId.eq(customer.uuid()));
    }
    for address in addresses {
        theirs = theirs.add(orders::Column::EmailKey.eq(address.key()));
    }
    if theirs.is_empty() {
        return Ok(false);
    }
    let found = orders::Entity::find()
        .select_only()
        .column(orders::Column::Id)
        .filter(theirs)
        .filter(orders::Column::State.ne("cancelled"))
        .into_tuple::<Uuid>()
        .one(conn.raw())
        .await
        .map_err(fault("order.has_ordered"))?;
    Ok(found.is_some())
}
