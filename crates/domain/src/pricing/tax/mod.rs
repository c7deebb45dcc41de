//! Stage 7: the taxes of lines and deliveries, and what prices contain of taxes that this buyer does not owe.

mod amounts;
mod bill;
mod quote;
mod relief;
mod taxation;
mod write;

use super::{PricingError, TaxRounding, working::Working};
use bill::Bill;
pub use quote::tax_request;
pub(super) use taxation::Taxation;

/// Charges what is taxed, or says how much of it is tax: as an outside service says it, if one was asked about these very amounts, else by the
/// shop's rules.
pub(super) fn run(w: &mut Working<'_>) -> Result<(), PricingError> {
    if quote::charge(w)? { Ok(()) } else { by_rules(w) }
}

/// The same by the shop's rules alone: for plans that are weighed before anybody is asked.
pub(super) fn by_rules(w: &mut Working<'_>) -> Result<(), PricingError> {
    let bill = Bill::of(w)?;
    let by_line = w.input.rules.settings().tax_rounding == TaxRounding::Line;
    let parts = match (w.tax_inside, by_line) {
        (true, true) => bill.inside_by_line()?,
        (true, false) => bill.inside_by_total()?,
        (false, true) => bill.on_top_by_line(w.step)?,
        (false, false) => bill.on_top_by_total(w.step)?,
    };
    let removed = match by_line {
        true => bill.removed_by_line(w.step)?,
        false => bill.removed_by_total(w.step)?,
    };
    w.reverse_charge = bill.reverse_charge;
    write::charge(w, &bill, parts)?;
    write::remove(w, &bill, &removed)
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod quote_tests;
#[cfg(test)]
mod tests;
