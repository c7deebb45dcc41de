//! How much each tax on each thing is. Factors are exact; each figure is rounded once, half up.

use super::bill::{Bill, Item, Part};
use crate::{
    pricing::{PricingError, Share, proportion::in_proportion, round::round_to, shares},
    tax::{RateSet, SetRate},
};
use std::sync::Arc;

impl Bill {
    pub(super) fn on_top_by_line(&self, step: i64) -> Result<Vec<Part>, PricingError> {
        let mut parts = Vec::with_capacity(self.owed.len());
        for (item, taxed) in self.owed.iter().enumerate() {
            for (rate, charged) in self.set(taxed).rates().iter().enumerate() {
                let amount = round_to(step, [(taxed.net, charged.factor)], RateSet::ONE)?;
                parts.push(Part { item, rate, share: Share { amount, remainder: 0 } });
            }
        }
        Ok(parts)
    }

    /// Each tax is rounded once, whatever else is charged on what it is charged on.
    pub(super) fn on_top_by_total(&self, step: i64) -> Result<Vec<Part>, PricingError> {
        let mut parts = Vec::with_capacity(self.owed.len());
        for tax in self.taxes() {
            let charged: Vec<(usize, usize, &SetRate)> = self.charged(tax).collect();
            let nets = charged.iter().map(|(item, _, rate)| (self.owed[*item].net, rate.factor));
            let whole = round_to(step, nets.clone(), RateSet::ONE)?;
            // A tax on taxes is not the same part of the price wherever it is charged.
            let alike = charged.windows(2).all(|pair| pair[0].2.factor == pair[1].2.factor);
            let weights = nets.map(|(net, factor)| match alike {
                true => Ok(net),
                false => weight(net.into(), factor, RateSet::ONE / 1_000),
            });
            let weights = weights.collect::<Result<Vec<i64>, _>>()?;
            let spread = charged.iter().zip(over(whole, &weights, step)?);
            parts.extend(spread.map(|((item, rate, _), share)| Part { item: *item, rate: *rate, share }));
        }
        Ok(parts)
    }

    pub(super) fn inside_by_line(&self) -> Result<Vec<Part>, PricingError> {
        let mut parts = Vec::with_capacity(self.owed.len());
        for (item, taxed) in self.owed.iter().enumerate() {
            let split = inside(self.set(taxed), taxed.net)?;
            parts.extend(split.into_iter().enumerate().map(|(rate, share)| Part { item, rate, share }));
        }
        Ok(parts)
    }

    /// What is taxed alike is rounded once.
    pub(super) fn inside_by_total(&self) -> Result<Vec<Part>, PricingError> {
        let mut parts = Vec::with_capacity(self.owed.len());
        for (set, rates) in self.sets() {
            let (items, nets) = alike(&self.owed, set);
            for (rate, whole) in inside(rates, sum(&nets)?)?.into_iter().enumerate() {
                let spread = items.iter().zip(over(whole.amount, &nets, 1)?);
                parts.extend(spread.map(|(item, share)| Part { item: *item, rate, share }));
            }
        }
        Ok(parts)
    }

    /// What is taken off each thing, by its place among those that contain taxes nobody owes.
    pub(super) fn removed_by_line(&self, step: i64) -> Result<Vec<(usize, Share)>, PricingError> {
        let removed = self.relieved.iter().enumerate().map(|(item, relieved)| {
            let amount = contained(self.set(relieved), relieved.net, step)?;
            Ok((item, Share { amount: amount.min(relieved.net), remainder: 0 }))
        });
        removed.collect()
    }

    /// The same, rounded once where it is taxed alike.
    pub(super) fn removed_by_total(&self, step: i64) -> Result<Vec<(usize, Share)>, PricingError> {
        let mut removed = Vec::with_capacity(self.relieved.len());
        for (set, rates) in self.sets() {
            let (items, nets) = alike(&self.relieved, set);
            let whole = contained(rates, sum(&nets)?, step)?;
            removed.extend(items.into_iter().zip(shares(whole, &nets, step)));
        }
        Ok(removed)
    }

    /// Each tax once, in the order in which they first occur.
    fn taxes(&self) -> Vec<&SetRate> {
        let mut taxes: Vec<&SetRate> = Vec::new();
        for charged in self.sets().flat_map(|(_, set)| set.rates()) {
            if !taxes.iter().any(|known| Arc::ptr_eq(&known.rate, &charged.rate)) {
                taxes.push(charged);
            }
        }
        taxes
    }

    /// What a tax is charged on: the item, the tax's place in its set, and what it is there.
    fn charged<'b>(&'b self, tax: &'b SetRate) -> impl Iterator<Item = (usize, usize, &'b SetRate)> {
        self.owed.iter().enumerate().filter_map(|(item, taxed)| {
            let rates = self.set(taxed).rates();
            let at = rates.iter().position(|rate| Arc::ptr_eq(&rate.rate, &tax.rate))?;
            Some((item, at, &rates[at]))
        })
    }
}

/// What is taxed by a set, and what it costs.
fn alike(items: &[Item], set: usize) -> (Vec<usize>, Vec<i64>) {
    let alike = items.iter().enumerate().filter(|(_, item)| item.set == set);
    alike.map(|(n, item)| (n, item.net)).unzip()
}

fn sum(nets: &[i64]) -> Result<i64, PricingError> {
    nets.iter().try_fold(0_i64, |sum, net| sum.checked_add(*net)).ok_or(PricingError::OutOfRange)
}

/// The tax inside a price, for each rate of a set. Nothing is charged by it, so that it is rounded to a minor unit.
fn inside(set: &RateSet, price: i64) -> Result<Vec<Share>, PricingError> {
    let whole = contained(set, price, 1)?;
    let factors = set.rates().iter().map(|rate| weight(1, rate.factor, 1));
    Ok(in_proportion(whole, &factors.collect::<Result<Vec<i64>, _>>()?, 1))
}

/// All tax inside a price.
fn contained(set: &RateSet, price: i64, step: i64) -> Result<i64, PricingError> {
    let factor = set.factor();
    let whole = RateSet::ONE.checked_add(factor).ok_or(PricingError::OutOfRange)?;
    round_to(step, [(price, factor)], whole)
}

/// Spreads a tax over what it is charged on: none gets more of it than it costs, unless the tax is more than all of that.
fn over(whole: i64, weights: &[i64], step: i64) -> Result<Vec<Share>, PricingError> {
    let costs = weights.iter().map(|weight| i128::from(*weight)).sum::<i128>();
    Ok(if i128::from(whole) <= costs {
        shares(whole, weights, step)
    } else {
        in_proportion(whole, weights, step)
    })
}

fn weight(net: i128, factor: i128, one: i128) -> Result<i64, PricingError> {
    let exact = net.checked_mul(factor).ok_or(PricingError::OutOfRange)?;
    i64::try_from(exact / one).map_err(|_| PricingError::OutOfRange)
}
