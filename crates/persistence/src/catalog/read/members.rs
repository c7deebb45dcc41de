//! What a collection holds, whole: for whoever changes it.

use crate::catalog::entities::membership;
use crate::db::{Conn, fault};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use stoa_domain::shared::{CollectionId, Fault, ProductId};
use uuid::Uuid;

/// The products of a collection in its own order, whether or not shoppers may see them. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn collection_members(conn: &impl Conn, id: CollectionId) -> Result<Vec<ProductId>, Fault> {
    let rows: Vec<Uuid> = membership::Entity::find()
        .select_only()
        .column(membership::Column::ProductId)
        .filter(membership::Column::CollectionId.eq(id.uuid()))
        .order_by_asc(membership::Column::Position)
        .order_by_asc(membership::Column::ProductId)
        .into_tuple()
        .all(conn.raw())
        .await
        .map_err(fault("reading what a collection holds"))?;
    Ok(rows.into_iter().map(ProductId::new).collect())
}
