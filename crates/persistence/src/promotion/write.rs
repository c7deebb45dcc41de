//! Making and changing promotions. They are never taken away: orders that have them speak of them.

use super::{StaffPromotion, entities::promotions, limits, map};
use crate::{
    catalog,
    db::{Raw, WriteTx, fault, stored},
    pricing::{Saved, saved},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use stoa_domain::shared::{Fault, Timestamp};

/// Titles may be alike.
const NONE: &str = "";

/// Makes a promotion.
///
/// # Errors
/// The database does not answer.
pub async fn insert(tx: &WriteTx, new: &StaffPromotion, now: Timestamp) -> Result<(), Fault> {
    catalog::raise_rules(tx).await?;
    let row = promotions::ActiveModel {
        id: Set(new.promotion.id.uuid()),
        version: Set(1),
        created_at: Set(stored(now)),
        ..map::to_row(new, now)?
    };
    let written = promotions::Entity::insert(row).exec_without_returning(tx.raw()).await;
    written.map_err(fault("promotion.insert"))?;
    limits::put(tx, new.promotion.id, new.limits).await
}

/// Makes of a promotion, if it still is of the version that was read, what it may become. What was used of it stays used.
///
/// # Errors
/// The database does not answer.
pub async fn update(tx: &WriteTx, version: i64, to: &StaffPromotion, now: Timestamp) -> Result<Saved, Fault> {
    catalog::raise_rules(tx).await?;
    let rows = promotions::Entity::update_many()
        .set(map::to_row(to, now)?)
        .col_expr(promotions::Column::Version, Expr::col(promotions::Column::Version).add(1_i64))
        .filter(promotions::Column::Id.eq(to.promotion.id.uuid()))
        .filter(promotions::Column::Version.eq(version))
        .exec(tx.raw())
        .await;
    let outcome = saved(rows.map(|written| written.rows_affected), NONE, fault("promotion.update"))?;
    if outcome == Saved::Saved {
        limits::put(tx, to.promotion.id, to.limits).await?;
    }
    Ok(outcome)
}
