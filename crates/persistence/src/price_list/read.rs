//! Reading price lists.

use super::{entities::lists, map};
use crate::{
    db::{Conn, fault, padded},
    pricing::{Kept, Switched, arranged},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use stoa_domain::{
    pricing::PriceList,
    shared::{Fault, MarketId, PriceListId},
};
use uuid::Uuid;

/// By id.
///
/// # Errors
/// The database does not answer.
pub async fn find(conn: &impl Conn, id: PriceListId) -> Result<Option<Kept<Switched<PriceList>>>, Fault> {
    Ok(find_all(conn, &[id]).await?.pop())
}

/// Those with these ids that there are and that this version can read, in the order of the ids. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn find_all(
    conn: &impl Conn,
    ids: &[PriceListId],
) -> Result<Vec<Kept<Switched<PriceList>>>, Fault> {
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = lists::Entity::find().filter(lists::Column::Id.is_in(padded(&uuids))).all(conn.raw()).await;
    let rows = rows.map_err(fault("price_list.find_all"))?;
    Ok(arranged(&uuids, rows.into_iter().filter_map(|row| Some((row.id, map::from_row(row)?)))))
}

/// Those in use, with the ids of those that this version cannot read. One statement.
pub(crate) async fn active(conn: &impl Conn) -> Result<(Vec<PriceList>, Vec<Uuid>), Fault> {
    let rows = lists::Entity::find().filter(lists::Column::Active.eq(true)).all(conn.raw()).await;
    let (mut read, mut unreadable) = (Vec::new(), Vec::new());
    for row in rows.map_err(fault("price_list.active"))? {
        let id = row.id;
        match map::from_row(row) {
            Some(list) => read.push(list.rule.rule),
            None => unreadable.push(id),
        }
    }
    Ok((read, unreadable))
}

/// Whether there is such a list. One statement.
pub(crate) async fn is_there(conn: &impl Conn, id: PriceListId) -> Result<bool, Fault> {
    let row = lists::Entity::find_by_id(id.uuid()).one(conn.raw()).await;
    Ok(row.map_err(fault("price_list.is_there"))?.is_some())
}

/// Whether some list is of this market alone. One statement.
pub(crate) async fn is_of_market(conn: &impl Conn, id: MarketId) -> Result<bool, Fault> {
    let row = lists::Entity::find().filter(lists::Column::MarketId.eq(id.uuid())).one(conn.raw()).await;
    Ok(row.map_err(fault("price_list.is_of_market"))?.is_some())
}
