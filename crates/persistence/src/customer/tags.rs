//! Tags that staff give customers.

use super::{entities::tags, write::touch};
use crate::db::{Conn, Raw, WriteTx, fault, padded};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use stoa_domain::{
    catalog::fold_key,
    shared::{CustomerId, Fault, Timestamp},
};
use uuid::Uuid;

/// Each customer's tags, in alphabetical order; those without any are not in it. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn tags_of(
    conn: &impl Conn,
    customers: &[CustomerId],
) -> Result<HashMap<CustomerId, Vec<String>>, Fault> {
    let ids: Vec<Uuid> = customers.iter().map(|id| id.uuid()).collect();
    let mut found: HashMap<CustomerId, Vec<String>> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let rows = tags::Entity::find()
        .filter(tags::Column::CustomerId.is_in(padded(&ids)))
        .order_by_asc(tags::Column::CustomerId)
        .order_by_asc(tags::Column::TagKey)
        .all(conn.raw())
        .await
        .map_err(fault("customer.tags"))?;
    for row in rows {
        found.entry(CustomerId::new(row.customer_id)).or_default().push(row.tag);
    }
    Ok(found)
}

/// Gives a customer these tags and no others, as [`stoa_domain::customer::tags`] has made them: each once, whatever its letter case.
/// False, and nothing changed, if there is no such customer.
///
/// # Errors
/// The database does not answer.
pub async fn set_tags(tx: &WriteTx, of: CustomerId, tags: &[String], now: Timestamp) -> Result<bool, Fault> {
    if !touch(tx, of, now).await? {
        return Ok(false);
    }
    remove_tags(tx, of).await?;
    let rows: Vec<_> = tags
        .iter()
        .map(|tag| tags::ActiveModel {
            customer_id: Set(of.uuid()),
            tag_key: Set(fold_key(tag)),
            tag: Set(tag.clone()),
        })
        .collect();
    if !rows.is_empty() {
        let written = tags::Entity::insert_many(rows).exec_without_returning(tx.raw()).await;
        written.map_err(fault("customer.set_tags"))?;
    }
    Ok(true)
}

pub(super) async fn remove_tags(tx: &WriteTx, of: CustomerId) -> Result<(), Fault> {
    let all = tags::Entity::delete_many().filter(tags::Column::CustomerId.eq(of.uuid()));
    all.exec(tx.raw()).await.map(drop).map_err(fault("customer.remove_tags"))
}
