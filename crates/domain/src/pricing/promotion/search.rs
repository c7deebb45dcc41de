//! Which of the promotions that apply are used: what is best for the buyer.
//!
//! The answer is the cheapest of a family of plans: of each run of automatic promotions from the oldest on, with each run of codes from the first
//! on, and of each exclusive promotion alone. One more promotion or code only adds members to that family: so none ever raises a total,
//! whatever a single plan does. Most of the family need not be looked at, since they cannot be cheaper.

use super::{
    candidate::{Candidate, Effect},
    explain,
    judged::judge,
    plan::{Of, Plan, Planner, by_price},
};
use crate::pricing::{DeliveryTax, PricingError, Steps, tax, totals, working::Working};

/// Taxed plans of a cart of 100 lines; of a smaller cart more.
const TAXED: usize = 32;
/// Lines that are taxed in search of a cheaper plan, at most.
const LINES: usize = 4_096;
/// Plans that are made for each that may be taxed.
const MADE: usize = 4;

/// Weighs promotions, and takes off what the best of them take off.
pub(in crate::pricing) fn run(w: &mut Working<'_>) -> Result<(), PricingError> {
    if w.input.codes.is_empty() && w.input.rules.data().promotions.is_empty() {
        return Ok(());
    }
    let by_price = by_price(w);
    let judged = judge(w, &by_price)?;
    let (plan, cut) = {
        let planner = Planner { w, candidates: &judged.candidates, by_price: &by_price };
        Search::new(planner)?.answer()?
    };
    w.search_cut = cut;
    put(w, &plan);
    explain::write(w, &judged, &plan);
    Ok(())
}

/// A search for the cheapest plan.
struct Search<'s, 'a> {
    planner: Planner<'s, 'a>,
    /// The cart before promotions, without steps.
    bare: Working<'a>,
    automatics: Vec<usize>,
    codes: Vec<usize>,
    exclusive: Vec<usize>,
    best: Plan,
    total: i64,
    /// Of the best: tax that prices contain and nobody owes.
    removed: i64,
    /// How many more plans may be made, and how many taxed.
    to_make: usize,
    to_tax: usize,
    /// How many were passed over for that.
    cut: usize,
    /// Whether there are no sets, no budgets, and nothing that stacks on an order.
    is_plain: bool,
    /// The highest tax of a place, in millionths, and how many there are, at most.
    steepest: (i128, i128),
}

impl<'s, 'a> Search<'s, 'a> {
    /// Begins with all that may be combined.
    fn new(planner: Planner<'s, 'a>) -> Result<Self, PricingError> {
        let those = |is: &dyn Fn(&Candidate<'_>) -> bool| -> Vec<usize> {
            let candidates = planner.candidates.iter().enumerate();
            candidates.filter(|(_, candidate)| is(candidate)).map(|(n, _)| n).collect()
        };
        let automatics = those(&|c| c.code.is_none() && !c.promotion.exclusive);
        let codes = those(&|c| c.code.is_some() && !c.promotion.exclusive);
        let exclusive = those(&|c| c.promotion.exclusive);
        let all: Vec<usize> = automatics.iter().chain(&codes).copied().collect();
        let bare = Working { steps: Steps::default(), ..planner.w.clone() };
        let best = planner.plan(&all)?;
        let to_tax = TAXED.max(LINES / bare.lines.len().max(1));
        let (to_make, removed) = (to_tax.saturating_mul(MADE), 0);
        let is_plain = planner.candidates.iter().all(|c| match c.effect {
            Effect::Set(_) => false,
            Effect::Order(_) => c.left.is_none() && !c.promotion.stacks,
            Effect::Lines { .. } | Effect::Delivery { .. } | Effect::Gift { .. } => c.left.is_none(),
        });
        let mut search = Self {
            is_plain,
            steepest: (0, 0),
            planner,
            bare,
            automatics,
            codes,
            exclusive,
            best,
            total: 0,
            removed,
            to_make,
            to_tax,
            cut: 0,
        };
        // Nobody asks what a cart costs whose plan is the only one to look at.
        if search.exclusive.is_empty() && search.is_alone() {
            return Ok(search);
        }
        search.steepest = steepest(search.bare.input.rules);
        (search.total, search.removed) = search.taxed(&search.best)?;
        Ok(search)
    }

    /// Whether lines and deliveries by themselves say that no other plan is cheaper.
    fn is_alone(&self) -> bool {
        let orders = self.combined().any(|c| matches!(c.effect, Effect::Order(_)));
        let proportional = self.bare.input.rules.settings().delivery_tax == DeliveryTax::Proportional;
        self.is_monotone_without_tax() && !orders && !proportional
    }

    /// The cheapest plan, and how many were not looked at.
    fn answer(mut self) -> Result<(Plan, usize), PricingError> {
        let (is_monotone, whole) = (self.is_monotone(), self.best.clone());
        // First, for there are few of them: where the search is cut, they have been looked at.
        for exclusive in std::mem::take(&mut self.exclusive) {
            self.weigh(&[exclusive])?;
        }
        if !is_monotone {
            for codes in (0..=self.codes.len()).rev() {
                let mut longer = (codes == self.codes.len()).then(|| whole.clone());
                for automatics in (0..=self.automatics.len()).rev() {
                    if (codes, automatics) != (self.codes.len(), self.automatics.len()) {
                        // One that took nothing off is missed by nobody.
                        let gone = self.automatics.get(automatics).copied();
                        if gone.zip(longer.as_ref()).is_some_and(|(gone, plan)| self.is_idle(gone, plan)) {
                            continue;
                        }
                        let first = self.automatics[..automatics].iter().chain(&self.codes[..codes]);
                        let members: Vec<usize> = first.copied().collect();
                        longer = self.weigh(&members)?;
                    }
                }
            }
        }
        Ok((self.best, self.cut))
    }

    /// Makes a plan, and takes it for the best if it is cheaper; `None`: no more are made.
    fn weigh(&mut self, members: &[usize]) -> Result<Option<Plan>, PricingError> {
        if self.to_make == 0 {
            self.cut += 1;
            return Ok(None);
        }
        self.to_make -= 1;
        let plan = self.planner.plan(members)?;
        if !self.can_win(&plan) {
            return Ok(Some(plan));
        }
        if self.to_tax == 0 {
            self.cut += 1;
            return Ok(Some(plan));
        }
        self.to_tax -= 1;
        let (total, removed) = self.taxed(&plan)?;
        if total < self.total {
            (self.best, self.total, self.removed) = (plan.clone(), total, removed);
        }
        Ok(Some(plan))
    }

    /// Whether a plan is the same without a candidate: it took nothing off, and nothing depends on its being there.
    fn is_idle(&self, candidate: usize, plan: &Plan) -> bool {
        self.is_plain && plan.taken.iter().all(|taken| taken.by != candidate)
    }

    /// What a cart with this plan costs, and what tax is removed from it.
    fn taxed(&self, plan: &Plan) -> Result<(i64, i64), PricingError> {
        let mut w = self.bare.clone();
        put(&mut w, plan);
        tax::by_rules(&mut w)?;
        totals::run(&mut w)?;
        Ok((w.totals.total, w.totals.removed_tax))
    }

    /// Whether the plan of more promotions never costs more: then the plan of all of them is the best of the family.
    ///
    /// What remains of an amount in whole steps never falls as the amount rises, so that the best of more is never dearer, line by line and
    /// for the sum. Sets, budgets and shares of a sum keep to no such rule, and a sum says nothing where its parts are taxed each in its way.
    fn is_monotone(&self) -> bool {
        let by_sum = self.bare.tax_inside && self.removed == 0;
        self.is_alone() || (by_sum && self.is_monotone_without_tax())
    }

    fn is_monotone_without_tax(&self) -> bool {
        let step = self.bare.step;
        let subtotals = self.bare.lines.iter().map(|line| line.priced.subtotal);
        let in_steps =
            subtotals.chain(self.bare.groups.iter().map(|group| group.price)).all(|n| n % step == 0);
        let plain = |c: &Candidate<'_>| {
            let parts = matches!(c.effect, Effect::Lines { units: Some(_), .. }) && step > 1;
            c.left.is_none() && !parts && !matches!(c.effect, Effect::Set(_))
        };
        let orders = || self.combined().filter(|c| matches!(c.effect, Effect::Order(_)));
        let alike = orders().zip(orders().skip(1)).all(|(one, other)| one.lines == other.lines);
        in_steps && self.combined().all(plain) && (alike || !orders().any(|c| c.promotion.stacks))
    }

    fn combined(&self) -> impl Iterator<Item = &Candidate<'a>> {
        self.automatics.iter().chain(&self.codes).map(|n| &self.planner.candidates[*n])
    }

    /// Whether a plan could be cheaper than the best. Each minor unit of what things cost is worth between itself without the highest tax and
    /// itself with it, and rounding moves a step for each tax of each thing.
    fn can_win(&self, plan: &Plan) -> bool {
        let pairs = || {
            let lines = plan.lines.iter().zip(&self.best.lines);
            lines
                .chain(plan.groups.iter().zip(&self.best.groups))
                .map(|(a, b)| i128::from(*a) - i128::from(*b))
        };
        let dearer: i128 = pairs().filter(|more| *more > 0).sum();
        let cheaper: i128 = -pairs().filter(|more| *more < 0).sum::<i128>();
        let rules = self.bare.input.rules;
        let proportional = rules.settings().delivery_tax == DeliveryTax::Proportional;
        if cheaper == 0 && !proportional {
            return false;
        }
        let (factor, rates) = self.steepest;
        let items = i128::try_from(plan.lines.len() + plan.groups.len()).unwrap_or(i128::MAX);
        let moved: i128 = plan.groups.iter().map(|net| i128::from(*net)).sum();
        let slack = items * rates * i128::from(self.bare.step) + if proportional { moved } else { 0 };
        dearer.saturating_mul(1_000_000) < (cheaper + slack).saturating_mul(1_000_000 + factor)
    }
}

/// No place's taxes are together more than this share, in millionths, nor more in number.
fn steepest(rules: &crate::pricing::Rules) -> (i128, i128) {
    let (mut all, mut rates) = (1_000_000_i128, 0_i128);
    for level in 0..=3 {
        let (mut most, mut count) = (1_000_000_i128, 0_i128);
        for zone in rules.data().tax_zones.iter().filter(|zone| zone.level == level) {
            // As if each were charged on those before it, and of each category.
            let on_each_other = zone.rates.iter().fold(1_000_000_i128, |product, rate| {
                let factor = 1_000_000 + i128::from(rate.rate.millionths());
                (product.saturating_mul(factor) / 1_000_000 + 1).min(1_000_000_000_000)
            });
            most = most.max(on_each_other);
            count = count.max(i128::try_from(zone.rates.len()).unwrap_or(i128::MAX));
        }
        all = (all.saturating_mul(most) / 1_000_000 + 1).min(1_000_000_000_000);
        rates += count;
    }
    (all - 1_000_000, rates.max(1))
}

/// Takes off what a plan takes off.
pub(super) fn put(w: &mut Working<'_>, plan: &Plan) {
    for taken in &plan.taken {
        match taken.of {
            Of::Line(n) => w.lines[n].priced.line_discount += taken.amount,
            Of::Order(n) => w.lines[n].priced.order_discount += taken.amount,
            Of::Group(n) => w.groups[n].discount += taken.amount,
        }
    }
}
