//! Reading promotions.

use super::{
    PromotionState, StaffPromotion,
    entities::{counters, promotions},
    map,
};
use crate::{
    db::{Conn, fault, padded},
    pricing::{Kept, arranged},
};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QuerySelect, Select, SelectTwo,
};
use stoa_domain::shared::{Fault, PromotionId};
use uuid::Uuid;

/// By id.
///
/// # Errors
/// The database does not answer.
pub async fn find(conn: &impl Conn, id: PromotionId) -> Result<Option<Kept<StaffPromotion>>, Fault> {
    Ok(find_all(conn, &[id]).await?.pop())
}

/// Those with these ids that there are and that this version can read, in the order of the ids. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn find_all(conn: &impl Conn, ids: &[PromotionId]) -> Result<Vec<Kept<StaffPromotion>>, Fault> {
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = with_counters(promotions::Entity::find())
        .filter(promotions::Column::Id.is_in(padded(&uuids)))
        .all(conn.raw())
        .await
        .map_err(fault("promotion.find_all"))?;
    let read = rows.into_iter().filter_map(|(row, counter)| Some((row.id, map::from_row(row, counter)?)));
    Ok(arranged(&uuids, read))
}

/// How many are in use. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn count_active(conn: &impl Conn) -> Result<u64, Fault> {
    let active = promotions::Entity::find()
        .filter(promotions::Column::State.eq(PromotionState::Active.name()))
        .count(conn.raw());
    active.await.map_err(fault("promotion.count_active"))
}

/// Those in use, with the ids of those that this version cannot read. One statement.
pub(crate) async fn active(conn: &impl Conn) -> Result<(Vec<Kept<StaffPromotion>>, Vec<Uuid>), Fault> {
    let rows = with_counters(promotions::Entity::find())
        .filter(promotions::Column::State.eq(PromotionState::Active.name()))
        .all(conn.raw())
        .await
        .map_err(fault("promotion.active"))?;
    let (mut read, mut unreadable) = (Vec::with_capacity(rows.len()), Vec::new());
    for (row, counter) in rows {
        let id = row.id;
        match map::from_row(row, counter) {
            Some(promotion) => read.push(promotion),
            None => unreadable.push(id),
        }
    }
    Ok((read, unreadable))
}

fn with_counters(promotions: Select<promotions::Entity>) -> SelectTwo<promotions::Entity, counters::Entity> {
    let counter = promotions::Entity::belongs_to(counters::Entity)
        .from(promotions::Column::Id)
        .to(counters::Column::PromotionId);
    promotions.join(JoinType::LeftJoin, counter.into()).select_also(counters::Entity)
}
