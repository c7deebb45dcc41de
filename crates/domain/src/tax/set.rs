//! The taxes of one thing at one place, as exact factors of its price.

use super::{TaxRate, TaxZone};
use crate::shared::{Place, TaxCategoryId, Timestamp};
use std::{cmp::Reverse, sync::Arc};

/// All that is charged on something, in the order in which it is charged. Two things with equal sets are taxed together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RateSet(Vec<SetRate>);

/// One tax of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetRate {
    /// The tax.
    pub rate: Arc<TaxRate>,
    /// The name of its zone.
    pub zone: Arc<str>,
    /// How much of the net price it is, in parts of [`RateSet::ONE`]: its rate, and of a compound one also what it is of the taxes before it.
    pub factor: i128,
}

impl RateSet {
    /// The factor of a tax that is as much as the price: 18 decimals, which a simple rate and two compound ones fit exactly.
    pub const ONE: i128 = 1_000_000_000_000_000_000;
    /// Taxes of a set, at most.
    const RATES: usize = 6;

    /// What is charged on goods of a category at a place. Of each level the zone that fits most closely counts, by priority and id
    /// where two fit alike. With `on_delivery` only what delivery is charged as well.
    pub fn of(
        zones: &[TaxZone],
        place: Option<&Place>,
        category: Option<TaxCategoryId>,
        on_delivery: bool,
        now: Timestamp,
    ) -> Self {
        let mut fitting: Vec<(&TaxZone, _)> =
            zones.iter().filter_map(|zone| Some((zone, zone.fit(place)?))).collect();
        fitting.sort_by_key(|(zone, fit)| (zone.level, Reverse((*fit, zone.priority)), zone.id));
        fitting.dedup_by_key(|(zone, _)| zone.level);
        let rates = fitting.into_iter().flat_map(|(zone, _)| {
            let charged = zone.rates_of(category, now).filter(move |rate| !on_delivery || rate.on_delivery);
            charged.map(|rate| (Arc::clone(rate), Arc::clone(&zone.name)))
        });
        Self::of_rates(rates)
    }

    fn of_rates(rates: impl Iterator<Item = (Arc<TaxRate>, Arc<str>)>) -> Self {
        let mut before = 0_i128;
        // No figure is too large that could be charged: what is, pricing refuses.
        let with_factor = |(rate, zone): (Arc<TaxRate>, Arc<str>)| {
            let millionths = i128::from(rate.rate.millionths());
            let on = if rate.compound { Self::ONE.saturating_add(before) } else { Self::ONE };
            let factor = on.saturating_mul(millionths) / 1_000_000;
            before = before.saturating_add(factor);
            SetRate { rate, zone, factor }
        };
        Self(rates.take(Self::RATES).map(with_factor).collect())
    }

    /// Each tax, in order.
    pub fn rates(&self) -> &[SetRate] {
        &self.0
    }

    /// Whether nothing is charged.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of it together, in parts of [`RateSet::ONE`].
    pub fn factor(&self) -> i128 {
        self.0.iter().fold(0, |sum, rate| sum.saturating_add(rate.factor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::{CountryCode, Rate, TaxRateId, TaxZoneId};
    use chrono::DateTime;
    use uuid::Uuid;

    fn zone(id: u128, level: u8, province: Option<&str>, rates: &[(&str, bool)]) -> TaxZone {
        let rates = rates.iter().map(|(percent, compound)| TaxRate {
            id: TaxRateId::NIL,
            category: None,
            name: Arc::from(*percent),
            rate: Rate::parse_percent(percent).unwrap(),
            compound: *compound,
            on_delivery: !compound,
            position: 0,
            valid_from: None,
            valid_until: None,
        });
        TaxZone {
            id: TaxZoneId::new(Uuid::from_u128(id)),
            name: "zone".into(),
            level,
            country: CountryCode::parse("CA"),
            provinces: province.into_iter().map(Box::from).collect(),
            postal_ranges: Vec::new(),
            priority: 0,
            rates: rates.map(Arc::new).collect(),
        }
    }

    fn names(zones: &[TaxZone], province: &str, on_delivery: bool) -> Vec<String> {
        let country = CountryCode::parse("CA").unwrap();
        let place = Place { province: Some(province.into()), ..Place::somewhere_in(country) };
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let set = RateSet::of(zones, Some(&place), None, on_delivery, now);
        set.rates().iter().map(|r| format!("{} {}", r.rate.name, r.factor)).collect()
    }

    /// Prince Edward Island until 2013: 10 % on the price with GST, so 10.5 % of the price.
    #[test]
    fn a_compound_rate_is_charged_on_the_taxes_before_it() {
        let zones = [zone(1, 0, None, &[("5", false)]), zone(2, 1, Some("PE"), &[("10", true)])];
        assert_eq!(names(&zones, "PE", false), ["5 50000000000000000", "10 105000000000000000"]);
        assert_eq!(names(&zones, "PE", true), ["5 50000000000000000"], "what delivery is not charged");
        assert_eq!(names(&zones, "AB", false), ["5 50000000000000000"]);
    }

    #[test]
    fn of_a_level_one_zone_counts() {
        let wide = zone(1, 0, None, &[("5", false)]);
        let near = zone(2, 0, Some("NB"), &[("15", false)]);
        let preferred = TaxZone { priority: 1, ..zone(3, 0, Some("NB"), &[("14", false)]) };
        assert_eq!(names(&[wide.clone(), near.clone()], "NB", false), ["15 150000000000000000"]);
        assert_eq!(names(&[preferred, near.clone(), wide], "NB", false), ["14 140000000000000000"]);
        let twin = TaxZone { id: TaxZoneId::NIL, ..zone(0, 0, Some("NB"), &[("13", false)]) };
        assert_eq!(names(&[near, twin], "NB", false), ["13 130000000000000000"], "the older one");
    }
}
