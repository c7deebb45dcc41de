//! What a shop has decided about money once, as staff see and write it.

use super::{
    access::{Acting, may, seen},
    place::within,
    products::given,
    refusals::sentence,
    user_error::{AdminUserError, RefusalCode},
};
use crate::graphql::{ApiError, Request, cart::InputPath, codes::CountryCode};
use async_graphql::{Context, Enum, InputObject, MaybeUndefined, Object, SimpleObject};
use std::collections::BTreeSet;
use stoa_domain::{
    access::grants::TaxesRead,
    pricing,
    shared::{self, Place},
};
use stoa_persistence::pricing::ServiceUse;
use stoa_services::admin::{DecidedSettings, PricingSettingsError, PricingSettingsPatch, Unfit};

/// Where tax is rounded to whole minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "pricing::TaxRounding")]
pub enum TaxRounding {
    /// Each line by itself; the tax of an order is their sum.
    Line,
    /// Once, over everything taxed at a rate; lines get their share.
    Total,
}

/// Whose taxes are charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "pricing::TaxBasis")]
pub enum TaxBasis {
    /// Those of where the goods go.
    Destination,
    /// Those of where the shop is, for the countries that it names.
    Origin,
}

/// How delivery is taxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "pricing::DeliveryTax")]
pub enum DeliveryTax {
    /// Not at all.
    None,
    /// Like the goods that are delivered, in proportion to what they cost.
    Proportional,
    /// At the rates that say that they are charged on delivery.
    Rate,
}

/// What is delivered together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "pricing::GroupDeliveries")]
pub enum GroupDeliveries {
    /// What lies at one place.
    Location,
    /// Everything.
    Together,
}

/// Whether a service outside of the house is asked, and what stands in for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "ServiceUse")]
pub enum OutsideServiceUse {
    /// It is not asked.
    Never,
    /// Of taxes: nothing stands in, an order is refused while the service is silent. Of carriers as `OR_RULES`: what a carrier does not say is not on offer.
    OrRefuse,
    /// Of taxes: the shop's own rules stand in. Of carriers: their ways are not on offer while they are silent, and the shop's own methods are.
    OrRules,
}

/// Where the shop is, as far as taxes and carriers ask.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct ShopHome {
    /// Town.
    pub city: Option<String>,
    /// Country.
    pub country_code: CountryCode,
    /// The code of the country's subdivision, such as `CA`.
    pub province_code: Option<String>,
    /// Postal code.
    pub zip: Option<String>,
}

/// Where the shop is, as far as taxes and carriers ask.
#[derive(Clone, Debug, PartialEq, Eq, InputObject)]
pub struct ShopHomeInput {
    /// Town, 255 characters at most.
    pub city: Option<String>,
    /// Country.
    pub country_code: CountryCode,
    /// The code of the country's subdivision, such as `CA`; 32 characters at most.
    pub province_code: Option<String>,
    /// Postal code, 32 characters at most.
    pub zip: Option<String>,
}

/// What counts: what the shop has decided, and what the configuration says of the rest.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct PricingInForce {
    /// How delivery is taxed.
    pub delivery_tax: DeliveryTax,
    /// What is delivered together.
    pub group_deliveries: GroupDeliveries,
    /// Whether prices contain tax, unless a market says otherwise.
    pub prices_include_tax: bool,
    /// Whose taxes are charged.
    pub tax_basis: TaxBasis,
    /// Where tax is rounded.
    pub tax_rounding: TaxRounding,
}

/// What a shop has decided about money once.
#[derive(Clone, Debug)]
pub struct PricingSettings(pub(in crate::graphql::admin) DecidedSettings);

/// What a shop has decided about money once, for everything it sells. Null is what it has not decided: that is as the configuration says.
#[Object]
impl PricingSettings {
    /// Whether carriers are asked for rates, and what stands in for their answer; null: as the configuration says.
    async fn carrier_service(&self) -> Option<OutsideServiceUse> {
        self.0.decided.carrier_service.map(Into::into)
    }

    /// How delivery is taxed.
    async fn delivery_tax(&self) -> Option<DeliveryTax> {
        self.0.decided.delivery_tax.map(Into::into)
    }

    /// What is delivered together.
    async fn group_deliveries(&self) -> Option<GroupDeliveries> {
        self.0.decided.group_deliveries.map(Into::into)
    }

    /// Where the shop is; null: it has not said.
    async fn home(&self) -> Option<ShopHome> {
        let text = |part: &Option<Box<str>>| part.as_deref().map(str::to_owned);
        self.0.decided.home.as_ref().map(|home| ShopHome {
            city: text(&home.city),
            country_code: home.country.into(),
            province_code: text(&home.province),
            zip: text(&home.zip),
        })
    }

    /// What counts: with what the configuration says of what was not decided.
    async fn in_force(&self) -> PricingInForce {
        let counting = &self.0.counting;
        PricingInForce {
            delivery_tax: counting.delivery_tax.into(),
            group_deliveries: counting.group_deliveries.into(),
            prices_include_tax: counting.prices_include_tax,
            tax_basis: counting.tax_basis.into(),
            tax_rounding: counting.tax_rounding.into(),
        }
    }

    /// The countries whose buyers pay the taxes of where the shop is, under the basis ORIGIN, in alphabetical order.
    async fn origin_countries(&self) -> Vec<CountryCode> {
        self.0.decided.origin_countries.iter().copied().map(Into::into).collect()
    }

    /// Whether prices contain tax, unless a market says otherwise.
    async fn prices_include_tax(&self) -> Option<bool> {
        self.0.decided.prices_include_tax
    }

    /// Whose taxes are charged.
    async fn tax_basis(&self) -> Option<TaxBasis> {
        self.0.decided.tax_basis.map(Into::into)
    }

    /// Where tax is rounded.
    async fn tax_rounding(&self) -> Option<TaxRounding> {
        self.0.decided.tax_rounding.map(Into::into)
    }

    /// Whether a service is asked for taxes, and what stands in for its answer; null: as the configuration says.
    async fn tax_service(&self) -> Option<OutsideServiceUse> {
        self.0.decided.tax_service.map(Into::into)
    }

    /// Rises by 1 with every change, and is 0 before the first: who changes them says which one they have read.
    async fn version(&self) -> i64 {
        self.0.version
    }
}

/// What is to be other of what a shop has decided. What is left out stays as it is; null leaves it to the configuration.
#[derive(Clone, Debug, InputObject)]
pub struct PricingSettingsUpdateInput {
    /// Whether carriers are asked for rates, and what stands in for their answer.
    pub carrier_service: MaybeUndefined<OutsideServiceUse>,
    /// How delivery is taxed.
    pub delivery_tax: MaybeUndefined<DeliveryTax>,
    /// What is delivered together.
    pub group_deliveries: MaybeUndefined<GroupDeliveries>,
    /// Where the shop is.
    pub home: MaybeUndefined<ShopHomeInput>,
    /// The countries whose buyers pay the taxes of where the shop is, under the basis ORIGIN: all of them.
    pub origin_countries: Option<Vec<CountryCode>>,
    /// Whether prices contain tax, unless a market says otherwise.
    pub prices_include_tax: MaybeUndefined<bool>,
    /// Whose taxes are charged; ORIGIN needs to know where the shop is.
    pub tax_basis: MaybeUndefined<TaxBasis>,
    /// Where tax is rounded.
    pub tax_rounding: MaybeUndefined<TaxRounding>,
    /// Whether a service is asked for taxes, and what stands in for its answer.
    pub tax_service: MaybeUndefined<OutsideServiceUse>,
    /// The version that was read; left out: whichever it is.
    pub version: Option<i64>,
}

impl PricingSettingsUpdateInput {
    /// As the service takes it.
    ///
    /// # Errors
    /// A country is none.
    pub fn read(self, at: &InputPath) -> Result<PricingSettingsPatch, PricingSettingsUserError> {
        let countries = self.origin_countries.as_deref();
        let origin_countries = countries.map(|codes| countries_of(codes, at)).transpose()?;
        let home = match given(self.home) {
            Some(Some(home)) => Some(Some(home_of(home, at)?)),
            Some(None) => Some(None),
            None => None,
        };
        Ok(PricingSettingsPatch {
            tax_rounding: decided(self.tax_rounding),
            prices_include_tax: given(self.prices_include_tax),
            tax_basis: decided(self.tax_basis),
            origin_countries,
            delivery_tax: decided(self.delivery_tax),
            group_deliveries: decided(self.group_deliveries),
            home,
            tax_service: decided(self.tax_service),
            carrier_service: decided(self.carrier_service),
        })
    }
}

fn decided<T, D: From<T>>(said: MaybeUndefined<T>) -> Option<Option<D>> {
    given(said).map(|said| said.map(D::from))
}

fn country(code: CountryCode, at: InputPath) -> Result<shared::CountryCode, PricingSettingsUserError> {
    let none = || PricingSettingsUserError::new(Code::Invalid, at, "This is no country.");
    shared::CountryCode::parse(code.as_str()).ok_or_else(none)
}

fn countries_of(
    codes: &[CountryCode],
    at: &InputPath,
) -> Result<BTreeSet<shared::CountryCode>, PricingSettingsUserError> {
    let list = at.field("originCountries");
    codes.iter().enumerate().map(|(index, code)| country(*code, list.entry(index))).collect()
}

fn home_of(home: ShopHomeInput, at: &InputPath) -> Result<Place, PricingSettingsUserError> {
    Ok(Place {
        country: country(home.country_code, at.field("home").field("countryCode"))?,
        province: home.province_code.map(Box::from),
        zip: home.zip.map(Box::from),
        city: home.city.map(Box::from),
    })
}

/// Why what a shop has decided stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PricingSettingsErrorCode {
    /// The value is not valid, or not together with the rest.
    Invalid,
    /// It was changed by somebody else since it was read.
    Stale,
    /// The text is too long.
    TooLong,
    /// There is more of something than there may be.
    TooMany,
}

impl RefusalCode for PricingSettingsErrorCode {
    const ERROR: &'static str = "PricingSettingsUserError";
}

/// A refusal about what a shop has decided.
pub type PricingSettingsUserError = AdminUserError<PricingSettingsErrorCode>;

use PricingSettingsErrorCode as Code;

/// Settings that stay as they are. `input` is where it stands what they are to be.
///
/// # Errors
/// A fault.
pub(super) fn refusal(
    error: PricingSettingsError,
    input: &InputPath,
) -> Result<PricingSettingsUserError, ApiError> {
    let message = sentence(&error);
    let (code, at) = match error {
        PricingSettingsError::Refused(refusal) => {
            let code = match refusal.why {
                Unfit::TooLong { .. } => Code::TooLong,
                Unfit::TooMany { .. } => Code::TooMany,
                Unfit::Blank
                | Unfit::NothingToDo
                | Unfit::RangeReversed
                | Unfit::OutOfRange { .. }
                | Unfit::Uneven { .. }
                | Unfit::Unlike(_)
                | Unfit::NotThere(_) => Code::Invalid,
            };
            (code, within(input, &refusal.at))
        }
        PricingSettingsError::Stale => (Code::Stale, input.field("version")),
        PricingSettingsError::Fault(fault) => return Err(fault.into()),
    };
    Ok(PricingSettingsUserError::new(code, at, message))
}

/// What is read of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct PricingSettingsReads;

/// What is read of it.
#[Object]
impl PricingSettingsReads {
    /// What the shop has decided about money once, and what counts.
    #[graphql(guard = "may::<TaxesRead>", visible = "seen::<TaxesRead>")]
    async fn pricing_settings(&self, ctx: &Context<'_>) -> Result<PricingSettings, ApiError> {
        let by = ctx.permit::<TaxesRead>()?;
        Ok(PricingSettings(ctx.services().admin.pricing_decisions.read(&by).await?))
    }
}
