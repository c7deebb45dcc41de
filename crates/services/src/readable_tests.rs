use super::*;
use stoa_domain::shared::Currency;

fn money(minor: i64, code: &str) -> Money {
    Money::new(minor, Currency::parse(code).unwrap())
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(seconds, 0).unwrap()
}

#[test]
fn an_amount_has_the_decimals_of_its_currency_and_groups_of_three() {
    let of = |minor, code| amount(money(minor, code));
    assert_eq!(of(1250, "USD"), "$12.50");
    assert_eq!(of(123_456_789, "EUR"), "€1,234,567.89");
    assert_eq!(of(198_000, "JPY"), "¥198,000");
    assert_eq!(of(1250, "CHF"), "CHF\u{a0}12.50");
    assert_eq!(of(1250, "KWD"), "KWD\u{a0}1.250");
    assert_eq!(of(-5, "GBP"), "-£0.05");
    assert_eq!(of(100, "USD"), "$1.00");
}

#[test]
fn every_language_writes_amounts_its_own_way() {
    for (locale, cents, thousands, millions, yen, francs, negative) in [
        (Locale::En, "€0.05", "€1,234.00", "€1,234,567.89", "¥1,980", "CHF\u{a0}12.50", "-€3.00"),
        (
            Locale::De,
            "0,05\u{a0}€",
            "1.234,00\u{a0}€",
            "1.234.567,89\u{a0}€",
            "1.980\u{a0}¥",
            "12,50\u{a0}CHF",
            "-3,00\u{a0}€",
        ),
        (
            Locale::Fr,
            "0,05\u{a0}€",
            "1\u{202f}234,00\u{a0}€",
            "1\u{202f}234\u{202f}567,89\u{a0}€",
            "1\u{202f}980\u{a0}¥",
            "12,50\u{a0}CHF",
            "-3,00\u{a0}€",
        ),
        // Four digits stand together in Spanish.
        (
            Locale::Es,
            "0,05\u{a0}€",
            "1234,00\u{a0}€",
            "1.234.567,89\u{a0}€",
            "1980\u{a0}¥",
            "12,50\u{a0}CHF",
            "-3,00\u{a0}€",
        ),
        (Locale::Ja, "€0.05", "€1,234.00", "€1,234,567.89", "¥1,980", "CHF\u{a0}12.50", "-€3.00"),
    ] {
        let of = |minor, code| amount_in(money(minor, code), locale);
        assert_eq!(of(5, "EUR"), cents);
        assert_eq!(of(123_400, "EUR"), thousands);
        assert_eq!(of(123_456_789, "EUR"), millions);
        assert_eq!(of(1980, "JPY"), yen);
        assert_eq!(of(1250, "CHF"), francs);
        assert_eq!(of(-300, "EUR"), negative);
    }
    assert_eq!(amount_in(money(1_234_567, "EUR"), Locale::Es), "12.345,67\u{a0}€");
    assert_eq!(amount_in(money(i64::MIN, "JPY"), Locale::De), "-9.223.372.036.854.775.808\u{a0}¥");
}

#[test]
fn times_say_their_zone() {
    assert_eq!(date_and_time(at(1_795_183_500)), "20 November 2026, 14:05 UTC");
    for (locale, expected) in [
        (Locale::En, "20 November 2026, 14:05 UTC"),
        (Locale::De, "20. November 2026 um 14:05 Uhr (UTC)"),
        (Locale::Fr, "20 novembre 2026 à 14:05 (UTC)"),
        (Locale::Es, "20 de noviembre de 2026, 14:05 (UTC)"),
        (Locale::Ja, "2026年11月20日 14:05（UTC）"),
    ] {
        assert_eq!(date_in(at(1_795_183_500), locale), expected);
    }
}

#[test]
fn the_first_of_a_month_and_its_first_hour() {
    // 1 January 2026, 00:03.
    let at = at(1_767_225_780);
    for (locale, expected) in [
        (Locale::En, "1 January 2026, 00:03 UTC"),
        (Locale::De, "1. Januar 2026 um 00:03 Uhr (UTC)"),
        (Locale::Fr, "1er janvier 2026 à 00:03 (UTC)"),
        (Locale::Es, "1 de enero de 2026, 00:03 (UTC)"),
        (Locale::Ja, "2026年1月1日 00:03（UTC）"),
    ] {
        assert_eq!(date_in(at, locale), expected);
    }
}

#[test]
fn every_month_has_a_name_of_its_own_in_every_language() {
    for locale in Locale::ALL {
        let mut names: Vec<&str> =
            (0..12).map(|n| month_in(at(1_768_435_200 + n * 2_629_800), locale)).collect();
        assert_eq!(names.len(), 12);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 12, "{locale}: {names:?}");
    }
}
