//! Money on the wire.

use super::{codes::CurrencyCode, scalars::Decimal};
use async_graphql::Object;
use stoa_domain::shared::{Currency, Money};

/// A currency as prices need it: its code, and how many decimals it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceCurrency {
    code: CurrencyCode,
    decimals: u8,
}

impl From<Currency> for PriceCurrency {
    fn from(currency: Currency) -> Self {
        Self { code: currency.into(), decimals: u8::try_from(currency.exponent()).unwrap_or(2) }
    }
}

impl PriceCurrency {
    /// The code.
    pub const fn code(self) -> CurrencyCode {
        self.code
    }

    /// How many decimals the minor unit has.
    pub const fn decimals(self) -> u8 {
        self.decimals
    }

    /// An amount of minor units of this currency.
    pub const fn of(self, minor: i64) -> MoneyV2 {
        MoneyV2 { minor, currency: self }
    }
}

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoneyV2 {
    minor: i64,
    currency: PriceCurrency,
}

/// An amount of money and its currency.
#[Object]
impl MoneyV2 {
    /// The amount, with all decimals of the currency.
    fn amount(&self) -> Decimal {
        Decimal { minor: self.minor, decimals: self.currency.decimals }
    }

    /// The currency.
    fn currency_code(&self) -> CurrencyCode {
        self.currency.code
    }
}

impl From<Money> for MoneyV2 {
    fn from(money: Money) -> Self {
        PriceCurrency::from(money.currency).of(money.minor)
    }
}
