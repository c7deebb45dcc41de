//! A way of delivering as staff write it down, held against what can be.

use super::{
    DeliveryMethodError, PLACES,
    rates_draft::{FIGURE, RateDraft, not_negative, table},
};
use crate::admin::{
    InputPlace, InputRefusal, Unfit,
    place::{named, refuse},
};
use stoa_domain::{
    catalog::{Handle, InvalidHandle},
    delivery::{DeliveryDays, DeliveryMethod, LoadBounds, Measure, MethodKind, RateTable},
    shared::{Currency, DeliveryMethodId, DeliveryZoneId, LocationId, TaxCategoryId},
};
use stoa_persistence::{db::Conn, delivery, inventory, pricing::Switched, tax};

/// Characters of a handle: promotions name methods by it, and orders keep it.
const HANDLE: usize = 64;
/// Characters of a title.
const TITLE: usize = 255;
/// Characters of a description.
const DESCRIPTION: usize = 5_000;
/// Cubic millimetres a gram: carriers say 4,000 to 6,000.
const DIVISOR: i64 = 1_000_000;
/// Grams and units that a method is on offer for: what fits a GraphQL `Int`.
const COUNT: i64 = 1_000_000_000;
/// Working days.
const DAYS: i64 = 365;

/// How goods get to their buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryKind {
    /// By a carrier, at the shop's own price.
    Shipping,
    /// By the shop's own people, nearby.
    Local,
    /// Not at all: the buyer comes.
    PickUp,
    /// By a carrier, at the carrier's price.
    Carrier,
}

impl From<MethodKind> for DeliveryKind {
    fn from(kind: MethodKind) -> Self {
        match kind {
            MethodKind::Shipping => Self::Shipping,
            MethodKind::Local => Self::Local,
            MethodKind::PickUp { .. } => Self::PickUp,
            MethodKind::Carrier => Self::Carrier,
        }
    }
}

/// A way of delivering as staff write it down. Amounts are minor units of the shop's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryMethodDraft {
    /// Whether it is in use.
    pub active: bool,
    /// What it is on offer for.
    pub bounds: LoadBounds,
    /// What else the buyer reads.
    pub description: Option<String>,
    /// From which subtotal on it costs nothing.
    pub free_from: Option<i64>,
    /// Its stable name.
    pub handle: String,
    /// How the goods get there.
    pub kind: DeliveryKind,
    /// Where they are picked up.
    pub location: Option<LocationId>,
    /// How many working days it takes at most.
    pub maximum_days: Option<i64>,
    /// By what it is priced.
    pub measure: Measure,
    /// How many working days it takes at least.
    pub minimum_days: Option<i64>,
    /// Its place among the options.
    pub position: i32,
    /// What it costs.
    pub rates: Vec<RateDraft>,
    /// How it is taxed, where delivery is taxed at rates of its own.
    pub tax_category: Option<TaxCategoryId>,
    /// What the buyer reads.
    pub title: String,
    /// Cubic millimetres a gram, where room counts as weight.
    pub volume_divisor: Option<i64>,
    /// Where it is on offer.
    pub zone: Option<DeliveryZoneId>,
}

/// What is to be other of a way of delivering; `None` leaves it as it is, `Some(None)` takes it away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryMethodPatch {
    /// Whether it is in use.
    pub active: Option<bool>,
    /// What it is on offer for: all of it.
    pub bounds: Option<LoadBounds>,
    /// What else the buyer reads.
    pub description: Option<Option<String>>,
    /// From which subtotal on it costs nothing.
    pub free_from: Option<Option<i64>>,
    /// Its stable name.
    pub handle: Option<String>,
    /// How the goods get there.
    pub kind: Option<DeliveryKind>,
    /// Where they are picked up.
    pub location: Option<Option<LocationId>>,
    /// How many working days it takes at most.
    pub maximum_days: Option<Option<i64>>,
    /// By what it is priced.
    pub measure: Option<Measure>,
    /// How many working days it takes at least.
    pub minimum_days: Option<Option<i64>>,
    /// Its place among the options.
    pub position: Option<i32>,
    /// What it costs: all of the table.
    pub rates: Option<Vec<RateDraft>>,
    /// How it is taxed.
    pub tax_category: Option<Option<TaxCategoryId>>,
    /// What the buyer reads.
    pub title: Option<String>,
    /// Cubic millimetres a gram, where room counts as weight.
    pub volume_divisor: Option<Option<i64>>,
    /// Where it is on offer.
    pub zone: Option<Option<DeliveryZoneId>>,
}

impl DeliveryMethodDraft {
    /// The method with this id, in a shop of this currency.
    ///
    /// # Errors
    /// The first thing that cannot be so, and where it stands; or its table has no price for something that it is on offer for.
    pub(super) fn checked(
        &self,
        id: DeliveryMethodId,
        currency: Currency,
    ) -> Result<Switched<DeliveryMethod>, DeliveryMethodError> {
        let at = InputPlace::field;
        let handle = handle(&self.handle)?;
        let title = named(&self.title, "title", TITLE)?;
        let description = described(self.description.as_deref())?;
        let kind = self.kind_at()?;
        check_bounds(&self.bounds)?;
        let free_from = self.free_from.map(|from| not_negative(from, &at("freeFrom"))).transpose()?;
        let divisor = self.volume_divisor.map(divisor).transpose()?;
        let days = self.days()?;
        let (least, most) = (i64::from(*PLACES.start()), i64::from(*PLACES.end()));
        let outside = !PLACES.contains(&self.position);
        refuse(outside, || at("position"), Unfit::OutOfRange { least, most })?;
        let method = DeliveryMethod {
            id,
            zone: self.zone,
            handle: handle.into(),
            title: title.into(),
            description: description.map(Into::into),
            kind,
            rates: self.table(currency)?,
            free_from,
            divisor,
            tax_category: self.tax_category,
            days,
            bounds: self.bounds,
            position: self.position,
        };
        Ok(Switched { rule: method, active: self.active })
    }

    /// A pick-up is at a place and for everybody who comes there; all else is somewhere.
    fn kind_at(&self) -> Result<MethodKind, InputRefusal> {
        let at = InputPlace::field;
        let kind = match self.kind {
            DeliveryKind::PickUp => {
                let location = self.location.ok_or(InputRefusal::new(at("locationId"), Unfit::Blank))?;
                let why = Unfit::Unlike("a pick-up is for whoever comes, from wherever: it has no zone");
                refuse(self.zone.is_some(), || at("zoneId"), why)?;
                return Ok(MethodKind::PickUp { location });
            }
            DeliveryKind::Shipping => MethodKind::Shipping,
            DeliveryKind::Local => MethodKind::Local,
            DeliveryKind::Carrier => MethodKind::Carrier,
        };
        let why = Unfit::Unlike("only a pick-up is at a location");
        refuse(self.location.is_some(), || at("locationId"), why)?;
        refuse(self.zone.is_none(), || at("zoneId"), Unfit::Blank)?;
        Ok(kind)
    }

    fn days(&self) -> Result<Option<DeliveryDays>, InputRefusal> {
        let at = InputPlace::field;
        let day = |of: Option<i64>, field| -> Result<Option<u16>, InputRefusal> {
            let Some(days) = of else { return Ok(None) };
            let outside = || InputRefusal::new(at(field), Unfit::OutOfRange { least: 0, most: DAYS });
            let days = Some(days).filter(|days| (0..=DAYS).contains(days)).ok_or_else(outside)?;
            u16::try_from(days).map(Some).map_err(|_| outside())
        };
        let half = |field| {
            let why = Unfit::Unlike("how long it takes is said from so many to so many days, or not at all");
            InputRefusal::new(at(field), why)
        };
        match (day(self.minimum_days, "minimumDays")?, day(self.maximum_days, "maximumDays")?) {
            (None, None) => Ok(None),
            (Some(_), None) => Err(half("maximumDays")),
            (None, Some(_)) => Err(half("minimumDays")),
            (Some(least), Some(most)) => {
                let reversed = || InputRefusal::new(at("maximumDays"), Unfit::RangeReversed);
                DeliveryDays::try_new(least, most).map(Some).ok_or_else(reversed)
            }
        }
    }

    fn table(&self, currency: Currency) -> Result<RateTable, DeliveryMethodError> {
        let by = self.measure;
        if self.kind == DeliveryKind::Carrier {
            let why = Unfit::Unlike("what it costs is said by the carrier");
            refuse(!self.rates.is_empty(), || InputPlace::field("rates"), why)?;
            return Ok(RateTable { by, rows: Vec::new() });
        }
        let within = match by {
            Measure::Weight => self.bounds.weight,
            Measure::Subtotal => self.bounds.subtotal,
            Measure::Quantity => self.bounds.quantity,
        };
        table(&self.rates, (by, within), currency)
    }
}

impl DeliveryMethodPatch {
    /// The method as it is, with what is to be other.
    ///
    /// # Errors
    /// Its figures would count something else than they did.
    pub(super) fn over(self, known: &Switched<DeliveryMethod>) -> Result<DeliveryMethodDraft, InputRefusal> {
        let method = &known.rule;
        let rows = &method.rates.rows;
        let counted = self.rates.is_none() && rows.iter().any(|row| row.from != 0 || row.step != 0);
        let other = self.measure.is_some_and(|by| by != method.rates.by);
        let why = Unfit::Unlike("rates count what they are measured by: say them anew");
        refuse(other && counted, || InputPlace::field("measure"), why)?;
        let location = match method.kind {
            MethodKind::PickUp { location } => Some(location),
            MethodKind::Shipping | MethodKind::Local | MethodKind::Carrier => None,
        };
        let description = || method.description.as_deref().map(str::to_owned);
        Ok(DeliveryMethodDraft {
            active: self.active.unwrap_or(known.active),
            bounds: self.bounds.unwrap_or(method.bounds),
            description: self.description.unwrap_or_else(description),
            free_from: self.free_from.unwrap_or(method.free_from),
            handle: self.handle.unwrap_or_else(|| method.handle.to_string()),
            kind: self.kind.unwrap_or_else(|| method.kind.into()),
            location: self.location.unwrap_or(location),
            maximum_days: self.maximum_days.unwrap_or(method.days.map(|days| days.most.into())),
            measure: self.measure.unwrap_or(method.rates.by),
            minimum_days: self.minimum_days.unwrap_or(method.days.map(|days| days.least.into())),
            position: self.position.unwrap_or(method.position),
            rates: self.rates.unwrap_or_else(|| rows.iter().map(RateDraft::from).collect()),
            tax_category: self.tax_category.unwrap_or(method.tax_category),
            title: self.title.unwrap_or_else(|| method.title.to_string()),
            volume_divisor: self.volume_divisor.unwrap_or(method.divisor.map(i64::from)),
            zone: self.zone.unwrap_or(method.zone),
        })
    }
}

fn handle(text: &str) -> Result<String, InputRefusal> {
    let refused = |why| InputRefusal::new(InputPlace::field("handle"), why);
    let handle = Handle::parse(text).map_err(|invalid| match invalid {
        InvalidHandle::Empty => refused(Unfit::Blank),
        InvalidHandle::TooLong => refused(Unfit::TooLong { max: HANDLE }),
    })?;
    let handle = handle.as_str().to_owned();
    refuse(handle.chars().count() > HANDLE, || InputPlace::field("handle"), Unfit::TooLong { max: HANDLE })?;
    Ok(handle)
}

/// What else the buyer reads; nothing of an empty text.
fn described(text: Option<&str>) -> Result<Option<String>, InputRefusal> {
    let Some(text) = text else { return Ok(None) };
    let text: String = text.trim().chars().filter(|c| *c != '\0').collect();
    let long = text.chars().count() > DESCRIPTION;
    refuse(long, || InputPlace::field("description"), Unfit::TooLong { max: DESCRIPTION })?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

fn divisor(of: i64) -> Result<u32, InputRefusal> {
    let outside = || {
        InputRefusal::new(InputPlace::field("volumeDivisor"), Unfit::OutOfRange { least: 1, most: DIVISOR })
    };
    let divisor = Some(of).filter(|of| (1..=DIVISOR).contains(of)).ok_or_else(outside)?;
    u32::try_from(divisor).map_err(|_| outside())
}

fn check_bounds(bounds: &LoadBounds) -> Result<(), InputRefusal> {
    for (of, largest, least, most) in [
        (bounds.weight, COUNT, "weightAtLeast", "weightAtMost"),
        (bounds.subtotal, FIGURE, "subtotalAtLeast", "subtotalAtMost"),
        (bounds.quantity, COUNT, "quantityAtLeast", "quantityAtMost"),
    ] {
        let at = |field| InputPlace::field("bounds").then(field);
        for (figure, field) in [(of.least, least), (of.most, most)] {
            let outside = figure.is_some_and(|figure| !(0..=largest).contains(&figure));
            refuse(outside, || at(field), Unfit::OutOfRange { least: 0, most: largest })?;
        }
        refuse(of.reversed(), || at(most), Unfit::RangeReversed)?;
    }
    Ok(())
}

/// Looks whether everything that a method names is there. A statement for each that it names; behind the turn it stays so.
///
/// # Errors
/// Something is not.
pub(super) async fn check(conn: &impl Conn, method: &DeliveryMethod) -> Result<(), DeliveryMethodError> {
    let missing = |field, id| InputRefusal::new(InputPlace::field(field), Unfit::NotThere(id));
    if let Some(id) = method.zone {
        delivery::find_zone(conn, id).await?.ok_or_else(|| missing("zoneId", id.uuid()))?;
    }
    if let Some(id) = method.tax_category {
        let found = tax::find_categories(conn, &[id]).await?.pop();
        found.ok_or_else(|| missing("taxCategoryId", id.uuid()))?;
    }
    if let MethodKind::PickUp { location } = method.kind {
        let found = inventory::locations(conn).await?.into_iter().find(|known| known.id == location);
        found.ok_or_else(|| missing("locationId", location.uuid()))?;
    }
    Ok(())
}
