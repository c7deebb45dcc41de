//! Which tables can be read, and what is said of others.

use super::{super::EU_VAT, *};

const HEADER: &str =
    "country,province,postal_from,postal_to,level,category,name,percent,compound,on_delivery,from,until\n";

fn problems(lines: &str) -> Vec<(u64, Option<&'static str>)> {
    let found = read(&format!("{HEADER}{lines}")).unwrap_err();
    found.into_iter().map(|problem| (problem.line, problem.column)).collect()
}

#[test]
fn a_table_is_read_line_by_line() {
    let text = "# as of 2026-11-01\n# of two places\nCountry,name,percent,level,province,category\n\
                ca,GST,5,,,\n\nCA,QST,9.975,1,quebec,\nCA,QST,0,1,CA-QC,Books\n";
    assert_eq!(as_of(text), NaiveDate::from_ymd_opt(2026, 11, 1));
    let rows = read(text).unwrap();
    let seen: Vec<_> = rows
        .iter()
        .map(|row| {
            (row.line, row.zone.province.as_deref(), row.zone.level, row.rate.millionths(), &*row.category)
        })
        .collect();
    assert_eq!(seen[0], (4, None, 0, 50_000, ""));
    assert_eq!(seen[2], (7, Some("QC"), 1, 0, "books"));
    assert!(rows.iter().all(|row| row.on_delivery && !row.compound && row.from.is_none()));
}

#[test]
fn what_cannot_be_is_told_by_line_and_column() {
    let lines = "DEU,,,,0,,VAT,19,,,,\nDE,,,,9,,VAT,19,,,,\nDE,,,,0,,,19,,,,\nDE,,,,0,,VAT,19.12345,,,,\n\
                 DE,,,,0,,VAT,101,,,,\nDE,,,,0,,VAT,-1,,,,\nDE,,,,0,,VAT,19,maybe,,,\nDE,,,,0,,VAT,19,,,soon,\n\
                 DE,,,,0,,VAT,19,,,2026-02-01,2026-01-01\n,BY,,,0,,VAT,19,,,,\nDE,,9,1,0,,VAT,19,,,,\nDE,,,,0,,VAT,19,,,,,more\n";
    let columns = [
        Some("country"),
        Some("level"),
        Some("name"),
        Some("percent"),
        Some("percent"),
        Some("percent"),
        Some("compound"),
        Some("from"),
        Some("until"),
        Some("country"),
        Some("postal_to"),
        None,
    ];
    let expected: Vec<_> = (2..).zip(columns).collect();
    assert_eq!(problems(lines), expected);
}

#[test]
fn what_is_no_table_is_refused_as_a_whole() {
    let message = |text: &str| read(text).unwrap_err()[0].message.clone();
    assert_eq!(message(HEADER), "the table has no rate");
    assert_eq!(message("country,name\nDE,VAT\n"), "the header has no column percent");
    assert!(message("country,name,percent,rate\n").starts_with("there is no column \"rate\""));
    assert_eq!(message("country,name,percent,name\n"), "the column name stands there twice");
    assert_eq!(message(&"x".repeat(BYTES + 1)), "a table has at most 1048576 bytes");
    let endless = format!("{HEADER}{}", "X,,,,0,,VAT,19,,,,\n".repeat(PROBLEMS + 9));
    assert_eq!(read(&endless).unwrap_err().len(), PROBLEMS);
}

#[test]
fn the_shipped_table_is_read() {
    let rows = read(EU_VAT).unwrap();
    let states: std::collections::BTreeSet<_> = rows.iter().filter_map(|row| row.zone.country).collect();
    assert_eq!(states.len(), 27);
    assert!(as_of(EU_VAT).is_some());
}
