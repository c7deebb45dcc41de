//! Amounts as Stripe writes them.
//!
//! Our [`Money`] counts ISO 4217 minor units. Stripe counts "the currency's smallest unit", which is the same
//! thing for nearly every currency, and for a few is not. Source: <https://docs.stripe.com/currencies>,
//! sections "Zero-decimal currencies", "Three-decimal currencies" and "Special cases", as of September 2026.
//!
//! | currencies | Stripe's unit | and |
//! |---|---|---|
//! | BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF | 1 | |
//! | ISK UGX | 1/100, though neither has cents | always whole: a multiple of 100 |
//! | BHD JOD KWD OMR TND | 1/1000 | the last digit is 0: a multiple of 10 |
//! | all others | as in ISO 4217 | |
//!
//! - MGA has two decimals in ISO 4217 and none at Stripe: only whole ariary can be charged.
//! - UGX stands both in Stripe's list of zero-decimal currencies and among its special cases. The special
//!   case is the one that gives a figure ("to charge 5 UGX, provide an amount value of 500"), so it wins.
//! - HUF and TWD are without decimals for payouts only; charges have two. We make no payouts.

use stoa_domain::{
    payment::{GatewayError, Unchargeable},
    shared::{Currency, Money},
};

/// How Stripe counts one currency.
#[derive(Clone, Copy)]
struct WireUnit {
    /// Decimals of an amount on the wire.
    exponent: u32,
    /// What an amount on the wire must be a multiple of.
    step: i64,
}

impl WireUnit {
    fn of(currency: Currency) -> Self {
        match currency.code() {
            "BIF" | "CLP" | "DJF" | "GNF" | "JPY" | "KMF" | "KRW" | "MGA" | "PYG" | "RWF" | "VND" | "VUV"
            | "XAF" | "XOF" | "XPF" => Self { exponent: 0, step: 1 },
            "ISK" | "UGX" => Self { exponent: 2, step: 100 },
            "BHD" | "JOD" | "KWD" | "OMR" | "TND" => Self { exponent: 3, step: 10 },
            _ => Self { exponent: currency.exponent(), step: 1 },
        }
    }
}

/// Why Stripe cannot take an amount; told without asking it, in the codes it would have used itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AmountError {
    /// Zero or less.
    #[error("the amount must be at least 1")]
    NotPositive,
    /// Finer than Stripe charges this currency.
    #[error("amounts of {currency:?} must be a multiple of {step} minor units")]
    TooFine {
        /// The currency.
        currency: Currency,
        /// What the amount must be a multiple of, in minor units.
        step: i64,
    },
    /// Beyond 64 bits on the wire.
    #[error("the amount is too large")]
    TooLarge,
}

impl From<AmountError> for GatewayError {
    fn from(error: AmountError) -> Self {
        let code = match error {
            AmountError::NotPositive => "parameter_invalid_integer",
            AmountError::TooFine { .. } => "invalid_charge_amount",
            AmountError::TooLarge => "amount_too_large",
        };
        Self::Refused { code: code.to_owned(), message: error.to_string() }
    }
}

/// The minor units that every charge and refund in `currency` must be a multiple of: 1, except 10 for the
/// five three-decimal currencies (BHD, JOD, KWD, OMR, TND) and 100 for MGA. A shop that sells in one of those
/// has to round its totals to it, or the gateway refuses them.
pub fn chargeable_step(currency: Currency) -> i64 {
    let unit = WireUnit::of(currency);
    let ours = currency.exponent();
    if ours > unit.exponent {
        unit.step * 10_i64.pow(ours - unit.exponent)
    } else {
        (unit.step / 10_i64.pow(unit.exponent - ours)).max(1)
    }
}

/// The most that a charge can be, on the wire: eight digits.
const MOST: i64 = 99_999_999;

/// The least that can be charged, on the wire, in the currencies for which Stripe publishes one ("Minimum and maximum
/// charge amounts"); elsewhere only its settlement currency's applies, which is not known here.
fn least(currency: Currency) -> i64 {
    match currency.code() {
        "USD" | "AUD" | "BRL" | "CAD" | "CHF" | "EUR" | "INR" | "NZD" | "SGD" | "JPY" => 50,
        "GBP" => 30,
        "BGN" => 100,
        "AED" | "MYR" | "PLN" | "RON" => 200,
        "DKK" => 250,
        "NOK" | "SEK" => 300,
        "HKD" => 400,
        "MXN" | "THB" => 1_000,
        "CZK" => 1_500,
        "HUF" => 17_500,
        _ => 1,
    }
}

/// Whether an amount can be charged at all.
pub(crate) fn chargeable(amount: Money) -> Result<(), Unchargeable> {
    let currency = amount.currency;
    let small = || Unchargeable::TooSmall {
        least: Money::new(from_wire(least(currency), currency.code()), currency),
    };
    match to_wire(amount) {
        Ok(wire) if wire > MOST => Err(Unchargeable::TooLarge),
        Ok(wire) if wire < least(currency) => Err(small()),
        Ok(_) => Ok(()),
        Err(AmountError::NotPositive) => Err(small()),
        Err(AmountError::TooFine { step, .. }) => {
            Err(Unchargeable::Uneven { step: Money::new(step, currency) })
        }
        Err(AmountError::TooLarge) => Err(Unchargeable::TooLarge),
    }
}

/// What to write into a request for `amount`.
pub(crate) fn to_wire(amount: Money) -> Result<i64, AmountError> {
    let Money { minor, currency } = amount;
    if minor <= 0 {
        return Err(AmountError::NotPositive);
    }
    let step = chargeable_step(currency);
    if minor % step != 0 {
        return Err(AmountError::TooFine { currency, step });
    }
    let (unit, ours) = (WireUnit::of(currency), currency.exponent());
    if ours > unit.exponent {
        return Ok(minor / 10_i64.pow(ours - unit.exponent));
    }
    minor.checked_mul(10_i64.pow(unit.exponent - ours)).ok_or(AmountError::TooLarge)
}

/// The minor units that an amount of an answer or an event means. `code` is the currency in any letter case;
/// an amount of one that we do not know stays as it is, since nothing of ours can be paid in it.
///
/// A part smaller than our minor unit, which Stripe does not charge, would be dropped: rather one unit less
/// than what came than one more.
pub(crate) fn from_wire(amount: i64, code: &str) -> i64 {
    let Ok(currency) = Currency::parse(&code.to_ascii_uppercase()) else { return amount };
    let (unit, ours) = (WireUnit::of(currency), currency.exponent());
    if ours > unit.exponent {
        amount.saturating_mul(10_i64.pow(ours - unit.exponent))
    } else {
        amount.div_euclid(10_i64.pow(unit.exponent - ours))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn money(minor: i64, code: &str) -> Money {
        Money::new(minor, Currency::parse(code).unwrap())
    }

    #[test]
    fn what_stripe_would_never_charge_is_known_before_it_is_asked() {
        assert_eq!(chargeable(money(50, "USD")), Ok(()));
        assert_eq!(chargeable(money(49, "USD")), Err(Unchargeable::TooSmall { least: money(50, "USD") }));
        assert_eq!(chargeable(money(30, "GBP")), Ok(()));
        assert_eq!(chargeable(money(49, "JPY")), Err(Unchargeable::TooSmall { least: money(50, "JPY") }));
        assert_eq!(chargeable(money(99_999_999, "USD")), Ok(()));
        assert_eq!(chargeable(money(100_000_000, "USD")), Err(Unchargeable::TooLarge));
        assert_eq!(chargeable(money(1_255, "KWD")), Err(Unchargeable::Uneven { step: money(10, "KWD") }));
        assert_eq!(chargeable(money(0, "EUR")), Err(Unchargeable::TooSmall { least: money(50, "EUR") }));
    }

    #[test]
    fn every_kind_of_currency_is_written_in_stripes_unit() {
        for (ours, code, wire) in [
            (1099, "USD", 1099),
            (1099, "EUR", 1099),
            (50_045, "HUF", 50_045),
            (80_045, "TWD", 80_045),
            (500, "JPY", 500),
            (500, "KRW", 500),
            (5, "ISK", 500),
            (5, "UGX", 500),
            (5120, "KWD", 5120),
            (10, "TND", 10),
            (300, "MGA", 3),
        ] {
            assert_eq!(to_wire(money(ours, code)), Ok(wire), "{code}");
            assert_eq!(from_wire(wire, &code.to_lowercase()), ours, "{code}");
        }
    }

    #[test]
    fn what_stripe_would_refuse_is_refused_here() {
        assert_eq!(to_wire(money(0, "USD")), Err(AmountError::NotPositive));
        assert_eq!(to_wire(money(-5, "USD")), Err(AmountError::NotPositive));
        for (minor, code, step) in [(5124, "KWD", 10), (150, "MGA", 100)] {
            let refused = to_wire(money(minor, code));
            assert_eq!(refused, Err(AmountError::TooFine { currency: Currency::parse(code).unwrap(), step }));
        }
        assert_eq!(to_wire(money(i64::MAX, "ISK")), Err(AmountError::TooLarge));
        let GatewayError::Refused { code, .. } = AmountError::NotPositive.into() else {
            panic!("not refused")
        };
        assert_eq!(code, "parameter_invalid_integer");
    }

    #[test]
    fn the_step_is_in_our_minor_units() {
        for (code, step) in
            [("USD", 1), ("JPY", 1), ("ISK", 1), ("UGX", 1), ("KWD", 10), ("BHD", 10), ("MGA", 100)]
        {
            assert_eq!(chargeable_step(Currency::parse(code).unwrap()), step, "{code}");
        }
    }

    #[test]
    fn odd_amounts_from_outside_neither_panic_nor_round_up() {
        assert_eq!(from_wire(1234, "zzz"), 1234);
        assert_eq!(from_wire(1234, ""), 1234);
        assert_eq!(from_wire(599, "isk"), 5);
        assert_eq!(from_wire(i64::MAX, "mga"), i64::MAX);
        assert_eq!(from_wire(i64::MIN, "mga"), i64::MIN);
    }

    proptest! {
        #[test]
        fn what_was_sent_comes_back(
            units in 1i64..1_000_000_000,
            code in prop::sample::select(vec!["USD", "JPY", "ISK", "UGX", "KWD", "TND", "MGA", "HUF", "XPF", "CLP"]),
        ) {
            let amount = money(units * chargeable_step(Currency::parse(code).unwrap()), code);
            prop_assert_eq!(from_wire(to_wire(amount).unwrap(), code), amount.minor);
        }
    }
}
