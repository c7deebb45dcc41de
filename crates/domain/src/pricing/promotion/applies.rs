//! Stage 2: which promotions apply to a cart, judged before any of them takes something off: so what applies does not depend on what else
//! does.

use super::{
    Action, Class, Condition, MoneyBounds, Per, Promotion, Tier, TierBy, Why,
    bits::Bits,
    buy_get::{Run, form},
    candidate::{Candidate, Effect, SetTerms},
    cut::{Cut, affordable, converted, in_cart},
};
use crate::{
    delivery::Bounds,
    pricing::{GroupIndex, PricingError, working::Working},
    shared::InvalidMoney,
};
use std::{cmp::Reverse, collections::BTreeSet};

/// Why there is no candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Out {
    /// It does not apply.
    Because(Why),
    /// A figure could not be worked out.
    Failed(PricingError),
}

impl From<Why> for Out {
    fn from(why: Why) -> Self {
        Self::Because(why)
    }
}

impl From<PricingError> for Out {
    fn from(error: PricingError) -> Self {
        Self::Failed(error)
    }
}

impl From<InvalidMoney> for Out {
    fn from(error: InvalidMoney) -> Self {
        Self::Failed(error.into())
    }
}

/// A cart with prices, as conditions look at it.
pub(super) struct Court<'w, 'a> {
    w: &'w Working<'a>,
    /// The lines of each target: no gifts, no gift cards.
    targets: Vec<Bits>,
    /// Lines, the cheapest unit first.
    by_price: &'w [usize],
}

impl<'w, 'a> Court<'w, 'a> {
    /// Looks up which target is for which line.
    pub(super) fn new(w: &'w Working<'a>, by_price: &'w [usize]) -> Self {
        let lines = w.lines.iter().map(|line| {
            let goods = line.sold.goods;
            (line.sold.gift_of.is_none() && !goods.gift_card).then_some(goods)
        });
        Self { w, targets: w.input.rules.index().lines(lines), by_price }
    }

    /// A promotion as a candidate, or why it is none.
    pub(super) fn judge(&self, at: usize, code: Option<usize>) -> Result<Candidate<'a>, Out> {
        let promotion = &self.w.input.rules.data().promotions[at];
        window(promotion, self.w)?;
        let budget = self.limits(promotion)?;
        let actions = self.w.input.rules.index().first(at);
        let mut target = actions + targets_of(&promotion.definition.action);
        for condition in &promotion.definition.conditions {
            self.condition(condition, &mut target)?;
        }
        let (lines, effect) = self.effect(promotion, actions)?;
        let left = match budget {
            Some(budget) if self.most(&effect, &lines)?.is_none_or(|most| most > budget) => Some(budget),
            _ => None,
        };
        Ok(Candidate { at, promotion, code, lines, effect, left })
    }

    /// What is left of its budget, in the cart's currency.
    fn limits(&self, promotion: &Promotion) -> Result<Option<i64>, Out> {
        let standing = self.w.input.standing.promotions.get(&promotion.id).copied().unwrap_or_default();
        refuse(standing.most.is_some_and(|most| most <= standing.used), Why::UsedUp)?;
        refuse(promotion.per_buyer.is_some_and(|most| most <= standing.by_buyer), Why::UsedUpByBuyer)?;
        let Some(budget) = standing.budget else { return Ok(None) };
        let left = affordable(budget.saturating_sub(standing.spent), self.w.input.context);
        refuse(left <= 0, Why::BudgetSpent)?;
        Ok(Some(left))
    }

    fn condition(&self, condition: &Condition, target: &mut usize) -> Result<(), Out> {
        let context = self.w.input.context;
        match condition {
            Condition::Subtotal { bounds, .. } => {
                let lines = &self.targets[*target];
                *target += 1;
                self.subtotal_within(lines, bounds)
            }
            Condition::Quantity { bounds, .. } => {
                let lines = &self.targets[*target];
                *target += 1;
                self.quantity_within(lines, bounds)
            }
            Condition::Groups(groups) => {
                refuse(context.buyer.customer.is_none(), Why::SignInNeeded)?;
                refuse(!context.buyer.groups.iter().any(|group| groups.contains(group)), Why::OtherGroup)
            }
            Condition::FirstOrder => match context.buyer.first_order {
                None => Err(Why::SignInNeeded.into()),
                Some(first) => refuse(!first, Why::NotFirstOrder),
            },
            Condition::Countries(countries) => {
                let here = context.address.as_ref().is_some_and(|place| countries.contains(&place.country));
                refuse(!here, Why::OtherCountry)
            }
            Condition::Currencies(currencies) => {
                refuse(!currencies.contains(&context.currency), Why::OtherCurrency)
            }
            Condition::Markets(markets) => refuse(!markets.contains(&context.market.id), Why::OtherMarket),
            Condition::DeliveryMethods(methods) => self.delivered_by(methods).map(|_| ()),
        }
    }

    fn subtotal_within(&self, lines: &Bits, bounds: &MoneyBounds) -> Result<(), Out> {
        let is = self.subtotal(lines)?;
        let figure = |table| in_cart(table, self.w.input.context);
        if let Some(least) = bounds.least.as_ref().map(figure).transpose()? {
            refuse(is < least, Why::SubtotalTooLow { least, is })?;
        }
        if let Some(most) = bounds.most.as_ref().map(figure).transpose()? {
            refuse(most < is, Why::SubtotalTooHigh { most, is })?;
        }
        Ok(())
    }

    fn quantity_within(&self, lines: &Bits, bounds: &Bounds) -> Result<(), Out> {
        let is = self.quantity(lines);
        if let Some(least) = bounds.least {
            refuse(is < least, Why::TooFew { least, is })?;
        }
        if let Some(most) = bounds.most {
            refuse(most < is, Why::TooMany { most, is })?;
        }
        Ok(())
    }

    /// The groups that are delivered by one of these methods; none named: by any.
    fn delivered_by(&self, methods: &BTreeSet<Box<str>>) -> Result<Vec<GroupIndex>, Out> {
        let offers = || self.w.groups.iter().enumerate().filter_map(|(n, group)| Some((n, group.chosen()?)));
        refuse(offers().next().is_none(), Why::NoDelivery)?;
        let named = |handle: &str| methods.is_empty() || methods.contains(handle);
        let groups: Vec<_> =
            offers().filter(|(_, offer)| named(&offer.handle)).map(|(group, _)| group).collect();
        refuse(groups.is_empty(), Why::OtherMethod)?;
        Ok(groups)
    }

    fn effect(&self, promotion: &Promotion, target: usize) -> Result<(Bits, Effect), Out> {
        let context = self.w.input.context;
        let definition = &promotion.definition;
        let goods = |cut: Cut| -> Result<(Bits, Effect), Out> {
            let lines = self.entitled(target);
            refuse(lines.is_empty(), Why::NothingEntitled)?;
            let effect = match promotion.class {
                Class::Order => Effect::Order(cut),
                Class::Product | Class::Delivery => {
                    let units = definition.most_per_order.map(|most| self.dearest(&lines, most));
                    Effect::Lines { cut, units }
                }
            };
            Ok((lines, effect))
        };
        match &definition.action {
            Action::PercentOff { rate, .. } => goods(Cut::Percent(*rate)),
            Action::AmountOff { off, per: Per::Unit, .. } => goods(Cut::PerUnit(in_cart(off, context)?)),
            Action::AmountOff { off, .. } => goods(Cut::Once(in_cart(off, context)?)),
            Action::FixedPrice { price, .. } => goods(Cut::UnitPrice(in_cart(price, context)?)),
            Action::Tiered { by, tiers, .. } => goods(self.tier(*by, tiers, &self.entitled(target))?),
            Action::BuyGet { buy_count, get_count, off, most_sets, .. } => {
                let sets = definition.most_per_order.map(|most| u64::from(most / (*get_count).max(1)));
                let most = most_sets.map(u64::from).into_iter().chain(sets).min();
                let (buy, get) = (self.entitled(target), self.entitled(target + 1));
                let (buy_count, get_count) = (*buy_count, *get_count);
                self.set(SetTerms { buy, buy_count, get, get_count, off: *off, most })
            }
            Action::DeliveryOff { off, methods, most } => {
                let mut groups = self.delivered_by(methods)?;
                groups.retain(|group| self.w.groups[*group].price > 0);
                refuse(groups.is_empty(), Why::DeliveryFree)?;
                let most = most.as_ref().map(|most| in_cart(most, context)).transpose()?;
                Ok((Bits::default(), Effect::Delivery { cut: Cut::off(off, context)?, most, groups }))
            }
            Action::Gift { variant, quantity } => {
                Ok((Bits::default(), Effect::Gift { variant: *variant, quantity: *quantity }))
            }
        }
    }

    /// The highest tier that is reached.
    fn tier(&self, by: TierBy, tiers: &[Tier], lines: &Bits) -> Result<Cut, Out> {
        refuse(lines.is_empty(), Why::NothingEntitled)?;
        let context = self.w.input.context;
        let mut reached = None;
        for tier in tiers {
            let is_reached = match by {
                TierBy::Quantity => tier.from <= self.quantity(lines),
                TierBy::Subtotal => converted(tier.from, context)? <= self.subtotal(lines)?,
            };
            reached = if is_reached { Some(&tier.off) } else { reached };
        }
        let off = reached.ok_or(Why::SetNotComplete)?;
        Ok(Cut::off(off, context)?)
    }

    fn set(&self, terms: SetTerms) -> Result<(Bits, Effect), Out> {
        let mut lines = terms.buy.clone();
        lines.add(&terms.get);
        refuse(lines.is_empty(), Why::NothingEntitled)?;
        let runs: Vec<Run> = (self.w.lines.iter())
            .map(|line| Run { price: line.priced.unit_price, units: line.sold.quantity })
            .collect();
        refuse(form(&runs, self.by_price, &terms).is_none(), Why::SetNotComplete)?;
        Ok((lines, Effect::Set(terms)))
    }

    /// The lines of a target that cost something.
    fn entitled(&self, target: usize) -> Bits {
        let mut lines = Bits::none(self.w.lines.len());
        let costing = |n: &usize| self.w.lines[*n].priced.subtotal > 0;
        self.targets[target].iter().filter(costing).for_each(|n| lines.insert(n));
        lines
    }

    /// So many units, the dearest first: how many of each line.
    fn dearest(&self, lines: &Bits, most: u32) -> Vec<u32> {
        let mut units = vec![0; self.w.lines.len()];
        let mut order: Vec<usize> = lines.iter().collect();
        order.sort_by_key(|n| Reverse(self.w.lines[*n].priced.unit_price));
        let mut left = most;
        for n in order {
            units[n] = self.w.lines[n].sold.quantity.min(left);
            left -= units[n];
        }
        units
    }

    fn subtotal(&self, lines: &Bits) -> Result<i64, PricingError> {
        let subtotals = lines.iter().map(|n| self.w.lines[n].priced.subtotal);
        subtotals.into_iter().try_fold(0_i64, i64::checked_add).ok_or(PricingError::OutOfRange)
    }

    fn quantity(&self, lines: &Bits) -> i64 {
        lines.iter().map(|n| i64::from(self.w.lines[n].sold.quantity)).sum()
    }

    /// What it could take off at most; `None`: nobody knows.
    fn most(&self, effect: &Effect, lines: &Bits) -> Result<Option<i64>, PricingError> {
        match effect {
            Effect::Lines { .. } | Effect::Set(_) | Effect::Order(_) => self.subtotal(lines).map(Some),
            Effect::Delivery { groups, .. } => {
                let prices = groups.iter().map(|group| self.w.groups[*group].price);
                Ok(prices.into_iter().try_fold(0_i64, i64::checked_add))
            }
            Effect::Gift { .. } => Ok(None),
        }
    }
}

/// How many targets an action has.
const fn targets_of(action: &Action) -> usize {
    match action {
        Action::PercentOff { .. }
        | Action::AmountOff { .. }
        | Action::FixedPrice { .. }
        | Action::Tiered { .. } => 1,
        Action::BuyGet { .. } => 2,
        Action::DeliveryOff { .. } | Action::Gift { .. } => 0,
    }
}

fn window(promotion: &Promotion, w: &Working<'_>) -> Result<(), Out> {
    match (promotion.starts_at, promotion.ends_at) {
        (Some(at), _) if w.input.now < at => Err(Why::NotBegun { at }.into()),
        (_, Some(at)) if at <= w.input.now => Err(Why::Over { at }.into()),
        _ => Ok(()),
    }
}

fn refuse(is_out: bool, why: Why) -> Result<(), Out> {
    if is_out { Err(why.into()) } else { Ok(()) }
}
