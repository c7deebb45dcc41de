//! The catalogue's version: every write raises it, and caches are keyed by it. Beside it the number of the shop's rules, which every change of what
//! carts cost raises.

use super::entities::{product, state};
use crate::db::{CatalogueReader, Conn, Db, Raw, WriteTx, fault, stored};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use stoa_domain::shared::{Currency, Fault, Timestamp};

const ROW: i16 = 1;

/// The version, which says that nothing has changed since it was last the same. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn version(conn: &impl Conn) -> Result<i64, Fault> {
    versions(conn).await.map(|versions| versions.catalog)
}

/// What says that nothing has changed since it was last the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// Of what the catalogue shows.
    pub catalog: i64,
    /// Of the rules by which carts are priced.
    pub rules: i64,
}

/// Both, as they were at one moment. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn versions(conn: &impl Conn) -> Result<Versions, Fault> {
    let state = state::Entity::find_by_id(ROW)
        .one(conn.raw())
        .await
        .map_err(fault("reading the catalogue's version"))?;
    state
        .map(|row| Versions { catalog: row.version, rules: row.rules })
        .ok_or_else(|| Fault::bug("the catalogue has no version"))
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

/// Both after `seen`, as far as the replica knows, or the primary where none answers. A lower version is that of another
/// replica, further behind, unless the primary says so too: then writes have been lost, and everything is another.
///
/// # Errors
/// A database does not answer.
pub async fn versions_after(db: &Db, seen: i64) -> Result<Versions, Fault> {
    let now = versions(&db.catalogue()).await?;
    if now.catalog < seen && db.has_replica() { versions(db.read()).await } else { Ok(now) }
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

/// Raises the number of the rules: the first statement of every write of a rule that no page of the catalogue shows. Whoever writes rules
/// takes turns with whoever writes to the catalogue.
pub(crate) async fn raise_rules(tx: &WriteTx) -> Result<(), Fault> {
    state::Entity::update_many()
        .col_expr(state::Column::Rules, Expr::col(state::Column::Rules).add(1_i64))
        .filter(state::Column::Id.eq(ROW))
        .exec(tx.raw())
        .await
        .map(drop)
        .map_err(fault("raising the number of the rules"))
}

/// The same of a rule that prices of the catalogue are shown by: what was shown by the one before is old.
pub(crate) async fn raise_prices(tx: &WriteTx) -> Result<(), Fault> {
    state::Entity::update_many()
        .col_expr(state::Column::Rules, Expr::col(state::Column::Rules).add(1_i64))
        .col_expr(state::Column::Version, Expr::col(state::Column::Version).add(1_i64))
        .filter(state::Column::Id.eq(ROW))
        .exec(tx.raw())
        .await
        .map(drop)
        .map_err(fault("raising the number of the rules"))
}

/// The number of the rules, for a statement that reads something they are asked about.
pub(super) fn rules() -> SelectStatement {
    Query::select()
        .column((state::Entity, state::Column::Rules))
        .from(state::Entity)
        .and_where(Expr::col((state::Entity, state::Column::Id)).eq(ROW))
        .take()
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

/// When the catalogue next looks different although nobody has written: a product's time of publication comes, a price list begins or ends,
/// or a tax does, which prices that are the same without it show. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn next_change(conn: &impl Conn, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    let now = stored(now);
    let after = |table: &'static str, column: &'static str| {
        Query::select().expr(Expr::col(column).min()).from(table).and_where(Expr::col(column).gt(now)).take()
    };
    let switched = |column| after("price_lists", column).and_where(Expr::col("active").eq(true)).take();
    let moments = [
        after("products", "listed_at"),
        switched("starts_at"),
        switched("ends_at"),
        after("tax_rates", "valid_from"),
        after("tax_rates", "valid_until"),
    ];
    let mut query = Query::select();
    for (n, moment) in moments.iter().enumerate() {
        query.expr_as(Expr::expr(moment.clone()), format!("next_{n}"));
    }
    let read = async {
        let Some(row) = conn.raw().query_one(&query).await? else { return Ok(None) };
        let mut next: Option<Timestamp> = None;
        for n in 0..moments.len() {
            let at: Option<Timestamp> = row.try_get("", &format!("next_{n}"))?;
            next = next.into_iter().chain(at).min();
        }
        Ok(next)
    };
    read.await.map_err(fault("reading when the catalogue next changes by itself"))
}
