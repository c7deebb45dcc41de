//! Each figure that is another is told, and what was not asked is not.

use super::{
    differences::differences,
    expect::{CodeVerdict, Gift, Why},
    figures::{Figures, LineFigures, Sums},
};
use std::collections::BTreeMap;

fn figures() -> Figures {
    Figures {
        sums: Sums { subtotal: 1000, discount: 100, tax: 171, total: 1071, ..Sums::default() },
        charge: 571,
        taxes: BTreeMap::from([("VAT".to_owned(), 171)]),
        lines: BTreeMap::from([(
            1,
            LineFigures { unit: Some(500), order_discount: 100, tax: 171, ..LineFigures::default() },
        )]),
        applied: BTreeMap::from([(1, 100)]),
        cards: BTreeMap::from([("1".to_owned(), 500)]),
        codes: vec![CodeVerdict { code: "TEN".to_owned(), why: None }],
        ..Figures::default()
    }
}

#[test]
fn the_same_figures_have_no_differences() {
    assert_eq!(differences(&figures(), &figures()), Vec::<String>::new());
}

#[test]
fn each_other_figure_is_told() {
    let others: [fn(&mut Figures); 12] = [
        |found| found.sums.tax = 172,
        |found| found.sums.delivery_discount = 1,
        |found| found.charge = 570,
        |found| found.taxes = BTreeMap::from([("GST".to_owned(), 171)]),
        |found| found.applied = BTreeMap::new(),
        |found| found.cards = BTreeMap::from([("1".to_owned(), 501)]),
        |found| found.lines = BTreeMap::new(),
        |found| found.delivery_tax = 1,
        |found| found.codes = vec![CodeVerdict { code: "TEN".to_owned(), why: Some(Why::Beaten) }],
        |found| found.gifts_due = vec![Gift { variant: 1, quantity: 1 }],
        |found| found.refunds = vec![1],
        |found| found.reverse_charge = true,
    ];
    for other in others {
        let mut found = figures();
        other(&mut found);
        assert!(!differences(&figures(), &found).is_empty(), "{found:?}");
    }
}

#[test]
fn what_is_not_asked_is_not_looked_at() {
    let mut found = figures();
    found.shop = Some(Sums::default());
    found.options = BTreeMap::from([((1, "post".to_owned()), 490)]);
    found.taxes.insert("zero".to_owned(), 0);
    found.lines.insert(1, LineFigures { compare_at: Some(900), ..found.lines[&1] });
    assert_eq!(differences(&figures(), &found), Vec::<String>::new());
    let mut asked = figures();
    asked.shop = Some(Sums { total: 1, ..Sums::default() });
    asked.options = BTreeMap::from([((1, "post".to_owned()), 480)]);
    assert_eq!(differences(&asked, &found).len(), 2);
}
