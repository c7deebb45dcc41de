//! An exchange rate, as staff see it.

use crate::graphql::{
    codes::CurrencyCode,
    scalars::{DateTime, Decimal},
};
use async_graphql::Object;
use stoa_domain::market::ExchangeRate;
use stoa_persistence::market::KeptRate;

/// Decimals of a rate.
const DECIMALS: u8 = 9;

/// An exchange rate.
#[derive(Clone, Debug)]
pub struct AdminExchangeRate(pub(in crate::graphql::admin) KeptRate);

/// What one unit of the shop's currency is worth in another.
#[Object]
impl AdminExchangeRate {
    /// Since when it has been so.
    async fn as_of(&self) -> DateTime {
        self.0.as_of.into()
    }

    /// The other currency.
    async fn currency_code(&self) -> CurrencyCode {
        self.0.currency.into()
    }

    /// Whole units of it for one whole unit of the shop's, with nine decimals at most: 1.08 dollars for a euro.
    async fn rate(&self) -> Decimal {
        decimal(self.0.rate)
    }

    /// Who said so, such as a bank.
    async fn source(&self) -> &str {
        &self.0.source
    }
}

/// Without zeros at its end.
fn decimal(rate: ExchangeRate) -> Decimal {
    let (mut minor, mut decimals) = (rate.billionths(), DECIMALS);
    while decimals > 0 && minor % 10 == 0 {
        minor /= 10;
        decimals -= 1;
    }
    Decimal { minor, decimals }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_written_as_it_was_read() {
        for text in ["1.08", "163.345", "1", "0.000000001", "9223372036.854775807"] {
            assert_eq!(decimal(ExchangeRate::parse(text).unwrap()).text(), text);
        }
    }
}
