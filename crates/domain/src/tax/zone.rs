//! Parts of the world with their own taxes.

use super::TaxRate;
use crate::shared::{CountryCode, Place, TaxCategoryId, TaxZoneId, Timestamp};
use std::{collections::BTreeSet, sync::Arc};

/// A part of the world with its own taxes. Of each level one zone counts at a place: a country's and a province's add up, two provinces' do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxZone {
    /// Which; [`TaxZoneId::NIL`] for that of the configuration.
    pub id: TaxZoneId,
    /// What staff and explanations call it.
    pub name: Arc<str>,
    /// 0 to 3: which zones add up, and in which order their taxes are charged.
    pub level: u8,
    /// Which country; `None`: everywhere, and where nobody has said where.
    pub country: Option<CountryCode>,
    /// Which of its subdivisions, by code; empty: all.
    pub provinces: BTreeSet<Box<str>>,
    /// Which postal codes; empty: all.
    pub postal_ranges: Vec<PostalRange>,
    /// Of two zones of a level that fit as closely, the higher counts.
    pub priority: i32,
    /// Its taxes, by position.
    pub rates: Vec<Arc<TaxRate>>,
}

/// How closely a zone fits a place, from far to near.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ZoneFit {
    /// It is everywhere.
    World,
    /// It is the country.
    Country,
    /// It is the province.
    Province,
    /// It is around the postal code.
    Postal,
}

impl ZoneFit {
    /// How closely a zone fits a place in its country: no provinces are all of them, as are no postal codes. `None` where it does not.
    pub fn within(provinces: &BTreeSet<Box<str>>, ranges: &[PostalRange], place: &Place) -> Option<Self> {
        let here = provinces.is_empty() || place.province.as_ref().is_some_and(|p| provinces.contains(p));
        let near = ranges.is_empty()
            || place.zip.as_deref().is_some_and(|zip| ranges.iter().any(|range| range.contains(zip)));
        let fit = match (provinces.is_empty(), ranges.is_empty()) {
            (_, false) => Self::Postal,
            (false, true) => Self::Province,
            (true, true) => Self::Country,
        };
        (here && near).then_some(fit)
    }
}

impl TaxZone {
    /// How closely it fits a place, `None` being a place that nobody knows yet; `None` where it does not.
    pub fn fit(&self, place: Option<&Place>) -> Option<ZoneFit> {
        let Some(country) = self.country else { return Some(ZoneFit::World) };
        let place = place.filter(|p| p.country == country)?;
        ZoneFit::within(&self.provinces, &self.postal_ranges, place)
    }

    /// What is charged on goods of a category: its own rates, or else the standard ones.
    pub fn rates_of(
        &self,
        category: Option<TaxCategoryId>,
        now: Timestamp,
    ) -> impl Iterator<Item = &Arc<TaxRate>> {
        let valid = move |rate: &&Arc<TaxRate>| rate.valid(now);
        let own = category.filter(|c| self.rates.iter().filter(valid).any(|r| r.category == Some(*c)));
        self.rates.iter().filter(valid).filter(move |rate| rate.category == own)
    }
}

/// Postal codes from one to another, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostalRange {
    from: Box<str>,
    to: Box<str>,
}

impl PostalRange {
    /// From one code to another, or to all that begin like it.
    ///
    /// `None` where one is empty or the range is reversed.
    pub fn parse(from: &str, to: &str) -> Option<Self> {
        let (from, to) = (postal_key(from), postal_key(to));
        (!from.is_empty() && from <= to).then(|| Self { from: from.into(), to: to.into() })
    }

    /// From which code to which, as they are compared: what [`Self::parse`] makes the same range of again.
    pub fn ends(&self) -> (&str, &str) {
        (&self.from, &self.to)
    }

    /// Whether a code is in it: compared as text, in upper case, without spaces and dashes, as far as the range's ends go.
    pub fn contains(&self, zip: &str) -> bool {
        let zip = postal_key(zip);
        let cut = |end: &str| zip.chars().take(end.chars().count()).collect::<String>();
        !zip.is_empty() && *self.from <= *cut(&self.from) && *cut(&self.to) <= *self.to
    }
}

fn postal_key(zip: &str) -> String {
    zip.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::{Rate, TaxRateId};
    use chrono::DateTime;
    use uuid::Uuid;

    fn zone(provinces: &[&str], ranges: &[(&str, &str)]) -> TaxZone {
        TaxZone {
            id: TaxZoneId::NIL,
            name: "zone".into(),
            level: 0,
            country: CountryCode::parse("US"),
            provinces: provinces.iter().map(|p| Box::from(*p)).collect(),
            postal_ranges: ranges.iter().filter_map(|(from, to)| PostalRange::parse(from, to)).collect(),
            priority: 0,
            rates: Vec::new(),
        }
    }

    fn place(country: &str, province: Option<&str>, zip: Option<&str>) -> Place {
        let country = CountryCode::parse(country).unwrap();
        Place { country, province: province.map(Box::from), zip: zip.map(Box::from), city: None }
    }

    #[test]
    fn the_nearer_a_zone_the_closer_it_fits() {
        let new_york = place("US", Some("NY"), Some("10001"));
        assert_eq!(zone(&[], &[]).fit(Some(&new_york)), Some(ZoneFit::Country));
        assert_eq!(zone(&["NJ", "NY"], &[]).fit(Some(&new_york)), Some(ZoneFit::Province));
        assert_eq!(zone(&["NY"], &[("10001", "10292")]).fit(Some(&new_york)), Some(ZoneFit::Postal));
        assert_eq!(zone(&["NJ"], &[]).fit(Some(&new_york)), None);
        assert_eq!(zone(&["NJ"], &[("10001", "10292")]).fit(Some(&new_york)), None, "both must hold");
        assert_eq!(zone(&[], &[]).fit(Some(&place("CA", None, None))), None);
        assert_eq!(zone(&["NY"], &[]).fit(Some(&place("US", None, None))), None);
        assert!(ZoneFit::World < ZoneFit::Country && ZoneFit::Province < ZoneFit::Postal);
    }

    #[test]
    fn only_what_is_everywhere_fits_a_place_nobody_knows() {
        assert_eq!(zone(&[], &[]).fit(None), None);
        assert_eq!(TaxZone { country: None, ..zone(&[], &[]) }.fit(None), Some(ZoneFit::World));
    }

    #[test]
    fn postal_codes_are_compared_as_far_as_the_range_goes() {
        let manhattan = PostalRange::parse("100", "102").unwrap();
        for (zip, inside) in [("10001", true), ("10292-1234", true), ("10301", false), ("09999", false)] {
            assert_eq!(manhattan.contains(zip), inside, "{zip}");
        }
        let london = PostalRange::parse("sw1", "SW1").unwrap();
        assert!(london.contains("SW1Y 4JH") && !london.contains("SE1 9RT") && !london.contains(""));
        assert_eq!(PostalRange::parse("2", "1"), None);
        assert_eq!(PostalRange::parse(" ", "1"), None);
    }

    #[test]
    fn a_category_without_rates_of_its_own_has_the_standard_ones() {
        let books = TaxCategoryId::new(Uuid::from_u128(1));
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let rate = |category, percent: &str, until| {
            Arc::new(TaxRate {
                id: TaxRateId::NIL,
                category,
                name: percent.into(),
                rate: Rate::parse_percent(percent).unwrap(),
                compound: false,
                on_delivery: true,
                position: 0,
                valid_from: None,
                valid_until: until,
            })
        };
        let names = |zone: &TaxZone, category| {
            zone.rates_of(category, now).map(|r| r.name.to_string()).collect::<Vec<_>>()
        };
        let both =
            TaxZone { rates: vec![rate(None, "19", None), rate(Some(books), "7", None)], ..zone(&[], &[]) };
        assert_eq!(names(&both, None), ["19"]);
        assert_eq!(names(&both, Some(books)), ["7"]);
        assert_eq!(names(&both, Some(TaxCategoryId::NIL)), ["19"]);
        let over = TaxZone { rates: vec![rate(None, "19", None), rate(Some(books), "7", Some(now))], ..both };
        assert_eq!(names(&over, Some(books)), ["19"], "a rate that is over is none");
    }
}
