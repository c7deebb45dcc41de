//! Whole products.

use super::{find::may_be_a_handle, product_rows::from_rows};
use crate::catalog::{
    document,
    entities::{self, product},
};
use crate::db::{Conn, bind_chunks, fault, padded};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef,
};
use std::collections::HashMap;
use stoa_domain::{
    catalog::Product,
    shared::{Fault, ProductId},
};
use uuid::Uuid;

/// Products with everything that belongs to them, in the order of the ids; those that are gone are left out. One
/// statement, however many. Says nothing of whether shoppers may see them: see [`Product::is_listed`].
///
/// # Errors
/// The database does not answer.
pub async fn products_by_ids(conn: &impl Conn, ids: &[ProductId]) -> Result<Vec<Product>, Fault> {
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in bind_chunks(ids, 1) {
        read(conn.raw(), chunk, &mut found).await.map_err(fault("reading products"))?;
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// The product with a handle. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn product_by_handle(conn: &impl Conn, handle: &str) -> Result<Option<Product>, Fault> {
    if !may_be_a_handle(handle) {
        return Ok(None);
    }
    let row = product::Entity::find()
        .select_only()
        .column(product::Column::Id)
        .columns([entities::document::Column::Format, entities::document::Column::Body])
        .join(JoinType::LeftJoin, documents_of_products())
        .filter(product::Column::Handle.eq(handle))
        .into_tuple::<(Uuid, Option<i16>, Option<String>)>()
        .one(conn.raw())
        .await
        .map_err(fault("finding a product by its handle"))?;
    let Some((product_id, format, body)) = row else { return Ok(None) };
    let row = format.zip(body).map(|(format, body)| entities::document::Model { product_id, format, body });
    match row.as_ref().and_then(document::read) {
        Some(product) => Ok(Some(product)),
        None => Ok(products_by_ids(conn, &[ProductId::new(product_id)]).await?.pop()),
    }
}

pub(super) fn documents_of_products() -> RelationDef {
    product::Entity::belongs_to(entities::document::Entity)
        .from(product::Column::Id)
        .to(entities::document::Column::ProductId)
        .into()
}

async fn read<C: ConnectionTrait>(
    connection: &C,
    ids: &[ProductId],
    found: &mut HashMap<ProductId, Product>,
) -> Result<(), DbErr> {
    let documents = entities::document::Entity::find()
        .filter(entities::document::Column::ProductId.is_in(padded(ids).map(ProductId::uuid)))
        .all(connection)
        .await?;
    found.extend(documents.iter().filter_map(document::read).map(|product| (product.id, product)));
    // Those that are gone, and those whose documents another version of this program wrote.
    let others: Vec<ProductId> = ids.iter().copied().filter(|id| !found.contains_key(id)).collect();
    if !others.is_empty() {
        found.extend(from_rows(connection, &others).await?.into_iter().map(|product| (product.id, product)));
    }
    Ok(())
}
