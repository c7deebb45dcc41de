//! Parts of the world with their own ways of delivering.

use crate::{
    shared::{CountryCode, DeliveryZoneId, Place},
    tax::{PostalRange, ZoneFit},
};
use std::{collections::BTreeSet, sync::Arc};

/// A part of the world with its own ways of delivering. The one that fits a place most closely counts, and no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryZone {
    /// Which; [`DeliveryZoneId::NIL`] for that of the configuration.
    pub id: DeliveryZoneId,
    /// What staff call it.
    pub name: Arc<str>,
    /// Which countries; empty: everywhere, and where nobody has said where.
    pub countries: BTreeSet<CountryCode>,
    /// Which of their subdivisions, by code; empty: all.
    pub provinces: BTreeSet<Box<str>>,
    /// Which postal codes; empty: all.
    pub postal_ranges: Vec<PostalRange>,
    /// Of two zones that fit as closely, the higher counts.
    pub priority: i32,
}

impl DeliveryZone {
    /// How closely it fits a place, `None` being a place that nobody knows yet; `None` where it does not.
    pub fn fit(&self, place: Option<&Place>) -> Option<ZoneFit> {
        if self.countries.is_empty() {
            return Some(ZoneFit::World);
        }
        let place = place.filter(|p| self.countries.contains(&p.country))?;
        ZoneFit::within(&self.provinces, &self.postal_ranges, place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_of_countries_needs_to_know_where() {
        let [at, de, fr] = ["AT", "DE", "FR"].map(|code| CountryCode::parse(code).unwrap());
        let everywhere = DeliveryZone {
            id: DeliveryZoneId::NIL,
            name: "everywhere".into(),
            countries: BTreeSet::new(),
            provinces: BTreeSet::new(),
            postal_ranges: Vec::new(),
            priority: 0,
        };
        let near = DeliveryZone { countries: BTreeSet::from([at, de]), ..everywhere.clone() };
        assert_eq!(everywhere.fit(None), Some(ZoneFit::World));
        assert_eq!(near.fit(None), None);
        assert_eq!(near.fit(Some(&Place::somewhere_in(de))), Some(ZoneFit::Country));
        assert_eq!(near.fit(Some(&Place::somewhere_in(fr))), None);
    }
}
