//! Kinds of goods that are taxed alike.

use super::{
    entities::{categories, rates},
    map,
};
use crate::{
    catalog,
    db::{Conn, Key, Keyset, ListError, Raw, WriteTx, fault, padded, stored},
    delivery,
    pricing::{Kept, Removed, Saved, arranged, removed, saved},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};
use stoa_domain::{
    shared::{
        Fault, TaxCategoryId, Timestamp,
        page::{Page, PageRequest},
    },
    tax::TaxCategory,
};
use uuid::Uuid;

/// Cursors of this list carry this.
const ORDER: u8 = 0xb4;
const CODE: &str = "uq_tax_categories_code";

/// Those with these ids that there are and that this version can read, in the order of the ids. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn find_categories(
    conn: &impl Conn,
    ids: &[TaxCategoryId],
) -> Result<Vec<Kept<TaxCategory>>, Fault> {
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = categories::Entity::find().filter(categories::Column::Id.is_in(padded(&uuids)));
    let rows = rows.all(conn.raw()).await.map_err(fault("tax.find_categories"))?;
    Ok(arranged(&uuids, rows.into_iter().filter_map(|row| Some((row.id, map::from_category(row)?)))))
}

/// How many there are. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn count(conn: &impl Conn) -> Result<u64, Fault> {
    categories::Entity::find().count(conn.raw()).await.map_err(fault("tax.count_categories"))
}

/// All of them, with the ids of those that this version cannot read. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn all(conn: &impl Conn) -> Result<(Vec<TaxCategory>, Vec<Uuid>), Fault> {
    let rows = categories::Entity::find().all(conn.raw()).await.map_err(fault("tax.all_categories"))?;
    let (mut read, mut unreadable) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        let id = row.id;
        match map::from_category(row) {
            Some(category) => read.push(category.rule),
            None => unreadable.push(id),
        }
    }
    Ok((read, unreadable))
}

/// A page of the categories, by code. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_categories(
    conn: &impl Conn,
    request: &PageRequest,
) -> Result<Page<TaxCategoryId>, ListError> {
    let c = |column: categories::Column| Expr::col((categories::Entity, column));
    let keyset = Keyset {
        order: ORDER,
        key: Key::Text(c(categories::Column::Code)),
        id: c(categories::Column::Id),
        ascending: true,
    };
    keyset.page(conn, &mut Query::select().from(categories::Entity).take(), request).await
}

/// Makes a category. Taken where another one has the code.
///
/// # Errors
/// The database does not answer.
pub async fn insert_category(tx: &WriteTx, new: &TaxCategory, now: Timestamp) -> Result<Saved, Fault> {
    catalog::raise_prices(tx).await?;
    let row = categories::ActiveModel {
        id: Set(new.id.uuid()),
        version: Set(1),
        created_at: Set(stored(now)),
        ..map::to_category(new, now)
    };
    let written = categories::Entity::insert(row).exec_without_returning(tx.raw()).await;
    saved(written, CODE, fault("tax.insert_category"))
}

/// Makes of a category, if it still is of the version that was read, what it may become.
///
/// # Errors
/// The database does not answer.
pub async fn update_category(
    tx: &WriteTx,
    version: i64,
    to: &TaxCategory,
    now: Timestamp,
) -> Result<Saved, Fault> {
    catalog::raise_prices(tx).await?;
    let written = categories::Entity::update_many()
        .set(map::to_category(to, now))
        .col_expr(categories::Column::Version, Expr::col(categories::Column::Version).add(1_i64))
        .filter(categories::Column::Id.eq(to.id.uuid()))
        .filter(categories::Column::Version.eq(version))
        .exec(tx.raw())
        .await;
    saved(written.map(|written| written.rows_affected), CODE, fault("tax.update_category"))
}

/// Takes a category away, unless goods, rates or ways of delivering are of it.
///
/// # Errors
/// The database does not answer.
pub async fn remove_category(tx: &WriteTx, id: TaxCategoryId, version: i64) -> Result<Removed, Fault> {
    catalog::raise_prices(tx).await?;
    // Whoever gives something a category has the turn, too.
    let rate = rates::Entity::find().filter(rates::Column::TaxCategoryId.eq(id.uuid()));
    if rate.one(tx.raw()).await.map_err(fault("tax.remove_category"))?.is_some()
        || catalog::has_tax_category(tx, id).await?
        || delivery::has_tax_category(tx, id).await?
    {
        return Ok(Removed::InUse);
    }
    let gone = categories::Entity::delete_many()
        .filter(categories::Column::Id.eq(id.uuid()))
        .filter(categories::Column::Version.eq(version))
        .exec(tx.raw())
        .await;
    Ok(removed(gone.map_err(fault("tax.remove_category"))?.rows_affected))
}
