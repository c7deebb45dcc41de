//! Stage 8: what it all comes to.

use super::{PricedGroup, PricedLine, PricingError, working::Working};

/// The sums of a cart, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) subtotal: i64,
    pub(super) discount: i64,
    pub(super) delivery: i64,
    pub(super) delivery_discount: i64,
    pub(super) delivery_tax: i64,
    pub(super) removed_tax: i64,
    pub(super) tax: i64,
    pub(super) total: i64,
}

/// Adds up.
pub(super) fn run(w: &mut Working<'_>) -> Result<(), PricingError> {
    let lines = |of: fn(&PricedLine) -> i64| sum(w.lines.iter().map(|line| of(&line.priced)));
    let groups = |of: fn(&PricedGroup) -> i64| sum(w.groups.iter().map(of));
    let subtotal = lines(|line| line.subtotal)?;
    let discount = sum([lines(|line| line.line_discount)?, lines(|line| line.order_discount)?])?;
    let delivery = groups(|group| group.price)?;
    let delivery_discount = groups(|group| group.discount)?;
    let delivery_tax = groups(|group| group.tax)?;
    let removed_tax = sum([lines(|line| line.removed_tax)?, groups(|group| group.removed_tax)?])?;
    let tax = sum([lines(|line| line.tax)?, delivery_tax])?;
    let on_top = if w.tax_inside { 0 } else { tax };
    // Nothing that is taken off is more than what it is taken off.
    let total = sum([subtotal, -discount, delivery, -delivery_discount, -removed_tax, on_top])?;
    debug_assert!(total >= 0, "a total is never negative");
    w.totals =
        Totals { subtotal, discount, delivery, delivery_discount, delivery_tax, removed_tax, tax, total };
    Ok(())
}

fn sum(parts: impl IntoIterator<Item = i64>) -> Result<i64, PricingError> {
    parts.into_iter().try_fold(0_i64, i64::checked_add).ok_or(PricingError::OutOfRange)
}
