//! What a file of cases is read as.

use super::file::{carts_in, themes};

#[test]
fn a_case_lies_over_its_file() {
    let text = r#"
        about = "x"
        shop = { country = "DE", currency = "EUR" }
        lines = [{ id = 1 }, { id = 2 }]
        [[case]]
        name = "one"
        shop = { currency = "USD" }
        [[case]]
        name = "two"
        lines = [{ id = 3 }]
    "#;
    let carts = carts_in("theme/file", text).unwrap();
    assert_eq!(
        carts.iter().map(|cart| cart.name.as_str()).collect::<Vec<_>>(),
        ["theme/file: one", "theme/file: two"]
    );
    assert_eq!(carts[0].value["shop"]["country"].as_str(), Some("DE"));
    assert_eq!(carts[0].value["shop"]["currency"].as_str(), Some("USD"));
    assert_eq!(carts[0].value["lines"].as_array().unwrap().len(), 2);
    assert_eq!(carts[1].value["lines"].as_array().unwrap().len(), 1);
    assert!(carts[1].value.get("name").is_none());
}

#[test]
fn cases_have_names_of_their_own() {
    assert!(carts_in("theme/file", "[[case]]\nabout = \"x\"").is_err());
    assert!(carts_in("theme/file", "[[case]]\nname = \"x\"\n[[case]]\nname = \"x\"").is_err());
    assert!(carts_in("theme/file", "case = 1").is_err());
    assert!(carts_in("theme/file", "lines = [").is_err());
}

/// A folder without a test would never be looked at.
#[test]
fn every_folder_is_a_theme() {
    let known: Vec<&str> = crate::THEMES.iter().map(|(theme, _)| *theme).collect();
    assert_eq!(themes().unwrap(), known);
}
