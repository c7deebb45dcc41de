//! What an order takes of promotions: uses of them, of their codes and of what one buyer may, and of their budgets. In the order's transaction, each
//! by a conditional update: of two orders that want the last one, one gets it.

use super::entities::{buyers, codes, counters, uses};
use crate::db::{Batch, Raw, WriteTx, fault, fitting};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use stoa_domain::{
    pricing::CodeKey,
    shared::{Fault, OrderId, PromotionId, Timestamp},
};

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
/// locked before counters and those before buyers, each in the order of their keys.
///
/// # Errors
/// The database does not answer.
pub async fn take(tx: &WriteTx, wanted: &[Taking]) -> Result<bool, Fault> {
    let mut by_code: Vec<&CodeKey> = wanted.iter().filter_map(|of| of.code.as_ref()).collect();
    by_code.sort_unstable();
    by_code.dedup();
    for code in by_code {
        if !take_code(tx, code).await.map_err(fault("promotion.take_code"))? {
            return Ok(false);
        }
    }
    let mut by_id: Vec<&Taking> = wanted.iter().collect();
    by_id.sort_unstable_by_key(|of| of.promotion);
    for of in by_id.iter().filter(|of| of.limited) {
        if !take_use(tx, of).await.map_err(fault("promotion.take"))? {
            return Ok(false);
        }
    }
    for of in by_id {
        let Some(BuyerLimit { most, keys }) = &of.buyer else { continue };
        let mut keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let taken = take_of_buyer(tx, (of.promotion, key), *most).await;
            if !taken.map_err(fault("promotion.take_of_buyer"))? {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

async fn take_code(tx: &WriteTx, code: &CodeKey) -> Result<bool, DbErr> {
    use codes::Column as C;
    let left = Condition::any().add(C::Most.is_null()).add(Expr::col(C::Used).lt(Expr::col(C::Most)));
    let taken = codes::Entity::update_many()
        .col_expr(C::Used, Expr::col(C::Used).add(1))
        .filter(C::CodeKey.eq(code.as_str()))
        .filter(C::DisabledAt.is_null())
        .filter(left)
        .exec(tx.raw())
        .await?;
    Ok(taken.rows_affected == 1)
}

async fn take_use(tx: &WriteTx, of: &Taking) -> Result<bool, DbErr> {
    use counters::Column as C;
    let spent = || Expr::col(C::Spent).add(of.amount_shop);
    let uses_left = Condition::any().add(C::Most.is_null()).add(Expr::col(C::Used).lt(Expr::col(C::Most)));
    let budget_left = Condition::any().add(C::Budget.is_null()).add(spent().lte(Expr::col(C::Budget)));
    let taken = counters::Entity::update_many()
        .col_expr(C::Used, Expr::col(C::Used).add(1))
        .col_expr(C::Spent, spent())
        .filter(C::PromotionId.eq(of.promotion.uuid()))
        .filter(uses_left)
        .filter(budget_left)
        .exec(tx.raw())
        .await?;
    if taken.rows_affected == 1 {
        return Ok(true);
    }
    // Its limits may have been taken away since the order was priced.
    Ok(counters::Entity::find_by_id(of.promotion.uuid()).one(tx.raw()).await?.is_none())
}

async fn take_of_buyer(tx: &WriteTx, (of, key): (PromotionId, &str), most: i64) -> Result<bool, DbErr> {
    use buyers::Column as C;
    if most < 1 {
        return Ok(false);
    }
    let row =
        buyers::ActiveModel { promotion_id: Set(of.uuid()), buyer_key: Set(key.to_owned()), used: Set(1) };
    let used = || Expr::col((buyers::Entity, C::Used));
    let there = OnConflict::columns([C::PromotionId, C::BuyerKey])
        .value(C::Used, used().add(1))
        .action_and_where(used().lt(most))
        .to_owned();
    match buyers::Entity::insert(row).on_conflict(there).exec_without_returning(tx.raw()).await {
        Ok(written) => Ok(written == 1),
        Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(error),
    }
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
            taken_at: Set(now),
            given_back_at: Set(None),
        })
    };
    let rows = taken.iter().map(row).collect::<Result<Vec<_>, Fault>>()?;
    batch.insert(uses::Entity::insert_many(rows).into_query());
    Ok(())
}
