//! Ways of delivering.

use super::{entities::methods, map};
use crate::{
    catalog,
    db::{Conn, Key, Keyset, ListError, Raw, WriteTx, fault, padded, stored},
    pricing::{Kept, Removed, Saved, Switched, arranged, removed, saved},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};
use stoa_domain::{
    delivery::DeliveryMethod,
    shared::{
        DeliveryMethodId, Fault, TaxCategoryId, Timestamp,
        page::{Page, PageRequest},
    },
};
use uuid::Uuid;

/// Cursors of this list carry this.
const ORDER: u8 = 0xb7;
const HANDLE: &str = "uq_delivery_methods_handle";

/// By id.
///
/// # Errors
/// The database does not answer.
pub async fn find_method(
    conn: &impl Conn,
    id: DeliveryMethodId,
) -> Result<Option<Kept<Switched<DeliveryMethod>>>, Fault> {
    Ok(find_methods(conn, &[id]).await?.pop())
}

/// Those with these ids that there are and that this version can read, in the order of the ids. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn find_methods(
    conn: &impl Conn,
    ids: &[DeliveryMethodId],
) -> Result<Vec<Kept<Switched<DeliveryMethod>>>, Fault> {
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = methods::Entity::find().filter(methods::Column::Id.is_in(padded(&uuids)));
    let rows = rows.all(conn.raw()).await.map_err(fault("delivery.find_methods"))?;
    Ok(arranged(&uuids, rows.into_iter().filter_map(|row| Some((row.id, map::from_method(row)?)))))
}

/// How many there are. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn count_methods(conn: &impl Conn) -> Result<u64, Fault> {
    methods::Entity::find().count(conn.raw()).await.map_err(fault("delivery.count_methods"))
}

/// All of them, switched off or not, with the ids of those that this version cannot read. One statement.
pub(crate) async fn all(conn: &impl Conn) -> Result<(Vec<Switched<DeliveryMethod>>, Vec<Uuid>), Fault> {
    let rows = methods::Entity::find().all(conn.raw()).await.map_err(fault("delivery.all_methods"))?;
    let (mut read, mut unreadable) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        let id = row.id;
        match map::from_method(row) {
            Some(method) => read.push(method.rule),
            None => unreadable.push(id),
        }
    }
    Ok((read, unreadable))
}

/// Whether some way of delivering is taxed as this category. One statement.
pub(crate) async fn has_tax_category(conn: &impl Conn, id: TaxCategoryId) -> Result<bool, Fault> {
    let taxed = methods::Entity::find().filter(methods::Column::TaxCategoryId.eq(id.uuid()));
    Ok(taxed.one(conn.raw()).await.map_err(fault("delivery.has_tax_category"))?.is_some())
}

/// A page of the methods, in the order in which buyers are offered them. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_methods(
    conn: &impl Conn,
    request: &PageRequest,
) -> Result<Page<DeliveryMethodId>, ListError> {
    let m = |column: methods::Column| Expr::col((methods::Entity, column));
    let keyset = Keyset {
        order: ORDER,
        key: Key::Number(m(methods::Column::Position).cast_as("bigint")),
        id: m(methods::Column::Id),
        ascending: true,
    };
    keyset.page(conn, &mut Query::select().from(methods::Entity).take(), request).await
}

/// Makes a method. Taken where another one has the handle, unknown where there is no such zone or category.
///
/// # Errors
/// The database does not answer.
pub async fn insert_method(
    tx: &WriteTx,
    new: &Switched<DeliveryMethod>,
    now: Timestamp,
) -> Result<Saved, Fault> {
    catalog::raise_rules(tx).await?;
    let row = methods::ActiveModel {
        id: Set(new.rule.id.uuid()),
        version: Set(1),
        created_at: Set(stored(now)),
        ..map::to_method(new, now)?
    };
    let written = methods::Entity::insert(row).exec_without_returning(tx.raw()).await;
    saved(written, HANDLE, fault("delivery.insert_method"))
}

/// Makes of a method, if it still is of the version that was read, what it may become.
///
/// # Errors
/// The database does not answer.
pub async fn update_method(
    tx: &WriteTx,
    version: i64,
    to: &Switched<DeliveryMethod>,
    now: Timestamp,
) -> Result<Saved, Fault> {
    catalog::raise_rules(tx).await?;
    let written = methods::Entity::update_many()
        .set(map::to_method(to, now)?)
        .col_expr(methods::Column::Version, Expr::col(methods::Column::Version).add(1_i64))
        .filter(methods::Column::Id.eq(to.rule.id.uuid()))
        .filter(methods::Column::Version.eq(version))
        .exec(tx.raw())
        .await;
    saved(written.map(|written| written.rows_affected), HANDLE, fault("delivery.update_method"))
}

/// Takes a method away; orders that it delivered keep its name.
///
/// # Errors
/// The database does not answer.
pub async fn remove_method(tx: &WriteTx, id: DeliveryMethodId, version: i64) -> Result<Removed, Fault> {
    catalog::raise_rules(tx).await?;
    let gone = methods::Entity::delete_many()
        .filter(methods::Column::Id.eq(id.uuid()))
        .filter(methods::Column::Version.eq(version))
        .exec(tx.raw())
        .await;
    Ok(removed(gone.map_err(fault("delivery.remove_method"))?.rows_affected))
}
