//! Giving money back for what was bought: which units, what they were worth, and which of them were never sent.

use super::{LineItem, LineStanding, Order};
use crate::shared::LineItemId;
use std::collections::HashMap;

/// Units of a line that are to be refunded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundUnits {
    /// Of which line.
    pub line: LineItemId,
    /// Units, at least 1.
    pub quantity: u32,
    /// Whether they are to be sold again. Of those that are not, what was not sent yet is written off.
    pub restock: bool,
}

/// Units of a line that may be refunded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedRefund {
    /// Which, and what is to become of them.
    pub units: RefundUnits,
    /// How many of them were not sent: nobody waits for them any more.
    pub unsent: u32,
    /// What the buyer was charged for them, in minor units of the order's currency.
    pub value: i64,
}

impl PlannedRefund {
    /// How many of them had left the house.
    pub const fn sent(&self) -> u32 {
        self.units.quantity - self.unsent
    }
}

/// Why units cannot be refunded. Nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefundRefusal {
    /// More than are left that were not refunded.
    #[error("{left} units of the line are left to be refunded")]
    TooMany {
        /// Which line.
        line: LineItemId,
        /// How many are.
        left: u32,
    },
    /// The order has no such line.
    #[error("the order has no such line")]
    UnknownLine(LineItemId),
    /// No units of a line that was named.
    #[error("at least one unit of a line is refunded")]
    NoUnits(LineItemId),
    /// A line was named twice.
    #[error("a line is named once")]
    NamedTwice(LineItemId),
}

/// What may be refunded of an order whose lines stand so and of which these units were refunded before: one entry a line, in the order
/// of the order's lines. Units that were not sent go first, as long as there are any.
///
/// # Errors
/// Not all that is wanted may be.
pub fn plan_refund(
    order: &Order,
    lines: &[LineStanding],
    refunded: &HashMap<LineItemId, u32>,
    wanted: &[RefundUnits],
) -> Result<Vec<PlannedRefund>, RefundRefusal> {
    for (at, units) in wanted.iter().enumerate() {
        if order.lines.iter().all(|line| line.id != units.line) {
            return Err(RefundRefusal::UnknownLine(units.line));
        }
        if units.quantity == 0 {
            return Err(RefundRefusal::NoUnits(units.line));
        }
        if wanted[..at].iter().any(|other| other.line == units.line) {
            return Err(RefundRefusal::NamedTwice(units.line));
        }
    }
    let mut planned = Vec::with_capacity(wanted.len());
    for line in &order.lines {
        let Some(units) = wanted.iter().find(|units| units.line == line.id) else { continue };
        let before = refunded.get(&line.id).copied().unwrap_or(0);
        let left = line.quantity.saturating_sub(before);
        if units.quantity > left {
            return Err(RefundRefusal::TooMany { line: line.id, left });
        }
        let waiting = lines.iter().find(|of| of.line == line.id).map_or(0, LineStanding::left);
        planned.push(PlannedRefund {
            units: *units,
            unsent: units.quantity.min(waiting),
            value: value_of(
                line,
                order.figures.prices_include_tax,
                (before, units.quantity),
                order.figures.currency.charge_step(),
            ),
        });
    }
    Ok(planned)
}

/// Everything of an order that was not refunded yet, as [`plan_refund`] takes it.
pub fn rest_to_refund(order: &Order, refunded: &HashMap<LineItemId, u32>, restock: bool) -> Vec<RefundUnits> {
    let rest = |line: &LineItem| line.quantity.saturating_sub(refunded.get(&line.id).copied().unwrap_or(0));
    let units = order.lines.iter().map(|line| RefundUnits { line: line.id, quantity: rest(line), restock });
    units.filter(|units| units.quantity > 0).collect()
}

/// What a line cost, its tax included: all lines' and the delivery's worth together is the order's total.
fn worth_of(line: &LineItem, tax_is_inside: bool) -> i128 {
    let on_top = if tax_is_inside { 0 } else { i128::from(line.tax) };
    i128::from(line.subtotal) - i128::from(line.discount) - i128::from(line.removed_tax) + on_top
}

/// What some units of a line cost after others of it were refunded, its tax included. Counted from the line's whole, so that parts
/// always sum to it, whatever a single unit would round to; what does not end in whole charge steps goes with the last unit.
fn value_of(line: &LineItem, tax_is_inside: bool, (before, units): (u32, u32), step: i64) -> i64 {
    let (whole, quantity) = (worth_of(line, tax_is_inside), i128::from(line.quantity.max(1)));
    let step = i128::from(step.max(1));
    let of_first = |units: u32| match i128::from(units) {
        units if units >= quantity => whole,
        units => whole * units / (quantity * step) * step,
    };
    let value = of_first(before.saturating_add(units)) - of_first(before);
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
#[path = "refund_tests.rs"]
mod tests;
