//! From lines and rules to figures.

use super::{PricingRules, TaxRounding};
use crate::shared::{Currency, InvalidMoney, Money, allocate};

/// A line as pricing sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceableLine {
    /// Price of one unit, in minor units.
    pub unit_price: i64,
    /// Units.
    pub quantity: u32,
    /// Whether tax applies.
    pub taxable: bool,
    /// Whether it has to be delivered.
    pub requires_shipping: bool,
}

/// A line's figures, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PricedLine {
    /// Price of one unit, as shown (with or without tax, as the shop's prices are).
    pub unit_price: i64,
    /// Units times price.
    pub subtotal: i64,
    /// The tax of the line: inside `subtotal` where prices contain tax, on top of it otherwise.
    pub tax: i64,
}

/// A cart's figures. `total = subtotal + delivery (+ tax, unless prices contain it)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedCart {
    /// One entry a line, in order.
    pub lines: Vec<PricedLine>,
    /// Sum of the lines' subtotals.
    pub subtotal: Money,
    /// Delivery; zero while nothing has to be delivered.
    pub delivery: Money,
    /// Tax on delivery.
    pub delivery_tax: i64,
    /// All tax: that of the lines and of delivery.
    pub tax: Money,
    /// What the buyer is charged.
    pub total: Money,
}

/// Prices a cart. `delivery_chosen` says whether delivery is charged yet (a cart without an address shows none).
///
/// # Errors
/// A sum that 64 bits do not hold.
pub fn price_cart(
    currency: Currency,
    lines: &[PriceableLine],
    delivery_chosen: bool,
    rules: &PricingRules,
) -> Result<PricedCart, InvalidMoney> {
    let subtotals = lines
        .iter()
        .map(|l| l.unit_price.checked_mul(i64::from(l.quantity)).ok_or(InvalidMoney::OutOfRange))
        .collect::<Result<Vec<i64>, _>>()?;
    let delivers = delivery_chosen && lines.iter().any(|l| l.requires_shipping);
    let delivery = if delivers { rules.delivery.price } else { 0 };

    // What is taxed: every taxable line, then delivery.
    let taxable_lines =
        lines.iter().zip(&subtotals).map(|(line, subtotal)| if line.taxable { *subtotal } else { 0 });
    let taxable_delivery = if rules.delivery.taxable { delivery } else { 0 };
    let bases: Vec<i64> = taxable_lines.chain([taxable_delivery]).collect();
    let taxes = tax_parts(&bases, rules, tax_step(currency))?;

    let sum = |parts: &[i64]| {
        parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(*part)).ok_or(InvalidMoney::OutOfRange)
    };
    let subtotal = sum(&subtotals)?;
    let tax = sum(&taxes)?;
    let tax_on_top = if rules.prices_include_tax { 0 } else { tax };
    let total = sum(&[subtotal, delivery, tax_on_top])?;

    let delivery_tax = taxes.last().copied().unwrap_or(0);
    let lines = lines
        .iter()
        .zip(subtotals)
        .zip(taxes)
        .map(|((line, subtotal), tax)| PricedLine { unit_price: line.unit_price, subtotal, tax })
        .collect();
    Ok(PricedCart {
        lines,
        subtotal: Money::new(subtotal, currency),
        delivery: Money::new(delivery, currency),
        delivery_tax,
        tax: Money::new(tax, currency),
        total: Money::new(total, currency),
    })
}

/// What tax on top of a price is a multiple of, in minor units. Card networks take currencies of three decimals in steps of ten
/// (<https://docs.stripe.com/currencies#three-decimal>): tax must not make an amount finer than that, or it cannot be paid.
fn tax_step(currency: Currency) -> i64 {
    if currency.exponent() == 3 { 10 } else { 1 }
}

/// The tax of each base.
fn tax_parts(bases: &[i64], rules: &PricingRules, step: i64) -> Result<Vec<i64>, InvalidMoney> {
    let tax_of = |base: i64| match rules.prices_include_tax {
        true => rules.tax_rate.inside(base),
        false => rules.tax_rate.of_in_steps(base, step),
    };
    match rules.tax_rounding {
        TaxRounding::Line => bases.iter().map(|base| tax_of(*base)).collect(),
        TaxRounding::Total => {
            let whole =
                bases.iter().try_fold(0_i64, |sum, b| sum.checked_add(*b)).ok_or(InvalidMoney::OutOfRange)?;
            // Prices are never negative, so bases are weights.
            let weights: Vec<u64> = bases.iter().map(|b| b.unsigned_abs()).collect();
            Ok(allocate(tax_of(whole)?, &weights))
        }
    }
}
