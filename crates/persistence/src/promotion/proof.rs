//! The proof that counters and codes count the uses that there are.

use crate::db::{Conn, fault};
use sea_orm::{
    ConnectionTrait, DbErr, JoinType, QueryResult,
    sea_query::{Condition, Expr, ExprTrait, Func, Query, SelectStatement},
};
use stoa_domain::{
    pricing::CodeKey,
    shared::{Fault, PromotionId},
};
use uuid::Uuid;

/// A counter that is not what the uses say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Miscount {
    /// Of which promotion.
    pub promotion: PromotionId,
    /// On how many orders it is, by its counter and by its uses.
    pub used: [i64; 2],
    /// What it took off, in minor units of the shop's currency, by its counter and by its uses.
    pub spent: [i64; 2],
}

/// Counters that are not what the uses say, the first `most` of them. None, unless there is a bug, or an older version of the program, or
/// somebody has written to the tables by hand.
///
/// # Errors
/// The database does not answer.
pub async fn miscounted(conn: &impl Conn, most: u64) -> Result<Vec<Miscount>, Fault> {
    let counter = |column: &'static str| Expr::col(("promotion_counters", column));
    let uses = || of_uses(Expr::from(Func::count(Expr::cust("*"))).cast_as("bigint"));
    // Postgres makes a numeric of the sum.
    let given = || of_uses(Expr::col(("promotion_uses", "amount_shop")).sum().cast_as("bigint"));
    let query = Query::select()
        .columns(["promotion_id", "used", "spent"].map(|column| ("promotion_counters", column)))
        .expr_as(uses(), "uses")
        .expr_as(given(), "given")
        .from("promotion_counters")
        .cond_where(Condition::any().add(counter("used").ne(uses())).add(counter("spent").ne(given())))
        .limit(most)
        .take();
    let rows = conn.raw().query_all(&query).await.map_err(fault("proving promotions"))?;
    rows.iter().map(|row| read(row).map_err(fault("proving promotions"))).collect()
}

/// Codes that are on another number of orders than they say, the first `most` of them. None, for the same reasons.
///
/// # Errors
/// The database does not answer.
pub async fn miscounted_codes(conn: &impl Conn, most: u64) -> Result<Vec<CodeKey>, Fault> {
    let code = |column: &'static str| Expr::col(("promotion_codes", column));
    // All in one go: uses have no index by code.
    let by_code = Query::select()
        .column("code_key")
        .expr_as(Expr::from(Func::count(Expr::cust("*"))).cast_as("bigint"), "uses")
        .from("promotion_uses")
        .and_where(Expr::col("state").eq("taken"))
        .and_where(Expr::col("code_key").is_not_null())
        .group_by_col("code_key")
        .take();
    let counted = Func::coalesce([Expr::col(("counted", "uses")), Expr::val(0_i64)]);
    let query = Query::select()
        .column(("promotion_codes", "code_key"))
        .from("promotion_codes")
        .join_subquery(
            JoinType::LeftJoin,
            by_code,
            "counted",
            Expr::col(("counted", "code_key")).eq(code("code_key")),
        )
        .and_where(code("used").ne(Expr::from(counted)))
        .limit(most)
        .take();
    let rows = conn.raw().query_all(&query).await.map_err(fault("proving codes"))?;
    let key = |row: &QueryResult| row.try_get_by_index::<String>(0).map_err(fault("proving codes"));
    rows.iter().filter_map(|row| key(row).map(|key| CodeKey::of(&key)).transpose()).collect()
}

/// A figure of the uses of a counter's promotion that count.
fn of_uses(figure: Expr) -> Expr {
    let uses = |column: &'static str| Expr::col(("promotion_uses", column));
    let of_promotion: SelectStatement = Query::select()
        .expr(figure)
        .from("promotion_uses")
        .and_where(uses("promotion_id").equals(("promotion_counters", "promotion_id")))
        .and_where(uses("state").eq("taken"))
        .take();
    Func::coalesce([of_promotion.into(), Expr::val(0_i64)]).into()
}

fn read(row: &QueryResult) -> Result<Miscount, DbErr> {
    Ok(Miscount {
        promotion: PromotionId::new(row.try_get::<Uuid>("", "promotion_id")?),
        used: [row.try_get("", "used")?, row.try_get("", "uses")?],
        spent: [row.try_get("", "spent")?, row.try_get("", "given")?],
    })
}
