//! What the evaluator makes of what people write, and what it refuses.

use super::{
    arithmetic::{Kind, evaluate},
    currency::Currency,
    fraction::Fraction,
    work::Work,
};
use std::collections::BTreeMap;

fn value(code: &str, text: &str) -> Result<String, String> {
    let mut none = |name: &str| Err(format!("no {name}"));
    evaluate(text, Currency::find(code)?, Kind::Work, &mut none).map(|value| value.to_string())
}

fn euros(text: &str) -> String {
    value("EUR", text).unwrap_or_else(|why| panic!("{text}: {why}"))
}

/// What is wrong with lines of `[work]` of which `wanted` are figures.
fn faults(lines: &[(&str, &str)], wanted: &[&str]) -> Vec<String> {
    let euro = Currency::find("EUR").unwrap_or_else(|why| panic!("{why}"));
    let lines: BTreeMap<String, String> =
        lines.iter().map(|(name, line)| ((*name).to_owned(), (*line).to_owned())).collect();
    let mut work = Work::new(&lines, euro);
    let refused: Vec<String> = wanted.iter().filter_map(|name| work.figure(name).err()).collect();
    [refused, work.faults()].concat()
}

#[test]
fn what_binds_and_what_goes_first() {
    assert_eq!(euros("2 + 3 * 4"), "14");
    assert_eq!(euros("(2 + 3) * 4"), "20");
    assert_eq!(euros("10 - 2 - 3"), "5");
    assert_eq!(euros("12 / 4 / 3"), "1");
    assert_eq!(euros("100 * 9.975%"), "9.975");
    assert_eq!(euros("1 / 3"), "1/3");
    assert_eq!(euros("1 / 3 * 3"), "1");
}

#[test]
fn rounding_is_half_up_and_in_steps() {
    assert_eq!(euros("round(0.575)"), "0.58");
    assert_eq!(euros("round(0.574999)"), "0.57");
    assert_eq!(euros("round(1 - 1.005)"), "-0.01");
    assert_eq!(value("JPY", "round(80.5)").unwrap(), "81");
    assert_eq!(value("KWD", "round(1.2345)").unwrap(), "1.23");
    assert_eq!(value("KWD", "round(1.235)").unwrap(), "1.24");
    assert_eq!(value("KWD", "round_minor(1.2345)").unwrap(), "1.235");
    assert_eq!(value("KWD", "floor_step(1.239)").unwrap(), "1.23");
    assert_eq!(value("MGA", "round(1234.50)").unwrap(), "1235");
    assert_eq!(euros("round@JPY(80.5)"), "81");
    assert_eq!(euros("ceil(2.1) + floor(2.9)"), "5");
}

#[test]
fn endings_and_steps_of_prices() {
    assert_eq!(euros("up(12.01, 1.00, 0.99)"), "12.99");
    assert_eq!(euros("up(12.99, 1.00, 0.99)"), "12.99");
    assert_eq!(euros("up(13.00, 1.00, 0.99)"), "13.99");
    assert_eq!(euros("nearest(12.025, 0.05)"), "12.05");
    assert_eq!(euros("min(3, 2, 4) + max(3, 2, 4)"), "6");
}

#[test]
fn a_whole_is_spread_by_largest_remainder() {
    let thirds = |index: u8| euros(&format!("lr(1.00; 5.00, 5.00, 5.00)[{index}]"));
    assert_eq!([thirds(1), thirds(2), thirds(3)], ["0.34", "0.33", "0.33"]);
    assert_eq!(euros("lr(0.05; 1.00, 0.00, 3.00)[2]"), "0");
    // 1.25 and 3.75 cents: the remainder of the second is larger
    assert_eq!(euros("lr(0.05; 1.00, 0.00, 3.00)[3]"), "0.04");
    assert_eq!(euros("lr_minor(14.98; 5, 9.975)[2]"), "9.98");
    // in tens of fils, and no part above its amount
    assert_eq!(value("KWD", "lr(0.030; 0.025, 0.025)[1]").unwrap(), "0.02");
    assert_eq!(value("KWD", "lr(0.050; 0.025, 0.025)[2]").unwrap(), "0.025");
    assert!(value("EUR", "lr(2.00; 0.50, 0.50)[1]").is_err());
    assert!(value("EUR", "lr(1.00; 5.00, 5.00)[3]").is_err());
}

#[test]
fn what_is_no_expression_is_refused() {
    for text in [
        "",
        "1 +",
        "(1",
        "1 2",
        "1..2",
        ".5",
        "5.",
        "f(1)",
        "lr(1; 1)",
        "lr(1, 1)[1]",
        "1 / 0",
        "ä",
        "Net",
        "round@XXX(1)",
    ] {
        assert!(value("EUR", text).is_err(), "{text}");
    }
}

#[test]
fn a_true_table_has_no_faults() {
    let lines = [("net", "2 * 2.50 = 5.00"), ("tax", "round(net * 23%) = 1.15"), ("sum", "net + tax = 6.15")];
    assert_eq!(faults(&lines, &["net", "tax", "sum"]), Vec::<String>::new());
}

#[test]
fn a_wrong_line_is_told() {
    let told = faults(&[("net", "2 * 2.50 = 5.01")], &["net"]);
    assert_eq!(told, ["[work] net: 2 * 2.50 is 5, not 5.01"]);
    assert_eq!(faults(&[("net", "2 * 2.50")], &["net"]).len(), 2);
}

#[test]
fn a_line_that_nobody_needs_is_told() {
    let told = faults(&[("net", "2 * 2.50 = 5.00"), ("nett", "3 * 2.50 = 7.50")], &["net"]);
    assert_eq!(told, ["nothing needs [work] nett"]);
}

#[test]
fn a_name_that_is_misspelt_is_told() {
    let told = faults(&[("net", "5.00 = 5.00"), ("tax", "round(nett * 20%) = 1.00")], &["net", "tax"]);
    assert_eq!(told, ["[work] tax: [work] has no nett"]);
    assert_eq!(faults(&[("net", "5.00 = 5.00")], &["net", "nett"]), ["\"nett\": [work] has no nett"]);
}

#[test]
fn a_line_that_leans_on_itself_is_told() {
    let told = faults(&[("net", "sum - 1 = 5"), ("sum", "net + 1 = 6")], &["sum"]);
    assert_eq!(told, ["[work] net leans on itself", "[work] sum leans on itself"]);
}

#[test]
fn a_figure_is_a_sum_of_what_was_worked_out() {
    let lines = [("net", "5.00 = 5.00"), ("tax", "1.00 = 1.00")];
    assert_eq!(faults(&lines, &["net + tax", "net - tax", "0"]), Vec::<String>::new());
    assert_eq!(faults(&lines, &["net + tax", "5.00"]).len(), 1);
    assert_eq!(faults(&lines, &["net + tax", "round(net)"]).len(), 1);
}

#[test]
fn a_table_without_lines_is_refused() {
    assert_eq!(faults(&[], &[]), ["there is no [work]: every amount has its arithmetic"]);
}

#[test]
fn fractions_are_exact() {
    let third = Fraction::of(1, 3).unwrap();
    assert_eq!(third.plus(third).unwrap().plus(third).unwrap(), Fraction::whole(1));
    assert_eq!(Fraction::of(-5, 2).unwrap().half_up(), -3);
    assert_eq!(Fraction::of(5, -2).unwrap().floor(), -3);
    assert_eq!(Fraction::of(-5, 2).unwrap().ceil(), -2);
    assert!(Fraction::of(1, 0).is_none());
    assert!(Fraction::of(1, 3).unwrap() > Fraction::of(33, 100).unwrap());
}
