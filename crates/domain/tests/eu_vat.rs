//! The table of EU VAT rates that ships with the program: complete, dated, and within what the VAT directive allows.
//!
//! It stands here and not beside the table, so that it runs without what the services need.

use std::collections::{BTreeMap, BTreeSet};
use stoa_domain::{
    shared::{CountryCode, Rate},
    tax::is_member_state,
};

const TABLE: &str = include_str!("../../services/data/tax/eu-vat.csv");

const COLUMNS: &str =
    "country,province,postal_from,postal_to,level,category,name,percent,compound,on_delivery,from,until";

/// A line of the table, cell by column.
type Line = BTreeMap<&'static str, &'static str>;

/// The lines behind comments and heading. No cell of the table needs quotes.
fn lines() -> Vec<Line> {
    let data = TABLE.lines().filter(|line| !line.starts_with('#')).skip(1);
    data.map(|line| COLUMNS.split(',').zip(line.split(',')).collect()).collect()
}

/// The rates of each state by category.
fn rates() -> BTreeMap<&'static str, BTreeMap<&'static str, Rate>> {
    let mut rates: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for line in lines() {
        if let Ok(rate) = Rate::parse_percent(line["percent"]) {
            rates.entry(line["country"]).or_default().insert(line["category"], rate);
        }
    }
    rates
}

#[test]
fn it_has_a_date_and_its_columns() {
    let first = TABLE.lines().next().unwrap();
    let date = first.strip_prefix("# as of ").unwrap();
    assert!(is_date(date) && date >= "2026-11-01", "{date}");
    let heading = TABLE.lines().find(|line| !line.starts_with('#'));
    assert_eq!(heading, Some(COLUMNS));
    assert!(TABLE.is_ascii() && !TABLE.contains('\r') && TABLE.ends_with('\n'));
}

/// Year, month and day, as in ISO 8601.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str| part.parse::<u32>().unwrap_or_default();
    matches!(parts[..], [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2
        && number(year) >= 1993 && (1..=12).contains(&number(month)) && (1..=31).contains(&number(day)))
}

#[test]
fn every_line_can_be_read() {
    let cells = COLUMNS.split(',').count();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        assert_eq!(line.split(',').count(), cells, "{line}");
        assert!(!line.contains(['"', ' ', ';']), "{line}");
    }
    let mut seen = BTreeSet::new();
    for line in lines() {
        assert!(seen.insert((line["country"], line["category"])), "twice: {line:?}");
        assert!(Rate::parse_percent(line["percent"]).is_ok(), "{line:?}");
        let fixed = ["level", "name", "compound", "on_delivery"].map(|column| line[column]);
        assert_eq!(fixed, ["0", "VAT", "false", "true"], "{line:?}");
        assert!(["province", "postal_from", "postal_to"].iter().all(|column| line[column].is_empty()));
        assert!(["from", "until"].iter().all(|column| line[column].is_empty() || is_date(line[column])));
    }
}

#[test]
fn every_member_state_is_in_it_and_nobody_else() {
    let states: Vec<CountryCode> = rates().keys().filter_map(|code| CountryCode::parse(code)).collect();
    assert_eq!(states.len(), 27);
    assert!(states.iter().all(|state| is_member_state(*state)), "{states:?}");
    for (state, rates) in rates() {
        assert!(rates.contains_key("standard"), "{state}");
    }
}

/// Articles 97 and 98 of Directive 2006/112/EC: a standard rate of at least 15 %, at most two reduced ones of at least 5 %, and one below.
#[test]
fn rates_are_within_what_the_directive_allows() {
    let percent = |percent: u32| Rate::from_millionths(percent * 10_000).millionths();
    for (state, rates) in rates() {
        let of = |category| rates.get(category).copied().map(Rate::millionths);
        let standard = of("standard").unwrap();
        assert!((percent(15)..=percent(30)).contains(&standard), "{state}");
        for reduced in [of("reduced"), of("reduced-2")].into_iter().flatten() {
            assert!((percent(5)..standard).contains(&reduced), "{state}");
        }
        if let Some(second) = of("reduced-2") {
            assert!(of("reduced").is_some_and(|first| first > second), "{state}");
        }
        if let Some(least) = of("super-reduced") {
            assert!((1..percent(5)).contains(&least), "{state}");
        }
        let known = ["standard", "reduced", "reduced-2", "super-reduced"];
        assert!(rates.keys().all(|category| known.contains(category)), "{state}");
    }
}

/// Some that a shop would notice first, each from the state's own law.
#[test]
fn well_known_rates_are_right() {
    let rates = rates();
    for (state, category, percent) in [
        ("DE", "standard", "19"),       // § 12 UStG
        ("DE", "reduced", "7"),         // § 12 UStG
        ("FR", "reduced-2", "5.5"),     // art. 278-0 bis CGI
        ("FR", "super-reduced", "2.1"), // art. 281 octies CGI
        ("FI", "standard", "25.5"),     // since 2024-09-01
        ("FI", "reduced", "13.5"),      // since 2026-01-01
        ("CY", "super-reduced", "3"),   // since 2023-07-21
        ("HU", "standard", "27"),
        ("DK", "standard", "25"),
        ("LU", "standard", "17"),
        ("SK", "standard", "23"), // since 2025-01-01
        ("EE", "standard", "24"), // since 2025-07-01
        ("RO", "standard", "21"), // since 2025-08-01
    ] {
        assert_eq!(
            rates[state].get(category).copied(),
            Rate::parse_percent(percent).ok(),
            "{state} {category}"
        );
    }
    assert_eq!(rates["DK"].len(), 1, "Denmark has one rate");
}
