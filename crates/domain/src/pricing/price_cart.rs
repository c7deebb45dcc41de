//! From a cart and the rules to figures.

use super::{
    PricedCart, PricingError, PricingInput, delivery, prices, promotion, shop, stored_value, tax, totals,
    working::Working,
};

/// Prices a cart: one stage after the other, each of which reads what those before it wrote.
///
/// # Errors
/// A sum that 64 bits do not hold, or a currency without a rate.
pub fn price_cart(input: &PricingInput<'_>) -> Result<PricedCart, PricingError> {
    let mut w = Working::new(input);
    prices::run(&mut w)?;
    // What can be delivered, and how, depends on what goods cost before anything is taken off; promotions ask how it is.
    delivery::run(&mut w)?;
    // How things are taxed does not depend on what is taken off them; promotions ask it of every plan that they weigh.
    w.look_up_taxes();
    promotion::run(&mut w)?;
    tax::run(&mut w)?;
    totals::run(&mut w)?;
    stored_value::run(&mut w)?;
    shop::run(&mut w)?;
    Ok(w.finish())
}
