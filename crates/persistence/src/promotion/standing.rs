//! What of promotions was used before, as a cart asks for it.

use super::entities::{counters, promotions};
use crate::db::{Conn, fault, padded};
use sea_orm::{
    ConnectionTrait, DbErr, QueryResult,
    sea_query::{Expr, ExprTrait, IntoCondition, JoinType, Query, SelectStatement},
};
use std::collections::BTreeMap;
use stoa_domain::{
    pricing::{CodeKey, CodeStanding, Standing, Used},
    shared::{Fault, PromotionId, Timestamp},
};
use uuid::Uuid;

const CODES: &str = "promotion_codes";

/// What was used of these codes, of the promotions they are for, and of these promotions beside them. Codes that nobody has made are not in
/// it. One statement, or none where nothing is asked.
///
/// # Errors
/// The database does not answer.
pub async fn standing(
    conn: &impl Conn,
    codes: &[CodeKey],
    promotions: &[PromotionId],
) -> Result<Standing, Fault> {
    let mut standing = Standing::default();
    if codes.is_empty() && promotions.is_empty() {
        return Ok(standing);
    }
    let rows = conn.raw().query_all(&query(codes, promotions)).await.map_err(fault("promotion.standing"))?;
    for row in &rows {
        add(&mut standing, row).map_err(fault("promotion.standing"))?;
    }
    Ok(standing)
}

fn query(codes: &[CodeKey], wanted: &[PromotionId]) -> SelectStatement {
    let of = |column| Expr::col((promotions::Entity, column));
    let keys: Vec<&str> = codes.iter().map(CodeKey::as_str).collect();
    let ids: Vec<Uuid> = wanted.iter().map(|id| id.uuid()).collect();
    let known = |keys: &[&str]| Expr::col((CODES, "code_key")).is_in(padded(keys).map(ToOwned::to_owned));
    let of_codes = Query::select().column((CODES, "promotion_id")).from(CODES).and_where(known(&keys)).take();
    let mut asked = sea_orm::Condition::any();
    if !ids.is_empty() {
        asked = asked.add(of(promotions::Column::Id).is_in(padded(&ids)));
    }
    let mut query = Query::select();
    query
        .expr_as(of(promotions::Column::Id), "promotion")
        .expr_as(Expr::col((counters::Entity, counters::Column::Used)), "used")
        .expr_as(Expr::col((counters::Entity, counters::Column::Most)), "most")
        .expr_as(Expr::col((counters::Entity, counters::Column::Spent)), "spent")
        .expr_as(Expr::col((counters::Entity, counters::Column::Budget)), "budget")
        .from(promotions::Entity)
        .join(
            JoinType::LeftJoin,
            counters::Entity,
            Expr::col((counters::Entity, counters::Column::PromotionId))
                .equals((promotions::Entity, promotions::Column::Id)),
        );
    if !keys.is_empty() {
        asked = asked.add(of(promotions::Column::Id).in_subquery(of_codes));
        query
            .expr_as(Expr::col((CODES, "code_key")), "code")
            .expr_as(Expr::col((CODES, "used")), "code_used")
            .expr_as(Expr::col((CODES, "most")), "code_most")
            .expr_as(Expr::col((CODES, "disabled_at")), "disabled_at")
            .join(
                JoinType::LeftJoin,
                CODES,
                Expr::col((CODES, "promotion_id"))
                    .equals((promotions::Entity, promotions::Column::Id))
                    .and(known(&keys))
                    .into_condition(),
            );
    }
    query.cond_where(asked);
    query
}

fn add(standing: &mut Standing, row: &QueryResult) -> Result<(), DbErr> {
    let promotion = PromotionId::new(row.try_get::<Uuid>("", "promotion")?);
    // A row of the counters only where there is a limit.
    if let Some(used) = row.try_get::<Option<i64>>("", "used")? {
        let used = Used {
            used,
            most: row.try_get("", "most")?,
            spent: row.try_get("", "spent")?,
            budget: row.try_get("", "budget")?,
            by_buyer: 0,
        };
        standing.promotions.insert(promotion, used);
    }
    // No such column where no code was entered.
    let code: Option<String> = row.try_get("", "code").unwrap_or_default();
    if let Some(key) = code.as_deref().and_then(CodeKey::of) {
        let of_code = CodeStanding {
            promotion,
            used: row.try_get("", "code_used")?,
            most: row.try_get("", "code_most")?,
            disabled: row.try_get::<Option<Timestamp>>("", "disabled_at")?.is_some(),
        };
        standing.codes.insert(key, of_code);
    }
    Ok(())
}

/// On how many orders a buyer has used each of these promotions, at most: a buyer has several keys, of which the one counts under which it was
/// most. Promotions that they have not used are not in it. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn used_by(
    conn: &impl Conn,
    promotions: &[PromotionId],
    keys: &[String],
) -> Result<BTreeMap<PromotionId, i64>, Fault> {
    let mut used: BTreeMap<PromotionId, i64> = BTreeMap::new();
    if promotions.is_empty() || keys.is_empty() {
        return Ok(used);
    }
    let ids: Vec<Uuid> = promotions.iter().map(|id| id.uuid()).collect();
    let mut query = Query::select();
    query
        .columns(["promotion_id", "used"])
        .from("promotion_buyers")
        .and_where(Expr::col("promotion_id").is_in(padded(&ids)))
        .and_where(Expr::col("buyer_key").is_in(keys.iter().cloned()));
    let rows = conn.raw().query_all(&query).await.map_err(fault("promotion.used_by"))?;
    let read = |row: &QueryResult| -> Result<(Uuid, i64), DbErr> {
        Ok((row.try_get("", "promotion_id")?, row.try_get("", "used")?))
    };
    for row in &rows {
        let (id, by_key) = read(row).map_err(fault("promotion.used_by"))?;
        let known = used.entry(PromotionId::new(id)).or_default();
        *known = Ord::max(*known, by_key);
    }
    Ok(used)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        pricing::sample::{id, promotion},
        promotion::{Limits, NewCode, StaffPromotion, add_codes, insert},
        testing::{TestShop, at},
    };
    use stoa_domain::pricing::EnteredCode;

    fn code(text: &str, most: Option<i64>) -> NewCode {
        NewCode { code: EnteredCode::parse(text).unwrap(), most }
    }

    #[tokio::test]
    async fn codes_and_counters_are_one_statement() {
        let shop = TestShop::open().await;
        let limits = Limits { most: Some(3), budget: Some(500) };
        let limited = StaffPromotion { limits, ..promotion(1) };
        shop.tx(async |tx| {
            insert(tx, &limited, at(1)).await?;
            insert(tx, &promotion(2), at(1)).await?;
            insert(tx, &StaffPromotion { limits, ..promotion(3) }, at(1)).await?;
            add_codes(tx, id(1), &[code("Ten", Some(5)), code("other", None)], at(1)).await?;
            add_codes(tx, id(2), &[code("free", None)], at(1)).await
        })
        .await;
        let again =
            shop.tx(async |tx| add_codes(tx, id(2), &[code("TEN", None), code("new", None)], at(2)).await);
        assert_eq!(again.await, 1, "whose it is it stays");

        let keys = |of: &[&str]| of.iter().filter_map(|text| CodeKey::of(text)).collect::<Vec<_>>();
        let before = shop.db.statements();
        let asked = standing(shop.db.read(), &keys(&["ten", "free", "nope"]), &[id(3)]).await.unwrap();
        assert_eq!(shop.db.statements() - before, 1);
        let used = Used { used: 0, most: Some(3), spent: 0, budget: Some(500), by_buyer: 0 };
        assert_eq!(asked.promotions, [(id(1), used), (id(3), used)].into());
        let of = |promotion, most| CodeStanding { promotion, used: 0, most, disabled: false };
        let [free, ten] = [CodeKey::of("FREE").unwrap(), CodeKey::of("TEN").unwrap()];
        assert_eq!(asked.codes, [(free, of(id(2), None)), (ten, of(id(1), Some(5)))].into());

        let counters = standing(shop.db.read(), &[], &[id(1), id(2)]).await.unwrap();
        assert_eq!((counters.promotions, counters.codes), ([(id(1), used)].into(), [].into()));
        assert_eq!(standing(shop.db.read(), &keys(&["nope"]), &[]).await.unwrap(), Standing::default());
        let before = shop.db.statements();
        assert_eq!(standing(shop.db.read(), &[], &[]).await.unwrap(), Standing::default());
        assert_eq!(used_by(shop.db.read(), &[], &["key".to_owned()]).await.unwrap(), [].into());
        assert_eq!(shop.db.statements(), before, "nothing is asked, and nobody");
        assert_eq!(used_by(shop.db.read(), &[id(1)], &["key".to_owned()]).await.unwrap(), [].into());
    }
}
