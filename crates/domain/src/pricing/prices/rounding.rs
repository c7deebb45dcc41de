//! How converted prices are made to look like prices.

use crate::shared::{Currency, InvalidMoney, round_div};
use serde::{Deserialize, Serialize};

/// What a market makes of prices that were converted. Figures are minor units of the market's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingRule {
    /// Prices are as the rate makes them.
    #[default]
    None,
    /// Half up to a whole multiple of this: 5 is to the nearest five cents.
    Nearest(i64),
    /// Up to the next price with this ending: modulus 100 and ending 99 is up to .99, in yen modulus 100 and ending 0 up to whole
    /// hundreds.
    Up {
        /// How far such prices are apart.
        modulus: i64,
        /// Which of them: 0 to `modulus - 1`.
        ending: i64,
    },
}

/// Why a rule cannot be a market's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRounding {
    /// A step or a modulus below 1.
    #[error("prices must be rounded to at least one minor unit")]
    NoStep,
    /// An ending below zero, or as large as the modulus.
    #[error("the ending must be at least 0 and less than the modulus")]
    NoEnding,
    /// Prices of this rule could not be charged.
    #[error("prices would not be a multiple of {step} minor units, as charges of this currency must be")]
    Uneven {
        /// What every charge must be a multiple of.
        step: i64,
    },
}

impl RoundingRule {
    /// Whether this can be the rule of prices in `currency`: its prices exist, and are multiples of the charge step.
    pub fn fits(self, currency: Currency) -> Result<(), InvalidRounding> {
        let step = currency.charge_step();
        let figures = match self {
            Self::None => return Ok(()),
            Self::Nearest(nearest) => [nearest, 0],
            Self::Up { modulus, ending } => [modulus, ending],
        };
        match figures {
            [size, _] if size < 1 => Err(InvalidRounding::NoStep),
            [size, ending] if !(0..size).contains(&ending) => Err(InvalidRounding::NoEnding),
            figures if figures.iter().any(|figure| figure % step != 0) => {
                Err(InvalidRounding::Uneven { step })
            }
            _ => Ok(()),
        }
    }

    /// The price that `minor` becomes, a multiple of the currency's charge step. What is free stays free. By a rule that does not
    /// [fit](Self::fits) the currency, the price is rounded to the charge step behind it, upwards by `Up` and else half up.
    ///
    /// A price lower than half of what it is rounded to becomes nothing by `Nearest`, and by `None` where the charge step is more than 1.
    ///
    /// # Errors
    /// 64 bits do not hold it.
    pub fn apply(self, minor: i64, currency: Currency) -> Result<i64, InvalidMoney> {
        let step = currency.charge_step();
        match self {
            _ if minor == 0 => Ok(0),
            Self::None => nearest(minor, step),
            Self::Nearest(size) => nearest(nearest(minor, size)?, step),
            Self::Up { modulus, ending } => up(up(minor, modulus, ending)?, step, 0),
        }
    }
}

/// Half away from zero to a whole multiple of `step`; one below 1 counts as 1.
fn nearest(minor: i64, step: i64) -> Result<i64, InvalidMoney> {
    let step = step.max(1);
    round_div(minor.into(), step.into())?.checked_mul(step).ok_or(InvalidMoney::OutOfRange)
}

/// The smallest number not below `minor` that leaves `ending` when divided by `modulus`; one below 1 counts as 1.
fn up(minor: i64, modulus: i64, ending: i64) -> Result<i64, InvalidMoney> {
    let modulus = i128::from(modulus.max(1));
    let missing = (i128::from(ending) - i128::from(minor)).rem_euclid(modulus);
    i64::try_from(i128::from(minor) + missing).map_err(|_| InvalidMoney::OutOfRange)
}

#[cfg(test)]
#[path = "rounding_tests.rs"]
mod tests;
