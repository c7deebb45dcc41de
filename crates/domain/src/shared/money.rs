//! Money: whole minor units and a currency, with checked arithmetic. No floats come near it.

use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, fmt};

/// An ISO 4217 currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The United States dollar, the default of an unconfigured shop.
    pub const USD: Self = Self(iso_currency::Currency::USD);

    /// Reads a three-letter code in upper case. Funds and metals that have no minor unit are refused: nothing is sold in them.
    pub fn parse(code: &str) -> Result<Self, InvalidMoney> {
        iso_currency::Currency::from_code(code)
            .filter(|c| c.exponent().is_some())
            .map(Self)
            .ok_or(InvalidMoney::UnknownCurrency)
    }

    /// The three-letter code, such as `EUR`.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimals the minor unit has: 2 for EUR, 0 for JPY, 3 for KWD.
    pub fn exponent(self) -> u32 {
        self.0.exponent().map_or(2, u32::from)
    }

    /// What an amount that is charged must be a multiple of, in minor units: 10 in the currencies of three decimals, which card networks
    /// take in steps of ten (<https://docs.stripe.com/currencies#three-decimal>), and 100 in MGA, which has two decimals in ISO 4217
    /// and is charged in whole ariary; 1 in all others.
    pub fn charge_step(self) -> i64 {
        match (self.code(), self.exponent()) {
            ("MGA", _) => 100,
            (_, 3) => 10,
            _ => 1,
        }
    }

    /// The English name.
    pub fn name(self) -> String {
        self.0.name().to_owned()
    }

    /// The symbol, such as `€`; the code where there is none.
    pub fn symbol(self) -> String {
        self.0.symbol().to_string()
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// By code, so that lists of currencies are in an order people know.
impl Ord for Currency {
    fn cmp(&self, other: &Self) -> Ordering {
        self.code().cmp(other.code())
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Why an amount cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMoney {
    /// No ISO 4217 code of a currency in use.
    #[error("unknown currency")]
    UnknownCurrency,
    /// Not a decimal number.
    #[error("not a decimal amount")]
    NotANumber,
    /// More decimals than the currency has.
    #[error("more decimals than the currency has")]
    TooPrecise,
    /// Two currencies in one sum.
    #[error("currencies differ")]
    CurrencyMismatch,
    /// Beyond what 64 bits hold.
    #[error("amount out of range")]
    OutOfRange,
}

/// An amount: `minor` units (cents, yen, fils) of `currency`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; may be negative in a difference.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// An amount of minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Reads a decimal such as `12.50` or `-3`, with at most as many decimals as the currency has (trailing zeros
    /// beyond them are accepted).
    pub fn parse(text: &str, currency: Currency) -> Result<Self, InvalidMoney> {
        parse_minor(text, currency.exponent()).map(|minor| Self::new(minor, currency))
    }

    /// The sum. Errors when currencies differ or 64 bits do not hold it.
    pub fn checked_add(self, other: Self) -> Result<Self, InvalidMoney> {
        self.same_currency(other)?;
        self.with(self.minor.checked_add(other.minor))
    }

    /// The difference, which may be negative.
    pub fn checked_sub(self, other: Self) -> Result<Self, InvalidMoney> {
        self.same_currency(other)?;
        self.with(self.minor.checked_sub(other.minor))
    }

    /// `quantity` times this.
    pub fn checked_mul(self, quantity: i64) -> Result<Self, InvalidMoney> {
        self.with(self.minor.checked_mul(quantity))
    }

    /// The amount as a plain decimal with all of the currency's decimals: `12.50`, `1200` (JPY), `1.250` (KWD).
    pub fn to_decimal(self) -> String {
        let exponent = self.currency.exponent() as usize;
        if exponent == 0 {
            return self.minor.to_string();
        }
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = exponent + 1);
        let (whole, fraction) = digits.split_at(digits.len() - exponent);
        let sign = if self.minor < 0 { "-" } else { "" };
        format!("{sign}{whole}.{fraction}")
    }

    fn same_currency(self, other: Self) -> Result<(), InvalidMoney> {
        if self.currency == other.currency { Ok(()) } else { Err(InvalidMoney::CurrencyMismatch) }
    }

    fn with(self, minor: Option<i64>) -> Result<Self, InvalidMoney> {
        minor.map(|minor| Self { minor, ..self }).ok_or(InvalidMoney::OutOfRange)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency.code())
    }
}

/// Reads a plain decimal into minor units of `exponent` decimals.
pub fn parse_minor(text: &str, exponent: u32) -> Result<i64, InvalidMoney> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return Err(InvalidMoney::NotANumber);
    }
    let (kept, beyond) = fraction.split_at(fraction.len().min(exponent as usize));
    if beyond.bytes().any(|b| b != b'0') {
        return Err(InvalidMoney::TooPrecise);
    }
    let padding = exponent as usize - kept.len();
    let digits = whole.bytes().chain(kept.bytes()).chain(std::iter::repeat_n(b'0', padding));
    let mut minor: i64 = 0;
    for digit in digits {
        minor = minor
            .checked_mul(10)
            .and_then(|m| m.checked_add(i64::from(digit - b'0')))
            .ok_or(InvalidMoney::OutOfRange)?;
    }
    Ok(if negative { -minor } else { minor })
}

/// A rate in millionths: 0.19 is 190,000, 10.75 % is 107,500. Enough for every published tax rate (Quebec's
/// 9.975 % is 99,750) without a fraction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(u32);

impl Rate {
    const ONE: i128 = 1_000_000;

    /// From millionths.
    pub const fn from_millionths(millionths: u32) -> Self {
        Self(millionths)
    }

    /// Reads a percentage with up to four decimals: `19`, `10.75`, `9.975`.
    pub fn parse_percent(text: &str) -> Result<Self, InvalidMoney> {
        u32::try_from(parse_minor(text, 4)?).map(Self).map_err(|_| InvalidMoney::OutOfRange)
    }

    /// In millionths.
    pub const fn millionths(self) -> u32 {
        self.0
    }

    /// This share of `minor`, rounded half away from zero to a whole minor unit.
    pub fn of(self, minor: i64) -> Result<i64, InvalidMoney> {
        round_div(i128::from(minor) * i128::from(self.0), Self::ONE)
    }

    /// This share of `minor`, rounded half away from zero to a whole number of `step` minor units.
    pub fn of_in_steps(self, minor: i64, step: i64) -> Result<i64, InvalidMoney> {
        let step = step.max(1);
        let steps = round_div(i128::from(minor) * i128::from(self.0), Self::ONE * i128::from(step))?;
        steps.checked_mul(step).ok_or(InvalidMoney::OutOfRange)
    }

    /// The tax that is inside `gross` at this rate: `gross × r / (1 + r)`, rounded half away from zero.
    pub fn inside(self, gross: i64) -> Result<i64, InvalidMoney> {
        round_div(i128::from(gross) * i128::from(self.0), Self::ONE + i128::from(self.0))
    }
}

/// `n / d` rounded half away from zero ("half up" for the positive amounts of invoices); `d` is above zero.
///
/// The remainder decides, not a sum with half of `d`: that could leave 128 bits.
pub(crate) fn round_div(n: i128, d: i128) -> Result<i64, InvalidMoney> {
    let (whole, rest) = (n / d, (n % d).abs());
    let rounded = if rest >= d - rest { whole + n.signum() } else { whole };
    i64::try_from(rounded).map_err(|_| InvalidMoney::OutOfRange)
}

/// Spreads `total` over `weights` so that the parts sum to it exactly: each gets its proportional floor, the
/// remaining units go to the largest remainders (the earlier one where they tie). A weight of zero takes nothing, unless all are zero:
/// then the first takes all.
///
/// Weights are not negative; `total` may be.
pub fn allocate(total: i64, weights: &[u64]) -> Vec<i64> {
    let sum: u128 = weights.iter().map(|w| u128::from(*w)).sum();
    let mut parts = vec![0_i64; weights.len()];
    if sum == 0 {
        if let Some(first) = parts.first_mut() {
            *first = total;
        }
        return parts;
    }
    let magnitude = u128::from(total.unsigned_abs());
    let sign = total.signum();
    let mut left = total.unsigned_abs();
    let mut remainders = Vec::with_capacity(weights.len());
    for (i, weight) in weights.iter().enumerate() {
        let share = magnitude * u128::from(*weight);
        // A share never exceeds the total, which came from an i64.
        let floor = u64::try_from(share / sum).unwrap_or(u64::MAX);
        left -= floor;
        parts[i] = sign * i64::try_from(floor).unwrap_or(i64::MAX);
        remainders.push((share % sum, i));
    }
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, i) in remainders.into_iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
        parts[i] += sign;
    }
    parts
}

#[cfg(test)]
#[path = "money_tests.rs"]
mod tests;
