//! What an order takes of promotions: uses of them, of their codes and of what one buyer may, and of their budgets. In the order's transaction, each
//! by a conditional update: of two orders that want the last one, one gets it.

use super::entities::{buyers, codes, counters, uses};
use crate::db::{Batch, Raw, WriteTx, by_key, fault, fitting, stored, update_in_order};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use std::collections::{BTreeMap, BTreeSet};
use stoa_domain::{
    pricing::CodeKey,
    shared::{Fault, OrderId, PromotionId, Timestamp},
};
use uuid::Uuid;

/// Characters of a promotion's title.
const TITLE: usize = 255;

/// The state of a use that counts.
pub(super) const TAKEN: &str = "taken";

/// What an order takes of one promotion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taking {
    /// Which.
    pub promotion: PromotionId,
    /// What buyers read.
    pub title: String,
    /// The code that brought it.
    pub code: Option<CodeKey>,
    /// What it took off, in minor units of the order's currency.
    pub amount: i64,
    /// The same in minor units of the shop's currency, which is what its budget is in.
    pub amount_shop: i64,
    /// Whether it may be used or give away no more than so much, whoever buys.
    pub limited: bool,
    /// On how many orders of one buyer it may be, and what tells this buyer from others; `None`: on any number.
    pub buyer: Option<BuyerLimit>,
}

/// On how many orders of one buyer a promotion may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuyerLimit {
    /// On so many.
    pub most: i64,
    /// What tells the buyer from others. The limit holds under each.
    pub keys: Vec<String>,
}

/// Takes all of it, or nothing that may be committed: false, if there is no more of something. Each promotion stands in it once. Codes are
/// locked before counters and those before buyers, each in the order of their keys. At most one statement a table.
///
/// # Errors
/// The database does not answer.
pub async fn take(tx: &WriteTx, wanted: &[Taking]) -> Result<bool, Fault> {
    Ok(take_codes(tx, wanted).await.map_err(fault("promotion.take_codes"))?
        && take_uses(tx, wanted).await.map_err(fault("promotion.take_uses"))?
        && take_of_buyers(tx, wanted).await.map_err(fault("promotion.take_of_buyers"))?)
}

async fn take_codes(tx: &WriteTx, wanted: &[Taking]) -> Result<bool, DbErr> {
    use codes::Column as C;
    let keys: BTreeSet<&str> = wanted.iter().filter_map(|of| of.code.as_ref()).map(CodeKey::as_str).collect();
    if keys.is_empty() {
        return Ok(true);
    }
    let is_on = Expr::col(C::DisabledAt).is_null();
    let allowed = Condition::all().add(is_on).add(uses_left(C::Used, C::Most));
    let these = Condition::all().add(C::CodeKey.is_in(keys.iter().copied()));
    let update = codes::Entity::update_many().col_expr(C::Used, Expr::col(C::Used).add(1));
    let taken = update_in_order(tx, update, &[C::CodeKey], (these, allowed)).await?;
    Ok(taken == count(keys.len()))
}

async fn take_uses(tx: &WriteTx, wanted: &[Taking]) -> Result<bool, DbErr> {
    use counters::Column as C;
    let limited = wanted.iter().filter(|of| of.limited);
    let limited: BTreeMap<Uuid, i64> = limited.map(|of| (of.promotion.uuid(), of.amount_shop)).collect();
    if limited.is_empty() {
        return Ok(true);
    }
    let spent = || Expr::col(C::Spent).add(by_key(&Expr::col(C::PromotionId), &limited));
    let budget_left =
        Condition::any().add(Expr::col(C::Budget).is_null()).add(spent().lte(Expr::col(C::Budget)));
    let allowed = Condition::all().add(uses_left(C::Used, C::Most)).add(budget_left);
    let these = Condition::all().add(C::PromotionId.is_in(limited.keys().copied()));
    let update = counters::Entity::update_many()
        .col_expr(C::Used, Expr::col(C::Used).add(1))
        .col_expr(C::Spent, spent());
    let taken = update_in_order(tx, update, &[C::PromotionId], (these.clone(), allowed)).await?;
    if taken == count(limited.len()) {
        return Ok(true);
    }
    // Limits may have been taken away since the order was priced: what has no counter has no end.
    Ok(taken == counters::Entity::find().filter(these).count(tx.raw()).await?)
}

async fn take_of_buyers(tx: &WriteTx, wanted: &[Taking]) -> Result<bool, DbErr> {
    use buyers::Column as C;
    let limits = wanted.iter().filter_map(|of| Some((of.promotion.uuid(), of.buyer.as_ref()?)));
    let limits: BTreeMap<Uuid, &BuyerLimit> = limits.filter(|(_, limit)| !limit.keys.is_empty()).collect();
    if limits.values().any(|limit| limit.most < 1) {
        return Ok(false);
    }
    // In the order in which they are to be locked.
    let rows: BTreeSet<(Uuid, &str)> = limits
        .iter()
        .flat_map(|(promotion, limit)| limit.keys.iter().map(|key| (*promotion, key.as_str())))
        .collect();
    if rows.is_empty() {
        return Ok(true);
    }
    let most: BTreeMap<Uuid, i64> =
        limits.iter().map(|(promotion, limit)| (*promotion, limit.most)).collect();
    let row = |(promotion, key): &(Uuid, &str)| buyers::ActiveModel {
        promotion_id: Set(*promotion),
        buyer_key: Set((*key).to_owned()),
        used: Set(1),
    };
    let known = |column| Expr::col((buyers::Entity, column));
    let there = OnConflict::columns([C::PromotionId, C::BuyerKey])
        .value(C::Used, known(C::Used).add(1))
        .action_and_where(known(C::Used).lt(by_key(&known(C::PromotionId), &most)))
        .to_owned();
    let insert = buyers::Entity::insert_many(rows.iter().map(row)).on_conflict(there);
    match insert.exec_without_returning(tx.raw()).await {
        Ok(written) => Ok(written == count(rows.len())),
        Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(error),
    }
}

fn uses_left<C: sea_orm::ColumnTrait>(used: C, most: C) -> Condition {
    Condition::any().add(Expr::col(most).is_null()).add(Expr::col(used).lt(Expr::col(most)))
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

/// Writes down what an order has taken, beside it.
///
/// # Errors
/// None that is known: keys are texts.
pub fn write_uses(batch: &mut Batch, order: OrderId, taken: &[Taking], now: Timestamp) -> Result<(), Fault> {
    if taken.is_empty() {
        return Ok(());
    }
    let row = |of: &Taking| {
        let keys = of.buyer.as_ref().map_or(&[][..], |buyer| buyer.keys.as_slice());
        Ok(uses::ActiveModel {
            order_id: Set(order.uuid()),
            promotion_id: Set(of.promotion.uuid()),
            code_key: Set(of.code.as_ref().map(ToString::to_string)),
            buyer_keys: Set(serde_json::to_string(keys).map_err(|e| Fault::internal("promotion.use", e))?),
            amount: Set(of.amount),
            amount_shop: Set(of.amount_shop),
            title: Set(fitting(&of.title, TITLE)),
            state: Set(TAKEN.to_owned()),
            taken_at: Set(stored(now)),
            given_back_at: Set(None),
        })
    };
    let rows = taken.iter().map(row).collect::<Result<Vec<_>, Fault>>()?;
    batch.insert(uses::Entity::insert_many(rows).into_query());
    Ok(())
}
