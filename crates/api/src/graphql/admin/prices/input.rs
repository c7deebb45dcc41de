//! Price lists, markets and exchange rates on their way in.

use super::{PriceErrorCode as Code, PriceListKind, PriceUserError};
use crate::graphql::{
    ApiError,
    admin::{moment::Moment, products::given},
    cart::InputPath,
    checkout::{ExactDecimal, MoneyInput},
    codes::{CountryCode, CurrencyCode},
    scalars::{gid, gid::Identity},
};
use async_graphql::{ID, InputObject, MaybeUndefined, OneofObject};
use std::collections::BTreeSet;
use stoa_domain::{
    market::ExchangeRate,
    pricing::{self, RoundingRule},
    shared::{self, Currency, CustomerGroupId, Money, parse_minor},
};
use stoa_services::admin::{
    ListPriceKey, MarketDraft, MarketPatch, NewExchangeRate, NewListPrice, PriceListDraft, PriceListPatch,
};

/// What reading an input gives: outside what is no request at all, inside what staff are told.
pub(super) type Read<T> = Result<Result<T, PriceUserError>, ApiError>;

/// Hands on what staff are told, and goes on with the rest.
macro_rules! told {
    ($read:expr) => {
        match $read {
            Ok(value) => value,
            Err(refusal) => return Ok(Err(refusal)),
        }
    };
}

/// A price list to be.
#[derive(Clone, Debug, InputObject)]
pub struct PriceListCreateInput {
    /// Whether it is in use.
    #[graphql(default = true)]
    pub active: bool,
    /// What it adds to prices that it does not fix, in percent from -100 to 900 with four decimals at most: -10 takes a tenth off.
    pub adjustment: Option<ExactDecimal>,
    /// The currency of its prices, for good.
    pub currency_code: CurrencyCode,
    /// The global ids of the groups that it is for, 250 at most; only of the kind GROUP, where none means everybody.
    #[graphql(default)]
    pub customer_group_ids: Vec<ID>,
    /// The first moment it counts no more; null: it does not end.
    pub ends_at: Option<Moment>,
    /// What it is for, for good.
    pub kind: PriceListKind,
    /// The global id of the market that it is for alone; null: it is for all. A list of the kind MARKET is named by its market instead.
    pub market_id: Option<ID>,
    /// What staff and explanations call it, 255 characters at most; no two have the same name, in any letter case.
    pub name: String,
    /// The first moment it counts; null: it has begun.
    pub starts_at: Option<Moment>,
}

/// What is to be other of a price list; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct PriceListUpdateInput {
    /// Whether it is in use.
    pub active: Option<bool>,
    /// What it adds to prices that it does not fix, in percent; null: nothing.
    pub adjustment: MaybeUndefined<ExactDecimal>,
    /// The global ids of the groups that it is for: all of them.
    pub customer_group_ids: Option<Vec<ID>>,
    /// The first moment it counts no more; null: it does not end.
    pub ends_at: MaybeUndefined<Moment>,
    /// The global id.
    pub id: ID,
    /// The global id of the market that it is for alone; null: it is for all.
    pub market_id: MaybeUndefined<ID>,
    /// What staff and explanations call it.
    pub name: Option<String>,
    /// The first moment it counts; null: it has begun.
    pub starts_at: MaybeUndefined<Moment>,
    /// The version that was read; left out: whichever it is.
    pub version: Option<i64>,
}

/// A price to be fixed.
#[derive(Clone, Debug, InputObject)]
pub struct PriceListPriceInput {
    /// What shows beside it, in the list's currency.
    pub compare_at_price: Option<MoneyInput>,
    /// From how many units of the variant on it counts.
    #[graphql(default = 1)]
    pub from_quantity: u32,
    /// One unit, in the list's currency.
    pub price: MoneyInput,
    /// The variant's global id.
    pub variant_id: ID,
}

/// A price that is to be fixed no more.
#[derive(Clone, Debug, InputObject)]
pub struct PriceListPriceKeyInput {
    /// The price from just so many units on; null: all of the variant.
    pub from_quantity: Option<u32>,
    /// The variant's global id.
    pub variant_id: ID,
}

/// What is made of prices that were converted: one of these. Figures are minor units of the market's currency.
#[derive(Clone, Debug, OneofObject)]
pub enum MarketRoundingInput {
    /// Half up to a whole multiple of this: 5 is to the nearest five cents.
    Nearest(i64),
    /// Up to the next price with an ending.
    Up(MarketRoundingUpInput),
}

/// Up to the next price with an ending: modulus 100 and ending 99 is up to .99.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct MarketRoundingUpInput {
    /// Which of them, in minor units: from 0 to less than the modulus.
    pub ending: i64,
    /// How far such prices are apart, in minor units.
    pub modulus: i64,
}

/// A market to be.
#[derive(Clone, Debug, InputObject)]
pub struct MarketCreateInput {
    /// Whether it is in use; where its currency is not the shop's, that takes an exchange rate.
    #[graphql(default = true)]
    pub active: bool,
    /// Who belongs to it. A country is in one market at most.
    pub countries: Vec<CountryCode>,
    /// What is paid in.
    pub currency_code: CurrencyCode,
    /// What staff call it, 255 characters at most; no two have the same name, in any letter case.
    pub name: String,
    /// Whether what is left of a price without tax is the same in every country, rather than the price itself.
    #[graphql(default)]
    pub net_prices: bool,
    /// The global id of a list of the kind MARKET, of the market's currency or the shop's; null: prices are the catalogue's.
    pub price_list_id: Option<ID>,
    /// Whether prices contain tax; null: as the shop's.
    pub prices_include_tax: Option<bool>,
    /// What is made of prices that were converted; null: nothing.
    pub rounding: Option<MarketRoundingInput>,
}

/// What is to be other of a market; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct MarketUpdateInput {
    /// Whether it is in use.
    pub active: Option<bool>,
    /// Who belongs to it: all of them.
    pub countries: Option<Vec<CountryCode>>,
    /// What is paid in.
    pub currency_code: Option<CurrencyCode>,
    /// The global id.
    pub id: ID,
    /// What staff call it.
    pub name: Option<String>,
    /// Whether what is left of a price without tax is the same in every country.
    pub net_prices: Option<bool>,
    /// The global id of the list whose prices are those of the market; null: none.
    pub price_list_id: MaybeUndefined<ID>,
    /// Whether prices contain tax; null: as the shop's.
    pub prices_include_tax: MaybeUndefined<bool>,
    /// What is made of prices that were converted; null: nothing.
    pub rounding: MaybeUndefined<MarketRoundingInput>,
    /// The version that was read; left out: whichever it is.
    pub version: Option<i64>,
}

/// An exchange rate to be set.
#[derive(Clone, Debug, InputObject)]
pub struct ExchangeRateInput {
    /// Since when it has been so; left out: since now.
    pub as_of: Option<Moment>,
    /// The other currency; not the shop's.
    pub currency_code: CurrencyCode,
    /// Whole units of it for one whole unit of the shop's, with nine decimals at most; null takes it away.
    pub rate: Option<ExactDecimal>,
    /// Who said so, such as a bank, in 64 characters at most.
    #[graphql(default)]
    pub source: String,
}

impl PriceListCreateInput {
    /// As the service takes it.
    ///
    /// # Errors
    /// An id is none.
    pub fn read(self, at: &InputPath) -> Read<PriceListDraft> {
        let groups =
            told!(all_known::<CustomerGroupId>(&self.customer_group_ids, &at.field("customerGroupIds"))?);
        let kind = match self.kind {
            PriceListKind::Group => pricing::PriceListKind::Group(groups),
            PriceListKind::Market | PriceListKind::Sale if !groups.is_empty() => {
                let message = "Only a list of the kind GROUP is for groups.";
                return Ok(Err(invalid(at.field("customerGroupIds"), message)));
            }
            PriceListKind::Market => pricing::PriceListKind::Market,
            PriceListKind::Sale => pricing::PriceListKind::Sale,
        };
        let market = match &self.market_id {
            Some(id) => Some(told!(known(id, at.field("marketId"))?)),
            None => None,
        };
        let adjustment = match &self.adjustment {
            Some(by) => Some(told!(adjustment(by, at.field("adjustment")))),
            None => None,
        };
        Ok(Ok(PriceListDraft {
            name: self.name,
            kind,
            currency: told!(currency(self.currency_code, at.field("currencyCode"))),
            adjustment,
            market,
            starts_at: self.starts_at.map(|moment| moment.0),
            ends_at: self.ends_at.map(|moment| moment.0),
            active: self.active,
        }))
    }
}

impl PriceListUpdateInput {
    /// As the service takes it.
    ///
    /// # Errors
    /// An id is none.
    pub fn read(self, at: &InputPath) -> Read<PriceListPatch> {
        let groups = match &self.customer_group_ids {
            Some(ids) => Some(told!(all_known(ids, &at.field("customerGroupIds"))?)),
            None => None,
        };
        let market = match given(self.market_id) {
            Some(Some(id)) => Some(Some(told!(known(&id, at.field("marketId"))?))),
            Some(None) => Some(None),
            None => None,
        };
        let adjustment = match given(self.adjustment) {
            Some(Some(by)) => Some(Some(told!(adjustment(&by, at.field("adjustment"))))),
            Some(None) => Some(None),
            None => None,
        };
        let moment = |given: Option<Option<Moment>>| given.map(|at| at.map(|moment| moment.0));
        Ok(Ok(PriceListPatch {
            name: self.name,
            groups,
            adjustment,
            market,
            starts_at: moment(given(self.starts_at)),
            ends_at: moment(given(self.ends_at)),
            active: self.active,
        }))
    }
}

impl PriceListPriceInput {
    /// As the service takes it.
    ///
    /// # Errors
    /// An id is none.
    pub fn read(&self, at: &InputPath) -> Read<NewListPrice> {
        let money = |money: &MoneyInput, field| -> Result<Money, PriceUserError> {
            money.money().map_err(|_| invalid(at.field(field), "This is no amount of that currency."))
        };
        let compare_at = match &self.compare_at_price {
            Some(beside) => Some(told!(money(beside, "compareAtPrice"))),
            None => None,
        };
        Ok(Ok(NewListPrice {
            variant: told!(known(&self.variant_id, at.field("variantId"))?),
            from_quantity: self.from_quantity,
            price: told!(money(&self.price, "price")),
            compare_at,
        }))
    }
}

impl PriceListPriceKeyInput {
    /// As the service takes it; `None` of what can be no variant of ours.
    ///
    /// # Errors
    /// An id is none.
    pub fn read(&self) -> Result<Option<ListPriceKey>, ApiError> {
        let variant = gid::decode(&self.variant_id)?;
        Ok(variant.map(|variant| ListPriceKey { variant, from_quantity: self.from_quantity }))
    }
}

impl MarketCreateInput {
    /// As the service takes it.
    ///
    /// # Errors
    /// An id is none.
    pub fn read(self, at: &InputPath) -> Read<MarketDraft> {
        let price_list = match &self.price_list_id {
            Some(id) => Some(told!(known(id, at.field("priceListId"))?)),
            None => None,
        };
        Ok(Ok(MarketDraft {
            name: self.name,
            currency: told!(currency(self.currency_code, at.field("currencyCode"))),
            countries: told!(countries(&self.countries, &at.field("countries"))),
            price_list,
            rounding: rounding(self.rounding.as_ref()),
            prices_include_tax: self.prices_include_tax,
            net_prices: self.net_prices,
            active: self.active,
        }))
    }
}

impl MarketUpdateInput {
    /// As the service takes it.
    ///
    /// # Errors
    /// An id is none.
    pub fn read(self, at: &InputPath) -> Read<MarketPatch> {
        let price_list = match given(self.price_list_id) {
            Some(Some(id)) => Some(Some(told!(known(&id, at.field("priceListId"))?))),
            Some(None) => Some(None),
            None => None,
        };
        let currency = match self.currency_code {
            Some(code) => Some(told!(currency(code, at.field("currencyCode")))),
            None => None,
        };
        let countries = match &self.countries {
            Some(codes) => Some(told!(countries(codes, &at.field("countries")))),
            None => None,
        };
        Ok(Ok(MarketPatch {
            name: self.name,
            currency,
            countries,
            price_list,
            rounding: given(self.rounding).map(|rule| rounding(rule.as_ref())),
            prices_include_tax: given(self.prices_include_tax),
            net_prices: self.net_prices,
            active: self.active,
        }))
    }
}

impl ExchangeRateInput {
    /// As the service takes it.
    ///
    /// # Errors
    /// A currency or a rate is none.
    pub fn read(self, at: &InputPath) -> Result<NewExchangeRate, PriceUserError> {
        let message = "This is no exchange rate: a number above 0 with nine decimals at most.";
        let rate = |text: &ExactDecimal| {
            ExchangeRate::parse(text.as_str()).map_err(|_| invalid(at.field("rate"), message))
        };
        Ok(NewExchangeRate {
            currency: currency(self.currency_code, at.field("currencyCode"))?,
            rate: self.rate.as_ref().map(rate).transpose()?,
            source: self.source,
            as_of: self.as_of.map(|moment| moment.0),
        })
    }
}

fn invalid(at: InputPath, message: &'static str) -> PriceUserError {
    PriceUserError::new(Code::Invalid, at, message)
}

fn known<T: Identity>(id: &ID, at: InputPath) -> Read<T> {
    let nothing = || PriceUserError::new(Code::NotFound, at, "There is nothing with this id.");
    Ok(gid::decode::<T>(id)?.ok_or_else(nothing))
}

fn all_known<T: Identity + Ord>(ids: &[ID], at: &InputPath) -> Read<BTreeSet<T>> {
    let mut found = BTreeSet::new();
    for (index, id) in ids.iter().enumerate() {
        found.insert(told!(known(id, at.entry(index))?));
    }
    Ok(Ok(found))
}

fn currency(code: CurrencyCode, at: InputPath) -> Result<Currency, PriceUserError> {
    Currency::parse(code.as_str()).map_err(|_| invalid(at, "Nothing is sold in this currency."))
}

fn countries(codes: &[CountryCode], at: &InputPath) -> Result<BTreeSet<shared::CountryCode>, PriceUserError> {
    let country = |(index, code): (usize, &CountryCode)| {
        let unknown = || invalid(at.entry(index), "Nobody delivers to this place.");
        shared::CountryCode::parse(code.as_str()).ok_or_else(unknown)
    };
    codes.iter().enumerate().map(country).collect()
}

/// In millionths.
fn adjustment(percent: &ExactDecimal, at: InputPath) -> Result<i32, PriceUserError> {
    let millionths = parse_minor(percent.as_str(), 4).ok().and_then(|all| i32::try_from(all).ok());
    millionths.ok_or_else(|| invalid(at, "This is no percentage: a number with four decimals at most."))
}

const fn rounding(rule: Option<&MarketRoundingInput>) -> RoundingRule {
    match rule {
        None => RoundingRule::None,
        Some(MarketRoundingInput::Nearest(step)) => RoundingRule::Nearest(*step),
        Some(MarketRoundingInput::Up(up)) => RoundingRule::Up { modulus: up.modulus, ending: up.ending },
    }
}
