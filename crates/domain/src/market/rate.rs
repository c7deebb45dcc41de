//! Exchange rates.

use crate::shared::{Currency, Fraction, InvalidMoney, parse_minor, round_div};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How many units of another currency one unit of the shop's is worth, in billionths: 1.08 dollars for a euro is 1,080,000,000. Units are
/// whole ones (euros, not cents): the decimals of ISO 4217 are reckoned in where amounts are converted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct ExchangeRate(i64);

impl ExchangeRate {
    const BILLION: i64 = 1_000_000_000;
    /// Decimals of a rate.
    const DECIMALS: u32 = 9;

    /// One for one: a currency and itself.
    pub const ONE: Self = Self(Self::BILLION);

    /// From billionths. Errors when it is not above zero.
    pub fn try_from_billionths(billionths: i64) -> Result<Self, InvalidMoney> {
        if billionths > 0 { Ok(Self(billionths)) } else { Err(InvalidMoney::OutOfRange) }
    }

    /// Reads a decimal with up to nine decimals, such as `1.08` or `163.345`. Errors when it is not above zero, or is above
    /// 9,223,372,036.
    pub fn parse(text: &str) -> Result<Self, InvalidMoney> {
        Self::try_from_billionths(parse_minor(text, Self::DECIMALS)?)
    }

    /// In billionths.
    pub const fn billionths(self) -> i64 {
        self.0
    }

    /// What `minor` units of the shop's currency `from` are in `to`, rounded half away from zero to a whole multiple of `step` minor
    /// units. Errors when 64 bits do not hold it.
    pub fn convert(self, minor: i64, from: Currency, to: Currency, step: i64) -> Result<i64, InvalidMoney> {
        in_steps(minor, (self.0, Self::BILLION), (from, to), step)
    }

    /// What one minor unit of the shop's currency `from` is in minor units of `to`, exactly: for what is worked out further before it is
    /// rounded. Errors when 128 bits do not hold it.
    pub fn factor(self, from: Currency, to: Currency) -> Result<Fraction, InvalidMoney> {
        let scale = |more: Currency, less: Currency| {
            10_i128
                .checked_pow(more.exponent().saturating_sub(less.exponent()))
                .ok_or(InvalidMoney::OutOfRange)
        };
        let n = i128::from(self.0).checked_mul(scale(to, from)?).ok_or(InvalidMoney::OutOfRange)?;
        let d = i128::from(Self::BILLION).checked_mul(scale(from, to)?).ok_or(InvalidMoney::OutOfRange)?;
        Fraction::try_new(n, d)
    }

    /// What `minor` units of the other currency `from` are in the shop's, `to`, rounded half away from zero to a whole multiple of
    /// `step` minor units. Errors when 64 bits do not hold it.
    pub fn back(self, minor: i64, from: Currency, to: Currency, step: i64) -> Result<i64, InvalidMoney> {
        in_steps(minor, (Self::BILLION, self.0), (from, to), step)
    }
}

/// `minor × ratio × 10^(decimals of the second currency - those of the first)`, rounded once.
fn in_steps(
    minor: i64,
    ratio: (i64, i64),
    currencies: (Currency, Currency),
    step: i64,
) -> Result<i64, InvalidMoney> {
    let (from, to) = (currencies.0.exponent(), currencies.1.exponent());
    let step = step.max(1);
    let scale = |more: u32, less: u32| 10_i128.pow(more.saturating_sub(less));
    let n = (i128::from(minor) * i128::from(ratio.0)).checked_mul(scale(to, from));
    let d = (i128::from(ratio.1) * i128::from(step)).checked_mul(scale(from, to));
    let (n, d) = n.zip(d).ok_or(InvalidMoney::OutOfRange)?;
    round_div(n, d)?.checked_mul(step).ok_or(InvalidMoney::OutOfRange)
}

impl TryFrom<i64> for ExchangeRate {
    type Error = InvalidMoney;
    fn try_from(billionths: i64) -> Result<Self, Self::Error> {
        Self::try_from_billionths(billionths)
    }
}

impl From<ExchangeRate> for i64 {
    fn from(rate: ExchangeRate) -> Self {
        rate.0
    }
}

/// The rate as a decimal without zeros at its end: `1.08`, `163.345`, `1`.
impl fmt::Display for ExchangeRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / Self::BILLION, self.0 % Self::BILLION);
        let decimals = format!("{rest:09}");
        match decimals.trim_end_matches('0') {
            "" => write!(f, "{whole}"),
            decimals => write!(f, "{whole}.{decimals}"),
        }
    }
}

impl fmt::Debug for ExchangeRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExchangeRate({self})")
    }
}

#[cfg(test)]
#[path = "rate_tests.rs"]
mod tests;
