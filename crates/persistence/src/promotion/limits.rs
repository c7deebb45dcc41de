//! How much of a promotion there is for all buyers together. Only what is limited has a counter, which each order that takes it locks.

use super::{Limits, entities::counters};
use crate::db::{Raw, WriteTx, fault};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ConnectionTrait, DbErr, EntityTrait, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func, LockType, OnConflict, Query},
};
use stoa_domain::shared::{Fault, PromotionId};

/// Puts limits to a promotion, or takes them away. What orders have taken already counts; of one that was priced before there was a limit and is being
/// written now only [`recount`] knows.
pub(super) async fn put(tx: &WriteTx, id: PromotionId, limits: Limits) -> Result<(), Fault> {
    let put = async {
        if !limits.any() {
            return counters::Entity::delete_by_id(id.uuid()).exec(tx.raw()).await.map(drop);
        }
        let (used, spent) = taken(tx, id).await?;
        let row = counters::ActiveModel {
            promotion_id: Set(id.uuid()),
            used: Set(used),
            most: Set(limits.most),
            spent: Set(spent),
            budget: Set(limits.budget),
        };
        // A counter that is there has counted by itself.
        let there = OnConflict::column(counters::Column::PromotionId)
            .update_columns([counters::Column::Most, counters::Column::Budget])
            .to_owned();
        counters::Entity::insert(row).on_conflict(there).exec_without_returning(tx.raw()).await.map(drop)
    };
    put.await.map_err(fault("promotion.limits"))
}

/// Counts anew what orders have taken of a promotion that is limited. Behind its counter's lock: whoever takes or gives back at the same time has
/// either written both its use and its counter by then, or comes to the counter later.
///
/// # Errors
/// The database does not answer.
pub async fn recount(tx: &WriteTx, id: PromotionId) -> Result<(), Fault> {
    let counted = async {
        let counter = counters::Entity::find_by_id(id.uuid())
            .order_by_asc(counters::Column::PromotionId)
            .lock(LockType::Update);
        if counter.one(tx.raw()).await?.is_none() {
            return Ok(());
        }
        // A statement of its own: on Postgres it sees what was committed while the lock was waited for.
        let (used, spent) = taken(tx, id).await?;
        let counter = counters::ActiveModel {
            promotion_id: Unchanged(id.uuid()),
            used: Set(used),
            spent: Set(spent),
            ..Default::default()
        };
        counters::Entity::update(counter).exec_without_returning(tx.raw()).await.map(drop)
    };
    counted.await.map_err(fault("promotion.recount"))
}

/// On how many orders it is, and what it took off there in the shop's currency; of those that have ended nothing.
async fn taken(tx: &WriteTx, id: PromotionId) -> Result<(i64, i64), DbErr> {
    let spent = Func::coalesce([Expr::col("amount_shop").sum().cast_as("bigint"), Expr::val(0_i64)]);
    let query = Query::select()
        .expr_as(Expr::from(Func::count(Expr::cust("*"))).cast_as("bigint"), "used")
        .expr_as(Expr::from(spent), "spent")
        .from("promotion_uses")
        .and_where(Expr::col("promotion_id").eq(id.uuid()))
        .and_where(Expr::col("state").eq("taken"))
        .take();
    let row = tx.raw().query_one(&query).await?;
    let row = row.ok_or(DbErr::RecordNotFound("a sum".to_owned()))?;
    Ok((row.try_get("", "used")?, row.try_get("", "spent")?))
}
