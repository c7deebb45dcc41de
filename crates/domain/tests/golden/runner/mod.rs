//! What reads and checks a golden cart.

pub(crate) mod arithmetic;
mod arithmetic_tests;
pub(crate) mod books;
mod books_tests;
pub(crate) mod cart;
pub(crate) mod currency;
pub(crate) mod differences;
mod differences_tests;
pub(crate) mod expect;
pub(crate) mod faults;
pub(crate) mod figures;
pub(crate) mod file;
mod file_tests;
pub(crate) mod fraction;
pub(crate) mod promotion;
pub(crate) mod spread;
pub(crate) mod work;

use cart::Cart;

/// Everything that is wrong with a cart, as it stands in its file.
///
/// # Errors
/// One sentence for each: a key that no field has, a line of `[work]` that is false or not needed, a figure that is not worked out, parts that
/// do not sum to their whole.
pub(crate) fn check(value: &toml::Value) -> Result<(), Vec<String>> {
    let cart = Cart::read(value).map_err(|wrong| vec![wrong])?;
    let figures = figures::worked_out(&cart)?;
    let wrong = [faults::of(&cart), books::faults(&cart, &figures)].concat();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}
