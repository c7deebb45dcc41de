//! What a set of promotions does to a cart: within a class the best for the buyer wins, what stacks is added to it, and classes add up.

use super::{
    Class,
    bits::Bits,
    buy_get::{Formed, Run, form},
    candidate::{Candidate, Effect, SetTerms},
};
use crate::pricing::{GroupIndex, PricingError, Share, shares, working::Working};

/// What promotions do to a cart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// Each thing that is taken off, in the order in which it is.
    pub(super) taken: Vec<Taken>,
    /// What lines cost after all of it.
    pub(super) lines: Vec<i64>,
    /// What deliveries cost after all of it.
    pub(super) groups: Vec<i64>,
    /// The candidates that were in it, and took more off than their budgets have left.
    pub(super) overspent: Vec<usize>,
    /// The candidates that were in it to the end.
    pub(super) members: Vec<usize>,
}

/// One thing that is taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// By which candidate.
    pub(super) by: usize,
    /// Of what.
    pub(super) of: Of,
    /// How much.
    pub(super) amount: i64,
    /// What it was worked out from.
    pub(super) base: i64,
    /// How much of it came by rounding.
    pub(super) remainder: i64,
}

/// What something is taken off. Lines are named by their place among those that are worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// A line's units.
    Line(usize),
    /// A line's share of the order.
    Order(usize),
    /// A delivery.
    Group(GroupIndex),
}

/// Makes plans of candidates.
pub(super) struct Planner<'s, 'a> {
    pub(super) w: &'s Working<'a>,
    pub(super) candidates: &'s [Candidate<'a>],
    /// Lines, the cheapest unit first.
    pub(super) by_price: &'s [usize],
}

/// Sets of one promotion.
struct Accepted {
    by: usize,
    formed: Formed,
}

impl Planner<'_, '_> {
    /// What these candidates do together. One that would take more off than its budget has left is left out.
    pub(super) fn plan(&self, members: &[usize]) -> Result<Plan, PricingError> {
        let mut members = members.to_vec();
        members.sort_by_key(|member| self.candidates[*member].turn());
        let mut overspent = Vec::new();
        loop {
            let plan = self.once(&members)?;
            let over = members.iter().position(|member| {
                self.candidates[*member].left.is_some_and(|left| left < plan.taken_by(*member))
            });
            match over {
                Some(at) => overspent.push(members.remove(at)),
                None => return Ok(Plan { overspent, members, ..plan }),
            }
        }
    }

    fn once(&self, members: &[usize]) -> Result<Plan, PricingError> {
        let mut plan = Plan {
            lines: self.w.lines.iter().map(|line| line.priced.subtotal).collect(),
            groups: self.w.groups.iter().map(|group| group.price).collect(),
            ..Plan::default()
        };
        self.product(members, &mut plan)?;
        self.order(members, &mut plan)?;
        self.delivery(members, &mut plan)?;
        Ok(plan)
    }

    fn of_class(&self, members: &[usize], class: Class) -> Vec<usize> {
        members.iter().copied().filter(|member| self.candidates[*member].class() == class).collect()
    }

    /// Units of lines: first sets, then for each line the best of what is left.
    fn product(&self, members: &[usize], plan: &mut Plan) -> Result<(), PricingError> {
        let mut by_line: Vec<Vec<usize>> = vec![Vec::new(); self.w.lines.len()];
        for member in members.iter().copied() {
            let candidate = &self.candidates[member];
            match &candidate.effect {
                Effect::Lines { .. } => candidate.lines.iter().for_each(|n| by_line[n].push(member)),
                Effect::Gift { quantity, .. } => self.gift(member, *quantity, plan)?,
                Effect::Set(_) | Effect::Order(_) | Effect::Delivery { .. } => {}
            }
        }
        let mut runs: Vec<Run> = (self.w.lines.iter())
            .map(|line| Run { price: line.priced.unit_price, units: line.sold.quantity })
            .collect();
        for Accepted { by, formed } in self.sets(members, &by_line, &mut runs)? {
            for (n, units) in formed.given.into_iter().enumerate().filter(|(_, units)| *units > 0) {
                let base = self.cost(n, units)?;
                plan.take(Taken { base, ..Taken::of(by, Of::Line(n), self.given(by, n, units)?) });
            }
        }
        for (n, members) in by_line.iter().enumerate() {
            self.line(n, runs[n].units, members, Some(plan))?;
        }
        Ok(())
    }

    /// The lines that a promotion put in cost nothing, as far as it pays for them.
    fn gift(&self, by: usize, quantity: u32, plan: &mut Plan) -> Result<(), PricingError> {
        let mut left = quantity;
        for (n, line) in self.w.lines.iter().enumerate() {
            if line.sold.gift_of == Some(self.candidates[by].promotion.id) {
                let units = line.sold.quantity.min(left);
                left -= units;
                if units > 0 {
                    plan.give(Taken::of(by, Of::Line(n), self.cost(n, units)?));
                }
            }
        }
        Ok(())
    }

    /// Sets, the most useful promotion first: each takes its units out of `runs`. One is accepted where it takes more off than its units would
    /// lose otherwise.
    fn sets(
        &self,
        members: &[usize],
        by_line: &[Vec<usize>],
        runs: &mut [Run],
    ) -> Result<Vec<Accepted>, PricingError> {
        let mut waiting: Vec<(usize, &SetTerms)> = members
            .iter()
            .filter_map(|member| match &self.candidates[*member].effect {
                Effect::Set(terms) => Some((*member, terms)),
                _ => None,
            })
            .collect();
        let mut accepted = Vec::new();
        while !waiting.is_empty() {
            let mut best: Option<(i64, usize, Formed)> = None;
            for (at, (by, terms)) in waiting.iter().enumerate() {
                let Some(formed) = form(runs, self.by_price, terms) else { continue };
                let gain = self.gain(*by, &formed, by_line, runs)?;
                if gain > best.as_ref().map_or(0, |(most, ..)| *most) {
                    best = Some((gain, at, formed));
                }
            }
            let Some((_, at, formed)) = best else { break };
            for (n, run) in runs.iter_mut().enumerate() {
                run.units -= formed.given[n] + formed.bought[n];
            }
            let (by, _) = waiting.remove(at);
            accepted.push(Accepted { by, formed });
        }
        Ok(accepted)
    }

    /// What sets take off beyond what their units lose otherwise.
    fn gain(
        &self,
        by: usize,
        formed: &Formed,
        by_line: &[Vec<usize>],
        runs: &[Run],
    ) -> Result<i64, PricingError> {
        let mut gain = 0_i64;
        for (n, run) in runs.iter().enumerate() {
            let units = formed.given[n] + formed.bought[n];
            if units > 0 {
                let before = self.line(n, run.units, &by_line[n], None)?;
                let after = self.line(n, run.units - units, &by_line[n], None)?;
                let more = self.given(by, n, formed.given[n])?.saturating_sub(before - after);
                gain = gain.saturating_add(more);
            }
        }
        Ok(gain)
    }

    /// What a set takes off given units.
    fn given(&self, by: usize, n: usize, units: u32) -> Result<i64, PricingError> {
        let Effect::Set(terms) = &self.candidates[by].effect else { return Ok(0) };
        let cost = self.cost(n, units)?;
        Ok(terms.off.of_in_steps(cost, self.w.step)?.min(cost))
    }

    /// What so many units of a line cost.
    fn cost(&self, n: usize, units: u32) -> Result<i64, PricingError> {
        let unit = self.w.lines[n].priced.unit_price;
        unit.checked_mul(units.into()).ok_or(PricingError::OutOfRange)
    }

    /// The best for so many units of a line: the one promotion that leaves the least, with all that stack. Says what comes off, and notes it.
    fn line(
        &self,
        n: usize,
        units: u32,
        members: &[usize],
        plan: Option<&mut Plan>,
    ) -> Result<i64, PricingError> {
        if members.is_empty() || units == 0 {
            return Ok(0);
        }
        let cost = self.cost(n, units)?;
        let cut = |member: usize, left: i64| match &self.candidates[member].effect {
            Effect::Lines { cut, .. } => {
                cut.of(left, self.candidates[member].units(n, units), units, self.w.step)
            }
            _ => Ok(0),
        };
        let chosen = self.best(members, |chosen| {
            let mut chain = self.chain(members, chosen);
            chain.try_fold(cost, |left, member| cut(member, left).map(|off| left - off))
        })?;
        let mut left = cost;
        let mut taken = Vec::new();
        for member in self.chain(members, chosen) {
            let amount = cut(member, left)?;
            taken.push(Taken { base: left, ..Taken::of(member, Of::Line(n), amount) });
            left -= amount;
        }
        if let Some(plan) = plan {
            taken.into_iter().for_each(|taken| plan.take(taken));
        }
        Ok(cost - left)
    }

    /// What is taken off together: all that stack and the one that was chosen, in their turn.
    fn chain<'m>(&'m self, members: &'m [usize], chosen: Option<usize>) -> impl Iterator<Item = usize> + 'm {
        let taken = move |member: &usize| self.stacks(*member) || Some(*member) == chosen;
        members.iter().copied().filter(taken)
    }

    fn stacks(&self, member: usize) -> bool {
        self.candidates[member].promotion.stacks
    }

    /// Of those that do not stack the one that leaves the least; the first in turn where they tie.
    fn best(
        &self,
        members: &[usize],
        mut left: impl FnMut(Option<usize>) -> Result<i64, PricingError>,
    ) -> Result<Option<usize>, PricingError> {
        let mut best = None;
        for member in members.iter().copied().filter(|member| !self.stacks(*member)) {
            let left = left(Some(member))?;
            if best.is_none_or(|(least, _)| left < least) {
                best = Some((left, member));
            }
        }
        Ok(best.map(|(_, member)| member))
    }

    /// What all lines together cost.
    fn order(&self, members: &[usize], plan: &mut Plan) -> Result<(), PricingError> {
        let members = self.of_class(members, Class::Order);
        if members.is_empty() {
            return Ok(());
        }
        let stacked = members.iter().any(|member| self.stacks(*member));
        let nets = &plan.lines;
        let chosen = self.best(&members, |chosen| {
            if let (false, Some(member)) = (stacked, chosen) {
                // Alone it is judged by the sum.
                return self.order_cut(member, nets).map(|(_, amount)| -amount);
            }
            let mut nets = nets.clone();
            for member in self.chain(&members, chosen) {
                for (n, share) in self.order_shares(member, &nets)?.1 {
                    nets[n] -= share.amount;
                }
            }
            nets.iter().try_fold(0_i64, |sum, net| sum.checked_add(*net)).ok_or(PricingError::OutOfRange)
        })?;
        for member in self.chain(&members, chosen) {
            let (base, shares) = self.order_shares(member, &plan.lines)?;
            for (n, share) in shares {
                let taken = Taken::of(member, Of::Order(n), share.amount);
                plan.take(Taken { base, remainder: share.remainder, ..taken });
            }
        }
        Ok(())
    }

    /// What an order's promotion is worked out from, and what it takes off.
    fn order_cut(&self, member: usize, nets: &[i64]) -> Result<(i64, i64), PricingError> {
        let candidate = &self.candidates[member];
        let Effect::Order(cut) = candidate.effect else { return Ok((0, 0)) };
        let base = sum_of(&candidate.lines, nets)?;
        Ok((base, cut.of(base, 1, 1, self.w.step)?))
    }

    /// The same, with what each line gets of it.
    fn order_shares(&self, member: usize, nets: &[i64]) -> Result<(i64, Vec<(usize, Share)>), PricingError> {
        let (base, amount) = self.order_cut(member, nets)?;
        let entitled: Vec<usize> = self.candidates[member].lines.iter().collect();
        let weights: Vec<i64> = entitled.iter().map(|n| nets[*n]).collect();
        let shares = shares(amount, &weights, self.w.step);
        Ok((base, entitled.into_iter().zip(shares).collect()))
    }

    /// What each delivery costs.
    fn delivery(&self, members: &[usize], plan: &mut Plan) -> Result<(), PricingError> {
        let members = self.of_class(members, Class::Delivery);
        for group in 0..plan.groups.len() {
            let price = plan.groups[group];
            let cut = |member: usize, left: i64| match &self.candidates[member].effect {
                Effect::Delivery { cut, most, groups } if groups.contains(&group) => {
                    let off = cut.of(left, 1, 1, self.w.step)?;
                    Ok(most.map_or(off, |most| off.min(most)))
                }
                _ => Ok::<i64, PricingError>(0),
            };
            let chosen = self.best(&members, |chosen| {
                let mut chain = self.chain(&members, chosen);
                chain.try_fold(price, |left, member| cut(member, left).map(|off| left - off))
            })?;
            for member in self.chain(&members, chosen) {
                let left = plan.groups[group];
                let taken = Taken::of(member, Of::Group(group), cut(member, left)?);
                plan.take(Taken { base: left, ..taken });
            }
        }
        Ok(())
    }
}

impl Plan {
    /// Takes something off; nothing is not noted.
    fn take(&mut self, taken: Taken) {
        if taken.amount > 0 {
            match taken.of {
                Of::Line(n) | Of::Order(n) => self.lines[n] -= taken.amount,
                Of::Group(n) => self.groups[n] -= taken.amount,
            }
            self.taken.push(taken);
        }
    }

    /// Gives something away. What costs nothing anyway, such as a sample, is noted, too: it is given as often as its promotion's limits say.
    fn give(&mut self, taken: Taken) {
        if taken.amount > 0 {
            self.take(taken);
        } else {
            self.taken.push(taken);
        }
    }

    /// What a candidate takes off.
    pub(super) fn taken_by(&self, candidate: usize) -> i64 {
        let of_it = self.taken.iter().filter(|taken| taken.by == candidate);
        of_it.fold(0_i64, |sum, taken| sum.saturating_add(taken.amount))
    }
}

impl Taken {
    const fn of(by: usize, of: Of, amount: i64) -> Self {
        Self { by, of, amount, base: amount, remainder: 0 }
    }
}

fn sum_of(lines: &Bits, nets: &[i64]) -> Result<i64, PricingError> {
    lines.iter().try_fold(0_i64, |sum, n| sum.checked_add(nets[n])).ok_or(PricingError::OutOfRange)
}

/// Lines, the cheapest unit first; the earlier one where two cost the same.
pub(super) fn by_price(w: &Working<'_>) -> Vec<usize> {
    let mut lines: Vec<usize> = (0..w.lines.len()).collect();
    lines.sort_by_key(|n| w.lines[*n].priced.unit_price);
    lines
}
