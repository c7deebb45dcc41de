//! The price of each line.

use crate::pricing::{PricedLine, PricingError, Step, StepKind, working::Working};
use std::sync::Arc;

/// Prices each line: as it is in the catalogue, in the shop's currency.
pub(in crate::pricing) fn run(w: &mut Working<'_>) -> Result<(), PricingError> {
    let untitled: Arc<str> = Arc::from("");
    for line in &mut w.lines {
        let goods = line.sold.goods;
        let subtotal = goods.price.checked_mul(i64::from(line.sold.quantity));
        line.priced = PricedLine {
            base_price: goods.price,
            unit_price: goods.price,
            compare_at: goods.compare_at_price,
            subtotal: subtotal.ok_or(PricingError::OutOfRange)?,
            ..PricedLine::default()
        };
        w.steps.push(Step {
            line: Some(line.at),
            base: Some(goods.price),
            ..Step::new(StepKind::BasePrice, Arc::clone(&untitled), line.priced.subtotal)
        });
    }
    Ok(())
}
