//! Writing collections.

use super::{WriteContext, rows};
use crate::catalog::{
    entities::{collection, membership, product},
    version,
};
use crate::db::{Raw, Violation, WriteTx, bind_chunks, fault, stored, violation};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::LockType,
};
use std::collections::HashMap;
use stoa_domain::{
    catalog::{CollectionDraft, Handle, fold_key, search_terms},
    shared::{CollectionId, Fault, ProductId, Timestamp},
};
use uuid::Uuid;

/// Why a collection cannot be written. The transaction must then be dropped.
#[derive(Debug, thiserror::Error)]
pub enum SaveCollectionError {
    /// There is no such collection.
    #[error("the collection is gone")]
    Gone,
    /// Another collection has the handle.
    #[error("another collection has the handle {0}")]
    HandleTaken(Handle),
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Makes a collection of nothing.
///
/// # Errors
/// Its handle is taken.
pub async fn create_collection(
    tx: &WriteTx,
    draft: &CollectionDraft,
    context: &WriteContext<'_>,
) -> Result<CollectionId, SaveCollectionError> {
    let id = CollectionId::new(context.ids.id());
    let row = collection::ActiveModel {
        created_at: Set(stored(context.now)),
        image_id: Set(draft.image().map(|_| context.ids.id())),
        ..row(id, draft, context.now)
    };
    turn(tx).await?;
    let written = collection::Entity::insert(row).exec_without_returning(tx.raw()).await.map(drop);
    finish(draft, written).map(|()| id)
}

/// Makes a collection what the draft says; its products stay.
///
/// # Errors
/// It is gone, or its new handle is taken.
pub async fn update_collection(
    tx: &WriteTx,
    id: CollectionId,
    draft: &CollectionDraft,
    context: &WriteContext<'_>,
) -> Result<(), SaveCollectionError> {
    turn(tx).await?;
    let before = collection::Entity::find_by_id(id.uuid())
        .one(tx.raw())
        .await
        .map_err(fault("reading a collection"))?;
    let before = before.ok_or(SaveCollectionError::Gone)?;
    let same_picture =
        draft.image().filter(|image| before.image_url.as_ref() == Some(&image.url)).and(before.image_id);
    let mut row = row(id, draft, context.now);
    row.image_id = Set(same_picture.or_else(|| draft.image().map(|_| context.ids.id())));
    let written = row.update_without_returning(tx.raw()).await.map(drop);
    finish(draft, written)
}

/// Makes these, in this order, the products of a collection. Products that are gone and repetitions are passed over.
///
/// # Errors
/// The database does not answer, or the collection is gone.
pub async fn set_collection_products(
    tx: &WriteTx,
    id: CollectionId,
    products: &[ProductId],
    context: &WriteContext<'_>,
) -> Result<(), Fault> {
    replace(tx, id, products, context.now).await.map_err(fault("arranging a collection"))
}

async fn replace(
    tx: &WriteTx,
    id: CollectionId,
    products: &[ProductId],
    now: Timestamp,
) -> Result<(), DbErr> {
    version::raise(tx).await?;
    let touched =
        collection::ActiveModel { id: Set(id.uuid()), updated_at: Set(stored(now)), ..Default::default() };
    touched.update_without_returning(tx.raw()).await?;
    let mut known: HashMap<Uuid, product::Model> = HashMap::new();
    for chunk in bind_chunks(products, 1) {
        let rows = product::Entity::find()
            .filter(product::Column::Id.is_in(chunk.iter().map(|id| id.uuid())))
            .order_by_asc(product::Column::Id)
            // So that the sort keys read here are still right when they are written.
            .lock(LockType::NoKeyUpdate)
            .all(tx.raw())
            .await?;
        known.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    membership::Entity::delete_many()
        .filter(membership::Column::CollectionId.eq(id.uuid()))
        .exec(tx.raw())
        .await?;
    // Taken out as they are placed, so that a repetition finds nothing.
    let members = products.iter().filter_map(|product| known.remove(&product.uuid()));
    let members: Vec<_> = members
        .enumerate()
        .map(|(n, product)| membership::ActiveModel {
            collection_id: Set(id.uuid()),
            product_id: Set(product.id),
            position: Set(i64::try_from(n + 1).unwrap_or(i64::MAX)),
            title_key: Set(fold_key(&product.title)),
            min_price: Set(product.min_price),
            sales: Set(product.sales),
            created_at: Set(product.created_at),
        })
        .collect();
    rows::insert_all(tx.raw(), members).await
}

async fn turn(tx: &WriteTx) -> Result<(), Fault> {
    version::raise(tx).await.map_err(fault("raising the catalogue's version"))
}

fn finish(draft: &CollectionDraft, written: Result<(), DbErr>) -> Result<(), SaveCollectionError> {
    match written {
        Ok(()) => Ok(()),
        Err(error) if violation(&error) == Some(Violation::Unique("uq_collections_handle".to_owned())) => {
            Err(SaveCollectionError::HandleTaken(draft.handle().clone()))
        }
        Err(error) => Err(fault("writing a collection")(error).into()),
    }
}

fn row(id: CollectionId, draft: &CollectionDraft, now: Timestamp) -> collection::ActiveModel {
    let image = draft.image();
    collection::ActiveModel {
        id: Set(id.uuid()),
        handle: Set(draft.handle().as_str().to_owned()),
        title: Set(draft.title().to_owned()),
        title_key: Set(fold_key(draft.title())),
        title_words: Set(words(draft.title())),
        description_html: Set(draft.description().html.clone()),
        description: Set(draft.description().text.clone()),
        image_url: Set(image.map(|i| i.url.clone())),
        image_alt_text: Set(image.and_then(|i| i.alt_text.clone())),
        image_width: Set(rows::pixels(image.and_then(|i| i.width))),
        image_height: Set(rows::pixels(image.and_then(|i| i.height))),
        seo_title: Set(draft.seo().title.clone()),
        seo_description: Set(draft.seo().description.clone()),
        sort_order: Set(draft.default_sort().name().to_owned()),
        published_at: Set(draft.published_at().map(stored)),
        updated_at: Set(stored(now)),
        ..Default::default()
    }
}

/// The words of a title between hyphens, so that a search can ask for a whole one (`-mug-`) or a beginning (`-mug`).
fn words(title: &str) -> String {
    search_terms(title).fold("-".to_owned(), |words, term| words + &term + "-").chars().take(512).collect()
}
