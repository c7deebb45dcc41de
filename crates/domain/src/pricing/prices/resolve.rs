//! Stage 1: the price of each line.

use super::{PriceBook, PriceList, UnitPrice};
use crate::{
    pricing::{
        PricedLine, PricingError, Source, Step, StepKind,
        place::{goes_to, taxed_at},
        working::Working,
    },
    shared::VariantId,
};
use std::sync::Arc;

/// What the step says that exchanges the shop's tax for that of where the goods go.
const OTHER_TAX: &str = "tax of the country";

/// Prices each line, by as many units of its variant as the buyer has put into the cart, on whatever lines.
pub(in crate::pricing) fn run(w: &mut Working<'_>) -> Result<(), PricingError> {
    let input = w.input;
    let context = input.context;
    if context.is_foreign() && !input.rules.data().rates.contains_key(&context.currency) {
        return Err(PricingError::NoRate);
    }
    let book = PriceBook::of(input.rules, context, input.now);
    let units = units(w);
    let untitled: Arc<str> = Arc::from("");
    for line in &mut w.lines {
        let sold = line.sold;
        let known = units.binary_search_by_key(&sold.goods.variant, |(variant, _)| *variant);
        // Of what promotions alone put in, one unit's price is as good as any: nothing of it is paid.
        let bought = known.map_or(1, |at| units[at].1);
        let place = taxed_at(input, goes_to(input, sold.group), book.tax_inside);
        let unit = book.unit(sold.goods, bought, place)?;
        let times = |price: i64| price.checked_mul(i64::from(sold.quantity)).ok_or(PricingError::OutOfRange);
        line.priced = PricedLine {
            base_price: unit.base,
            unit_price: unit.price,
            compare_at: unit.compare_at,
            subtotal: times(unit.price)?,
            ..PricedLine::default()
        };
        let at = Step { line: Some(line.at), ..Step::new(StepKind::BasePrice, Arc::clone(&untitled), 0) };
        w.steps.push(Step { base: Some(unit.base), ..by(unit.base_list, at.clone(), times(unit.base)?) });
        let UnitPrice { base, listed, price, .. } = unit;
        let at = Step { kind: StepKind::PriceList, ..at };
        if listed != base {
            let more = times(listed)?.checked_sub(times(base)?).ok_or(PricingError::OutOfRange)?;
            w.steps.push(Step { base: Some(base), ..by(unit.list, at.clone(), more) });
        }
        if price != listed {
            let more = times(price)?.checked_sub(times(listed)?).ok_or(PricingError::OutOfRange)?;
            w.steps.push(Step { title: Arc::from(OTHER_TAX), base: Some(listed), amount: more, ..at });
        }
    }
    Ok(())
}

/// A step by a list, or by none.
fn by(list: Option<&PriceList>, step: Step, amount: i64) -> Step {
    let source = list.map(|list| Source::PriceList(list.id));
    let title = list.map_or_else(|| Arc::clone(&step.title), |list| Arc::clone(&list.name));
    Step { source, title, amount, ..step }
}

/// Units of each variant that the buyer has put in, by variant.
fn units(w: &Working<'_>) -> Vec<(VariantId, u64)> {
    let bought = w.lines.iter().filter(|line| line.sold.gift_of.is_none());
    let mut units: Vec<(VariantId, u64)> =
        bought.map(|line| (line.sold.goods.variant, u64::from(line.sold.quantity))).collect();
    units.sort_unstable();
    units.dedup_by(|next, first| {
        let same = next.0 == first.0;
        first.1 = if same { first.1.saturating_add(next.1) } else { first.1 };
        same
    });
    units
}
