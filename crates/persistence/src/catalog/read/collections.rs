//! Whole collections.

use super::{find::may_be_a_handle, product_rows::pixels};
use crate::catalog::entities::collection;
use crate::db::{Conn, bind_chunks, fault, padded};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;
use stoa_domain::{
    catalog::{Collection, Description, Handle, Image, Seo, sort::CollectionProductSort},
    shared::{CollectionId, Fault, ImageId},
};
use uuid::Uuid;

/// Collections in the order of the ids; those that are gone are left out. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn collections_by_ids(conn: &impl Conn, ids: &[CollectionId]) -> Result<Vec<Collection>, Fault> {
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in bind_chunks(ids, 1) {
        let rows = collection::Entity::find()
            .filter(collection::Column::Id.is_in(padded(chunk).map(CollectionId::uuid)))
            .all(conn.raw())
            .await
            .map_err(fault("reading collections"))?;
        found.extend(rows.into_iter().map(to_collection).map(|c| (c.id, c)));
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// The collection with a handle. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn find_collection_by_handle(
    conn: &impl Conn,
    handle: &str,
) -> Result<Option<CollectionId>, Fault> {
    if !may_be_a_handle(handle) {
        return Ok(None);
    }
    let id: Option<Uuid> = collection::Entity::find()
        .select_only()
        .column(collection::Column::Id)
        .filter(collection::Column::Handle.eq(handle))
        .into_tuple()
        .one(conn.raw())
        .await
        .map_err(fault("finding a collection by its handle"))?;
    Ok(id.map(CollectionId::new))
}

fn to_collection(row: collection::Model) -> Collection {
    let image = row.image_id.zip(row.image_url).map(|(id, url)| Image {
        id: ImageId::new(id),
        url,
        alt_text: row.image_alt_text,
        width: pixels(row.image_width),
        height: pixels(row.image_height),
    });
    Collection {
        id: CollectionId::new(row.id),
        handle: Handle::stored(row.handle),
        title: row.title,
        description: Description::stored(row.description_html, row.description),
        image,
        seo: Seo { title: row.seo_title, description: row.seo_description },
        default_sort: CollectionProductSort::parse(&row.sort_order).unwrap_or_default(),
        published_at: row.published_at,
        updated_at: row.updated_at,
    }
}
