//! Stage 7: the taxes of lines and deliveries.

use super::{
    DeliveryTax, GroupIndex, PricingError, Share, Source, Step, StepKind, TaxAmount, TaxBasis, TaxRounding,
    round::round_to, shares, working::Working,
};
use crate::{
    shared::{Place, TaxRateId, allocate},
    tax::{RateSet, SetRate},
};
use std::sync::Arc;

/// Charges what is taxed, or says how much of it is tax.
pub(super) fn run(w: &mut Working<'_>) -> Result<(), PricingError> {
    let mut bill = Bill::default();
    lines(w, &mut bill);
    deliveries(w, &mut bill);
    let by_line = w.input.rules.settings().tax_rounding == TaxRounding::Line;
    let mut parts = match (w.tax_inside, by_line) {
        (true, true) => bill.inside_by_line()?,
        (true, false) => bill.inside_by_total()?,
        (false, true) => bill.on_top_by_line(w.step)?,
        (false, false) => bill.on_top_by_total(w.step)?,
    };
    parts.sort_by_key(|part| (part.item, part.rate));
    for part in parts {
        charge(w, &bill, &part)?;
    }
    Ok(())
}

/// What is taxed, and how.
#[derive(Debug, Default)]
struct Bill {
    items: Vec<Item>,
    /// Those of items; equal ones are one.
    sets: Vec<RateSet>,
}

/// A line, or a delivery or a part of one.
#[derive(Clone, Copy, Debug)]
struct Item {
    of: Of,
    net: i64,
    set: usize,
}

#[derive(Clone, Copy, Debug)]
enum Of {
    /// A line, by its place among those that are worked on.
    Line(usize),
    Group(GroupIndex),
}

/// One tax on one item.
#[derive(Clone, Copy, Debug)]
struct Part {
    item: usize,
    /// Its place in the item's set.
    rate: usize,
    share: Share,
}

impl Bill {
    /// Notes something; what costs nothing is not taxed.
    fn push(&mut self, of: Of, net: i64, set: RateSet) {
        if net > 0 && !set.is_empty() {
            let known = self.sets.iter().position(|s| *s == set);
            let set = known.unwrap_or_else(|| {
                self.sets.push(set);
                self.sets.len() - 1
            });
            self.items.push(Item { of, net, set });
        }
    }

    fn on_top_by_line(&self, step: i64) -> Result<Vec<Part>, PricingError> {
        let mut parts = Vec::with_capacity(self.items.len());
        for (item, taxed) in self.items.iter().enumerate() {
            for (rate, charged) in self.sets[taxed.set].rates().iter().enumerate() {
                let amount = round_to(step, [(taxed.net, charged.factor)], RateSet::ONE)?;
                parts.push(Part { item, rate, share: Share { amount, remainder: 0 } });
            }
        }
        Ok(parts)
    }

    /// Each tax is rounded once, whatever else is charged on what it is charged on.
    fn on_top_by_total(&self, step: i64) -> Result<Vec<Part>, PricingError> {
        let mut parts = Vec::with_capacity(self.items.len());
        for tax in self.taxes() {
            let charged: Vec<(usize, usize, &SetRate)> = self.charged(tax).collect();
            let nets = charged.iter().map(|(item, _, rate)| (self.items[*item].net, rate.factor));
            let whole = round_to(step, nets.clone(), RateSet::ONE)?;
            // A tax on taxes is not the same part of the price wherever it is charged.
            let alike = charged.windows(2).all(|pair| pair[0].2.factor == pair[1].2.factor);
            let weights = nets.map(|(net, factor)| {
                let net = i128::from(net);
                weight(if alike { net } else { net * factor / (RateSet::ONE / 1_000) })
            });
            let weights = weights.collect::<Result<Vec<i64>, _>>()?;
            let spread = charged.iter().zip(shares(whole, &weights, step));
            parts.extend(spread.map(|((item, rate, _), share)| Part { item: *item, rate: *rate, share }));
        }
        Ok(parts)
    }

    fn inside_by_line(&self) -> Result<Vec<Part>, PricingError> {
        let mut parts = Vec::with_capacity(self.items.len());
        for (item, taxed) in self.items.iter().enumerate() {
            let split = inside(&self.sets[taxed.set], taxed.net)?;
            parts.extend(split.into_iter().enumerate().map(|(rate, share)| Part { item, rate, share }));
        }
        Ok(parts)
    }

    /// What is taxed alike is rounded once.
    fn inside_by_total(&self) -> Result<Vec<Part>, PricingError> {
        let mut parts = Vec::with_capacity(self.items.len());
        for (n, set) in self.sets.iter().enumerate() {
            let alike = || self.items.iter().enumerate().filter(move |(_, item)| item.set == n);
            let net = alike()
                .try_fold(0_i64, |sum, (_, item)| sum.checked_add(item.net))
                .ok_or(PricingError::OutOfRange)?;
            let weights: Vec<i64> = alike().map(|(_, item)| item.net).collect();
            for (rate, whole) in inside(set, net)?.into_iter().enumerate() {
                let spread = alike().zip(shares(whole.amount, &weights, 1));
                parts.extend(spread.map(|((item, _), share)| Part { item, rate, share }));
            }
        }
        Ok(parts)
    }

    /// Each tax once, in the order in which they first occur.
    fn taxes(&self) -> Vec<&SetRate> {
        let mut taxes: Vec<&SetRate> = Vec::new();
        for charged in self.sets.iter().flat_map(RateSet::rates) {
            if !taxes.iter().any(|known| Arc::ptr_eq(&known.rate, &charged.rate)) {
                taxes.push(charged);
            }
        }
        taxes
    }

    /// What a tax is charged on: the item, the tax's place in its set, and what it is there.
    fn charged<'b>(&'b self, tax: &'b SetRate) -> impl Iterator<Item = (usize, usize, &'b SetRate)> {
        self.items.iter().enumerate().filter_map(|(item, taxed)| {
            let rates = self.sets[taxed.set].rates();
            let at = rates.iter().position(|rate| Arc::ptr_eq(&rate.rate, &tax.rate))?;
            Some((item, at, &rates[at]))
        })
    }
}

/// The tax inside a price, for each rate of a set. Nothing is charged by it, so that it is rounded to a minor unit.
fn inside(set: &RateSet, price: i64) -> Result<Vec<Share>, PricingError> {
    let factor = set.factor();
    let whole = round_to(1, [(price, factor)], RateSet::ONE + factor)?;
    let weights = set.rates().iter().map(|rate| weight(rate.factor)).collect::<Result<Vec<i64>, _>>()?;
    Ok(shares(whole, &weights, 1))
}

fn weight(of: i128) -> Result<i64, PricingError> {
    i64::try_from(of).map_err(|_| PricingError::OutOfRange)
}

/// Gift cards are not taxed: what is bought with them is.
fn lines(w: &Working<'_>, bill: &mut Bill) {
    for (n, line) in w.lines.iter().enumerate() {
        let goods = line.sold.goods;
        if goods.taxable && !goods.gift_card {
            let place = place(w, line.sold.group);
            let set = w.input.rules.rate_set(place, goods.tax_category, false, w.input.now);
            bill.push(Of::Line(n), line.net(), set);
        }
    }
}

fn deliveries(w: &Working<'_>, bill: &mut Bill) {
    for (n, group) in w.groups.iter().enumerate() {
        let net = group.price - group.discount;
        match (w.input.rules.settings().delivery_tax, group.chosen()) {
            (DeliveryTax::None, _) | (_, None) => {}
            (DeliveryTax::Rate, Some(offer)) => {
                let set = w.input.rules.rate_set(place(w, Some(n)), offer.tax_category, true, w.input.now);
                bill.push(Of::Group(n), net, set);
            }
            (DeliveryTax::Proportional, Some(_)) => {
                for (set, part) in like_its_goods(w, bill, n, net) {
                    bill.push(Of::Group(n), part, set);
                }
            }
        }
    }
}

/// A delivery's price, in parts that are taxed like the goods that are delivered. What of them is not taxed has its part as well.
fn like_its_goods(w: &Working<'_>, bill: &Bill, group: GroupIndex, net: i64) -> Vec<(RateSet, i64)> {
    let mut goods: Vec<(RateSet, u64)> = Vec::new();
    for (n, line) in w.lines.iter().enumerate().filter(|(_, line)| line.sold.group == Some(group)) {
        let item = bill.items.iter().find(|item| matches!(item.of, Of::Line(of) if of == n));
        let set = item.map(|item| bill.sets[item.set].clone()).unwrap_or_default();
        let cost = line.net().unsigned_abs();
        match goods.iter_mut().find(|(known, _)| *known == set) {
            Some((_, sum)) => *sum = sum.saturating_add(cost),
            None => goods.push((set, cost)),
        }
    }
    let weights: Vec<u64> = goods.iter().map(|(_, cost)| *cost).collect();
    let parts = allocate(net, &weights);
    goods.into_iter().map(|(set, _)| set).zip(parts).collect()
}

/// Whose taxes are charged: those of where the goods go, or, for the countries that the shop names, of where it is. While nobody has said where,
/// prices that contain tax contain the shop's.
fn place<'a>(w: &Working<'a>, group: Option<GroupIndex>) -> Option<&'a Place> {
    let input = w.input;
    let settings = input.rules.settings();
    let to = group.and_then(|n| input.deliveries.get(n)?.to.as_ref()).or(input.context.address.as_ref());
    let home = settings.home.as_ref();
    match to {
        Some(to)
            if settings.tax_basis == TaxBasis::Origin && settings.origin_countries.contains(&to.country) =>
        {
            home.or(Some(to))
        }
        Some(to) => Some(to),
        None => home.filter(|_| w.tax_inside),
    }
}

/// Puts a tax where it belongs: on its line or delivery, among the taxes by rate, and among the steps.
fn charge(w: &mut Working<'_>, bill: &Bill, part: &Part) -> Result<(), PricingError> {
    let Item { of, net, set } = bill.items[part.item];
    let SetRate { rate, zone, .. } = &bill.sets[set].rates()[part.rate];
    let Share { amount, remainder } = part.share;
    let (line, group, tax) = match of {
        Of::Line(n) => {
            let line = &mut w.lines[n];
            (Some(line.at), None, &mut line.priced.tax)
        }
        Of::Group(n) => (None, Some(n), &mut w.groups[n].tax),
    };
    *tax = tax.checked_add(amount).ok_or(PricingError::OutOfRange)?;
    let (on_top, contained) = if w.tax_inside { (0, amount) } else { (amount, 0) };
    w.steps.push(Step {
        line,
        group,
        source: (rate.id != TaxRateId::NIL).then_some(Source::TaxRate(rate.id)),
        base: Some(net),
        rate: Some(rate.rate),
        contained,
        remainder,
        ..Step::new(StepKind::Tax, Arc::clone(&rate.name), on_top)
    });
    let known = w.taxes.iter_mut().find(|known| known.rate_id == rate.id);
    let Some(known) = known else {
        w.taxes.push(TaxAmount {
            rate_id: rate.id,
            name: Arc::clone(&rate.name),
            zone: Arc::clone(zone),
            rate: rate.rate,
            compound: rate.compound,
            base: net,
            amount,
            inside: w.tax_inside,
        });
        return Ok(());
    };
    known.base = known.base.checked_add(net).ok_or(PricingError::OutOfRange)?;
    known.amount = known.amount.checked_add(amount).ok_or(PricingError::OutOfRange)?;
    Ok(())
}
