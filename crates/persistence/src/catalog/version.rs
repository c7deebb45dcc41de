//! The catalogue's version: every write raises it, and caches are keyed by it.

use super::entities::{product, state};
use crate::db::{CatalogueReader, Conn, Db, Raw, WriteTx, fault};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};
use stoa_domain::shared::{Currency, Fault, Timestamp};

const ROW: i16 = 1;

/// The version, which says that nothing has changed since it was last the same. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn version(conn: &impl Conn) -> Result<i64, Fault> {
    let state = state::Entity::find_by_id(ROW)
        .one(conn.raw())
        .await
        .map_err(fault("reading the catalogue's version"))?;
    state.map(|row| row.version).ok_or_else(|| Fault::bug("the catalogue has no version"))
}

/// What the catalogue is read on so that it is of this version at least: a replica that has it, or else the primary, which is never
/// behind. Costs nothing where there is no replica.
///
/// # Errors
/// Neither answers.
pub async fn since(db: &Db, wanted: i64) -> Result<CatalogueReader<'_>, Fault> {
    let reader = db.one_catalogue().await?;
    if !reader.may_be_behind() {
        return Ok(reader);
    }
    // Of a replica that fails meanwhile, this is the primary's.
    let has = version(&reader).await?;
    if has >= wanted {
        return Ok(reader);
    }
    tracing::debug!(has, wanted, "a replica is behind; the catalogue is read on the primary");
    Ok(db.primary_catalogue())
}

/// The version after `seen`, as far as the replica knows, or the primary where none answers. One that is lower is that of another
/// replica, further behind, unless the primary says so too: then writes have been lost, and everything is another.
///
/// # Errors
/// A database does not answer.
pub async fn version_after(db: &Db, seen: i64) -> Result<i64, Fault> {
    let now = version(&db.catalogue()).await?;
    if now < seen && db.has_replica() { version(db.read()).await } else { Ok(now) }
}

/// How many versions a replica lacks that the primary has; `None` where there is no replica.
///
/// # Errors
/// One of them does not answer.
pub async fn versions_behind(db: &Db) -> Result<Option<i64>, Fault> {
    let Some(answer) = db.ping_replica().await else { return Ok(None) };
    answer?;
    let wanted = version(db.read()).await?;
    let has = version(&db.catalogue()).await?;
    Ok(Some(if has < wanted { wanted - has } else { 0 }))
}

/// Raises the version: the first statement of every write to the catalogue. Its row is locked from then on, so that those who
/// write to the catalogue take turns, and none meets another half way.
pub(super) async fn raise(tx: &WriteTx) -> Result<(), DbErr> {
    state::Entity::update_many()
        .col_expr(state::Column::Version, Expr::col(state::Column::Version).add(1_i64))
        .filter(state::Column::Id.eq(ROW))
        .exec(tx.raw())
        .await
        .map(drop)
}

/// Takes the turn of whoever writes to the catalogue, before they read what they are about to change: behind it nobody else changes
/// anything of it until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn take_turn(tx: &WriteTx) -> Result<(), Fault> {
    raise(tx).await.map_err(fault("raising the catalogue's version"))
}

/// The currency that prices are in, which is `currency` from now on if nobody has said yet or there is no product: a price is
/// a number of minor units, and means another amount in each currency.
///
/// # Errors
/// The database does not answer.
pub async fn settle_currency(tx: &WriteTx, currency: Currency) -> Result<String, Fault> {
    let any_product = Query::select().expr(Expr::value(1)).from(product::Entity).take();
    state::Entity::update_many()
        .col_expr(state::Column::Currency, Expr::value(currency.code()))
        .filter(state::Column::Id.eq(ROW))
        .filter(state::Column::Currency.is_null().or(Expr::exists(any_product).not()))
        .exec(tx.raw())
        .await
        .map_err(fault("settling the catalogue's currency"))?;
    let state = state::Entity::find_by_id(ROW).one(tx.raw()).await;
    let state = state.map_err(fault("reading the catalogue's currency"))?;
    state.and_then(|row| row.currency).ok_or_else(|| Fault::bug("the catalogue has no currency"))
}

/// When the next product appears by itself, its time of publication having come: the catalogue then looks different
/// although nobody has written.
///
/// # Errors
/// The database does not answer.
pub async fn next_publication(conn: &impl Conn, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    let query = Query::select()
        .expr_as(Expr::col(product::Column::ListedAt).min(), "next")
        .from(product::Entity)
        .and_where(product::Column::ListedAt.gt(now))
        .take();
    let read = async {
        let row = conn.raw().query_one(&query).await?;
        row.map_or(Ok(None), |row| row.try_get("", "next"))
    };
    read.await.map_err(fault("reading when the next product is published"))
}
