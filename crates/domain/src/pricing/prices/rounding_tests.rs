//! Law 10, and the rules by example.

use super::*;
use proptest::prelude::*;

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

const TO_99: RoundingRule = RoundingRule::Up { modulus: 100, ending: 99 };

#[test]
fn prices_are_made_to_look_like_prices() {
    for (rule, code, minor, expected) in [
        (TO_99, "EUR", 2_159, 2_199),
        (TO_99, "EUR", 2_199, 2_199),
        (TO_99, "EUR", 2_200, 2_299),
        (TO_99, "EUR", 1, 99),
        (TO_99, "EUR", 0, 0),
        (RoundingRule::Up { modulus: 1_000, ending: 990 }, "KWD", 1_250, 1_990),
        (RoundingRule::Up { modulus: 100, ending: 0 }, "JPY", 3_265, 3_300),
        (RoundingRule::Up { modulus: 100, ending: 0 }, "JPY", 3_300, 3_300),
        (RoundingRule::Up { modulus: 50, ending: 45 }, "SEK", 10_046, 10_095),
        (RoundingRule::Nearest(5), "CHF", 1_997, 1_995),
        (RoundingRule::Nearest(5), "CHF", 1_998, 2_000),
        (RoundingRule::Nearest(50), "EUR", 1_025, 1_050),
        (RoundingRule::Nearest(50), "EUR", 24, 0),
        (RoundingRule::None, "EUR", 2_159, 2_159),
        (RoundingRule::None, "KWD", 6_665, 6_670),
        (RoundingRule::None, "KWD", 6_664, 6_660),
        (RoundingRule::None, "MGA", 4_912_349, 4_912_300),
    ] {
        assert_eq!(rule.apply(minor, currency(code)), Ok(expected), "{rule:?} {minor} {code}");
        assert_eq!(rule.fits(currency(code)), Ok(()), "{rule:?} {code}");
    }
}

#[test]
fn rules_whose_prices_could_not_be_charged_are_refused() {
    use InvalidRounding::{NoEnding, NoStep, Uneven};
    let up = |modulus, ending| RoundingRule::Up { modulus, ending };
    for (rule, code, why) in [
        (RoundingRule::Nearest(0), "EUR", NoStep),
        (RoundingRule::Nearest(-5), "EUR", NoStep),
        (up(0, 0), "EUR", NoStep),
        (up(100, 100), "EUR", NoEnding),
        (up(100, -1), "EUR", NoEnding),
        (up(1_000, 999), "KWD", Uneven { step: 10 }),
        (up(1_005, 990), "KWD", Uneven { step: 10 }),
        (RoundingRule::Nearest(25), "KWD", Uneven { step: 10 }),
        (RoundingRule::Nearest(50), "MGA", Uneven { step: 100 }),
    ] {
        assert_eq!(rule.fits(currency(code)), Err(why), "{rule:?} {code}");
    }
}

#[test]
fn a_rule_that_does_not_fit_makes_prices_that_can_be_charged_all_the_same() {
    let to_999 = RoundingRule::Up { modulus: 1_000, ending: 999 };
    assert_eq!(to_999.apply(1_250, currency("KWD")), Ok(2_000));
    assert_eq!(RoundingRule::Nearest(25).apply(1_240, currency("KWD")), Ok(1_250));
    assert_eq!(RoundingRule::Nearest(25).apply(1_220, currency("KWD")), Ok(1_230)); // 1.225
    for rule in [RoundingRule::Nearest(0), RoundingRule::Up { modulus: 0, ending: 7 }] {
        assert_eq!(rule.apply(1_250, currency("EUR")), Ok(1_250), "{rule:?}");
    }
}

#[test]
fn what_64_bits_do_not_hold_is_an_error() {
    for rule in [TO_99, RoundingRule::Nearest(1_000)] {
        assert_eq!(rule.apply(i64::MAX, currency("EUR")), Err(InvalidMoney::OutOfRange), "{rule:?}");
    }
}

#[test]
fn the_form_in_which_markets_keep_their_rule_stays() {
    for (rule, text) in [
        (RoundingRule::None, r#""none""#),
        (RoundingRule::Nearest(5), r#"{"nearest":5}"#),
        (TO_99, r#"{"up":{"modulus":100,"ending":99}}"#),
    ] {
        assert_eq!(serde_json::to_string(&rule).unwrap(), text);
        assert_eq!(serde_json::from_str::<RoundingRule>(text).unwrap(), rule);
    }
}

/// A rule, and a currency that it fits.
fn rules() -> impl Strategy<Value = (RoundingRule, Currency)> {
    let currency = prop::sample::select(vec!["EUR", "JPY", "KWD", "USD", "MGA"]).prop_map(currency);
    (currency, 0_u8..3, 1_i64..=1_000, 0_i64..1_000).prop_map(|(currency, kind, size, ending)| {
        let step = currency.charge_step();
        let rule = match kind {
            0 => RoundingRule::None,
            1 => RoundingRule::Nearest(size * step),
            _ => RoundingRule::Up { modulus: size * step, ending: ending % size * step },
        };
        (rule, currency)
    })
}

proptest! {
    /// Law 10: what was rounded is rounded already; `Up` never lowers, and raises by less than its modulus.
    #[test]
    fn a_rounding_rule_never_lowers((rule, currency) in rules(), minor in 0_i64..10_i64.pow(12)) {
        prop_assert_eq!(rule.fits(currency), Ok(()));
        let price = rule.apply(minor, currency).unwrap();
        prop_assert_eq!(rule.apply(price, currency), Ok(price));
        prop_assert_eq!(price % currency.charge_step(), 0);
        match rule {
            RoundingRule::Up { modulus, ending } if minor > 0 => {
                prop_assert!(price >= minor && price - minor < modulus);
                prop_assert_eq!(price % modulus, ending);
            }
            RoundingRule::Up { .. } => prop_assert_eq!(price, 0),
            RoundingRule::Nearest(size) => prop_assert!((price - minor).abs() * 2 <= size),
            RoundingRule::None => prop_assert!((price - minor).abs() * 2 <= currency.charge_step()),
        }
    }

    #[test]
    fn what_costs_more_is_never_rounded_to_less((rule, currency) in rules(), a in 0_i64..10_i64.pow(9), b in 0_i64..10_i64.pow(9)) {
        let of = |minor| rule.apply(minor, currency).unwrap();
        prop_assert!(of(a.min(b)) <= of(a.max(b)));
    }

    /// Whatever a row says, a price comes out of it, or an error: never a panic.
    #[test]
    fn no_rule_panics(modulus in any::<i64>(), ending in any::<i64>(), minor in any::<i64>()) {
        for rule in [RoundingRule::Nearest(modulus), RoundingRule::Up { modulus, ending }] {
            for code in ["EUR", "KWD"] {
                if let Ok(price) = rule.apply(minor, currency(code)) {
                    prop_assert_eq!(price % currency(code).charge_step(), 0);
                }
            }
        }
    }
}
