//! Which files were uploaded. The files themselves are in the media store: a file is put there first, and its row written then; its row is
//! taken away first, and the file then.

mod entity;

use crate::db::{Conn, Key, Keyset, ListError, Raw, WriteTx, fault, fitting, padded, stored};
use entity::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, Query},
};
use std::collections::HashMap;
use stoa_domain::{
    media::{FileName, MediaFile, MediaKey, MediaType, Visibility},
    shared::{
        Fault, MediaId,
        page::{Page, PageRequest},
    },
};
use uuid::Uuid;

/// Cursors of this list carry this.
const ORDER: u8 = 0xa2;
/// Characters of who brought it.
const NAME: usize = 255;

/// A row that says what cannot be: somebody wrote to the table by hand, or there is a bug.
const UNREADABLE: Fault = Fault::bug("media.read: a row that no version of the program writes");

/// Writes down a file that is in the store.
///
/// # Errors
/// The database does not answer.
pub async fn insert(tx: &WriteTx, file: &MediaFile) -> Result<(), Fault> {
    let pixels = |n: u32| i32::try_from(n).map_err(|e| Fault::internal("media.insert", e));
    let (width, height) = file.size.unzip();
    let row = ActiveModel {
        id: Set(file.key.id.uuid()),
        digest: Set(file.digest.clone()),
        visibility: Set(file.key.visibility.name().to_owned()),
        mime: Set(file.kind.mime().to_owned()),
        bytes: Set(i64::try_from(file.bytes).map_err(|e| Fault::internal("media.insert", e))?),
        width: Set(width.map(pixels).transpose()?),
        height: Set(height.map(pixels).transpose()?),
        name: Set(file.key.name.as_str().to_owned()),
        alt: Set(file.alt_text.as_deref().map(alt)),
        created_by: Set(fitting(&file.created_by, NAME)),
        created_at: Set(stored(file.created_at)),
    };
    let written = Entity::insert(row).exec_without_returning(tx.raw()).await;
    written.map(drop).map_err(fault("media.insert"))
}

/// By id.
///
/// # Errors
/// The database does not answer.
pub async fn find(conn: &impl Conn, id: MediaId) -> Result<Option<MediaFile>, Fault> {
    Ok(find_all(conn, &[id]).await?.pop())
}

/// Those with these ids that there are, in the order of the ids. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn find_all(conn: &impl Conn, ids: &[MediaId]) -> Result<Vec<MediaFile>, Fault> {
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find().filter(Column::Id.is_in(padded(&uuids))).all(conn.raw()).await;
    let rows = rows.map_err(fault("media.find"))?;
    let mut found: HashMap<Uuid, Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    uuids.iter().filter_map(|id| found.remove(id)).map(file).collect()
}

/// A file of this content that may be fetched so, if there is one: the same picture need not be kept twice. The oldest of several.
///
/// # Errors
/// The database does not answer.
pub async fn find_by_digest(
    conn: &impl Conn,
    digest: &str,
    visibility: Visibility,
) -> Result<Option<MediaFile>, Fault> {
    let row = Entity::find()
        .filter(Column::Digest.eq(digest))
        .filter(Column::Visibility.eq(visibility.name()))
        .order_by_asc(Column::Id)
        .one(conn.raw())
        .await
        .map_err(fault("media.find_by_digest"))?;
    row.map(file).transpose()
}

/// A page of the files, the latest first. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_files(conn: &impl Conn, request: &PageRequest) -> Result<Page<MediaId>, ListError> {
    let id = Expr::col((Entity, Column::Id));
    let keyset = Keyset { order: ORDER, key: Key::Id, id, ascending: false };
    keyset.page(conn, &mut Query::select().from(Entity).take(), request).await
}

/// Says what a picture shows. False if there is no such file.
///
/// # Errors
/// The database does not answer.
pub async fn set_alt_text(tx: &WriteTx, id: MediaId, text: Option<&str>) -> Result<bool, Fault> {
    let said = Entity::update_many()
        .col_expr(Column::Alt, Expr::value(text.map(alt)))
        .filter(Column::Id.eq(id.uuid()))
        .exec(tx.raw())
        .await
        .map_err(fault("media.set_alt_text"))?;
    Ok(said.rows_affected == 1)
}

/// Forgets a file, and gives it as it was: once this is committed it can go from the store. `None` if there is none.
///
/// # Errors
/// The database does not answer.
pub async fn remove(tx: &WriteTx, id: MediaId) -> Result<Option<MediaFile>, Fault> {
    let gone = Entity::delete_many().filter(Column::Id.eq(id.uuid())).exec_with_returning(tx.raw()).await;
    gone.map_err(fault("media.remove"))?.into_iter().next().map(file).transpose()
}

/// As a column takes it; a text that tells a screen reader what is there is never cut.
fn alt(text: &str) -> String {
    fitting(text, usize::MAX)
}

fn file(row: Model) -> Result<MediaFile, Fault> {
    let pixels = |n: i32| u32::try_from(n).map_err(|_| UNREADABLE);
    let width = row.width.map(pixels).transpose()?;
    let height = row.height.map(pixels).transpose()?;
    let kind = MediaType::from_mime(&row.mime).ok_or(UNREADABLE)?;
    Ok(MediaFile {
        key: MediaKey {
            visibility: Visibility::from_name(&row.visibility).ok_or(UNREADABLE)?,
            id: MediaId::new(row.id),
            name: FileName::parse(&row.name).ok_or(UNREADABLE)?,
        },
        digest: row.digest,
        kind,
        bytes: u64::try_from(row.bytes).map_err(|_| UNREADABLE)?,
        size: width.zip(height),
        alt_text: row.alt,
        created_by: row.created_by,
        created_at: row.created_at,
    })
}

#[cfg(test)]
mod tests;
