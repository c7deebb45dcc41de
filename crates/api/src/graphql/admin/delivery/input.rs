//! Delivery zones and ways of delivering on their way in.

use super::{DeliveryErrorCode as Code, DeliveryMeasure, DeliveryMethodKind, DeliveryUserError};
use crate::graphql::{
    ApiError,
    admin::products::given,
    cart::InputPath,
    checkout::ExactDecimal,
    codes::CountryCode,
    scalars::{gid, gid::Identity},
};
use async_graphql::{ID, InputObject, MaybeUndefined};
use std::collections::BTreeSet;
use stoa_domain::{
    delivery::{Bounds, LoadBounds},
    shared::{self, Currency, parse_minor},
};
use stoa_services::admin::{
    DeliveryMethodDraft, DeliveryMethodPatch, DeliveryZoneDraft, DeliveryZonePatch, Figure, RateDraft,
};

/// Postal codes from one to another, both included.
#[derive(Clone, Debug, InputObject)]
pub struct DeliveryPostalRangeInput {
    /// The first, or what the first begin with.
    pub from: String,
    /// The last, or what the last begin with.
    pub to: String,
}

/// A delivery zone to be.
#[derive(Clone, Debug, InputObject)]
pub struct DeliveryZoneCreateInput {
    /// Which countries; none: everywhere, and where nobody has said where.
    #[graphql(default)]
    pub countries: Vec<CountryCode>,
    /// What staff call it, 255 characters at most.
    pub name: String,
    /// Which postal codes, 250 ranges at most; none: all. They are compared as text, in upper case, without spaces and dashes, as far as each end goes.
    #[graphql(default)]
    pub postal_ranges: Vec<DeliveryPostalRangeInput>,
    /// Of two zones that fit as closely, the higher counts.
    #[graphql(default)]
    pub priority: i32,
    /// Which subdivisions of the countries, by code, 250 at most; none: all.
    #[graphql(default)]
    pub provinces: Vec<String>,
}

/// What is to be other of a delivery zone; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct DeliveryZoneUpdateInput {
    /// Which countries: all of them.
    pub countries: Option<Vec<CountryCode>>,
    /// The global id.
    pub id: ID,
    /// What staff call it.
    pub name: Option<String>,
    /// Which postal codes: all of them.
    pub postal_ranges: Option<Vec<DeliveryPostalRangeInput>>,
    /// Of two zones that fit as closely, the higher counts.
    pub priority: Option<i32>,
    /// Which subdivisions of the countries: all of them.
    pub provinces: Option<Vec<String>>,
    /// The version that was read; left out: whichever it is.
    pub version: Option<i64>,
}

/// What is paid from so much on.
#[derive(Clone, Debug, InputObject)]
pub struct DeliveryRateInput {
    /// What is paid at `from`, in the shop's currency.
    pub base: ExactDecimal,
    /// The least it is for: grams, units, or an amount of the shop's currency, by the method's measure.
    #[graphql(default_with = "ExactDecimal::whole(0)")]
    pub from: ExactDecimal,
    /// What each begun step above `from` costs on top, in the shop's currency; with a step, and not without.
    pub per_step: Option<ExactDecimal>,
    /// How much a step is: grams, units, or an amount of the shop's currency, by the method's measure.
    pub step: Option<ExactDecimal>,
}

/// What a method is on offer for, both ends included; what is left out is open.
#[derive(Clone, Debug, Default, InputObject)]
pub struct DeliveryBoundsInput {
    /// At least so many units.
    pub quantity_at_least: Option<i64>,
    /// At most so many units.
    pub quantity_at_most: Option<i64>,
    /// Goods of so much at least, in the shop's currency, before anything is taken off.
    pub subtotal_at_least: Option<ExactDecimal>,
    /// Goods of so much at most, in the shop's currency, before anything is taken off.
    pub subtotal_at_most: Option<ExactDecimal>,
    /// At least so many grams.
    pub weight_at_least: Option<i64>,
    /// At most so many grams.
    pub weight_at_most: Option<i64>,
}

/// A way of delivering to be.
#[derive(Clone, Debug, InputObject)]
pub struct DeliveryMethodCreateInput {
    /// Whether it is in use.
    #[graphql(default = true)]
    pub active: bool,
    /// What it is on offer for; null: for everything.
    pub bounds: Option<DeliveryBoundsInput>,
    /// What the buyer reads beside the title, 5,000 characters at most.
    pub description: Option<String>,
    /// From which subtotal on it costs nothing, in the shop's currency, before anything is taken off.
    pub free_from: Option<ExactDecimal>,
    /// Its stable name: lower-case letters, digits, `-` and `_`, 64 at most; no two have the same.
    pub handle: String,
    /// How the goods get there.
    #[graphql(default_with = "DeliveryMethodKind::Shipping")]
    pub kind: DeliveryMethodKind,
    /// The global id of the location where goods are picked up; of a PICK_UP alone.
    pub location_id: Option<ID>,
    /// How many working days it takes at most, 365 at most; with `minimumDays`.
    pub maximum_days: Option<i64>,
    /// By what it is priced.
    #[graphql(default_with = "DeliveryMeasure::Weight")]
    pub measure: DeliveryMeasure,
    /// How many working days it takes at least; with `maximumDays`.
    pub minimum_days: Option<i64>,
    /// Its place among the options: the lowest comes first.
    #[graphql(default)]
    pub position: i32,
    /// What it costs, 100 rates at most: the one with the highest `from` that is reached counts. There is one for everything that the bounds let in; of a
    /// CARRIER there are none, since the carrier says it.
    #[graphql(default)]
    pub rates: Vec<DeliveryRateInput>,
    /// The global id of the tax category that delivery by it is taxed as; null: as standard.
    pub tax_category_id: Option<ID>,
    /// What the buyer reads, 255 characters at most.
    pub title: String,
    /// Cubic millimetres a gram, where room counts as weight: carriers that say 5,000 cm³ a kilogram mean 5000.
    pub volume_divisor: Option<i64>,
    /// The global id of the zone where it is on offer; not of a PICK_UP, which is for whoever comes.
    pub zone_id: Option<ID>,
}

/// What is to be other of a way of delivering; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct DeliveryMethodUpdateInput {
    /// Whether it is in use.
    pub active: Option<bool>,
    /// What it is on offer for: all of it; null: for everything.
    pub bounds: MaybeUndefined<DeliveryBoundsInput>,
    /// What the buyer reads beside the title; null: nothing.
    pub description: MaybeUndefined<String>,
    /// From which subtotal on it costs nothing, in the shop's currency; null: it is never free by itself.
    pub free_from: MaybeUndefined<ExactDecimal>,
    /// Its stable name.
    pub handle: Option<String>,
    /// The global id.
    pub id: ID,
    /// How the goods get there.
    pub kind: Option<DeliveryMethodKind>,
    /// The global id of the location where goods are picked up.
    pub location_id: MaybeUndefined<ID>,
    /// How many working days it takes at most; null, with `minimumDays`: nobody says.
    pub maximum_days: MaybeUndefined<i64>,
    /// By what it is priced; rates that count another measure are said anew with it.
    pub measure: Option<DeliveryMeasure>,
    /// How many working days it takes at least; null, with `maximumDays`: nobody says.
    pub minimum_days: MaybeUndefined<i64>,
    /// Its place among the options.
    pub position: Option<i32>,
    /// What it costs: all of the rates.
    pub rates: Option<Vec<DeliveryRateInput>>,
    /// The global id of the tax category that delivery by it is taxed as; null: as standard.
    pub tax_category_id: MaybeUndefined<ID>,
    /// What the buyer reads.
    pub title: Option<String>,
    /// The version that was read; left out: whichever it is.
    pub version: Option<i64>,
    /// Cubic millimetres a gram; null: room does not count as weight.
    pub volume_divisor: MaybeUndefined<i64>,
    /// The global id of the zone where it is on offer.
    pub zone_id: MaybeUndefined<ID>,
}

/// Why an input cannot be read: what staff are told, or that it is no request at all.
#[derive(Debug)]
pub(in crate::graphql::admin) enum Unread {
    /// It is refused.
    Refused(DeliveryUserError),
    /// It is no request.
    Failed(ApiError),
}

impl From<DeliveryUserError> for Unread {
    fn from(refusal: DeliveryUserError) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ApiError> for Unread {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

impl DeliveryZoneCreateInput {
    /// As the service takes it.
    ///
    /// # Errors
    /// A country is none.
    pub(in crate::graphql::admin) fn read(self, at: &InputPath) -> Result<DeliveryZoneDraft, Unread> {
        Ok(DeliveryZoneDraft {
            name: self.name,
            countries: countries(&self.countries, &at.field("countries"))?,
            provinces: self.provinces,
            postal_ranges: ranges(self.postal_ranges),
            priority: self.priority,
        })
    }
}

impl DeliveryZoneUpdateInput {
    /// As the service takes it.
    ///
    /// # Errors
    /// A country is none.
    pub(in crate::graphql::admin) fn read(self, at: &InputPath) -> Result<DeliveryZonePatch, Unread> {
        let of = self.countries.map(|codes| countries(&codes, &at.field("countries")));
        Ok(DeliveryZonePatch {
            name: self.name,
            countries: of.transpose()?,
            provinces: self.provinces,
            postal_ranges: self.postal_ranges.map(ranges),
            priority: self.priority,
        })
    }
}

impl DeliveryMethodCreateInput {
    /// As the service takes it, in a shop of this currency.
    ///
    /// # Errors
    /// An id or an amount is none.
    pub(in crate::graphql::admin) fn read(
        self,
        shop: Currency,
        at: &InputPath,
    ) -> Result<DeliveryMethodDraft, Unread> {
        let bounds = self.bounds.unwrap_or_default();
        Ok(DeliveryMethodDraft {
            active: self.active,
            bounds: bounds.read(shop, &at.field("bounds"))?,
            description: self.description,
            free_from: amount_if(self.free_from.as_ref(), shop, &at.field("freeFrom"))?,
            handle: self.handle,
            kind: self.kind.into(),
            location: known_if(self.location_id.as_ref(), at.field("locationId"))?,
            maximum_days: self.maximum_days,
            measure: self.measure.into(),
            minimum_days: self.minimum_days,
            position: self.position,
            rates: rates(&self.rates, shop, &at.field("rates"))?,
            tax_category: known_if(self.tax_category_id.as_ref(), at.field("taxCategoryId"))?,
            title: self.title,
            volume_divisor: self.volume_divisor,
            zone: known_if(self.zone_id.as_ref(), at.field("zoneId"))?,
        })
    }
}

impl DeliveryMethodUpdateInput {
    /// As the service takes it, in a shop of this currency.
    ///
    /// # Errors
    /// An id or an amount is none.
    pub(in crate::graphql::admin) fn read(
        self,
        shop: Currency,
        at: &InputPath,
    ) -> Result<DeliveryMethodPatch, Unread> {
        let bounds = |of: Option<DeliveryBoundsInput>| of.unwrap_or_default().read(shop, &at.field("bounds"));
        let free_from = |of: Option<ExactDecimal>| amount_if(of.as_ref(), shop, &at.field("freeFrom"));
        Ok(DeliveryMethodPatch {
            active: self.active,
            bounds: given(self.bounds).map(bounds).transpose()?,
            description: given(self.description),
            free_from: given(self.free_from).map(free_from).transpose()?,
            handle: self.handle,
            kind: self.kind.map(Into::into),
            location: patched(self.location_id, at.field("locationId"))?,
            maximum_days: given(self.maximum_days),
            measure: self.measure.map(Into::into),
            minimum_days: given(self.minimum_days),
            position: self.position,
            rates: self.rates.map(|all| rates(&all, shop, &at.field("rates"))).transpose()?,
            tax_category: patched(self.tax_category_id, at.field("taxCategoryId"))?,
            title: self.title,
            volume_divisor: given(self.volume_divisor),
            zone: patched(self.zone_id, at.field("zoneId"))?,
        })
    }
}

impl DeliveryBoundsInput {
    fn read(&self, shop: Currency, at: &InputPath) -> Result<LoadBounds, DeliveryUserError> {
        let amount = |of: &Option<ExactDecimal>, field| amount_if(of.as_ref(), shop, &at.field(field));
        let subtotal = Bounds {
            least: amount(&self.subtotal_at_least, "subtotalAtLeast")?,
            most: amount(&self.subtotal_at_most, "subtotalAtMost")?,
        };
        Ok(LoadBounds {
            weight: Bounds { least: self.weight_at_least, most: self.weight_at_most },
            subtotal,
            quantity: Bounds { least: self.quantity_at_least, most: self.quantity_at_most },
        })
    }
}

impl DeliveryRateInput {
    fn read(&self, shop: Currency, at: &InputPath) -> Result<RateDraft, DeliveryUserError> {
        let figure = |of: &ExactDecimal| Figure::Written(of.as_str().to_owned());
        Ok(RateDraft {
            from: figure(&self.from),
            base: amount(&self.base, shop, &at.field("base"))?,
            per_step: amount_if(self.per_step.as_ref(), shop, &at.field("perStep"))?.unwrap_or(0),
            step: self.step.as_ref().map_or(Figure::Known(0), figure),
        })
    }
}

fn rates(
    all: &[DeliveryRateInput],
    shop: Currency,
    at: &InputPath,
) -> Result<Vec<RateDraft>, DeliveryUserError> {
    all.iter().enumerate().map(|(index, rate)| rate.read(shop, &at.entry(index))).collect()
}

fn ranges(all: Vec<DeliveryPostalRangeInput>) -> Vec<(String, String)> {
    all.into_iter().map(|range| (range.from, range.to)).collect()
}

fn countries(
    codes: &[CountryCode],
    at: &InputPath,
) -> Result<BTreeSet<shared::CountryCode>, DeliveryUserError> {
    let country = |(index, code): (usize, &CountryCode)| {
        let message = "Nobody delivers to this place.";
        let unknown = || DeliveryUserError::new(Code::Invalid, at.entry(index), message);
        shared::CountryCode::parse(code.as_str()).ok_or_else(unknown)
    };
    codes.iter().enumerate().map(country).collect()
}

fn amount(of: &ExactDecimal, shop: Currency, at: &InputPath) -> Result<i64, DeliveryUserError> {
    parse_minor(of.as_str(), shop.exponent()).map_err(|_| {
        let message = format!("This is no amount in {}.", shop.code());
        DeliveryUserError::new(Code::Invalid, at.clone(), message)
    })
}

fn amount_if(
    of: Option<&ExactDecimal>,
    shop: Currency,
    at: &InputPath,
) -> Result<Option<i64>, DeliveryUserError> {
    of.map(|of| amount(of, shop, at)).transpose()
}

fn known_if<T: Identity>(id: Option<&ID>, at: InputPath) -> Result<Option<T>, Unread> {
    let Some(id) = id else { return Ok(None) };
    let nothing = || DeliveryUserError::new(Code::NotFound, at, "There is nothing with this id.");
    Ok(Some(gid::decode::<T>(id)?.ok_or_else(nothing)?))
}

/// An id that is to be another, or none.
fn patched<T: Identity>(id: MaybeUndefined<ID>, at: InputPath) -> Result<Option<Option<T>>, Unread> {
    given(id).map(|id| known_if(id.as_ref(), at)).transpose()
}
