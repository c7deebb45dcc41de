//! What an order has taken of promotions is there for others again, once.

use super::{
    entities::{buyers, codes, counters, uses},
    take::TAKEN,
};
use crate::db::{Raw, WriteTx, by_key, fault, stored, update_in_order};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter,
    sea_query::{CaseStatement, Expr, ExprTrait},
};
use std::collections::{BTreeMap, BTreeSet};
use stoa_domain::shared::{Fault, OrderId, Timestamp};
use uuid::Uuid;

/// The state of a use that counts no more.
const GIVEN_BACK: &str = "given_back";

/// Gives back all that an order has taken and not given back before: the second time that is nothing. Behind the order's lock, and behind stock and
/// gift cards. Codes are locked before counters and those before buyers, each in the order of their keys, as they are when they are taken. At most four statements.
///
/// # Errors
/// The database does not answer.
pub async fn give_back(tx: &WriteTx, order: OrderId, now: Timestamp) -> Result<(), Fault> {
    let back = uses::Entity::update_many()
        .col_expr(uses::Column::State, Expr::value(GIVEN_BACK))
        .col_expr(uses::Column::GivenBackAt, Expr::value(stored(now)))
        .filter(uses::Column::OrderId.eq(order.uuid()))
        .filter(uses::Column::State.eq(TAKEN))
        .exec_with_returning(tx.raw())
        .await
        .map_err(fault("promotion.give_back"))?;
    if back.is_empty() {
        return Ok(());
    }
    lower(tx, &back).await.map_err(fault("promotion.give_back"))
}

/// A counter that was taken away meanwhile has nothing to be lowered. One statement a table.
async fn lower(tx: &WriteTx, back: &[uses::Model]) -> Result<(), DbErr> {
    lower_codes(tx, back).await?;
    lower_counters(tx, back).await?;
    lower_buyers(tx, back).await
}

async fn lower_codes(tx: &WriteTx, back: &[uses::Model]) -> Result<(), DbErr> {
    use codes::Column as C;
    let keys: BTreeSet<&str> = back.iter().filter_map(|of| of.code_key.as_deref()).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let these = Condition::all().add(C::CodeKey.is_in(keys));
    let update = codes::Entity::update_many().col_expr(C::Used, Expr::col(C::Used).sub(1));
    update_in_order(tx, update, &[C::CodeKey], (these, is_used(C::Used))).await.map(drop)
}

async fn lower_counters(tx: &WriteTx, back: &[uses::Model]) -> Result<(), DbErr> {
    use counters::Column as C;
    let given: BTreeMap<Uuid, i64> = back.iter().map(|of| (of.promotion_id, of.amount_shop)).collect();
    let by = || by_key(&Expr::col(C::PromotionId), &given);
    let spent = CaseStatement::new()
        .case(Expr::col(C::Spent).gte(by()), Expr::col(C::Spent).sub(by()))
        .finally(0_i64);
    let these = Condition::all().add(C::PromotionId.is_in(given.keys().copied()));
    let update = counters::Entity::update_many()
        .col_expr(C::Used, Expr::col(C::Used).sub(1))
        .col_expr(C::Spent, spent.into());
    update_in_order(tx, update, &[C::PromotionId], (these, is_used(C::Used))).await.map(drop)
}

async fn lower_buyers(tx: &WriteTx, back: &[uses::Model]) -> Result<(), DbErr> {
    use buyers::Column as C;
    let mut these = Condition::any();
    for of in back {
        let keys: Vec<String> = serde_json::from_str(&of.buyer_keys)
            .map_err(|e| DbErr::Type(format!("a use's buyers cannot be read: {e}")))?;
        if !keys.is_empty() {
            these = these.add(C::PromotionId.eq(of.promotion_id).and(C::BuyerKey.is_in(keys)));
        }
    }
    if these.is_empty() {
        return Ok(());
    }
    let update = buyers::Entity::update_many().col_expr(C::Used, Expr::col(C::Used).sub(1));
    update_in_order(tx, update, &[C::PromotionId, C::BuyerKey], (these, is_used(C::Used))).await.map(drop)
}

fn is_used<C: ColumnTrait>(used: C) -> Condition {
    Condition::all().add(Expr::col(used).gt(0))
}
