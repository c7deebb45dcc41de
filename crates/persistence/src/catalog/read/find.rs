//! Finding ids.

use crate::catalog::entities::{product, variant};
use crate::db::{Conn, bind_chunks, fault, padded};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;
use stoa_domain::{
    catalog::Handle,
    shared::{Fault, ProductId, Timestamp, VariantId},
};
use uuid::Uuid;

/// Whether a text may be a handle. One with a NUL is none, and Postgres would not take it for a text: asking for it were a fault.
pub(super) fn may_be_a_handle(text: &str) -> bool {
    !text.contains('\0')
}

/// The product with a handle. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn find_product_by_handle(conn: &impl Conn, handle: &str) -> Result<Option<ProductId>, Fault> {
    if !may_be_a_handle(handle) {
        return Ok(None);
    }
    let id: Option<Uuid> = product::Entity::find()
        .select_only()
        .column(product::Column::Id)
        .filter(product::Column::Handle.eq(handle))
        .into_tuple()
        .one(conn.raw())
        .await
        .map_err(fault("finding a product by its handle"))?;
    Ok(id.map(ProductId::new))
}

/// Which product each variant belongs to; variants that are gone are absent. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn products_of_variants(
    conn: &impl Conn,
    variants: &[VariantId],
) -> Result<HashMap<VariantId, ProductId>, Fault> {
    let mut found = HashMap::with_capacity(variants.len());
    for chunk in bind_chunks(variants, 1) {
        let rows: Vec<(Uuid, Uuid)> = variant::Entity::find()
            .select_only()
            .columns([variant::Column::Id, variant::Column::ProductId])
            .filter(variant::Column::Id.is_in(padded(chunk).map(VariantId::uuid)))
            .into_tuple()
            .all(conn.raw())
            .await
            .map_err(fault("finding the products of variants"))?;
        found.extend(rows.into_iter().map(|(v, p)| (VariantId::new(v), ProductId::new(p))));
    }
    Ok(found)
}

/// What an import must know of a product that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportState {
    /// Which product.
    pub id: ProductId,
    /// The fingerprint that the last import left; `None` when something else has written it since.
    pub hash: Option<[u8; 32]>,
    /// From when it has been offered.
    pub published_at: Option<Timestamp>,
}

/// The products with these handles. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn import_state(
    conn: &impl Conn,
    handles: &[&Handle],
) -> Result<HashMap<String, ImportState>, Fault> {
    let mut found = HashMap::with_capacity(handles.len());
    for chunk in bind_chunks(handles, 1) {
        type Row = (String, Uuid, Option<Vec<u8>>, Option<Timestamp>);
        let rows: Vec<Row> = product::Entity::find()
            .select_only()
            .columns([
                product::Column::Handle,
                product::Column::Id,
                product::Column::ImportHash,
                product::Column::PublishedAt,
            ])
            .filter(product::Column::Handle.is_in(padded(chunk).map(Handle::as_str)))
            .into_tuple()
            .all(conn.raw())
            .await
            .map_err(fault("finding products by their handles"))?;
        found.extend(rows.into_iter().map(|(handle, id, hash, published_at)| {
            let hash = hash.and_then(|h| h.try_into().ok());
            (handle, ImportState { id: ProductId::new(id), hash, published_at })
        }));
    }
    Ok(found)
}
