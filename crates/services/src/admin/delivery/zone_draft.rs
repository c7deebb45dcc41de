//! A delivery zone as staff write it down, held against what can be.

use super::PLACES;
use crate::admin::{
    InputPlace, InputRefusal, Unfit,
    place::{named, refuse},
    region,
};
use std::collections::BTreeSet;
use stoa_domain::{
    delivery::DeliveryZone,
    shared::{CountryCode, DeliveryZoneId},
    tax::PostalRange,
};

/// Characters of a name.
const NAME: usize = 255;
/// Countries, provinces and postal ranges: of each kind so many.
const LIST: usize = 250;

/// A delivery zone as staff write it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryZoneDraft {
    /// What staff call it.
    pub name: String,
    /// Which countries; none: everywhere, and where nobody has said where.
    pub countries: BTreeSet<CountryCode>,
    /// Which of their subdivisions, by code; none: all.
    pub provinces: Vec<String>,
    /// Which postal codes, from one to another; none: all.
    pub postal_ranges: Vec<(String, String)>,
    /// Of two zones that fit as closely, the higher counts.
    pub priority: i32,
}

/// What is to be other of a zone; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryZonePatch {
    /// What staff call it.
    pub name: Option<String>,
    /// Which countries: all of them.
    pub countries: Option<BTreeSet<CountryCode>>,
    /// Which of their subdivisions: all of them.
    pub provinces: Option<Vec<String>>,
    /// Which postal codes: all of them.
    pub postal_ranges: Option<Vec<(String, String)>>,
    /// Of two zones that fit as closely, the higher counts.
    pub priority: Option<i32>,
}

impl DeliveryZoneDraft {
    /// The zone with this id.
    ///
    /// # Errors
    /// The first thing that cannot be so, and where it stands.
    pub(super) fn checked(&self, id: DeliveryZoneId) -> Result<DeliveryZone, InputRefusal> {
        let at = InputPlace::field;
        let name = named(&self.name, "name", NAME)?;
        let too_many = |field, count| refuse(count > LIST, || at(field), Unfit::TooMany { max: LIST });
        too_many("countries", self.countries.len())?;
        too_many("provinces", self.provinces.len())?;
        too_many("postalRanges", self.postal_ranges.len())?;
        let nowhere = self.countries.is_empty();
        let of_a_country = Unfit::Unlike("it is of a country: say which");
        refuse(nowhere && !self.provinces.is_empty(), || at("provinces"), of_a_country)?;
        refuse(nowhere && !self.postal_ranges.is_empty(), || at("postalRanges"), of_a_country)?;
        let (least, most) = (i64::from(*PLACES.start()), i64::from(*PLACES.end()));
        let outside = !PLACES.contains(&self.priority);
        refuse(outside, || at("priority"), Unfit::OutOfRange { least, most })?;
        // Of several countries none can be named by a province alone.
        let country = self.countries.first().copied().filter(|_| self.countries.len() == 1);
        let province =
            |(index, code): (usize, &String)| region::province(country, code, &at("provinces").entry(index));
        let range =
            |(index, ends): (usize, &(String, String))| region::range(ends, &at("postalRanges").entry(index));
        Ok(DeliveryZone {
            id,
            name: name.into(),
            countries: self.countries.clone(),
            provinces: self.provinces.iter().enumerate().map(province).collect::<Result<_, _>>()?,
            postal_ranges: self.postal_ranges.iter().enumerate().map(range).collect::<Result<_, _>>()?,
            priority: self.priority,
        })
    }
}

impl DeliveryZonePatch {
    /// The zone as it is, with what is to be other.
    pub(super) fn over(self, known: &DeliveryZone) -> DeliveryZoneDraft {
        let provinces = || known.provinces.iter().map(ToString::to_string).collect();
        let ends = |range: &PostalRange| (range.ends().0.to_owned(), range.ends().1.to_owned());
        let ranges = || known.postal_ranges.iter().map(ends).collect();
        DeliveryZoneDraft {
            name: self.name.unwrap_or_else(|| known.name.to_string()),
            countries: self.countries.unwrap_or_else(|| known.countries.clone()),
            provinces: self.provinces.unwrap_or_else(provinces),
            postal_ranges: self.postal_ranges.unwrap_or_else(ranges),
            priority: self.priority.unwrap_or(known.priority),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn pair(from: &str, to: &str) -> (String, String) {
        (from.to_owned(), to.to_owned())
    }

    fn texas() -> DeliveryZoneDraft {
        DeliveryZoneDraft {
            name: " Texas ".into(),
            countries: CountryCode::parse("US").into_iter().collect(),
            provinces: vec![" tx ".into(), "TX".into()],
            postal_ranges: vec![pair("750", "79999")],
            priority: 3,
        }
    }

    fn id() -> DeliveryZoneId {
        DeliveryZoneId::new(Uuid::from_u128(1))
    }

    #[test]
    fn what_cannot_be_is_named_by_its_place() {
        let zone = texas().checked(id()).unwrap();
        assert_eq!((&*zone.name, zone.provinces.len(), zone.priority), ("Texas", 1, 3));
        assert!(zone.provinces.contains("TX"));
        let everywhere = BTreeSet::new;
        let at = InputPlace::field;
        let ranges = |from: &str, to: &str| DeliveryZoneDraft {
            postal_ranges: vec![pair("1", "2"), pair(from, to)],
            ..texas()
        };
        let second = at("postalRanges").entry(1);
        let long = "x".repeat(region::CODE + 1);
        for (draft, place, why) in [
            (DeliveryZoneDraft { name: " ".into(), ..texas() }, at("name"), Unfit::Blank),
            (
                DeliveryZoneDraft { countries: everywhere(), postal_ranges: Vec::new(), ..texas() },
                at("provinces"),
                Unfit::Unlike("it is of a country: say which"),
            ),
            (
                DeliveryZoneDraft { countries: everywhere(), provinces: Vec::new(), ..texas() },
                at("postalRanges"),
                Unfit::Unlike("it is of a country: say which"),
            ),
            (
                DeliveryZoneDraft { provinces: vec!["TX".into(), " ".into()], ..texas() },
                at("provinces").entry(1),
                Unfit::Blank,
            ),
            (
                DeliveryZoneDraft { provinces: vec![long.clone()], ..texas() },
                at("provinces").entry(0),
                Unfit::TooLong { max: region::CODE },
            ),
            (
                DeliveryZoneDraft { provinces: vec!["TX".into(); LIST + 1], ..texas() },
                at("provinces"),
                Unfit::TooMany { max: LIST },
            ),
            (
                DeliveryZoneDraft { postal_ranges: vec![pair("1", "2"); LIST + 1], ..texas() },
                at("postalRanges"),
                Unfit::TooMany { max: LIST },
            ),
            (ranges("- ", "2"), second.then("from"), Unfit::Blank),
            (ranges("1", ""), second.then("to"), Unfit::Blank),
            (ranges("1", &long), second.then("to"), Unfit::TooLong { max: region::CODE }),
            (ranges("79999", "750"), second.then("to"), Unfit::RangeReversed),
            (
                DeliveryZoneDraft { priority: 1_000_001, ..texas() },
                at("priority"),
                Unfit::OutOfRange { least: -1_000_000, most: 1_000_000 },
            ),
        ] {
            assert_eq!(draft.checked(id()).unwrap_err(), InputRefusal::new(place, why), "{draft:?}");
        }
    }

    #[test]
    fn what_is_left_out_stays() {
        let known = texas().checked(id()).unwrap();
        assert_eq!(DeliveryZonePatch::default().over(&known).checked(id()).unwrap(), known);
        let patch = DeliveryZonePatch {
            provinces: Some(Vec::new()),
            postal_ranges: Some(Vec::new()),
            priority: Some(-1),
            ..DeliveryZonePatch::default()
        };
        let other = patch.over(&known).checked(id()).unwrap();
        assert_eq!((other.provinces.len(), other.postal_ranges.len(), other.priority), (0, 0, -1));
        assert_eq!((other.name, other.countries), (known.name, known.countries));
    }
}
