//! What reads and checks a golden cart.

pub(crate) mod adapter;
mod adapter_tests;
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
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let (found, steps) = adapter::priced(&cart).map_err(|wrong| vec![wrong])?;
    let mut other = differences::differences(&figures, &found);
    if other.is_empty() {
        return Ok(());
    }
    let source = cart.source.as_deref().unwrap_or("no source");
    other.push(format!("it is \"{}\" ({source}), and was priced so:\n{steps}", cart.about));
    Err(other)
}
