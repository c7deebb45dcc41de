//! Making, changing and taking away markets.

use super::{
    entities::{countries, markets},
    map,
};
use crate::{
    catalog,
    db::{Raw, Violation, WriteTx, fault, stored, violation},
    price_list,
    pricing::{Removed, Saved, removed, saved},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType},
};
use stoa_domain::{
    market::Market,
    shared::{Fault, MarketId, Timestamp},
};

const NAME: &str = "uq_markets_name_key";
const COUNTRY: &str = "pk_market_countries";

/// What became of a change of a market. In all cases but the first the transaction must be given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarketSaved {
    /// It is written.
    Saved,
    /// Somebody else has changed it since it was read, or it is gone.
    Stale,
    /// Another one has its name.
    NameTaken,
    /// Another one has one of its countries.
    CountryTaken,
    /// There is no such price list.
    NoList,
}

/// Makes a market.
///
/// # Errors
/// The database does not answer.
pub async fn insert(tx: &WriteTx, new: &Market, now: Timestamp) -> Result<MarketSaved, Fault> {
    catalog::raise_prices(tx).await?;
    let row = markets::ActiveModel {
        id: Set(new.id.uuid()),
        version: Set(1),
        created_at: Set(stored(now)),
        ..map::to_row(new, now)?
    };
    let written = markets::Entity::insert(row).exec_without_returning(tx.raw()).await;
    finish(tx, new, saved(written, NAME, fault("market.insert"))?).await
}

/// Makes of a market, if it still is of the version that was read, what it may become.
///
/// # Errors
/// The database does not answer.
pub async fn update(tx: &WriteTx, version: i64, to: &Market, now: Timestamp) -> Result<MarketSaved, Fault> {
    catalog::raise_prices(tx).await?;
    let written = markets::Entity::update_many()
        .set(map::to_row(to, now)?)
        .col_expr(markets::Column::Version, Expr::col(markets::Column::Version).add(1_i64))
        .filter(markets::Column::Id.eq(to.id.uuid()))
        .filter(markets::Column::Version.eq(version))
        .exec(tx.raw())
        .await
        .map(|written| written.rows_affected);
    finish(tx, to, saved(written, NAME, fault("market.update"))?).await
}

/// What belongs to a row that was written, or why it was not.
async fn finish(tx: &WriteTx, market: &Market, row: Saved) -> Result<MarketSaved, Fault> {
    match row {
        Saved::Saved => {}
        Saved::Stale => return Ok(MarketSaved::Stale),
        Saved::Taken => return Ok(MarketSaved::NameTaken),
        Saved::Unknown => return Ok(MarketSaved::NoList),
    }
    if let Some(list) = market.price_list
        && !price_list::is_there(tx, list).await?
    {
        return Ok(MarketSaved::NoList);
    }
    leave(tx, market.id).await?;
    let rows: Vec<countries::ActiveModel> = map::to_countries(market).collect();
    if rows.is_empty() {
        return Ok(MarketSaved::Saved);
    }
    match countries::Entity::insert_many(rows).exec_without_returning(tx.raw()).await {
        Ok(_) => Ok(MarketSaved::Saved),
        Err(error) if violation(&error) == Some(Violation::Unique(COUNTRY.to_owned())) => {
            Ok(MarketSaved::CountryTaken)
        }
        Err(error) => Err(fault("market.countries")(error)),
    }
}

/// Takes a market away, unless price lists are for it alone. Its countries are the shop's own market's from then on.
///
/// # Errors
/// The database does not answer.
pub async fn remove(tx: &WriteTx, id: MarketId, version: i64) -> Result<Removed, Fault> {
    catalog::raise_prices(tx).await?;
    if price_list::is_of_market(tx, id).await? {
        return Ok(Removed::InUse);
    }
    // Markets are locked before their countries.
    let row = markets::Entity::find_by_id(id.uuid())
        .filter(markets::Column::Version.eq(version))
        .lock(LockType::Update);
    if row.one(tx.raw()).await.map_err(fault("market.remove"))?.is_none() {
        return Ok(Removed::Stale);
    }
    leave(tx, id).await?;
    let gone = markets::Entity::delete_by_id(id.uuid()).exec(tx.raw()).await;
    Ok(removed(gone.map_err(fault("market.remove"))?.rows_affected))
}

async fn leave(tx: &WriteTx, id: MarketId) -> Result<(), Fault> {
    let all = countries::Entity::delete_many().filter(countries::Column::MarketId.eq(id.uuid()));
    all.exec(tx.raw()).await.map(drop).map_err(fault("market.leave"))
}
