//! A promotion that applies to a cart.

use super::{Class, Promotion, bits::Bits, cut::Cut};
use crate::{
    pricing::GroupIndex,
    shared::{Rate, VariantId},
};
use std::cmp::Reverse;

/// A promotion whose conditions hold, with what it would do, in the cart's currency.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'a> {
    /// Its place among the rules'.
    pub(super) at: usize,
    /// What staff wrote.
    pub(super) promotion: &'a Promotion,
    /// The place of the code that brought it.
    pub(super) code: Option<usize>,
    /// The lines it is for.
    pub(super) lines: Bits,
    /// What it does.
    pub(super) effect: Effect,
    /// What of its budget is left, where it could take off more.
    pub(super) left: Option<i64>,
}

/// What a promotion does to a cart.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    /// Lowers lines; of a limited number of units, so many of each line.
    Lines { cut: Cut, units: Option<Vec<u32>> },
    /// Gives something cheaper when something else is bought.
    Set(SetTerms),
    /// Lowers what its lines cost together.
    Order(Cut),
    /// Lowers deliveries, each by so much at most.
    Delivery { cut: Cut, most: Option<i64>, groups: Vec<GroupIndex> },
    /// Puts something in for nothing.
    Gift { variant: VariantId, quantity: u32 },
}

/// What makes a set.
#[derive(Clone, Debug)]
pub(super) struct SetTerms {
    pub(super) buy: Bits,
    pub(super) buy_count: u32,
    pub(super) get: Bits,
    pub(super) get_count: u32,
    pub(super) off: Rate,
    /// How many sets there may be.
    pub(super) most: Option<u64>,
}

impl Candidate<'_> {
    /// What it lowers.
    pub(super) const fn class(&self) -> Class {
        self.promotion.class
    }

    /// Its turn among those that are applied together: the highest priority first, then the oldest.
    pub(super) const fn turn(&self) -> (Reverse<i32>, usize) {
        (Reverse(self.promotion.priority), self.at)
    }

    /// How many units of a line it may touch, of so many.
    pub(super) fn units(&self, line: usize, of: u32) -> u32 {
        match &self.effect {
            Effect::Lines { units: Some(units), .. } => units[line].min(of),
            _ => of,
        }
    }
}
