//! What an order has taken of promotions is there for others again, once.

use super::{
    entities::{buyers, codes, counters, uses},
    take::TAKEN,
};
use crate::db::{Raw, WriteTx, fault};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{CaseStatement, Expr, ExprTrait},
};
use std::collections::BTreeSet;
use stoa_domain::shared::{Fault, OrderId, Timestamp};
use uuid::Uuid;

/// The state of a use that counts no more.
const GIVEN_BACK: &str = "given_back";

/// Gives back all that an order has taken and not given back before: the second time that is nothing. Behind the order's lock, and behind stock and
/// gift cards. Codes are locked before counters and those before buyers, each in the order of their keys, as they are when they are taken.
///
/// # Errors
/// The database does not answer.
pub async fn give_back(tx: &WriteTx, order: OrderId, now: Timestamp) -> Result<(), Fault> {
    let back = uses::Entity::update_many()
        .col_expr(uses::Column::State, Expr::value(GIVEN_BACK))
        .col_expr(uses::Column::GivenBackAt, Expr::value(now))
        .filter(uses::Column::OrderId.eq(order.uuid()))
        .filter(uses::Column::State.eq(TAKEN))
        .exec_with_returning(tx.raw())
        .await
        .map_err(fault("promotion.give_back"))?;
    if back.is_empty() {
        return Ok(());
    }
    lower(tx, back).await.map_err(fault("promotion.give_back"))
}

/// A counter that was taken away meanwhile has nothing to be lowered.
async fn lower(tx: &WriteTx, mut back: Vec<uses::Model>) -> Result<(), DbErr> {
    back.sort_unstable_by_key(|of| of.promotion_id);
    let by_code: BTreeSet<&str> = back.iter().filter_map(|of| of.code_key.as_deref()).collect();
    for code in by_code {
        codes::Entity::update_many()
            .col_expr(codes::Column::Used, Expr::col(codes::Column::Used).sub(1))
            .filter(codes::Column::CodeKey.eq(code))
            .filter(codes::Column::Used.gt(0))
            .exec(tx.raw())
            .await?;
    }
    for of in &back {
        use counters::Column as C;
        let spent = CaseStatement::new()
            .case(Expr::col(C::Spent).gte(of.amount_shop), Expr::col(C::Spent).sub(of.amount_shop))
            .finally(0_i64);
        counters::Entity::update_many()
            .col_expr(C::Used, Expr::col(C::Used).sub(1))
            .col_expr(C::Spent, spent.into())
            .filter(C::PromotionId.eq(of.promotion_id))
            .filter(C::Used.gt(0))
            .exec(tx.raw())
            .await?;
    }
    let mut of_buyers: BTreeSet<(Uuid, String)> = BTreeSet::new();
    for of in &back {
        let keys: Vec<String> = serde_json::from_str(&of.buyer_keys)
            .map_err(|e| DbErr::Type(format!("a use's buyers cannot be read: {e}")))?;
        of_buyers.extend(keys.into_iter().map(|key| (of.promotion_id, key)));
    }
    for (promotion, key) in of_buyers {
        buyers::Entity::update_many()
            .col_expr(buyers::Column::Used, Expr::col(buyers::Column::Used).sub(1))
            .filter(buyers::Column::PromotionId.eq(promotion))
            .filter(buyers::Column::BuyerKey.eq(key))
            .filter(buyers::Column::Used.gt(0))
            .exec(tx.raw())
            .await?;
    }
    Ok(())
}
