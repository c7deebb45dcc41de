//! Arithmetic that a merchant would check with a pencil.

use super::*;
use proptest::prelude::*;

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::parse("EUR").unwrap())
}

#[test]
fn decimals_follow_the_currency() {
    let yen = Currency::parse("JPY").unwrap();
    let dinar = Currency::parse("KWD").unwrap();
    assert_eq!(eur(-1250).to_decimal(), "-12.50");
    assert_eq!(eur(5).to_decimal(), "0.05");
    assert_eq!(Money::new(1200, yen).to_decimal(), "1200");
    assert_eq!(Money::new(1250, dinar).to_decimal(), "1.250");
    assert_eq!(Money::parse("12.5", eur(0).currency), Ok(eur(1250)));
    assert_eq!(Money::parse("12.500", eur(0).currency), Ok(eur(1250)));
    assert_eq!(Money::parse("12.501", eur(0).currency), Err(InvalidMoney::TooPrecise));
    assert_eq!(Money::parse("12.5", yen), Err(InvalidMoney::TooPrecise));
}

#[test]
fn what_is_no_amount_is_refused() {
    for bad in ["", "-", ".", "1,50", "1e3", " 1", "0x1", "1.2.3", "+1", "١"] {
        assert_eq!(parse_minor(bad, 2), Err(InvalidMoney::NotANumber), "{bad:?}");
    }
    assert_eq!(parse_minor("92233720368547758.08", 2), Err(InvalidMoney::OutOfRange));
    assert_eq!(parse_minor("92233720368547758.07", 2), Ok(i64::MAX));
}

#[test]
fn currencies_that_nothing_is_sold_in_are_refused() {
    for code in ["XAU", "XXX", "usd", "EURO", ""] {
        assert_eq!(Currency::parse(code), Err(InvalidMoney::UnknownCurrency), "{code}");
    }
}

#[test]
fn sums_of_two_currencies_and_overflows_are_errors() {
    let usd = Money::new(1, Currency::USD);
    assert_eq!(eur(1).checked_add(usd), Err(InvalidMoney::CurrencyMismatch));
    assert_eq!(eur(i64::MAX).checked_add(eur(1)), Err(InvalidMoney::OutOfRange));
    assert_eq!(eur(i64::MAX).checked_mul(2), Err(InvalidMoney::OutOfRange));
}

#[test]
fn rates_round_half_up() {
    let r = Rate::parse_percent("10.75").unwrap();
    assert_eq!(r.of(2499), Ok(269)); // 268.6425
    assert_eq!(Rate::parse_percent("50").unwrap().of(1), Ok(1));
    assert_eq!(Rate::parse_percent("50").unwrap().of(-1), Ok(-1));
    assert_eq!(Rate::parse_percent("19").unwrap().inside(11900), Ok(1900));
    assert_eq!(Rate::parse_percent("9.975").unwrap().millionths(), 99_750);
    assert!(Rate::parse_percent("-1").is_err());
}

#[test]
fn every_currency_is_charged_in_steps_of_its_own() {
    let letters = || 'A'..='Z';
    let codes =
        letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| format!("{a}{b}{c}"))));
    let all: Vec<Currency> = codes.filter_map(|code| Currency::parse(&code).ok()).collect();
    assert!(all.len() > 150, "{}", all.len());
    let in_steps: Vec<(&str, i64)> =
        all.iter().map(|c| (c.code(), c.charge_step())).filter(|(_, step)| *step != 1).collect();
    let tens = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"].map(|code| (code, 10));
    let mut expected = [tens.as_slice(), &[("MGA", 100)]].concat();
    expected.sort_unstable();
    assert_eq!(in_steps, expected);
}

#[test]
fn halves_go_up_at_the_ends_of_the_range_too() {
    assert_eq!(round_div(5, 2), Ok(3));
    assert_eq!(round_div(-5, 2), Ok(-3));
    assert_eq!(round_div(4, 3), Ok(1));
    assert_eq!(round_div(5, 3), Ok(2));
    assert_eq!(round_div(i128::MAX, i128::MAX), Ok(1));
    assert_eq!(round_div(i128::MAX / 2, i128::MAX), Ok(0));
    assert_eq!(round_div(i128::MAX / 2 + 1, i128::MAX), Ok(1));
    assert_eq!(round_div(i128::MIN, i128::MAX), Ok(-1));
    assert_eq!(round_div(i128::from(i64::MAX) + 1, 1), Err(InvalidMoney::OutOfRange));
}

proptest! {
    #[test]
    fn decimal_text_round_trips(minor in (-i64::MAX..=i64::MAX), exponent in 0usize..=2) {
        let currency = Currency::parse(["JPY", "EUR", "KWD"][exponent]).unwrap();
        let money = Money::new(minor, currency);
        prop_assert_eq!(Money::parse(&money.to_decimal(), currency), Ok(money));
    }

    #[test]
    fn parts_sum_to_the_whole(total in -1_000_000_000i64..1_000_000_000, weights in prop::collection::vec(0u64..1_000_000, 1..40)) {
        let parts = allocate(total, &weights);
        prop_assert_eq!(parts.iter().sum::<i64>(), total);
        let any = weights.iter().any(|w| *w > 0);
        for (part, weight) in parts.iter().zip(&weights) {
            prop_assert!(part.signum() * total.signum() >= 0);
            if any && *weight == 0 { prop_assert_eq!(*part, 0); }
        }
    }

    #[test]
    fn no_part_is_off_by_more_than_one(total in 0i64..1_000_000_000, weights in prop::collection::vec(1u64..1_000_000, 1..40)) {
        let sum: u128 = weights.iter().map(|w| u128::from(*w)).sum();
        for (part, weight) in allocate(total, &weights).iter().zip(&weights) {
            let floor = (total as u128 * u128::from(*weight) / sum) as i64;
            prop_assert!(*part == floor || *part == floor + 1);
        }
    }

    #[test]
    fn net_and_inner_tax_make_the_gross(gross in 0i64..10_000_000_000, rate in 0u32..500_000) {
        let tax = Rate::from_millionths(rate).inside(gross).unwrap();
        prop_assert!(tax >= 0 && tax <= gross);
        // Taxing the net again gives the tax back, to within a unit of rounding.
        let again = Rate::from_millionths(rate).of(gross - tax).unwrap();
        prop_assert!((again - tax).abs() <= 1);
    }
}
