//! What of a cart is taxed, at what it costs after all that is taken off.

use super::{
    relief::Relief,
    taxation::{Taxation, Taxed, TaxedDelivery},
};
use crate::{
    pricing::{GroupIndex, PricingError, Share, working::Working},
    shared::allocate,
    tax::{RateSet, SetRate},
};
use std::sync::Arc;

/// What is taxed: lines in the order of their ids, then deliveries.
#[derive(Debug)]
pub(super) struct Bill {
    /// What the taxes are that this buyer owes.
    pub(super) owed: Vec<Item>,
    /// What contains taxes that this buyer does not owe.
    pub(super) relieved: Vec<Item>,
    /// Whether the buyer owes some of them at home.
    pub(super) reverse_charge: bool,
    taxation: Arc<Taxation>,
}

/// A line, or a delivery or a part of one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) of: Of,
    pub(super) net: i64,
    /// Its place among the sets.
    pub(super) set: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// A line, by its place among those that are worked on.
    Line(usize),
    Group(GroupIndex),
}

/// One tax on one item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// Its place among those that are owed.
    pub(super) item: usize,
    /// Its place in the item's set.
    pub(super) rate: usize,
    pub(super) share: Share,
}

impl Bill {
    /// The bill of a cart. What costs nothing is not taxed.
    pub(super) fn of(w: &Working<'_>) -> Result<Self, PricingError> {
        let taxation = w.taxation();
        let mut bill = Self {
            owed: Vec::with_capacity(w.lines.len() + w.groups.len()),
            relieved: Vec::new(),
            reverse_charge: false,
            taxation: Arc::clone(&taxation),
        };
        for (n, (line, taxed)) in w.lines.iter().zip(&taxation.lines).enumerate() {
            bill.push(Of::Line(n), line.net(), *taxed, w.tax_inside);
        }
        for (n, (group, taxed)) in w.groups.iter().zip(&taxation.groups).enumerate() {
            let net = group.price.checked_sub(group.discount).ok_or(PricingError::OutOfRange)?;
            match taxed {
                TaxedDelivery::As(taxed) => bill.push(Of::Group(n), net, *taxed, w.tax_inside),
                TaxedDelivery::LikeGoods => {
                    for (taxed, part) in like_its_goods(w, &taxation, n, net) {
                        bill.push(Of::Group(n), part, taxed, w.tax_inside);
                    }
                }
            }
        }
        Ok(bill)
    }

    fn push(&mut self, of: Of, net: i64, taxed: Option<Taxed>, inside: bool) {
        let Some(Taxed { set, relief }) = taxed.filter(|_| net > 0) else { return };
        let item = Item { of, net, set };
        self.reverse_charge |= relief == Relief::ReverseCharge;
        match relief {
            Relief::Owed => self.owed.push(item),
            // What is not put on need not be taken off.
            Relief::Exempt | Relief::ReverseCharge if inside => self.relieved.push(item),
            Relief::Exempt | Relief::ReverseCharge => {}
        }
    }

    /// How an item is taxed.
    pub(super) fn set(&self, item: &Item) -> &RateSet {
        &self.taxation.sets[item.set]
    }

    /// One tax of an item.
    pub(super) fn rate(&self, item: &Item, rate: usize) -> &SetRate {
        &self.set(item).rates()[rate]
    }

    /// Each set, with its place among them.
    pub(super) fn sets(&self) -> impl Iterator<Item = (usize, &RateSet)> {
        self.taxation.sets.iter().enumerate()
    }
}

/// A delivery's price, in parts that are taxed like the goods that are delivered. What of them is not taxed has its part as well.
fn like_its_goods(
    w: &Working<'_>,
    taxation: &Taxation,
    group: GroupIndex,
    net: i64,
) -> Vec<(Option<Taxed>, i64)> {
    let mut goods: Vec<(Option<Taxed>, u64)> = Vec::new();
    let lines = w.lines.iter().zip(&taxation.lines).filter(|(line, _)| line.sold.group == Some(group));
    for (line, taxed) in lines {
        let cost = line.net().unsigned_abs();
        match goods.iter_mut().find(|(known, _)| known == taxed) {
            Some((_, sum)) => *sum = sum.saturating_add(cost),
            None => goods.push((*taxed, cost)),
        }
    }
    let weights: Vec<u64> = goods.iter().map(|(_, cost)| *cost).collect();
    let parts = allocate(net, &weights);
    goods.into_iter().map(|(taxed, _)| taxed).zip(parts).collect()
}
