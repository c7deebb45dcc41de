//! Conversions that a bank's clerk would check with a pencil.

use super::*;
use proptest::prelude::*;

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn rate(text: &str) -> ExchangeRate {
    ExchangeRate::parse(text).unwrap()
}

#[test]
fn rates_are_read_and_written_as_decimals() {
    for (text, billionths, shown) in [
        ("1.08", 1_080_000_000, "1.08"),
        ("163.345", 163_345_000_000, "163.345"),
        ("1", 1_000_000_000, "1"),
        ("0.000000001", 1, "0.000000001"),
        ("100.10", 100_100_000_000, "100.1"),
        ("9223372036.854775807", i64::MAX, "9223372036.854775807"),
    ] {
        assert_eq!(rate(text).billionths(), billionths, "{text}");
        assert_eq!(rate(text).to_string(), shown);
    }
    assert_eq!(ExchangeRate::parse("0"), Err(InvalidMoney::OutOfRange));
    assert_eq!(ExchangeRate::parse("-1.08"), Err(InvalidMoney::OutOfRange));
    assert_eq!(ExchangeRate::parse("1,08"), Err(InvalidMoney::NotANumber));
    assert_eq!(ExchangeRate::parse("0.0000000001"), Err(InvalidMoney::TooPrecise));
    assert_eq!(ExchangeRate::parse("9223372037"), Err(InvalidMoney::OutOfRange));
}

#[test]
fn a_rate_that_is_none_does_not_come_out_of_a_document() {
    assert_eq!(serde_json::from_str::<ExchangeRate>("1080000000").unwrap(), rate("1.08"));
    assert_eq!(serde_json::to_string(&rate("1.08")).unwrap(), "1080000000");
    for bad in ["0", "-1", "1.08", "null"] {
        assert!(serde_json::from_str::<ExchangeRate>(bad).is_err(), "{bad}");
    }
}

#[test]
fn decimals_of_both_currencies_are_reckoned_in() {
    for (of, minor, to, at, step, expected) in [
        ("EUR", 1_999, "USD", "1.08", 1, 2_159),     // 19.99 x 1.08 = 21.5892
        ("EUR", 1_999, "JPY", "163.345", 1, 3_265),  // 3,265.26655
        ("JPY", 3_265, "EUR", "0.006122", 1, 1_999), // 19.98833
        ("JPY", 1, "KWD", "0.002055", 1, 2),         // 0.002055
        ("KWD", 1_250, "JPY", "486.5", 1, 608),      // 608.125
        ("EUR", 1_999, "KWD", "0.3335", 1, 6_667),   // 6.666665
        ("EUR", 1_999, "KWD", "0.3335", 10, 6_670),
        ("EUR", 1_001, "USD", "0.5", 1, 501), // 5.005: half up
        ("EUR", -1_001, "USD", "0.5", 1, -501),
        ("EUR", 1_001, "EUR", "1", 1, 1_001),
        ("EUR", 0, "JPY", "163.345", 1, 0),
        ("EUR", 10, "MGA", "4912.3", 100, 49_100), // 491.23 ariary
    ] {
        let converted = rate(at).convert(minor, currency(of), currency(to), step);
        assert_eq!(converted, Ok(expected), "{minor} {of} at {at}");
    }
}

#[test]
fn it_is_rounded_once_and_not_twice() {
    // 1.2445 dinars: to fils 1.245 and then to tens 1.250, but in one go 1.240.
    assert_eq!(rate("1.2445").convert(100, currency("EUR"), currency("KWD"), 10), Ok(1_240));
}

#[test]
fn an_order_is_told_in_the_shops_currency() {
    // 3,265 yen at 163.345 for a euro are 19.98837... euros.
    assert_eq!(rate("163.345").back(3_265, currency("JPY"), currency("EUR"), 1), Ok(1_999));
    // 21.59 dollars at 1.08 are 19.9907... euros.
    assert_eq!(rate("1.08").back(2_159, currency("USD"), currency("EUR"), 1), Ok(1_999));
    assert_eq!(rate("0.3335").back(6_670, currency("KWD"), currency("EUR"), 1), Ok(2_000)); // exactly 20
}

#[test]
fn what_64_bits_do_not_hold_is_an_error() {
    let out = Err(InvalidMoney::OutOfRange);
    assert_eq!(rate("1.1").convert(i64::MAX, currency("EUR"), currency("USD"), 1), out);
    assert_eq!(rate("9000000000").convert(i64::MAX, currency("JPY"), currency("KWD"), 1), out);
    assert_eq!(rate("0.000000001").back(i64::MAX, currency("EUR"), currency("USD"), 1), out);
    assert_eq!(ExchangeRate::ONE.convert(i64::MAX, currency("EUR"), currency("USD"), 1), Ok(i64::MAX));
    assert_eq!(ExchangeRate::ONE.convert(i64::MAX, currency("EUR"), currency("USD"), 10), out);
}

proptest! {
    /// There and back is the same amount where the other currency is the finer one.
    #[test]
    fn there_and_back_is_the_same(minor in -10_i64.pow(12)..10_i64.pow(12), billionths in 1_000_000_000_i64..1_000_000_000_000) {
        let rate = ExchangeRate::try_from_billionths(billionths).unwrap();
        for (of, to) in [("EUR", "USD"), ("JPY", "EUR"), ("USD", "KWD")] {
            let (of, to) = (currency(of), currency(to));
            let there = rate.convert(minor, of, to, 1).unwrap();
            prop_assert_eq!(rate.back(there, to, of, 1), Ok(minor));
            prop_assert_eq!(rate.factor(of, to).and_then(|factor| factor.of(minor, 1)), Ok(there));
        }
    }

    /// A higher price is never the lower one elsewhere, and every price is a multiple of the step.
    #[test]
    fn what_costs_more_never_costs_less_elsewhere(a in 0_i64..10_i64.pow(12), b in 0_i64..10_i64.pow(12), billionths in 1_i64..1_000_000_000_000) {
        let rate = ExchangeRate::try_from_billionths(billionths).unwrap();
        for to in ["JPY", "USD", "KWD", "MGA"] {
            let to = currency(to);
            let of = |minor| rate.convert(minor, Currency::USD, to, to.charge_step()).unwrap();
            prop_assert!(of(a.min(b)) <= of(a.max(b)));
            prop_assert_eq!(of(a) % to.charge_step(), 0);
        }
    }
}
