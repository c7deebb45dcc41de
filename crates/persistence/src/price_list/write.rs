//! Making, changing and taking away price lists.

use super::{
    entities::{lists, prices},
    map,
};
use crate::{
    catalog,
    db::{Raw, WriteTx, fault, stored},
    market,
    pricing::{Removed, Saved, Switched, removed, saved},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType},
};
use stoa_domain::{
    pricing::PriceList,
    shared::{Fault, PriceListId, Timestamp},
};

const NAME: &str = "uq_price_lists_name_key";

/// Makes a list, which fixes nothing yet. Unknown where there is no such market.
///
/// # Errors
/// The database does not answer.
pub async fn insert(tx: &WriteTx, new: &Switched<PriceList>, now: Timestamp) -> Result<Saved, Fault> {
    catalog::raise_prices(tx).await?;
    let row = lists::ActiveModel {
        id: Set(new.rule.id.uuid()),
        version: Set(1),
        created_at: Set(stored(now)),
        ..map::to_row(new, now)?
    };
    let written = lists::Entity::insert(row).exec_without_returning(tx.raw()).await;
    saved(written, NAME, fault("price_list.insert"))
}

/// Makes of a list, if it still is of the version that was read, what it may become. What it fixes stays.
///
/// # Errors
/// The database does not answer.
pub async fn update(
    tx: &WriteTx,
    version: i64,
    to: &Switched<PriceList>,
    now: Timestamp,
) -> Result<Saved, Fault> {
    catalog::raise_prices(tx).await?;
    let written = lists::Entity::update_many()
        .set(map::to_row(to, now)?)
        .col_expr(lists::Column::Version, Expr::col(lists::Column::Version).add(1_i64))
        .filter(lists::Column::Id.eq(to.rule.id.uuid()))
        .filter(lists::Column::Version.eq(version))
        .exec(tx.raw())
        .await;
    saved(written.map(|written| written.rows_affected), NAME, fault("price_list.update"))
}

/// Takes a list away with all that it fixes, unless it is a market's.
///
/// # Errors
/// The database does not answer.
pub async fn remove(tx: &WriteTx, id: PriceListId, version: i64) -> Result<Removed, Fault> {
    catalog::raise_prices(tx).await?;
    if market::has_list(tx, id).await? {
        return Ok(Removed::InUse);
    }
    // Lists are locked before what they fix.
    let row = lists::Entity::find_by_id(id.uuid())
        .filter(lists::Column::Version.eq(version))
        .lock(LockType::Update);
    if row.one(tx.raw()).await.map_err(fault("price_list.remove"))?.is_none() {
        return Ok(Removed::Stale);
    }
    let fixed = prices::Entity::delete_many().filter(prices::Column::PriceListId.eq(id.uuid()));
    fixed.exec(tx.raw()).await.map_err(fault("price_list.remove"))?;
    let gone = lists::Entity::delete_by_id(id.uuid()).exec(tx.raw()).await;
    Ok(removed(gone.map_err(fault("price_list.remove"))?.rows_affected))
}
