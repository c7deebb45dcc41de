//! The value that the stages work on, one after the other.

use super::{
    AppliedPromotion, CodeOutcome, GiftDue, LineIndex, PricedCart, PricedGroup, PricedLine, PricingInput,
    PricingLine, ShopFigures, Steps, StoredPart, TaxAmount, Why, tax::Taxation, totals::Totals,
};
use crate::shared::PromotionId;
use std::sync::Arc;

/// A cart as far as it is priced. Lines are worked on in the order of their ids and handed back in the cart's: so no figure depends on where a
/// line stands, ties included.
#[derive(Clone, Debug)]
pub(super) struct Working<'a> {
    /// What is priced.
    pub(super) input: &'a PricingInput<'a>,
    /// What all amounts that rules add are multiples of, in minor units.
    pub(super) step: i64,
    /// Whether prices contain tax.
    pub(super) tax_inside: bool,
    /// The lines, in the order of their ids.
    pub(super) lines: Vec<WorkingLine<'a>>,
    /// The delivery groups, in the cart's order.
    pub(super) groups: Vec<PricedGroup>,
    /// What became of each code.
    pub(super) codes: Vec<CodeOutcome>,
    /// The promotions that take something off.
    pub(super) applied: Vec<AppliedPromotion>,
    /// Those that do not.
    pub(super) refused: Vec<(PromotionId, Why)>,
    /// What promotions put in.
    pub(super) gifts_due: Vec<GiftDue>,
    /// Combinations of promotions that were not looked at.
    pub(super) search_cut: usize,
    /// How everything is taxed, once it was looked up.
    pub(super) taxation: Option<Arc<Taxation>>,
    /// Whether the buyer owes tax at home in place of here.
    pub(super) reverse_charge: bool,
    /// All tax, by rate.
    pub(super) taxes: Vec<TaxAmount>,
    /// What it comes to.
    pub(super) totals: Totals,
    /// What gift cards pay.
    pub(super) stored: Vec<StoredPart>,
    /// What is left to charge.
    pub(super) charge: i64,
    /// The figures in the shop's currency, where it is another.
    pub(super) shop: Option<ShopFigures>,
    /// How it came about.
    pub(super) steps: Steps,
}

/// A line as far as it is priced.
#[derive(Clone, Copy, Debug)]
pub(super) struct WorkingLine<'a> {
    /// Its place in the cart.
    pub(super) at: LineIndex,
    /// What is bought.
    pub(super) sold: &'a PricingLine<'a>,
    /// Its figures.
    pub(super) priced: PricedLine,
}

impl WorkingLine<'_> {
    /// What it costs after what was taken off.
    pub(super) const fn net(&self) -> i64 {
        self.priced.subtotal - self.priced.line_discount - self.priced.order_discount
    }
}

impl<'a> Working<'a> {
    /// A cart of which nothing is known yet.
    pub(super) fn new(input: &'a PricingInput<'a>) -> Self {
        let context = input.context;
        let mut lines: Vec<WorkingLine<'a>> = input
            .lines
            .iter()
            .enumerate()
            .map(|(at, sold)| WorkingLine { at, sold, priced: PricedLine::default() })
            .collect();
        lines.sort_by_key(|line| line.sold.id);
        Self {
            input,
            step: context.currency.charge_step(),
            tax_inside: context
                .market
                .prices_include_tax
                .unwrap_or(input.rules.settings().prices_include_tax),
            lines,
            groups: Vec::with_capacity(input.deliveries.len()),
            codes: Vec::new(),
            applied: Vec::new(),
            refused: Vec::new(),
            gifts_due: Vec::new(),
            search_cut: 0,
            taxation: None,
            reverse_charge: false,
            taxes: Vec::new(),
            totals: Totals::default(),
            stored: Vec::with_capacity(input.stored_value.len()),
            charge: 0,
            shop: None,
            steps: Steps::default(),
        }
    }

    /// Looks up how lines and deliveries are taxed, which are chosen by now.
    pub(super) fn look_up_taxes(&mut self) {
        self.taxation = Some(Arc::new(Taxation::of(self)));
    }

    /// How everything is taxed.
    pub(super) fn taxation(&self) -> Arc<Taxation> {
        self.taxation.clone().unwrap_or_else(|| Arc::new(Taxation::of(self)))
    }

    /// Hands everything back, in the cart's order.
    pub(super) fn finish(self) -> PricedCart {
        let Self { input, tax_inside, lines: worked, groups, taxes, totals, stored, charge, steps, .. } =
            self;
        debug_assert_eq!(steps.sum_total(), Ok(totals.total), "steps sum to the total");
        debug_assert_eq!(steps.sum_charge(), Ok(charge), "steps with gift cards sum to the charge");
        let mut lines = vec![PricedLine::default(); worked.len()];
        for line in worked {
            lines[line.at] = line.priced;
        }
        PricedCart {
            currency: input.context.currency,
            lines,
            groups,
            codes: self.codes,
            applied: self.applied,
            refused: self.refused,
            taxes,
            subtotal: totals.subtotal,
            discount: totals.discount,
            delivery: totals.delivery,
            delivery_discount: totals.delivery_discount,
            delivery_tax: totals.delivery_tax,
            removed_tax: totals.removed_tax,
            tax: totals.tax,
            tax_inside,
            reverse_charge: self.reverse_charge,
            total: totals.total,
            stored,
            charge,
            shop: self.shop,
            gifts_due: self.gifts_due,
            search_cut: self.search_cut,
            steps,
        }
    }
}
