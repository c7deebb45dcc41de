//! Currencies and the amounts that Stripe takes in them.
//!
//! Source: Stripe's page on supported currencies (minor units, special cases, smallest and largest amounts).

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::error::ApiError;

/// A currency that Stripe charges in, by its three-letter ISO code in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Currency(&'static str);

/// Amounts are the number of units themselves.
const ZERO_DECIMAL: &[&str] = &[
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf",
];
/// Amounts are thousandths, and the last digit must be 0.
const THREE_DECIMAL: &[&str] = &["bhd", "jod", "kwd", "omr", "tnd"];
/// Without minor units in life, but sent to Stripe as hundredths that must be whole.
const WHOLE_HUNDREDTHS: &[&str] = &["isk", "ugx"];

/// All others.
const TWO_DECIMAL: &[&str] = &[
    "usd", "aed", "afn", "all", "amd", "ang", "aoa", "ars", "aud", "awg", "azn", "bam", "bbd", "bdt", "bgn",
    "bmd", "bnd", "bob", "brl", "bsd", "bwp", "byn", "bzd", "cad", "cdf", "chf", "cny", "cop", "crc", "cve",
    "czk", "dkk", "dop", "dzd", "egp", "etb", "eur", "fjd", "fkp", "gbp", "gel", "gip", "gmd", "gtq", "gyd",
    "hkd", "hnl", "htg", "huf", "idr", "ils", "inr", "jmd", "kes", "kgs", "khr", "kyd", "kzt", "lak", "lbp",
    "lkr", "lrd", "lsl", "mad", "mdl", "mkd", "mmk", "mnt", "mop", "mur", "mvr", "mwk", "mxn", "myr", "mzn",
    "nad", "ngn", "nio", "nok", "npr", "nzd", "pab", "pen", "pgk", "php", "pkr", "pln", "qar", "ron", "rsd",
    "rub", "sar", "sbd", "scr", "sek", "sgd", "shp", "sle", "sos", "srd", "std", "szl", "thb", "tjs", "top",
    "try", "ttd", "twd", "tzs", "uah", "uyu", "uzs", "wst", "xcd", "yer", "zar", "zmw",
];

/// The smallest charge in minor units, where Stripe names one.
const SMALLEST: &[(&str, i64)] = &[
    ("usd", 50),
    ("aed", 200),
    ("aud", 50),
    ("bgn", 100),
    ("brl", 50),
    ("cad", 50),
    ("chf", 50),
    ("czk", 1500),
    ("dkk", 250),
    ("eur", 50),
    ("gbp", 30),
    ("hkd", 400),
    ("huf", 17_500),
    ("inr", 50),
    ("jpy", 50),
    ("mxn", 1000),
    ("myr", 200),
    ("nok", 300),
    ("nzd", 50),
    ("pln", 200),
    ("ron", 200),
    ("sek", 300),
    ("sgd", 50),
    ("thb", 1000),
];

/// The largest charge in minor units: eight digits, more where the unit is worth little.
fn largest(currency: &str) -> i64 {
    match currency {
        "idr" => 999_999_999_999,
        "cop" | "huf" => 9_999_999_999,
        "inr" => 999_999_999,
        _ => 99_999_999,
    }
}

impl Currency {
    /// The currency of a code in any letter case.
    pub(crate) fn parse(code: &str) -> Option<Self> {
        [TWO_DECIMAL, ZERO_DECIMAL, THREE_DECIMAL, WHOLE_HUNDREDTHS]
            .into_iter()
            .flatten()
            .find(|known| known.eq_ignore_ascii_case(code))
            .map(|known| Self(known))
    }

    /// How many digits of an amount stand after the point.
    pub(crate) fn decimals(self) -> usize {
        match self.0 {
            code if ZERO_DECIMAL.contains(&code) => 0,
            code if THREE_DECIMAL.contains(&code) => 3,
            _ => 2,
        }
    }

    /// An amount for people, such as `19.99 USD`.
    pub(crate) fn show(self, amount: i64) -> String {
        let code = self.0.to_ascii_uppercase();
        let decimals = self.decimals();
        if decimals == 0 {
            return format!("{amount} {code}");
        }
        let digits = format!("{:0width$}", amount.unsigned_abs(), width = decimals + 1);
        let (units, cents) = digits.split_at(digits.len() - decimals);
        let sign = if amount < 0 { "-" } else { "" };
        format!("{sign}{units}.{cents} {code}")
    }

    /// Refuses an amount that no card network would take: below the minimum, above the maximum, or finer than
    /// the currency is charged in.
    pub(crate) fn check_charge(self, amount: i64) -> Result<(), ApiError> {
        self.check_step(amount, "amount")?;
        let smallest = SMALLEST.iter().find(|(code, _)| *code == self.0).map_or(1, |(_, least)| *least);
        if amount < smallest {
            return Err(ApiError::invalid(format!("Amount must be at least {}", self.show(smallest)))
                .code("amount_too_small")
                .param("amount"));
        }
        let most = largest(self.0);
        if amount > most {
            return Err(ApiError::invalid(format!("Amount must be no more than {}", self.show(most)))
                .code("amount_too_large")
                .param("amount"));
        }
        Ok(())
    }

    /// Refuses an amount below one and one that is finer than the currency is charged in.
    pub(crate) fn check_step(self, amount: i64, param: &str) -> Result<(), ApiError> {
        if amount < 1 {
            return Err(ApiError::invalid("This value must be greater than or equal to 1.")
                .code("parameter_invalid_integer")
                .param(param));
        }
        let step = match self.0 {
            code if THREE_DECIMAL.contains(&code) => 10,
            code if WHOLE_HUNDREDTHS.contains(&code) => 100,
            _ => 1,
        };
        if amount % step == 0 {
            return Ok(());
        }
        Err(ApiError::invalid(format!(
            "Invalid amount: in {} the amount must be evenly divisible by {step}.",
            self.0
        ))
        .code("invalid_charge_amount")
        .param(param))
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).ok_or_else(|| D::Error::custom(format!("unknown currency {code}")))
    }
}

#[cfg(test)]
mod tests {
    use super::Currency;

    fn refusal(currency: &str, amount: i64) -> Option<String> {
        let error = Currency::parse(currency).unwrap().check_charge(amount).err()?;
        Some(error.body()["error"]["code"].as_str().unwrap().to_owned())
    }

    #[test]
    fn amounts_have_a_floor_and_a_ceiling() {
        assert_eq!(refusal("usd", 49).as_deref(), Some("amount_too_small"));
        assert_eq!(refusal("usd", 50), None);
        assert_eq!(refusal("USD", 99_999_999), None);
        assert_eq!(refusal("usd", 100_000_000).as_deref(), Some("amount_too_large"));
        assert_eq!(refusal("idr", 100_000_000), None);
        assert_eq!(refusal("jpy", 49).as_deref(), Some("amount_too_small"));
        assert_eq!(refusal("eur", 0).as_deref(), Some("parameter_invalid_integer"));
        assert_eq!(refusal("eur", -5).as_deref(), Some("parameter_invalid_integer"));
    }

    #[test]
    fn three_decimals_end_in_zero_and_some_currencies_are_whole() {
        assert_eq!(refusal("kwd", 5_124).as_deref(), Some("invalid_charge_amount"));
        assert_eq!(refusal("kwd", 5_120), None);
        assert_eq!(refusal("isk", 550).as_deref(), Some("invalid_charge_amount"));
        assert_eq!(refusal("isk", 500), None);
    }

    #[test]
    fn amounts_are_shown_with_the_digits_of_their_currency() {
        let show = |code, amount| Currency::parse(code).unwrap().show(amount);
        assert_eq!(show("usd", 5), "0.05 USD");
        assert_eq!(show("eur", 123_456), "1234.56 EUR");
        assert_eq!(show("jpy", 500), "500 JPY");
        assert_eq!(show("kwd", 5_120), "5.120 KWD");
    }

    #[test]
    fn unknown_currencies_are_unknown() {
        assert!(Currency::parse("xyz").is_none());
        assert!(Currency::parse("").is_none());
    }
}
