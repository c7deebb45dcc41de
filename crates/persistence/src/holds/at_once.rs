//! The common case in one statement: everything that is asked for can be had, and the cart lets go of nothing.
//!
//! On SQLite alone, where one statement is one transaction and nobody else writes meanwhile: three trips to the thread of
//! the connection are saved, and with them half of what a hold costs. Postgres would decide by what it saw before it
//! waited for a lock; it takes the long way.

use super::{
    decide::Wish,
    entities::{cart_holds as holds, hold_fences as fences},
};
use crate::{
    db::{Raw, WriteOne, fault, padded},
    inventory::item,
};
use sea_orm::{
    ConnectionTrait, ExprTrait,
    sea_query::{
        CaseStatement, CommonTableExpression, Expr, Func, InsertStatement, OnConflict, Query,
        SelectStatement, WithClause,
    },
};
use stoa_domain::shared::Fault;

/// More than any cart has lines. Beyond it the long way is taken.
const MOST: usize = 512;
/// Up to here each number of lines has a statement of its own; above it they are filled up, so that few are planned.
const OF_ITS_OWN: usize = 16;

/// What the cart asks for, as a table: variant, units, version of the snapshot they are asked by.
const WISH: &str = "wish";
const VARIANT: &str = "column1";
const UNITS: &str = "column2";
const VERSION: &str = "column3";

/// Whether the statement can say it at all.
pub(super) fn suits(wish: &Wish<'_>) -> bool {
    (1..=MOST).contains(&wish.requests.len()) && wish.requests.iter().all(|request| request.quantity > 0)
}

/// Holds everything that `wish` asks for, or changes nothing. `false` says no more than that this was not the common
/// case: something cannot be had in full, nothing is known of it, or the cart has rows of other things.
pub(super) async fn hold(turn: &WriteOne, wish: &Wish<'_>) -> Result<bool, Fault> {
    let statement = statement(wish).map_err(fault("holds.at_once"))?;
    let done = turn.raw().execute(&statement).await.map_err(fault("holds.at_once"))?;
    Ok(done.rows_affected() > 0)
}

fn statement(wish: &Wish<'_>) -> Result<InsertStatement, sea_orm::DbErr> {
    let asked = Query::select()
        .expr(Expr::val(wish.cart.uuid()))
        .column(VARIANT)
        .column(UNITS)
        .expr(Expr::val(wish.expires_at))
        .from(WISH)
        .and_where(Expr::expr(refused(wish)).eq(0))
        .and_where(Expr::expr(unwanted(wish)).eq(0))
        .take();
    let stands = |column| Expr::col((holds::Entity, column));
    let asked_for = |column| Expr::col(("excluded", column));
    let mut over = OnConflict::columns([holds::Column::CartId, holds::Column::VariantId]);
    // What stands as it should is left alone: a row that is written costs its page and that of its index. But one is
    // written in any case, which tells that all were granted.
    over.update_columns([holds::Column::Quantity, holds::Column::ExpiresAt]).action_and_where(
        stands(holds::Column::Quantity)
            .ne(asked_for(holds::Column::Quantity))
            .or(stands(holds::Column::ExpiresAt).ne(asked_for(holds::Column::ExpiresAt)))
            .or(asked_for(holds::Column::VariantId)
                .eq(wish.requests.last().map(|r| r.snapshot.variant.uuid()))),
    );
    Ok(Query::insert()
        .with_cte(wishes(wish))
        .into_table(holds::Entity)
        .columns([
            holds::Column::CartId,
            holds::Column::VariantId,
            holds::Column::Quantity,
            holds::Column::ExpiresAt,
        ])
        .select_from(asked)
        .map_err(|error| sea_orm::DbErr::Custom(error.to_string()))?
        .on_conflict(over)
        .take())
}

/// The table of wishes. Filled up by repeating the last, which changes nothing: the same row is written alike again.
fn wishes(wish: &Wish<'_>) -> WithClause {
    let rows: Vec<_> = wish
        .requests
        .iter()
        .map(|request| {
            let snapshot = request.snapshot;
            (snapshot.variant.uuid(), i64::from(request.quantity), snapshot.version)
        })
        .collect();
    let mut values = Query::select();
    values.columns([VARIANT, UNITS, VERSION]);
    if rows.len() > OF_ITS_OWN {
        values.from_values(padded(&rows), "asked");
    } else {
        values.from_values(rows, "asked");
    }
    let table = CommonTableExpression::new().query(values).table_name(WISH).to_owned();
    WithClause::new().cte(table).to_owned()
}

/// How many wishes cannot be granted in full by a figure that is known to be the newest: the stock itself, which nobody
/// changes meanwhile. Of what has no stock here, the newest figure that the store was told.
fn refused(wish: &Wish<'_>) -> SelectStatement {
    let fence = |column| Expr::col((fences::Entity, column));
    let stock = |column| Expr::col((item::Entity, column));
    let asked = |column| Expr::col((WISH, column));
    let fresh =
        stock(item::Column::VariantId).is_not_null().or(fence(fences::Column::Version).gte(asked(VERSION)));
    let sellable = || {
        let counted = stock(item::Column::OnHand)
            .sub(stock(item::Column::Allocated))
            .add(stock(item::Column::BackorderLimit));
        // Nothing where there is no limit, as in what was told.
        let of_stock = CaseStatement::new().case(stock(item::Column::Tracked).eq(true), counted);
        let told = fence(fences::Column::Sellable);
        let known = stock(item::Column::VariantId).is_not_null();
        Expr::Case(Box::new(CaseStatement::new().case(known, of_stock).finally(told)))
    };
    let enough = sellable().is_null().or(sellable().sub(held_by_others(wish)).gte(asked(UNITS)));
    Query::select()
        .expr(Expr::col((WISH, VARIANT)).count())
        .from(WISH)
        .left_join(item::Entity, stock(item::Column::VariantId).eq(asked(VARIANT)))
        .left_join(fences::Entity, fence(fences::Column::VariantId).eq(asked(VARIANT)))
        .and_where(Expr::expr(Func::coalesce([fresh.and(enough), Expr::val(false)])).not())
        .take()
}

/// Live units of the wish's variant in other carts. The index has the cart as well: it is part of the key.
fn held_by_others(wish: &Wish<'_>) -> Expr {
    let live = |column| Expr::col(("live", column));
    let sum = Query::select()
        .expr(live(holds::Column::Quantity).sum())
        .from_as(holds::Entity, "live")
        .and_where(live(holds::Column::VariantId).eq(Expr::col((WISH, VARIANT))))
        .and_where(live(holds::Column::ExpiresAt).gt(wish.now))
        .and_where(live(holds::Column::CartId).ne(wish.cart.uuid()))
        .take();
    Expr::expr(Func::coalesce([sum.into(), Expr::val(0)]))
}

/// Rows the cart has of things it no longer asks for.
fn unwanted(wish: &Wish<'_>) -> SelectStatement {
    let mine = |column| Expr::col(("mine", column));
    let asked = Query::select().column(VARIANT).from(WISH).take();
    Query::select()
        .expr(mine(holds::Column::VariantId).count())
        .from_as(holds::Entity, "mine")
        .and_where(mine(holds::Column::CartId).eq(wish.cart.uuid()))
        .and_where(mine(holds::Column::VariantId).not_in_subquery(asked))
        .take()
}
