//! The proof that placed orders add up and own what they should.

use super::entities::{allocations, lines, orders};
use crate::db::{Conn, fault};
use sea_orm::{
    ConnectionTrait, JoinType,
    sea_query::{CommonTableExpression, Condition, Expr, ExprTrait, Func, Query, SelectStatement},
};
use stoa_domain::{order::OrderNumber, payment::Payment, shared::Fault};

/// How an order contradicts itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contradiction {
    /// A line is not its quantity times its price.
    Line,
    /// The lines do not sum to the subtotal.
    Subtotal,
    /// The taxes of the lines and of delivery do not sum to the tax.
    Tax,
    /// What was taken off the lines does not sum to the discount.
    Discount,
    /// What is charged at each rate does not sum to the tax, where that is kept.
    Taxes,
    /// Subtotal, delivery and tax, less what was taken off, are not the total.
    Total,
    /// It is cancelled and still owns stock.
    CancelledOwns,
    /// What it owns of a variant is not what its lines say is still to be sent.
    Owns,
    /// It owns nothing of a variant that it was promised.
    OwnsNothing,
    /// Of a line another number was sent than its parcels hold, or more was sent or refunded than was sold.
    FulfilledTooMuch,
    /// It is paid, but not by a payment that has succeeded.
    PaidByNothing,
    /// Its payment at the gateway is over another amount than is charged, or a payment is in another currency.
    OtherPayment,
    /// Gift cards have not paid what is not charged.
    OtherStoredValue,
    /// What gift cards have paid is not what their ledgers say was spent on it.
    LedgerDiffers,
    /// It is cancelled, and uses of promotions still count.
    CancelledUses,
    /// What promotions took off it is not its discounts.
    UsesDiffer,
}

impl Contradiction {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Line,
        Self::Subtotal,
        Self::Tax,
        Self::Discount,
        Self::Taxes,
        Self::Total,
        Self::CancelledOwns,
        Self::Owns,
        Self::OwnsNothing,
        Self::FulfilledTooMuch,
        Self::PaidByNothing,
        Self::OtherPayment,
        Self::OtherStoredValue,
        Self::LedgerDiffers,
        Self::CancelledUses,
        Self::UsesDiffer,
    ];
}

/// The numbers of orders, the first `most` of them, that contradict themselves in this way. None, unless there is a bug or
/// somebody has written to the tables by hand.
///
/// # Errors
/// The database does not answer.
pub async fn contradictions(
    conn: &impl Conn,
    what: Contradiction,
    most: u64,
) -> Result<Vec<OrderNumber>, Fault> {
    const WRONG: &str = "wrong";
    let mut wrong = query(what);
    wrong.distinct().column((orders::Entity, orders::Column::Number));
    // By itself: a planner that sees the limit takes it that some are found at once, and plans to compare each with each. There are none,
    // so it would do so to the end.
    let wrong = CommonTableExpression::new().query(wrong).table_name(WRONG).materialized(true).to_owned();
    let mut query = Query::select();
    query
        .column(orders::Column::Number)
        .from(WRONG)
        .order_by(orders::Column::Number, sea_orm::Order::Asc)
        .limit(most)
        .with_cte(wrong);
    let rows = conn.raw().query_all(&query).await.map_err(fault("proving orders"))?;
    rows.iter().map(|row| row.try_get_by_index(0).map_err(fault("proving orders"))).collect()
}

fn order(column: orders::Column) -> Expr {
    Expr::col((orders::Entity, column))
}

fn query(what: Contradiction) -> SelectStatement {
    let mut query = Query::select();
    query.from(orders::Entity);
    match what {
        Contradiction::Line => {
            let line = |column| Expr::col((lines::Entity, column));
            query.inner_join(lines::Entity, line(lines::Column::OrderId).eq(order(orders::Column::Id)));
            let product = line(lines::Column::UnitPrice).mul(line(lines::Column::Quantity));
            query.and_where(line(lines::Column::Subtotal).ne(product));
        }
        Contradiction::Subtotal => {
            let sum = sum_of_lines(lines::Column::Subtotal);
            query.and_where(order(orders::Column::Subtotal).ne(sum));
        }
        Contradiction::Tax => {
            let sum = sum_of_lines(lines::Column::Tax).add(order(orders::Column::DeliveryTax));
            query.and_where(order(orders::Column::Tax).ne(sum));
        }
        Contradiction::Discount => {
            let sum = sum_of_lines(lines::Column::Discount);
            query.and_where(order(orders::Column::Discount).ne(sum));
        }
        Contradiction::Taxes => {
            // Of most orders nothing is kept by rate, and a sum of nothing is null, which differs from no figure.
            let of_order = Expr::col(("order_taxes", "order_id")).eq(order(orders::Column::Id));
            let by_rate = sum_of("order_taxes", "amount").and_where(of_order).take();
            query.and_where(order(orders::Column::Tax).ne(Expr::from(by_rate)));
        }
        Contradiction::Total => {
            let on_top = Expr::case(order(orders::Column::PricesIncludeTax).eq(true), 0)
                .finally(order(orders::Column::Tax));
            let off = order(orders::Column::Discount)
                .add(order(orders::Column::DeliveryDiscount))
                .add(order(orders::Column::RemovedTax));
            let on = order(orders::Column::Subtotal).add(order(orders::Column::Delivery)).add(on_top);
            let sum = on.sub(off);
            query.and_where(order(orders::Column::Total).ne(sum));
        }
        Contradiction::CancelledOwns => {
            let owned = Expr::col((allocations::Entity, allocations::Column::OrderId));
            query.inner_join(allocations::Entity, owned.eq(order(orders::Column::Id)));
            query.and_where(order(orders::Column::State).eq(CANCELLED));
        }
        Contradiction::Owns => owns(&mut query),
        Contradiction::OwnsNothing => owns_nothing(&mut query),
        Contradiction::FulfilledTooMuch => fulfilled_too_much(&mut query),
        Contradiction::PaidByNothing => {
            let payment = |column: &'static str| Expr::col(("payments", column));
            query.left_join("payments", payment("id").eq(order(orders::Column::PaidBy)));
            let unpaid = payment("state").is_null().or(payment("state").ne("succeeded"));
            query.and_where(order(orders::Column::State).eq(PAID));
            query.and_where(charge().gt(0)).and_where(unpaid);
        }
        Contradiction::OtherPayment => {
            let payment = |column: &'static str| Expr::col(("payments", column));
            query.inner_join("payments", payment("order_id").eq(order(orders::Column::Id)));
            let at_gateway = payment("gateway").ne(Payment::STORED_VALUE);
            query.cond_where(
                Condition::any()
                    .add(at_gateway.and(payment("amount").ne(charge())))
                    .add(payment("currency").ne(order(orders::Column::Currency))),
            );
        }
        Contradiction::OtherStoredValue => {
            // What an order that came to nothing has given back was never paid.
            let paid = sum_of("payments", "amount")
                .and_where(Expr::col(("payments", "order_id")).eq(order(orders::Column::Id)))
                .and_where(Expr::col(("payments", "gateway")).eq(Payment::STORED_VALUE))
                .take();
            query.and_where(order(orders::Column::Total).sub(charge()).ne(or_none(paid)));
        }
        Contradiction::LedgerDiffers => ledger_differs(&mut query),
        Contradiction::CancelledUses => {
            let uses = |column: &'static str| Expr::col(("promotion_uses", column));
            query.inner_join("promotion_uses", uses("order_id").eq(order(orders::Column::Id)));
            query.and_where(order(orders::Column::State).eq(CANCELLED)).and_where(uses("state").eq("taken"));
        }
        Contradiction::UsesDiffer => {
            let of_order = Expr::col(("promotion_uses", "order_id")).eq(order(orders::Column::Id));
            let by_promotion = or_none(sum_of("promotion_uses", "amount").and_where(of_order).take());
            let off = order(orders::Column::Discount).add(order(orders::Column::DeliveryDiscount));
            query.and_where(off.ne(by_promotion));
        }
    }
    query
}

/// As [`stoa_domain::order::OrderState::name`] has them; a state with its figures is no constant.
const CANCELLED: &str = "cancelled";
const PAID: &str = "paid";

/// What the gateway is asked for. Orders of before have no such figure: it was the total.
fn charge() -> Expr {
    Func::coalesce([order(orders::Column::Charge), order(orders::Column::Total)]).into()
}

fn sum_of_lines(column: lines::Column) -> Expr {
    let sum = Query::select()
        .expr(big_sum(Expr::col((lines::Entity, column))))
        .from(lines::Entity)
        .and_where(Expr::col((lines::Entity, lines::Column::OrderId)).eq(order(orders::Column::Id)))
        .take();
    or_none(sum)
}

fn sum_of(table: &'static str, column: &'static str) -> SelectStatement {
    Query::select().expr(big_sum(Expr::col((table, column)))).from(table).take()
}

/// Postgres makes a numeric of a sum.
fn big_sum(of: Expr) -> Expr {
    Expr::from(Func::sum(of)).cast_as("bigint")
}

/// A sum that is 0 where there is nothing to be summed up.
fn or_none(sum: SelectStatement) -> Expr {
    Func::coalesce([sum.into(), Expr::val(0_i64)]).into()
}

/// Cards have paid what their ledgers say was spent on the order and did not come back with it. What was refunded stays paid, and has entries of its
/// own. By order in one go: the ledger has no index for that.
fn ledger_differs(query: &mut SelectStatement) {
    let of = |table: &'static str, column: &'static str| Expr::col((table, column));
    let by_order = |table: &'static str, figure: &'static str, which: Expr| {
        let mut sums = Query::select();
        sums.column("order_id").expr_as(big_sum(Expr::col(figure)), "figure").from(table).and_where(which);
        sums.group_by_col("order_id").take()
    };
    let spent = by_order("gift_card_entries", "delta", Expr::col("kind").is_in(["spent", "given_back"]));
    let paid = by_order("payments", "amount_received", Expr::col("gateway").eq(Payment::STORED_VALUE));
    let same = |table| of(table, "order_id").eq(order(orders::Column::Id));
    query.join_subquery(JoinType::LeftJoin, spent, "spent", same("spent"));
    query.join_subquery(JoinType::LeftJoin, paid, "paid", same("paid"));
    let figure = |table| -> Expr { Func::coalesce([of(table, "figure"), Expr::val(0_i64)]).into() };
    query.and_where(figure("spent").add(figure("paid")).ne(0));
}

/// An order owns of a tracked variant what of its lines is still to be sent. Of an untracked one it owns nothing, and a
/// variant may have been tracked only since: what it owns is compared where it owns any. [`owns_nothing`] looks at the rest.
fn owns(query: &mut SelectStatement) {
    let owned = |column: &'static str| Expr::col(("owned", column));
    let due = |column: &'static str| Expr::col(("due", column));
    let by_order = |sums: &mut SelectStatement, units: Expr| {
        let units = Expr::from(Func::sum(units)).cast_as("bigint");
        sums.columns(["order_id", "variant_id"]).expr_as(units, "units");
        sums.group_by_columns(["order_id", "variant_id"]).take()
    };
    let of_stock = by_order(Query::select().from(allocations::Entity), Expr::col("quantity"));
    let of_lines = by_order(Query::select().from_subquery(standing_lines(), "standing"), Expr::col("left"));
    query.join_subquery(
        JoinType::InnerJoin,
        of_stock,
        "owned",
        owned("order_id").eq(order(orders::Column::Id)),
    );
    let same = owned("order_id").eq(due("order_id")).and(owned("variant_id").eq(due("variant_id")));
    query.join_subquery(JoinType::LeftJoin, of_lines, "due", same);
    query.and_where(order(orders::Column::State).ne(CANCELLED));
    query.cond_where(Condition::any().add(due("units").is_null()).add(due("units").ne(owned("units"))));
}

/// Until it is sent or refunded, or the order cancelled, an order owns something of each variant that it was promised when it was
/// placed.
fn owns_nothing(query: &mut SelectStatement) {
    let line = |column: &'static str| Expr::col(("standing", column));
    let owned = |column| Expr::col((allocations::Entity, column));
    let anything = Query::select()
        .expr(Expr::val(1))
        .from(allocations::Entity)
        .and_where(owned(allocations::Column::OrderId).eq(order(orders::Column::Id)))
        .and_where(owned(allocations::Column::VariantId).eq(line("variant_id")))
        .take();
    let same = line("order_id").eq(order(orders::Column::Id));
    query.join_subquery(JoinType::InnerJoin, standing_lines(), "standing", same);
    query.and_where(line("promised").eq(true));
    query.and_where(line("left").gt(0));
    query.and_where(order(orders::Column::State).ne(CANCELLED));
    query.and_where(Expr::exists(anything).not());
}

/// Parcels hold what the lines say was sent of them.
fn fulfilled_too_much(query: &mut SelectStatement) {
    let line = |column: &'static str| Expr::col(("standing", column));
    let parcels = |column: &'static str| Expr::col(("parcels", column));
    let same = line("order_id").eq(order(orders::Column::Id));
    query.join_subquery(JoinType::InnerJoin, standing_lines(), "standing", same);
    let in_parcels = units_by_line("fulfillment_lines");
    query.join_subquery(JoinType::LeftJoin, in_parcels, "parcels", parcels("line_id").eq(line("id")));
    let sent = Func::coalesce([parcels("units"), Expr::val(0_i64)]);
    query.cond_where(
        Condition::any()
            .add(line("fulfilled").ne(sent))
            .add(line("fulfilled").gt(line("quantity")))
            .add(line("refunded").gt(line("quantity"))),
    );
}

/// Every line with the units of it that were refunded, and those that are still to be sent.
fn standing_lines() -> SelectStatement {
    let line = |column| Expr::col((lines::Entity, column));
    let refunded = || -> Expr { Func::coalesce([Expr::col(("back", "units")), Expr::val(0_i64)]).into() };
    let left = || line(lines::Column::Quantity).sub(line(lines::Column::Fulfilled)).sub(refunded());
    let same = Expr::col(("back", "line_id")).eq(line(lines::Column::Id));
    let mut standing = Query::select();
    for column in [
        lines::Column::Id,
        lines::Column::OrderId,
        lines::Column::VariantId,
        lines::Column::Promised,
        lines::Column::Quantity,
        lines::Column::Fulfilled,
    ] {
        standing.column((lines::Entity, column));
    }
    standing
        .expr_as(refunded(), "refunded")
        .expr_as(Expr::case(left().gt(0), left()).finally(0_i64), "left")
        .from(lines::Entity)
        .join_subquery(JoinType::LeftJoin, units_by_line("refund_lines"), "back", same)
        .take()
}

fn units_by_line(table: &'static str) -> SelectStatement {
    Query::select()
        .column("line_id")
        .expr_as(Expr::from(Func::sum(Expr::col("quantity"))).cast_as("bigint"), "units")
        .from(table)
        .group_by_col("line_id")
        .take()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use stoa_domain::order::OrderState;

    #[test]
    fn the_names_are_those_of_the_states() {
        let at = DateTime::UNIX_EPOCH;
        let paid = OrderState::Paid { payment: None, paid_at: at };
        let cancelled = OrderState::Cancelled { reason: stoa_domain::order::CancelReason::Staff, at };
        assert_eq!((paid.name(), cancelled.name()), (PAID, CANCELLED));
    }
}
