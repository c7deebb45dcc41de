//! How each line and each delivery of a cart is taxed, whatever it costs: looked up once, before promotions are weighed.

use super::relief::Relief;
use crate::{
    pricing::{
        DeliveryTax, GroupIndex, PricedGroup, PricingInput,
        place::{goes_to, taxed_at},
        working::Working,
    },
    shared::{Place, TaxCategoryId},
    tax::RateSet,
};

/// How things are taxed.
#[derive(Clone, Debug, Default)]
pub(in crate::pricing) struct Taxation {
    /// Those of lines and deliveries; equal ones are one.
    pub(super) sets: Vec<RateSet>,
    /// Of each line, in the order in which they are worked on.
    pub(super) lines: Vec<Option<Taxed>>,
    /// Of each delivery.
    pub(super) groups: Vec<TaxedDelivery>,
}

/// What is taxed: how, and whether this buyer owes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taxed {
    /// Its place among the sets.
    pub(super) set: usize,
    pub(super) relief: Relief,
}

/// How a delivery is taxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TaxedDelivery {
    /// At rates of its own, or not at all.
    As(Option<Taxed>),
    /// Like its goods.
    LikeGoods,
}

/// A question that many lines ask.
type Asked<'a> = (Option<&'a Place>, Option<TaxCategoryId>, bool);

impl Taxation {
    /// That of a cart whose deliveries are chosen.
    pub(in crate::pricing) fn of(w: &Working<'_>) -> Self {
        let input = w.input;
        let mut taxation = Self::default();
        let mut asked: Vec<(Asked<'_>, Option<usize>)> = Vec::new();
        let mut taxed = |of: &mut Self, group, category, on_delivery| {
            let to = destination(input, &w.groups, group);
            let place = taxed_at(input, to, w.tax_inside);
            let question: Asked<'_> = (place, category, on_delivery);
            let known = asked.iter().find(|(known, _)| *known == question).map(|(_, set)| *set);
            let set = known.unwrap_or_else(|| {
                let set = of.interned(input.rules.rate_set(place, category, on_delivery, input.now));
                asked.push((question, set));
                set
            });
            set.map(|set| Taxed { set, relief: Relief::of(input, to) })
        };
        for line in &w.lines {
            let goods = line.sold.goods;
            let of_line = match goods.is_taxable() {
                true => taxed(&mut taxation, line.sold.group, goods.tax_category, false),
                false => None,
            };
            taxation.lines.push(of_line);
        }
        for (n, group) in w.groups.iter().enumerate() {
            let of_group = match (input.rules.settings().delivery_tax, group.chosen()) {
                (DeliveryTax::None, _) | (_, None) => TaxedDelivery::As(None),
                (DeliveryTax::Rate, Some(offer)) => {
                    TaxedDelivery::As(taxed(&mut taxation, Some(n), offer.tax_category, true))
                }
                (DeliveryTax::Proportional, Some(_)) => TaxedDelivery::LikeGoods,
            };
            taxation.groups.push(of_group);
        }
        taxation
    }

    /// The place of a set among them; `None` where nothing is charged.
    fn interned(&mut self, set: RateSet) -> Option<usize> {
        if set.is_empty() {
            return None;
        }
        let known = self.sets.iter().position(|known| *known == set);
        Some(known.unwrap_or_else(|| {
            self.sets.push(set);
            self.sets.len() - 1
        }))
    }
}

/// Where goods go: what is picked up goes no further than where it is.
pub(super) fn destination<'a>(
    input: &PricingInput<'a>,
    groups: &[PricedGroup],
    group: Option<GroupIndex>,
) -> Option<&'a Place> {
    let offer = group.and_then(|n| groups.get(n)?.chosen());
    let picked_up = offer.and_then(|offer| match offer.kind {
        crate::delivery::MethodKind::PickUp { location } => input.context.locations.get(&location),
        _ => None,
    });
    picked_up.or_else(|| goes_to(input, group))
}
