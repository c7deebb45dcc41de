//! Cells as values. Each error is a sentence for the merchant.

use stoa_domain::{
    catalog::ProductStatus,
    shared::{InvalidMoney, parse_minor},
};

/// TRUE or FALSE in any letter case, as spreadsheets write them; `None` for an empty cell.
pub(super) fn boolean(cell: &str, column: &str) -> Result<Option<bool>, String> {
    match cell.to_lowercase().as_str() {
        "" => Ok(None),
        "true" | "yes" | "1" => Ok(Some(true)),
        "false" | "no" | "0" => Ok(Some(false)),
        _ => Err(format!("{column} must be TRUE or FALSE, not \"{cell}\"")),
    }
}

/// An amount in minor units of a currency with `exponent` decimals; `None` for an empty cell.
pub(super) fn price(cell: &str, column: &str, exponent: u32) -> Result<Option<i64>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    match parse_minor(cell, exponent) {
        Ok(minor) if minor < 0 => Err(format!("{column} must not be negative, but is {cell}")),
        Ok(minor) => Ok(Some(minor)),
        Err(InvalidMoney::TooPrecise) => {
            Err(format!("{column} \"{cell}\" has more than the {exponent} decimals of the shop's currency"))
        }
        Err(InvalidMoney::OutOfRange) => Err(format!("{column} \"{cell}\" is too large")),
        Err(_) => Err(format!("{column} must be an amount such as 12.50, not \"{cell}\"")),
    }
}

/// A whole number; a fraction of zeros is forgiven, because spreadsheets add them.
pub(super) fn whole(cell: &str, column: &str) -> Result<Option<i64>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    match parse_minor(cell, 0) {
        Ok(number) => Ok(Some(number)),
        Err(InvalidMoney::OutOfRange) => Err(format!("{column} \"{cell}\" is too large")),
        Err(_) => Err(format!("{column} must be a whole number, not \"{cell}\"")),
    }
}

/// Grams, rounded to whole ones: exports convert from ounces.
pub(super) fn grams(cell: &str) -> Result<Option<i64>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    let problem = || format!("Variant Grams must be a weight in grams, not \"{cell}\"");
    let (whole, fraction) = cell.split_once('.').unwrap_or((cell, ""));
    let whole = parse_minor(whole, 0).map_err(|_| problem())?;
    if whole < 0 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(problem());
    }
    let up = fraction.bytes().next().is_some_and(|tenths| tenths >= b'5');
    whole.checked_add(i64::from(up)).map(Some).ok_or_else(problem)
}

/// What may be sold beyond the stock: nothing (`deny`), or anything (`continue`).
pub(super) fn backorder(cell: &str) -> Result<Option<Option<i64>>, String> {
    match cell.to_lowercase().as_str() {
        "" => Ok(None),
        "deny" | "false" => Ok(Some(Some(0))),
        "continue" | "true" => Ok(Some(None)),
        _ => Err(format!("Variant Inventory Policy must be deny or continue, not \"{cell}\"")),
    }
}

/// Whether it is offered; active where nothing is said.
pub(super) fn status(cell: &str) -> Result<ProductStatus, String> {
    match cell.to_lowercase().as_str() {
        "" | "active" => Ok(ProductStatus::Active),
        "draft" => Ok(ProductStatus::Draft),
        "archived" => Ok(ProductStatus::Archived),
        _ => Err(format!("Status must be active, draft or archived, not \"{cell}\"")),
    }
}
