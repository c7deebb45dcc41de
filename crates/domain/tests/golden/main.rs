//! Golden carts: whole carts with every amount worked out by hand, beside the arithmetic that led to it.
//!
//! A cart is a TOML file (README.md says its fields). The runner reads it strictly, evaluates each line of `[work]` with exact fractions, and
//! holds the expected figures against the laws of a cart: parts sum to wholes. Nothing here uses the pricing code, so neither can be wrong
//! because the other is. One test a theme; each names every cart that is wrong, not the first alone.

mod runner;

use runner::{check, file};

/// The folders, and how many carts each must hold at least.
const THEMES: &[(&str, usize)] = &[
    ("ca", 23),
    ("cards", 9),
    ("currency", 16),
    ("delivery", 16),
    ("eu", 61),
    ("jp", 20),
    ("kw", 15),
    ("prices", 17),
    ("promotions", 85),
    ("rounding", 16),
    ("us", 40),
];

/// Checks every cart of a theme, and that none has gone missing.
fn theme(name: &str) {
    let least = THEMES.iter().find(|(theme, _)| *theme == name).map_or(usize::MAX, |(_, least)| *least);
    let carts = file::carts_of(name).unwrap_or_else(|wrong| panic!("{wrong}"));
    let wrong: Vec<String> = carts
        .iter()
        .flat_map(|named| {
            check(&named.value)
                .err()
                .unwrap_or_default()
                .into_iter()
                .map(|what| format!("{}: {what}", named.name))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} faults in {} carts of {name}:\n{}",
        wrong.len(),
        carts.len(),
        wrong.join("\n")
    );
    assert!(carts.len() >= least, "{name} holds {} carts, and should hold {least}", carts.len());
}

#[test]
fn eu() {
    theme("eu");
}

#[test]
fn us() {
    theme("us");
}

#[test]
fn jp() {
    theme("jp");
}

#[test]
fn ca() {
    theme("ca");
}

#[test]
fn kw() {
    theme("kw");
}

#[test]
fn rounding() {
    theme("rounding");
}

#[test]
fn promotions() {
    theme("promotions");
}

#[test]
fn prices() {
    theme("prices");
}

#[test]
fn currency() {
    theme("currency");
}

#[test]
fn delivery() {
    theme("delivery");
}

#[test]
fn cards() {
    theme("cards");
}
