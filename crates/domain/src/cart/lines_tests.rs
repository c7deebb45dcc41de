//! Rules of a cart's lines.

use super::*;
use crate::shared::{CartId, Currency};
use chrono::DateTime;
use uuid::Uuid;

fn variant(n: u128) -> VariantId {
    VariantId::new(Uuid::from_u128(n))
}

fn add(n: u128, quantity: u32, engraving: &str) -> AddLine {
    let attributes = match engraving {
        "" => Vec::new(),
        text => vec![Attribute { key: "engraving".into(), value: text.into() }],
    };
    AddLine { variant: variant(n), quantity, attributes }
}

fn cart_with(lines: Vec<AddLine>) -> Cart {
    let mut cart = Cart::new(CartId::new(Uuid::nil()), Currency::USD, DateTime::UNIX_EPOCH);
    let mut next = 0;
    cart.add_lines(lines, || {
        next += 1;
        CartLineId::new(Uuid::from_u128(next))
    })
    .unwrap();
    cart
}

fn quantities(cart: &Cart) -> Vec<u32> {
    cart.lines.iter().map(|l| l.quantity).collect()
}

#[test]
fn the_same_thing_grows_its_line_and_another_engraving_is_another_line() {
    let cart = cart_with(vec![add(1, 2, ""), add(1, 3, ""), add(1, 1, "Ada"), add(2, 1, "")]);
    assert_eq!(quantities(&cart), [5, 1, 1]);
    assert_eq!(cart.demand(), [(variant(1), 6), (variant(2), 1)]);
    assert_eq!(cart.total_quantity(), 7);
}

#[test]
fn a_refused_addition_leaves_the_cart_alone() {
    let mut cart = cart_with(vec![add(1, 1, "")]);
    let before = cart.clone();
    let id = || CartLineId::new(Uuid::from_u128(99));
    assert_eq!(
        cart.add_lines(vec![add(2, 1, ""), add(3, 0, "")], id),
        Err(LineChangeError::QuantityTooLow { index: 1, min: 1 })
    );
    assert_eq!(
        cart.add_lines(vec![add(1, limits::QUANTITY, "")], id),
        Err(LineChangeError::QuantityTooHigh { index: 0, max: limits::QUANTITY })
    );
    let twice = vec![
        Attribute { key: "a".into(), value: "1".into() },
        Attribute { key: "a".into(), value: "2".into() },
    ];
    assert!(matches!(
        cart.add_lines(vec![AddLine { variant: variant(1), quantity: 1, attributes: twice }], id),
        Err(LineChangeError::BadAttributes { index: 0, .. })
    ));
    assert_eq!(cart, before);
}

#[test]
fn the_five_hundred_and_first_line_is_refused() {
    let mut cart = cart_with((0..500).map(|n| add(n, 1, "")).collect());
    let refused = cart.add_lines(vec![add(500, 1, "")], || CartLineId::new(Uuid::from_u128(999)));
    assert_eq!(refused, Err(LineChangeError::TooManyLines { max: 500 }));
    assert_eq!(cart.lines.len(), 500);
    assert!(cart.add_lines(vec![add(7, 1, "")], || CartLineId::new(Uuid::nil())).is_ok());
}

#[test]
fn updating_joins_lines_that_become_the_same() {
    let mut cart = cart_with(vec![add(1, 2, ""), add(1, 3, "Ada")]);
    let second = cart.lines[1].id;
    cart.update_lines(vec![LineUpdate {
        id: second,
        variant: None,
        quantity: None,
        attributes: Some(vec![]),
    }])
    .unwrap();
    assert_eq!(quantities(&cart), [5]);
}

#[test]
fn updating_to_nothing_takes_the_line_out_and_an_unknown_line_is_refused() {
    let mut cart = cart_with(vec![add(1, 2, ""), add(2, 3, "")]);
    let first = cart.lines[0].id;
    let to_zero = |id| LineUpdate { id, variant: None, quantity: Some(0), attributes: None };
    cart.update_lines(vec![to_zero(first)]).unwrap();
    assert_eq!(quantities(&cart), [3]);
    assert_eq!(cart.update_lines(vec![to_zero(first)]), Err(LineChangeError::UnknownLine { index: 0 }));
    assert_eq!(cart.remove_lines(&[first]), Err(LineChangeError::UnknownLine { index: 0 }));
}

#[test]
fn clamping_cuts_the_later_line_first_and_leaves_none_empty() {
    let mut cart = cart_with(vec![add(1, 2, ""), add(1, 3, "Ada"), add(2, 9, "")]);
    let second = cart.lines[1].id;
    assert_eq!(cart.clamp(variant(1), 4), [second]);
    assert_eq!(quantities(&cart), [2, 2, 9]);
    assert_eq!(cart.clamp(variant(1), 0).len(), 2);
    assert_eq!(quantities(&cart), [9]);
}

#[test]
fn a_cart_cannot_be_filled_with_text() {
    let mut cart = cart_with(vec![add(1, 1, "")]);
    let before = cart.clone();
    let long = "x".repeat(limits::ATTRIBUTE_TEXT);
    let many = (0..60).map(|n| add(n, 1, &long)).collect();
    let mut next = 0;
    let refused = cart.add_lines(many, || {
        next += 1;
        CartLineId::new(Uuid::from_u128(next))
    });
    assert_eq!(refused, Err(LineChangeError::TooMuchText { max: limits::TEXT }));
    assert_eq!(cart, before);
}
