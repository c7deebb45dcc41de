//! How an order's figures came about, told from the figures alone: of orders that keep no steps of their own, those among them that were placed
//! before steps were kept.

use super::{Step, StepKind, Steps, rules::CONFIGURED_TAX};
use crate::order::{LineItem, Order};
use std::sync::Arc;

/// The steps of an order, from what it keeps of lines and sums: they sum to its total, and with what gift cards paid to its charge. Where one tax
/// rate applied and no more than one delivery, they are what pricing said. Where there were more, all tax of a line is one step without a rate.
pub fn retold(order: &Order) -> Steps {
    let mut told =
        Telling { order, untitled: Arc::from(""), tax: Arc::from(CONFIGURED_TAX), steps: Vec::new() };
    order.lines.iter().enumerate().for_each(|(n, line)| told.price(n, line));
    told.delivery();
    order.lines.iter().enumerate().for_each(|(n, line)| told.line_tax(n, line));
    told.delivery_tax();
    let paid = order.figures.total.saturating_sub(order.figures.charge);
    if paid != 0 {
        told.steps.push(Step::new(StepKind::GiftCard, Arc::clone(&told.untitled), -paid));
    }
    told.steps.into_iter().collect()
}

struct Telling<'o> {
    order: &'o Order,
    untitled: Arc<str>,
    tax: Arc<str>,
    steps: Vec<Step>,
}

impl Telling<'_> {
    fn price(&mut self, n: usize, line: &LineItem) {
        self.steps.push(Step {
            line: Some(n),
            base: Some(line.unit_price),
            ..Step::new(StepKind::BasePrice, Arc::clone(&self.untitled), line.subtotal)
        });
        if line.discount != 0 {
            self.steps.push(Step {
                line: Some(n),
                base: Some(line.subtotal),
                ..Step::new(StepKind::Promotion, Arc::clone(&self.untitled), -line.discount)
            });
        }
    }

    fn delivery(&mut self) {
        let figures = &self.order.figures;
        if self.order.delivery_title.is_none() && figures.delivery == 0 {
            return;
        }
        let title = self.order.delivery_title.as_deref().unwrap_or_default();
        let group = Some(0);
        self.steps.push(Step { group, ..Step::new(StepKind::Delivery, Arc::from(title), figures.delivery) });
        if figures.delivery_discount != 0 {
            self.steps.push(Step {
                group,
                base: Some(figures.delivery),
                ..Step::new(StepKind::Promotion, Arc::clone(&self.untitled), -figures.delivery_discount)
            });
        }
    }

    fn line_tax(&mut self, n: usize, line: &LineItem) {
        let net = line.subtotal.saturating_sub(line.discount);
        self.taxed((Some(n), None), net, (line.tax, line.removed_tax));
    }

    fn delivery_tax(&mut self) {
        let figures = &self.order.figures;
        let net = figures.delivery.saturating_sub(figures.delivery_discount);
        self.taxed((None, Some(0)), net, (figures.delivery_tax, self.order.delivery_removed_tax()));
    }

    fn taxed(&mut self, (line, group): (Option<usize>, Option<usize>), net: i64, (tax, removed): (i64, i64)) {
        let figures = &self.order.figures;
        let rate = Some(figures.tax_rate).filter(|rate| rate.millionths() > 0);
        let step = |kind, amount, contained| Step {
            line,
            group,
            base: Some(net),
            rate,
            contained,
            ..Step::new(kind, Arc::clone(&self.tax), amount)
        };
        let charged = match figures.prices_include_tax {
            true => step(StepKind::Tax, 0, tax),
            false => step(StepKind::Tax, tax, 0),
        };
        let removed_step = step(StepKind::TaxRemoved, -removed, 0);
        if tax != 0 {
            self.steps.push(charged);
        }
        if removed != 0 {
            self.steps.push(removed_step);
        }
    }
}

#[cfg(test)]
#[path = "retold_tests.rs"]
mod tests;
