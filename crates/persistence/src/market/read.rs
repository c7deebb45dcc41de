//! Reading markets.

use super::{
    entities::{countries, markets},
    map,
};
use crate::{
    db::{Conn, Key, Keyset, ListError, fault, padded},
    pricing::{Kept, arranged},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, Select,
    sea_query::{Expr, Query},
};
use std::collections::{BTreeSet, HashMap};
use stoa_domain::{
    market::Market,
    shared::{
        CountryCode, Currency, Fault, MarketId, PriceListId,
        page::{Page, PageRequest},
    },
};
use uuid::Uuid;

/// Cursors of this list carry this.
const ORDER: u8 = 0xb3;

/// By id.
///
/// # Errors
/// The database does not answer.
pub async fn find(conn: &impl Conn, id: MarketId) -> Result<Option<Kept<Market>>, Fault> {
    Ok(find_all(conn, &[id]).await?.pop())
}

/// Those with these ids that there are and that this version can read, in the order of the ids. Two statements.
///
/// # Errors
/// The database does not answer.
pub async fn find_all(conn: &impl Conn, ids: &[MarketId]) -> Result<Vec<Kept<Market>>, Fault> {
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = markets::Entity::find().filter(markets::Column::Id.is_in(padded(&uuids)));
    let rows = rows.all(conn.raw()).await.map_err(fault("market.find_all"))?;
    let of_them = countries::Entity::find().filter(countries::Column::MarketId.is_in(padded(&uuids)));
    let mut countries = by_market(conn, of_them).await?;
    let read = rows.into_iter().filter_map(|row| {
        let id = row.id;
        Some((id, map::from_row(row, countries.remove(&id).unwrap_or_default())?))
    });
    Ok(arranged(&uuids, read))
}

/// Those in use, with the ids of those that this version cannot read. Two statements.
pub(crate) async fn active(conn: &impl Conn) -> Result<(Vec<Market>, Vec<Uuid>), Fault> {
    let rows = markets::Entity::find().filter(markets::Column::Active.eq(true)).all(conn.raw()).await;
    let rows = rows.map_err(fault("market.active"))?;
    let mut countries = by_market(conn, countries::Entity::find()).await?;
    let (mut read, mut unreadable) = (Vec::new(), Vec::new());
    for row in rows {
        let id = row.id;
        match map::from_row(row, countries.remove(&id).unwrap_or_default()) {
            Some(market) => read.push(market.rule),
            None => unreadable.push(id),
        }
    }
    Ok((read, unreadable))
}

async fn by_market(
    conn: &impl Conn,
    countries: Select<countries::Entity>,
) -> Result<HashMap<Uuid, BTreeSet<CountryCode>>, Fault> {
    let mut found: HashMap<Uuid, BTreeSet<CountryCode>> = HashMap::new();
    for row in countries.all(conn.raw()).await.map_err(fault("market.countries"))? {
        found.entry(row.market_id).or_default().extend(CountryCode::parse(&row.country));
    }
    Ok(found)
}

/// Whether a list is some market's. One statement.
pub(crate) async fn has_list(conn: &impl Conn, list: PriceListId) -> Result<bool, Fault> {
    let row = markets::Entity::find().filter(markets::Column::PriceListId.eq(list.uuid()));
    Ok(row.one(conn.raw()).await.map_err(fault("market.has_list"))?.is_some())
}

/// Whether a market that is in use is paid in this currency. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn is_paid_in(conn: &impl Conn, currency: Currency) -> Result<bool, Fault> {
    let row = markets::Entity::find()
        .filter(markets::Column::Currency.eq(currency.code()))
        .filter(markets::Column::Active.eq(true));
    Ok(row.one(conn.raw()).await.map_err(fault("market.is_paid_in"))?.is_some())
}

/// A page of the markets, by name. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_markets(conn: &impl Conn, request: &PageRequest) -> Result<Page<MarketId>, ListError> {
    let m = |column: markets::Column| Expr::col((markets::Entity, column));
    let keyset = Keyset {
        order: ORDER,
        key: Key::Text(m(markets::Column::NameKey)),
        id: m(markets::Column::Id),
        ascending: true,
    };
    keyset.page(conn, &mut Query::select().from(markets::Entity).take(), request).await
}
