//! Exact decimals, as text.

use super::output_scalar;
use async_graphql::Value;

/// The most decimals that are written: those of an exchange rate. A currency has four at most (ISO 4217, for units of account).
const MAX_DECIMALS: usize = 9;
/// Sign, 19 digits, point, and a zero before it.
const LONGEST: usize = 22 + MAX_DECIMALS;

/// An amount of minor units, written with all of its currency's decimals: `12.50`, `1200` (JPY), `1.250` (KWD).
///
/// Shopify drops trailing zeros and always leaves one decimal (`12.5`, `1200.0`). Both are decimals and every client
/// parses both; this one can also be shown as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// Minor units.
    pub minor: i64,
    /// How many of the digits are decimals, at most nine.
    pub decimals: u8,
}

impl Decimal {
    /// The number as text.
    pub fn text(self) -> String {
        // One allocation and no formatting machinery: a list of products writes dozens of prices.
        let decimals = usize::from(self.decimals).min(MAX_DECIMALS);
        let mut bytes = [b'0'; LONGEST];
        let mut at = LONGEST;
        let mut push = |byte: u8| {
            at -= 1;
            bytes[at] = byte;
        };
        let mut rest = self.minor.unsigned_abs();
        let mut written = 0;
        while rest > 0 || written <= decimals {
            if written == decimals && decimals > 0 {
                push(b'.');
            }
            // The remainder of a division by ten is one digit.
            push(b'0' + u8::try_from(rest % 10).unwrap_or(0));
            rest /= 10;
            written += 1;
        }
        if self.minor < 0 {
            push(b'-');
        }
        String::from_utf8_lossy(&bytes[at..]).into_owned()
    }
}

output_scalar!(
    Decimal,
    "Decimal",
    "An exact decimal number as text, with all decimals of its currency: `\"12.50\"`, `\"1200\"` in a currency without minor unit.",
    |this| Value::String(this.text())
);

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::shared::{Currency, Money};

    fn text(minor: i64, decimals: u8) -> String {
        Decimal { minor, decimals }.text()
    }

    #[test]
    fn every_decimal_of_the_currency_is_written() {
        assert_eq!(text(1250, 2), "12.50");
        assert_eq!(text(5, 2), "0.05");
        assert_eq!(text(0, 2), "0.00");
        assert_eq!(text(-1, 2), "-0.01");
        assert_eq!(text(1200, 0), "1200");
        assert_eq!(text(0, 0), "0");
        assert_eq!(text(1250, 3), "1.250");
        assert_eq!(text(i64::MIN, 2), "-92233720368547758.08");
        assert_eq!(text(i64::MIN, 4), "-922337203685477.5808");
    }

    #[test]
    fn it_is_the_domain_s_own_decimal() {
        for code in ["USD", "JPY", "KWD"] {
            let currency = Currency::parse(code).unwrap();
            let decimals = u8::try_from(currency.exponent()).unwrap();
            for minor in [0, 1, -1, 99, 100, 101, -100, 12_345, i64::MAX, i64::MIN] {
                assert_eq!(text(minor, decimals), Money::new(minor, currency).to_decimal());
            }
        }
    }
}
