//! Stage 10: the figures in the shop's currency, of a cart in another.

use super::{PricingError, ShopFigures, proportion::in_proportion, working::Working};

/// Converts what it costs, and each thing that is taken off, and spreads what they come to over what is put on: so the figures sum in the shop's
/// currency as they do in the cart's, and the cart's total is told by the rate to the last unit.
pub(super) fn run(w: &mut Working<'_>) -> Result<(), PricingError> {
    let context = w.input.context;
    if !context.is_foreign() {
        return Ok(());
    }
    let totals = w.totals;
    let step = context.shop_currency.charge_step();
    let in_steps = |minor: i64| context.rate.back(minor, context.currency, context.shop_currency, step);
    let total = in_steps(totals.total)?;
    let discount = in_steps(totals.discount)?;
    let delivery_discount = in_steps(totals.delivery_discount)?;
    let removed_tax = in_steps(totals.removed_tax)?;
    let put_on = [discount, delivery_discount, removed_tax]
        .iter()
        .try_fold(total, |sum, off| sum.checked_add(*off))
        .ok_or(PricingError::OutOfRange)?;
    let on_top = if w.tax_inside { 0 } else { totals.tax };
    let parts = in_proportion(put_on, &[totals.subtotal, totals.delivery, on_top], step);
    // What prices contain of tax is no part of the sum, and charged by nobody.
    let tax = if w.tax_inside { context.in_shop(totals.tax)? } else { parts[2].amount };
    w.shop = Some(ShopFigures {
        subtotal: parts[0].amount,
        discount,
        delivery: parts[1].amount,
        delivery_discount,
        removed_tax,
        tax,
        total,
    });
    Ok(())
}

#[cfg(test)]
#[path = "shop_tests.rs"]
mod tests;
