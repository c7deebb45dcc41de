//! Taxes on their way in.

use super::{TaxCategoryKind, TaxErrorCode as Code, TaxUserError};
use crate::graphql::{
    ApiError,
    admin::{moment::Moment, products::given},
    cart::InputPath,
    checkout::ExactDecimal,
    codes::CountryCode,
    scalars::gid,
};
use async_graphql::{ID, InputObject, MaybeUndefined};
use stoa_domain::shared::{self, Rate, TaxCategoryId};
use stoa_services::admin::{TaxCategoryDraft, TaxCategoryPatch, TaxRateDraft, TaxZoneDraft, TaxZonePatch};

/// A tax category to be.
#[derive(Clone, Debug, InputObject)]
pub struct TaxCategoryCreateInput {
    /// Stable name, kept in lower case: letters without accents, digits, dashes, dots and underscores, 64 at most. `standard` is what has no category.
    pub code: String,
    /// Whether anything is charged at all.
    #[graphql(default_with = "TaxCategoryKind::Taxed")]
    pub kind: TaxCategoryKind,
    /// What staff read, 255 characters at most.
    pub name: String,
}

/// What is to be other of a tax category; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct TaxCategoryUpdateInput {
    /// Stable name.
    pub code: Option<String>,
    /// The global id.
    pub id: ID,
    /// Whether anything is charged at all.
    pub kind: Option<TaxCategoryKind>,
    /// What staff read.
    pub name: Option<String>,
    /// The version that was read; left out: whichever it is.
    pub version: Option<i64>,
}

/// Postal codes from one to another, both included.
#[derive(Clone, Debug, InputObject)]
pub struct TaxPostalRangeInput {
    /// The first, or what the first begin with.
    pub from: String,
    /// The last, or what the last begin with.
    pub to: String,
}

/// A tax of a zone to be. Its place among the zone's rates is the order in which it is charged.
#[derive(Clone, Debug, InputObject)]
pub struct TaxRateInput {
    /// The global id of the category of the goods that it is for; null: all goods that no other rate of the zone is for.
    pub category_id: Option<ID>,
    /// Whether it is charged on the taxes before it as well; of a zone two at most on the same goods at the same time.
    #[graphql(default)]
    pub compound: bool,
    /// The first moment it is charged no more; null: it does not end.
    pub ends_at: Option<Moment>,
    /// What buyers read, 64 characters at most.
    pub name: String,
    /// Whether it is charged on delivery, where delivery is taxed at rates of its own.
    #[graphql(default = true)]
    pub on_delivery: bool,
    /// How much of the price, in percent: 0 to 100 with four decimals at most.
    pub percentage: ExactDecimal,
    /// The first moment it is charged; null: it has begun.
    pub starts_at: Option<Moment>,
}

/// A tax zone to be.
#[derive(Clone, Debug, InputObject)]
pub struct TaxZoneCreateInput {
    /// Which country; null: everywhere, and where nobody has said where.
    pub country: Option<CountryCode>,
    /// 0 to 3: of each level one zone counts at an address, and what they charge adds up, the lower level first.
    #[graphql(default)]
    pub level: i32,
    /// What staff and explanations call it, 255 characters at most.
    pub name: String,
    /// Which postal codes, 250 ranges at most; none: all. They are compared as text, in upper case, without spaces and dashes, as far as each end goes.
    #[graphql(default)]
    pub postal_ranges: Vec<TaxPostalRangeInput>,
    /// Of two zones of a level that fit as closely, the higher counts.
    #[graphql(default)]
    pub priority: i32,
    /// Which subdivisions of the country, by ISO 3166-2 code with the country or without, 250 at most; none: all. Whoever orders to the country then has to
    /// say in which they are.
    #[graphql(default)]
    pub provinces: Vec<String>,
    /// Its taxes, in the order in which they are charged: six at most on the same goods at the same time.
    #[graphql(default)]
    pub rates: Vec<TaxRateInput>,
}

/// What is to be other of a tax zone; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct TaxZoneUpdateInput {
    /// Which country; null: everywhere.
    pub country: MaybeUndefined<CountryCode>,
    /// The global id.
    pub id: ID,
    /// 0 to 3: which zones add up.
    pub level: Option<i32>,
    /// What staff and explanations call it.
    pub name: Option<String>,
    /// Which postal codes: all of them.
    pub postal_ranges: Option<Vec<TaxPostalRangeInput>>,
    /// Of two zones of a level that fit as closely, the higher counts.
    pub priority: Option<i32>,
    /// Which subdivisions of the country: all of them.
    pub provinces: Option<Vec<String>>,
    /// Its taxes: all of them. One with the name, category and beginning of another keeps that one's id.
    pub rates: Option<Vec<TaxRateInput>>,
    /// The version that was read; left out: whichever it is.
    pub version: Option<i64>,
}

/// What could not be read.
#[derive(Debug)]
pub(in crate::graphql::admin) enum Unread {
    /// It is refused.
    Refused(TaxUserError),
    /// It is no request.
    Failed(ApiError),
}

impl From<TaxUserError> for Unread {
    fn from(refusal: TaxUserError) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ApiError> for Unread {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

impl TaxCategoryCreateInput {
    /// As the service takes it.
    pub(in crate::graphql::admin) fn read(self) -> TaxCategoryDraft {
        TaxCategoryDraft { code: self.code, name: self.name, kind: self.kind.into() }
    }
}

impl TaxCategoryUpdateInput {
    /// As the service takes it.
    pub(in crate::graphql::admin) fn read(self) -> TaxCategoryPatch {
        TaxCategoryPatch { code: self.code, name: self.name, kind: self.kind.map(Into::into) }
    }
}

impl TaxRateInput {
    fn read(self, at: &InputPath) -> Result<TaxRateDraft, Unread> {
        let category = match &self.category_id {
            None => None,
            Some(id) => {
                let at = at.field("categoryId");
                let nothing = || TaxUserError::new(Code::NotFound, at, "There is nothing with this id.");
                Some(gid::decode::<TaxCategoryId>(id)?.ok_or_else(nothing)?)
            }
        };
        Ok(TaxRateDraft {
            category,
            name: self.name,
            rate: Rate::parse_percent(self.percentage.as_str()).ok(),
            compound: self.compound,
            on_delivery: self.on_delivery,
            valid_from: self.starts_at.map(|moment| moment.0),
            valid_until: self.ends_at.map(|moment| moment.0),
        })
    }
}

impl TaxZoneCreateInput {
    /// As the service takes it.
    ///
    /// # Errors
    /// An id or a country is none.
    pub(in crate::graphql::admin) fn read(self, at: &InputPath) -> Result<TaxZoneDraft, Unread> {
        Ok(TaxZoneDraft {
            name: self.name,
            level: level(self.level),
            country: self.country.map(|code| country(code, at)).transpose()?,
            provinces: self.provinces,
            postal_ranges: ranges(self.postal_ranges),
            priority: self.priority,
            rates: rates(self.rates, at)?,
        })
    }
}

impl TaxZoneUpdateInput {
    /// As the service takes it.
    ///
    /// # Errors
    /// An id or a country is none.
    pub(in crate::graphql::admin) fn read(self, at: &InputPath) -> Result<TaxZonePatch, Unread> {
        let of = |code: Option<CountryCode>| code.map(|code| country(code, at)).transpose();
        Ok(TaxZonePatch {
            name: self.name,
            level: self.level.map(level),
            country: given(self.country).map(of).transpose()?,
            provinces: self.provinces,
            postal_ranges: self.postal_ranges.map(ranges),
            priority: self.priority,
            rates: self.rates.map(|all| rates(all, at)).transpose()?,
        })
    }
}

fn rates(all: Vec<TaxRateInput>, at: &InputPath) -> Result<Vec<TaxRateDraft>, Unread> {
    let at = at.field("rates");
    all.into_iter().enumerate().map(|(index, rate)| rate.read(&at.entry(index))).collect()
}

/// What is no level at all is above all of them.
fn level(of: i32) -> u8 {
    u8::try_from(of).unwrap_or(u8::MAX)
}

fn ranges(all: Vec<TaxPostalRangeInput>) -> Vec<(String, String)> {
    all.into_iter().map(|range| (range.from, range.to)).collect()
}

fn country(code: CountryCode, at: &InputPath) -> Result<shared::CountryCode, TaxUserError> {
    let unknown = || TaxUserError::new(Code::Invalid, at.field("country"), "Nobody taxes this place.");
    shared::CountryCode::parse(code.as_str()).ok_or_else(unknown)
}
