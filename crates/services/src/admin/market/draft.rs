//! A market as staff write it down, held against what can be.

use super::MarketError;
use crate::admin::{
    InputPlace, InputRefusal, Unfit,
    place::{named, refuse},
};
use std::collections::BTreeSet;
use stoa_domain::{
    market::Market,
    pricing::{InvalidRounding, PriceListKind, RoundingRule},
    shared::{CountryCode, Currency, MarketId, PriceListId},
};
use stoa_persistence::{db::Conn, market, price_list};

/// Characters of a name.
const NAME: usize = 255;
/// Countries: more than there are.
const COUNTRIES: usize = 300;
/// Minor units that prices are rounded to.
const ROUNDING: i64 = 1_000_000_000;

/// A market as staff write it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketDraft {
    /// What staff call it.
    pub name: String,
    /// What is paid in.
    pub currency: Currency,
    /// Who belongs to it.
    pub countries: BTreeSet<CountryCode>,
    /// The list whose prices are those of the market.
    pub price_list: Option<PriceListId>,
    /// What is made of prices that were converted.
    pub rounding: RoundingRule,
    /// Whether prices contain tax; `None`: as the shop's.
    pub prices_include_tax: Option<bool>,
    /// Whether what is left of a price without tax is the same in every country.
    pub net_prices: bool,
    /// Whether it is in use.
    pub active: bool,
}

/// What is to be other of a market; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarketPatch {
    /// What staff call it.
    pub name: Option<String>,
    /// What is paid in.
    pub currency: Option<Currency>,
    /// Who belongs to it: all of them.
    pub countries: Option<BTreeSet<CountryCode>>,
    /// The list whose prices are those of the market; `Some(None)`: none.
    pub price_list: Option<Option<PriceListId>>,
    /// What is made of prices that were converted.
    pub rounding: Option<RoundingRule>,
    /// Whether prices contain tax; `Some(None)`: as the shop's.
    pub prices_include_tax: Option<Option<bool>>,
    /// Whether what is left of a price without tax is the same in every country.
    pub net_prices: Option<bool>,
    /// Whether it is in use.
    pub active: Option<bool>,
}

impl MarketDraft {
    /// The market with this id.
    ///
    /// # Errors
    /// The first thing that cannot be so, and where it stands.
    pub(super) fn checked(&self, id: MarketId) -> Result<Market, InputRefusal> {
        let name = named(&self.name, "name", NAME)?;
        let many = self.countries.len() > COUNTRIES;
        refuse(many, || InputPlace::field("countries"), Unfit::TooMany { max: COUNTRIES })?;
        self.rounds()?;
        Ok(Market {
            id,
            name: name.into(),
            currency: self.currency,
            countries: self.countries.clone(),
            price_list: self.price_list,
            rounding: self.rounding,
            prices_include_tax: self.prices_include_tax,
            net_prices: self.net_prices,
            active: self.active,
        })
    }

    fn rounds(&self) -> Result<(), InputRefusal> {
        let at = || InputPlace::field("rounding");
        let (size, place) = match self.rounding {
            RoundingRule::None => (1, at()),
            RoundingRule::Nearest(size) => (size, at().then("nearest")),
            RoundingRule::Up { modulus, .. } => (modulus, at().then("up").then("modulus")),
        };
        refuse(size > ROUNDING, || place.clone(), Unfit::OutOfRange { least: 1, most: ROUNDING })?;
        let currency = self.currency;
        self.rounding.fits(currency).map_err(|error| match error {
            InvalidRounding::NoStep => {
                InputRefusal::new(place, Unfit::OutOfRange { least: 1, most: ROUNDING })
            }
            InvalidRounding::NoEnding => InputRefusal::new(
                at().then("up").then("ending"),
                Unfit::OutOfRange { least: 0, most: size - 1 },
            ),
            InvalidRounding::Uneven { step } => InputRefusal::new(at(), Unfit::Uneven { currency, step }),
        })
    }
}

impl MarketPatch {
    /// The market as it is, with what is to be other.
    pub(super) fn over(self, known: &Market) -> MarketDraft {
        MarketDraft {
            name: self.name.unwrap_or_else(|| known.name.to_string()),
            currency: self.currency.unwrap_or(known.currency),
            countries: self.countries.unwrap_or_else(|| known.countries.clone()),
            price_list: self.price_list.unwrap_or(known.price_list),
            rounding: self.rounding.unwrap_or(known.rounding),
            prices_include_tax: self.prices_include_tax.unwrap_or(known.prices_include_tax),
            net_prices: self.net_prices.unwrap_or(known.net_prices),
            active: self.active.unwrap_or(known.active),
        }
    }
}

/// Whether anything can be priced in a market: its list is there and of its currency or the shop's, and where it is in use its currency has a
/// rate. Behind the turn it stays so.
///
/// # Errors
/// It cannot.
pub(super) async fn check(conn: &impl Conn, market: &Market, shop: Currency) -> Result<(), MarketError> {
    if let Some(id) = market.price_list {
        let at = || InputPlace::field("priceListId");
        let list = price_list::find(conn, id).await?;
        let list = list.ok_or_else(|| InputRefusal::new(at(), Unfit::NotThere(id.uuid())))?.rule.rule;
        let other = list.kind != PriceListKind::Market;
        refuse(other, at, Unfit::Unlike("only a list of the kind MARKET can be a market's"))?;
        if list.currency != market.currency && list.currency != shop {
            return Err(MarketError::CurrencyMismatch(list.currency));
        }
    }
    if market.active && market.currency != shop {
        let rates = market::rates(conn).await?;
        if !rates.iter().any(|known| known.currency == market.currency) {
            return Err(MarketError::RateMissing(market.currency));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn japan() -> MarketDraft {
        MarketDraft {
            name: "Japan".into(),
            currency: Currency::parse("JPY").unwrap(),
            countries: CountryCode::parse("JP").into_iter().collect(),
            price_list: None,
            rounding: RoundingRule::Up { modulus: 100, ending: 0 },
            prices_include_tax: Some(true),
            net_prices: false,
            active: true,
        }
    }

    fn id() -> MarketId {
        MarketId::new(Uuid::from_u128(1))
    }

    #[test]
    fn what_cannot_be_is_named_by_its_place() {
        assert_eq!(&*japan().checked(id()).unwrap().name, "Japan");
        let dinars = Currency::parse("KWD").unwrap();
        let fields = InputPlace::fields;
        for (draft, at) in [
            (MarketDraft { name: String::new(), ..japan() }, fields(&["name"])),
            (MarketDraft { rounding: RoundingRule::Nearest(0), ..japan() }, fields(&["rounding", "nearest"])),
            (
                MarketDraft { rounding: RoundingRule::Nearest(ROUNDING + 1), ..japan() },
                fields(&["rounding", "nearest"]),
            ),
            (
                MarketDraft { rounding: RoundingRule::Up { modulus: 0, ending: 0 }, ..japan() },
                fields(&["rounding", "up", "modulus"]),
            ),
            (
                MarketDraft { rounding: RoundingRule::Up { modulus: 10, ending: 10 }, ..japan() },
                fields(&["rounding", "up", "ending"]),
            ),
            (
                MarketDraft { rounding: RoundingRule::Nearest(5), currency: dinars, ..japan() },
                fields(&["rounding"]),
            ),
        ] {
            assert_eq!(draft.checked(id()).unwrap_err().at, at, "{draft:?}");
        }
    }

    #[test]
    fn what_is_left_out_stays() {
        let known = japan().checked(id()).unwrap();
        assert_eq!(MarketPatch::default().over(&known), japan());
        let patch = MarketPatch { prices_include_tax: Some(None), active: Some(false), ..Default::default() };
        let other = patch.over(&known);
        assert_eq!(other, MarketDraft { prices_include_tax: None, active: false, ..japan() });
    }
}
