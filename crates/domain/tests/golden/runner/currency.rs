//! The currencies that golden carts are in: their decimals by ISO 4217, and the least step in which they can be charged.

use super::fraction::Fraction;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Currency {
    pub(crate) code: &'static str,
    /// Decimals of an amount in major units.
    pub(crate) exponent: u32,
    /// Minor units: cards take dinars in tens of fils, and ariary in whole ones.
    pub(crate) step: i128,
}

/// Written out by hand: a table of the program's own would share its mistakes.
const KNOWN: &[Currency] = &[
    Currency { code: "BHD", exponent: 3, step: 10 },
    Currency { code: "CAD", exponent: 2, step: 1 },
    Currency { code: "CHF", exponent: 2, step: 1 },
    Currency { code: "EUR", exponent: 2, step: 1 },
    Currency { code: "GBP", exponent: 2, step: 1 },
    Currency { code: "HUF", exponent: 2, step: 1 },
    Currency { code: "JPY", exponent: 0, step: 1 },
    Currency { code: "KWD", exponent: 3, step: 10 },
    Currency { code: "MGA", exponent: 2, step: 100 },
    Currency { code: "SEK", exponent: 2, step: 1 },
    Currency { code: "USD", exponent: 2, step: 1 },
];

impl Currency {
    pub(crate) fn find(code: &str) -> Result<Self, String> {
        KNOWN
            .iter()
            .find(|known| known.code == code)
            .copied()
            .ok_or(format!("the runner does not know the currency {code}"))
    }

    fn scale(self) -> Fraction {
        Fraction::whole(10_i128.pow(self.exponent))
    }

    /// Major units as minor ones, whole or not.
    pub(crate) fn in_minor(self, major: Fraction) -> Option<Fraction> {
        major.times(self.scale())
    }

    pub(crate) fn in_major(self, minor: i128) -> Option<Fraction> {
        Fraction::whole(minor).over(self.scale())
    }

    /// An amount that exists: a whole number of minor units.
    pub(crate) fn minor_units(self, major: Fraction) -> Result<i64, String> {
        let minor =
            self.in_minor(major).and_then(Fraction::exact).and_then(|minor| i64::try_from(minor).ok());
        minor.ok_or(format!("{major} is no amount of {}", self.code))
    }
}
