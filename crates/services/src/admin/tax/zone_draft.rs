//! A tax zone as staff write it down, held against what can be.

use super::TaxZoneError;
use crate::admin::{
    InputPlace, InputRefusal, Unfit,
    place::{named, refuse},
    region,
};
use std::{collections::BTreeSet, sync::Arc};
use stoa_domain::{
    shared::{CountryCode, IdGenerator, Rate, TaxCategoryId, TaxRateId, TaxZoneId, Timestamp},
    tax::{PostalRange, TaxRate, TaxZone},
};
use stoa_persistence::{db::Conn, tax};

/// Characters of a zone's name.
const NAME: usize = 255;
/// Characters of what buyers read of a tax.
const TITLE: usize = 64;
/// Provinces, postal ranges and rates: of each so many.
const LIST: usize = 250;
/// The highest level.
const LEVELS: u8 = 3;
/// The lowest and the highest priority.
const PRIORITIES: std::ops::RangeInclusive<i32> = -1_000_000..=1_000_000;
/// In millionths: more than the price no tax takes.
const WHOLE: u32 = 1_000_000;
/// Taxes of one zone on the same goods at the same time; of them compound: what is reckoned with exactly.
const AT_ONCE: usize = 6;
const COMPOUND: usize = 2;

/// A tax zone as staff write it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxZoneDraft {
    /// What staff and explanations call it.
    pub name: String,
    /// 0 to 3: of each level one zone counts at a place, and what they charge adds up.
    pub level: u8,
    /// Which country; `None`: everywhere.
    pub country: Option<CountryCode>,
    /// Which of its subdivisions; none: all.
    pub provinces: Vec<String>,
    /// Which postal codes, from one to another; none: all.
    pub postal_ranges: Vec<(String, String)>,
    /// Of two zones of a level that fit as closely, the higher counts.
    pub priority: i32,
    /// Its taxes, in the order in which they are charged.
    pub rates: Vec<TaxRateDraft>,
}

/// A tax of a zone as staff write it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxRateDraft {
    /// The goods it is for; `None`: all that no other rate of the zone is for.
    pub category: Option<TaxCategoryId>,
    /// What buyers read.
    pub name: String,
    /// How much of the price; `None`: of what was written no share can be made.
    pub rate: Option<Rate>,
    /// Whether it is charged on the taxes before it as well.
    pub compound: bool,
    /// Whether it is charged on delivery.
    pub on_delivery: bool,
    /// The first moment it is charged.
    pub valid_from: Option<Timestamp>,
    /// The first moment it is charged no more.
    pub valid_until: Option<Timestamp>,
}

/// What is to be other of a zone; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxZonePatch {
    /// What staff and explanations call it.
    pub name: Option<String>,
    /// Which zones it adds up with.
    pub level: Option<u8>,
    /// Which country; `Some(None)`: everywhere.
    pub country: Option<Option<CountryCode>>,
    /// Which of its subdivisions: all of them.
    pub provinces: Option<Vec<String>>,
    /// Which postal codes: all of them.
    pub postal_ranges: Option<Vec<(String, String)>>,
    /// Of two zones of a level that fit as closely, the higher counts.
    pub priority: Option<i32>,
    /// Its taxes: all of them.
    pub rates: Option<Vec<TaxRateDraft>>,
}

impl TaxZoneDraft {
    /// The zone with this id.
    ///
    /// # Errors
    /// The first thing that cannot be so, and where it stands.
    pub(super) fn checked(&self, id: TaxZoneId, ids: &dyn IdGenerator) -> Result<TaxZone, TaxZoneError> {
        let name = named(&self.name, "name", NAME)?;
        let at = InputPlace::field;
        refuse(self.level > LEVELS, || at("level"), Unfit::OutOfRange { least: 0, most: LEVELS.into() })?;
        let too_many = |field, count| refuse(count > LIST, || at(field), Unfit::TooMany { max: LIST });
        too_many("provinces", self.provinces.len())?;
        too_many("postalRanges", self.postal_ranges.len())?;
        too_many("rates", self.rates.len())?;
        let of_a_country = Unfit::Unlike("it is of a country: say which");
        let nowhere = self.country.is_none();
        refuse(nowhere && !self.provinces.is_empty(), || at("provinces"), of_a_country)?;
        refuse(nowhere && !self.postal_ranges.is_empty(), || at("postalRanges"), of_a_country)?;
        let (least, most) = (i64::from(*PRIORITIES.start()), i64::from(*PRIORITIES.end()));
        let outside = !PRIORITIES.contains(&self.priority);
        refuse(outside, || at("priority"), Unfit::OutOfRange { least, most })?;
        let province = |(index, code): (usize, &String)| {
            region::province(self.country, code, &at("provinces").entry(index))
        };
        let range =
            |(index, ends): (usize, &(String, String))| region::range(ends, &at("postalRanges").entry(index));
        let provinces = self.provinces.iter().enumerate().map(province).collect::<Result<_, _>>()?;
        let postal_ranges =
            self.postal_ranges.iter().enumerate().map(range).collect::<Result<_, InputRefusal>>()?;
        let rates = self.rates.iter().enumerate().map(|(index, rate)| rate.checked(index, ids));
        let rates = rates.collect::<Result<Vec<_>, _>>()?;
        together(&rates)?;
        Ok(TaxZone {
            id,
            name: name.into(),
            level: self.level,
            country: self.country,
            provinces,
            postal_ranges,
            priority: self.priority,
            rates: rates.into_iter().map(Arc::new).collect(),
        })
    }
}

impl TaxRateDraft {
    fn checked(&self, index: usize, ids: &dyn IdGenerator) -> Result<TaxRate, TaxZoneError> {
        let at = |field: &'static str| InputPlace::field("rates").entry(index).then(field);
        let in_place = |refusal: InputRefusal| InputRefusal::new(at("name"), refusal.why);
        let name = named(&self.name, "name", TITLE).map_err(in_place)?;
        let rate = self
            .rate
            .filter(|rate| rate.millionths() <= WHOLE)
            .ok_or(TaxZoneError::RateOutOfRange { index })?;
        let window = self.valid_from.zip(self.valid_until);
        let reversed = window.is_some_and(|(from, until)| until <= from);
        refuse(reversed, || at("endsAt"), Unfit::RangeReversed)?;
        Ok(TaxRate {
            id: TaxRateId::new(ids.id()),
            category: self.category,
            name: name.into(),
            rate,
            compound: self.compound,
            on_delivery: self.on_delivery,
            position: i32::try_from(index).unwrap_or(i32::MAX),
            valid_from: self.valid_from,
            valid_until: self.valid_until,
        })
    }
}

/// Whether rates can be charged together. Looked at where each begins: more of them than there nobody is charged at any time.
fn together(rates: &[TaxRate]) -> Result<(), TaxZoneError> {
    for (index, one) in rates.iter().enumerate() {
        let begins = one.valid_from;
        let charged = |other: &&TaxRate| {
            other.category == one.category
                && other.valid_from.is_none_or(|from| begins.is_some_and(|begins| from <= begins))
                && other.valid_until.is_none_or(|until| begins.is_none_or(|begins| begins < until))
        };
        let (count, compound) = rates
            .iter()
            .filter(charged)
            .fold((0, 0), |(count, compound), other| (count + 1, compound + usize::from(other.compound)));
        let place = || InputPlace::field("rates").entry(index);
        refuse(count > AT_ONCE, place, Unfit::TooMany { max: AT_ONCE })?;
        if compound > COMPOUND {
            return Err(TaxZoneError::TooManyCompound { index, most: COMPOUND });
        }
    }
    Ok(())
}

impl TaxZonePatch {
    /// The zone as it is, with what is to be other.
    pub(super) fn over(self, known: &TaxZone) -> TaxZoneDraft {
        let provinces = || known.provinces.iter().map(ToString::to_string).collect();
        let ends = |range: &PostalRange| (range.ends().0.to_owned(), range.ends().1.to_owned());
        let ranges = || known.postal_ranges.iter().map(ends).collect();
        TaxZoneDraft {
            name: self.name.unwrap_or_else(|| known.name.to_string()),
            level: self.level.unwrap_or(known.level),
            country: self.country.unwrap_or(known.country),
            provinces: self.provinces.unwrap_or_else(provinces),
            postal_ranges: self.postal_ranges.unwrap_or_else(ranges),
            priority: self.priority.unwrap_or(known.priority),
            rates: self.rates.unwrap_or_else(|| known.rates.iter().map(|rate| draft(rate)).collect()),
        }
    }
}

fn draft(of: &TaxRate) -> TaxRateDraft {
    TaxRateDraft {
        category: of.category,
        name: of.name.to_string(),
        rate: Some(of.rate),
        compound: of.compound,
        on_delivery: of.on_delivery,
        valid_from: of.valid_from,
        valid_until: of.valid_until,
    }
}

/// A zone that is written anew, in which what was charged already keeps its id: orders and explanations name it.
pub(super) fn with_known_ids(mut to: TaxZone, known: &TaxZone) -> TaxZone {
    let what = |rate: &TaxRate| (rate.category, Arc::clone(&rate.name), rate.valid_from);
    let mut left: Vec<&Arc<TaxRate>> = known.rates.iter().collect();
    for rate in &mut to.rates {
        if let Some(at) = left.iter().position(|known| what(known) == what(rate)) {
            let known = left.remove(at);
            *rate = Arc::new(TaxRate { id: known.id, ..TaxRate::clone(rate) });
        }
    }
    to
}

/// Looks whether the categories are there that rates name. One statement where any is named.
///
/// # Errors
/// One is not.
pub(super) async fn check(conn: &impl Conn, zone: &TaxZone) -> Result<(), TaxZoneError> {
    let named: BTreeSet<TaxCategoryId> = zone.rates.iter().filter_map(|rate| rate.category).collect();
    let named: Vec<TaxCategoryId> = named.into_iter().collect();
    let there = tax::find_categories(conn, &named).await?;
    let is_there = |id: &TaxCategoryId| there.iter().any(|category| category.rule.id == *id);
    let missing = zone
        .rates
        .iter()
        .enumerate()
        .find_map(|(index, rate)| rate.category.filter(|id| !is_there(id)).map(|id| (index, id)));
    match missing {
        Some((index, id)) => {
            let at = InputPlace::field("rates").entry(index).then("categoryId");
            Err(InputRefusal::new(at, Unfit::NotThere(id.uuid())).into())
        }
        None => Ok(()),
    }
}

#[cfg(test)]
#[path = "zone_draft_tests.rs"]
mod tests;
