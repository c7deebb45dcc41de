//! Carts worked out by hand, and the laws every cart obeys.

use super::*;
use crate::shared::{Currency, Rate};
use proptest::prelude::*;

fn rules(
    percent: &str,
    include: bool,
    rounding: TaxRounding,
    delivery: i64,
    delivery_taxed: bool,
) -> PricingRules {
    PricingRules {
        tax_rate: Rate::parse_percent(percent).unwrap(),
        prices_include_tax: include,
        tax_rounding: rounding,
        delivery: DeliveryOption {
            handle: "standard".into(),
            title: "Standard".into(),
            price: delivery,
            taxable: delivery_taxed,
        },
    }
}

fn line(unit_price: i64, quantity: u32) -> PriceableLine {
    PriceableLine { unit_price, quantity, taxable: true, requires_shipping: true }
}

/// Story 27: 24.99 × 10.75 % = 2.686425 → 2.69; 24.99 + 6.44 + 2.69 = 34.12.
#[test]
fn sales_tax_on_goods_and_none_on_delivery() {
    let rules = rules("10.75", false, TaxRounding::Line, 644, false);
    let priced = price_cart(Currency::USD, &[line(2499, 1)], true, &rules).unwrap();
    assert_eq!(priced.tax.minor, 269);
    assert_eq!(priced.total.minor, 3412);
}

/// Story 28: 4 lines of 2.50 at 23 %: 4 × 0.575 → 4 × 0.58 = 2.32 by line; 10.00 × 23 % = 2.30 in total.
#[test]
fn rounding_by_line_and_by_total_differ_as_they_should() {
    let lines = [line(250, 1); 4];
    let by_line = rules("23", false, TaxRounding::Line, 0, false);
    let by_total = rules("23", false, TaxRounding::Total, 0, false);
    assert_eq!(price_cart(Currency::USD, &lines, true, &by_line).unwrap().tax.minor, 232);
    let total = price_cart(Currency::USD, &lines, true, &by_total).unwrap();
    assert_eq!(total.tax.minor, 230);
    assert_eq!(total.lines.iter().map(|l| l.tax).collect::<Vec<_>>(), [58, 58, 57, 57]);
}

/// 5 % on 1.23 is 0.0615, on 2.46 it is 0.123: charged in tens, as cards take dinars, and never rounded twice (5 % on 0.09 is
/// 0.0045, which is nothing).
#[test]
fn tax_on_three_decimals_stays_in_what_cards_take() {
    let kwd = Currency::parse("KWD").unwrap();
    for rounding in [TaxRounding::Line, TaxRounding::Total] {
        let rules = rules("5", false, rounding, 1_000, true);
        for (price, quantity, tax) in [(1_230, 1, 110), (1_230, 2, 170), (90, 1, 50), (1_230, 7, 480)] {
            let priced = price_cart(kwd, &[line(price, quantity)], true, &rules).unwrap();
            assert_eq!((priced.tax.minor, priced.total.minor % 10), (tax, 0), "{price} x {quantity}");
        }
    }
    let inside = rules("5", true, TaxRounding::Line, 0, false);
    assert_eq!(
        price_cart(kwd, &[line(1_230, 1)], true, &inside).unwrap().tax.minor,
        59,
        "adds nothing, so is exact"
    );
}

/// German prices: 119.00 with 19 % inside holds 19.00; delivery 4.90 holds 0.78 (4.90 × 19 / 119 = 0.782…).
#[test]
fn tax_inside_the_price_adds_nothing() {
    let rules = rules("19", true, TaxRounding::Line, 490, true);
    let priced = price_cart(Currency::parse("EUR").unwrap(), &[line(11_900, 1)], true, &rules).unwrap();
    assert_eq!(priced.tax.minor, 1978);
    assert_eq!(priced.delivery_tax, 78);
    assert_eq!(priced.total.minor, 12_390);
}

/// Japan, 10 % inside, no decimals: ¥1,980 holds ¥180.
#[test]
fn a_currency_without_decimals() {
    let rules = rules("10", true, TaxRounding::Line, 0, false);
    let priced = price_cart(Currency::parse("JPY").unwrap(), &[line(1980, 1)], true, &rules).unwrap();
    assert_eq!((priced.tax.minor, priced.total.minor), (180, 1980));
}

#[test]
fn what_is_not_shipped_pays_no_delivery() {
    let rules = rules("10", false, TaxRounding::Line, 500, true);
    let voucher = PriceableLine { requires_shipping: false, taxable: false, ..line(1000, 1) };
    assert_eq!(price_cart(Currency::USD, &[voucher], true, &rules).unwrap().total.minor, 1000);
    assert_eq!(price_cart(Currency::USD, &[line(1000, 1)], false, &rules).unwrap().delivery.minor, 0);
    assert_eq!(price_cart(Currency::USD, &[], true, &rules).unwrap().total.minor, 0);
}

#[test]
fn more_than_64_bits_is_an_error_and_not_a_small_number() {
    let rules = rules("10", false, TaxRounding::Line, 0, false);
    assert!(price_cart(Currency::USD, &[line(i64::MAX, 2)], true, &rules).is_err());
    assert!(price_cart(Currency::USD, &[line(i64::MAX, 1); 2], true, &rules).is_err());
}

fn any_line() -> impl Strategy<Value = PriceableLine> {
    (0i64..5_000_000, 1u32..1_000, any::<bool>(), any::<bool>()).prop_map(
        |(unit_price, quantity, taxable, requires_shipping)| PriceableLine {
            unit_price,
            quantity,
            taxable,
            requires_shipping,
        },
    )
}

proptest! {
    #[test]
    fn parts_sum_to_the_whole_and_order_makes_no_difference(
        mut lines in prop::collection::vec(any_line(), 0..40),
        rate in 0u32..300_000, include: bool, by_line: bool, delivery in 0i64..10_000, delivery_taxed: bool,
    ) {
        let rules = PricingRules {
            tax_rate: Rate::from_millionths(rate),
            ..rules("0", include, if by_line { TaxRounding::Line } else { TaxRounding::Total }, delivery, delivery_taxed)
        };
        let priced = price_cart(Currency::USD, &lines, true, &rules).unwrap();
        prop_assert_eq!(priced.lines.iter().map(|l| l.subtotal).sum::<i64>(), priced.subtotal.minor);
        prop_assert_eq!(priced.lines.iter().map(|l| l.tax).sum::<i64>() + priced.delivery_tax, priced.tax.minor);
        let on_top = if include { 0 } else { priced.tax.minor };
        prop_assert_eq!(priced.subtotal.minor + priced.delivery.minor + on_top, priced.total.minor);
        prop_assert!(priced.total.minor >= 0);
        prop_assert_eq!(&price_cart(Currency::USD, &lines, true, &rules).unwrap(), &priced);
        lines.reverse();
        prop_assert_eq!(price_cart(Currency::USD, &lines, true, &rules).unwrap().total, priced.total);
    }
}
