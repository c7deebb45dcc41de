//! Where in what staff have written something is wrong, and what: shared by the families of money rules, whose inputs are deep.

use stoa_domain::shared::Currency;
use uuid::Uuid;

/// The most an amount may be, in minor units: what is reckoned with it in any currency stays within 64 bits. As the catalogue's highest price.
pub(super) const HIGHEST: i64 = 1_000_000_000_000;

/// A place in what staff have written, from the outermost field inwards, as the API calls it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputPlace(Vec<PlaceSegment>);

/// A step of the way to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceSegment {
    /// A field.
    Field(&'static str),
    /// An entry of a list, counted from 0.
    Entry(usize),
}

impl InputPlace {
    /// A field of what was written.
    pub fn field(name: &'static str) -> Self {
        Self::default().then(name)
    }

    /// Fields, from the outermost inwards.
    pub fn fields(names: &[&'static str]) -> Self {
        Self(names.iter().copied().map(PlaceSegment::Field).collect())
    }

    /// A field of the object at this place.
    #[must_use]
    pub fn then(&self, name: &'static str) -> Self {
        self.with(PlaceSegment::Field(name))
    }

    /// An entry of the list at this place, counted from 0.
    #[must_use]
    pub fn entry(&self, index: usize) -> Self {
        self.with(PlaceSegment::Entry(index))
    }

    /// The way to it.
    pub fn segments(&self) -> &[PlaceSegment] {
        &self.0
    }

    fn with(&self, segment: PlaceSegment) -> Self {
        Self(self.0.iter().copied().chain([segment]).collect())
    }
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is empty, or blank.
    #[error("it must not be empty")]
    Blank,
    /// It is too long.
    #[error("it has at most {max} characters")]
    TooLong {
        /// Characters.
        max: usize,
    },
    /// A list is too long.
    #[error("there are at most {max}")]
    TooMany {
        /// Entries.
        max: usize,
    },
    /// It changes nothing, or is about nothing.
    #[error("there is nothing for it to do")]
    NothingToDo,
    /// An end lies before its beginning, or a most below its least.
    #[error("its end must lie behind its beginning")]
    RangeReversed,
    /// It is smaller or larger than it may be.
    #[error("{}", range(*least, *most))]
    OutOfRange {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// Nobody can be charged such an amount.
    #[error("amounts in {} are charged in multiples of {step} minor units", .currency.code())]
    Uneven {
        /// The currency.
        currency: Currency,
        /// What amounts are multiples of.
        step: i64,
    },
    /// It cannot be so together with the rest.
    #[error("{0}")]
    Unlike(&'static str),
    /// There is nothing with the id.
    #[error("there is nothing with the id {0}")]
    NotThere(Uuid),
}

fn range(least: i64, most: i64) -> String {
    if most == i64::MAX {
        format!("it must be {least} or more")
    } else {
        format!("it must be from {least} to {most}")
    }
}

/// Something that staff have written cannot be so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct InputRefusal {
    /// Where it stands.
    pub at: InputPlace,
    /// What is wrong with it.
    pub why: Unfit,
}

impl InputRefusal {
    pub(super) const fn new(at: InputPlace, why: Unfit) -> Self {
        Self { at, why }
    }
}

/// Refuses what stands at a place, if it is wrong.
pub(super) fn refuse(wrong: bool, at: impl FnOnce() -> InputPlace, why: Unfit) -> Result<(), InputRefusal> {
    if wrong { Err(InputRefusal::new(at(), why)) } else { Ok(()) }
}

/// A name or a title, without the space around it.
///
/// # Errors
/// It is blank, or longer than its column takes.
pub(super) fn named(text: &str, field: &'static str, max: usize) -> Result<String, InputRefusal> {
    let name: String = text.trim().chars().filter(|c| *c != '\0').collect();
    refuse(name.is_empty(), || InputPlace::field(field), Unfit::Blank)?;
    refuse(name.chars().count() > max, || InputPlace::field(field), Unfit::TooLong { max })?;
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_named_from_the_outermost_field_inwards() {
        let place = InputPlace::fields(&["action", "tiered"]).then("tiers").entry(2);
        let expected = [
            PlaceSegment::Field("action"),
            PlaceSegment::Field("tiered"),
            PlaceSegment::Field("tiers"),
            PlaceSegment::Entry(2),
        ];
        assert_eq!(place.segments(), expected);
    }

    #[test]
    fn a_name_is_neither_blank_nor_endless() {
        assert_eq!(named(" Sum\0mer ", "title", 6).unwrap(), "Summer");
        assert_eq!(named(" \0 ", "title", 6).unwrap_err().why, Unfit::Blank);
        let refused = named("Summers", "title", 6).unwrap_err();
        assert_eq!((refused.at, refused.why), (InputPlace::field("title"), Unfit::TooLong { max: 6 }));
    }
}
