//! Carts worked out by hand, and the laws every cart obeys.

use super::*;
use crate::{
    delivery::GroupChoice,
    shared::{CartLineId, Currency, DeliveryGroupId, ProductId, Rate, VariantId},
};
use chrono::DateTime;
use proptest::prelude::*;
use std::sync::Arc;
use uuid::Uuid;

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

/// A line, as far as these carts differ in it.
#[derive(Clone, Copy, Debug)]
struct Sold {
    unit_price: i64,
    quantity: u32,
    taxable: bool,
    requires_shipping: bool,
}

fn line(unit_price: i64, quantity: u32) -> Sold {
    Sold { unit_price, quantity, taxable: true, requires_shipping: true }
}

/// Prices a cart whose lines have ids in their order, with what ships in one group once `delivers` says so.
fn price(
    currency: Currency,
    lines: &[Sold],
    delivers: bool,
    rules: &PricingRules,
) -> Result<PricedCart, PricingError> {
    let ids: Vec<u128> = (0..).take(lines.len()).collect();
    price_as(&ids, currency, lines, delivers, rules)
}

/// The same with ids as they are given.
fn price_as(
    ids: &[u128],
    currency: Currency,
    lines: &[Sold],
    delivers: bool,
    rules: &PricingRules,
) -> Result<PricedCart, PricingError> {
    let rules = Rules::implicit(rules, currency);
    let goods: Vec<Goods> = lines.iter().map(goods).collect();
    let groups = delivers && lines.iter().any(|l| l.requires_shipping);
    let group = GroupChoice { id: DeliveryGroupId::NIL, to: None, option: None, pick_up: Vec::new() };
    let lines: Vec<PricingLine<'_>> = lines
        .iter()
        .zip(&goods)
        .zip(ids)
        .map(|((line, goods), id)| PricingLine {
            id: CartLineId::new(Uuid::from_u128(*id)),
            quantity: line.quantity,
            goods,
            gift_of: None,
            group: (groups && line.requires_shipping).then_some(0),
        })
        .collect();
    price_cart(&PricingInput {
        lines: &lines,
        rules: &rules,
        context: &Context::anybody(rules.primary()),
        codes: &[],
        standing: &Standing::default(),
        deliveries: if groups { std::slice::from_ref(&group) } else { &[] },
        quotes: &Quotes::default(),
        stored_value: &[],
        now: DateTime::UNIX_EPOCH,
    })
}

fn goods(line: &Sold) -> Goods {
    Goods {
        variant: VariantId::NIL,
        product: ProductId::NIL,
        price: line.unit_price,
        compare_at_price: None,
        taxable: line.taxable,
        requires_shipping: line.requires_shipping,
        weight_grams: 0,
        dimensions_mm: None,
        collections: Arc::from([]),
        tags: Arc::from([]),
        tax_category: None,
        gift_card: false,
    }
}

/// Story 27: 24.99 × 10.75 % = 2.686425 → 2.69; 24.99 + 6.44 + 2.69 = 34.12.
#[test]
fn sales_tax_on_goods_and_none_on_delivery() {
    let rules = rules("10.75", false, TaxRounding::Line, 644, false);
    let priced = price(Currency::USD, &[line(2499, 1)], true, &rules).unwrap();
    assert_eq!(priced.tax, 269);
    assert_eq!(priced.total, 3412);
}

/// Story 28: 4 lines of 2.50 at 23 %: 4 × 0.575 → 4 × 0.58 = 2.32 by line; 10.00 × 23 % = 2.30 in total.
#[test]
fn rounding_by_line_and_by_total_differ_as_they_should() {
    let lines = [line(250, 1); 4];
    let by_line = rules("23", false, TaxRounding::Line, 0, false);
    let by_total = rules("23", false, TaxRounding::Total, 0, false);
    assert_eq!(price(Currency::USD, &lines, true, &by_line).unwrap().tax, 232);
    let total = price(Currency::USD, &lines, true, &by_total).unwrap();
    assert_eq!(total.tax, 230);
    assert_eq!(total.lines.iter().map(|l| l.tax).collect::<Vec<_>>(), [58, 58, 57, 57]);
}

/// 5 % on 1.23 is 0.0615, on 2.46 it is 0.123: charged in tens, as cards take dinars, and never rounded twice (5 % on 0.09 is
/// 0.0045, which is nothing).
#[test]
fn tax_on_three_decimals_stays_in_what_cards_take() {
    let kwd = Currency::parse("KWD").unwrap();
    for rounding in [TaxRounding::Line, TaxRounding::Total] {
        let rules = rules("5", false, rounding, 1_000, true);
        for (unit, quantity, tax) in [(1_230, 1, 110), (1_230, 2, 170), (90, 1, 50), (1_230, 7, 480)] {
            let priced = price(kwd, &[line(unit, quantity)], true, &rules).unwrap();
            assert_eq!((priced.tax, priced.total % 10), (tax, 0), "{unit} x {quantity}");
        }
    }
    let inside = rules("5", true, TaxRounding::Line, 0, false);
    assert_eq!(price(kwd, &[line(1_230, 1)], true, &inside).unwrap().tax, 59, "adds nothing, so is exact");
}

/// German prices: 119.00 with 19 % inside holds 19.00; delivery 4.90 holds 0.78 (4.90 × 19 / 119 = 0.782…).
#[test]
fn tax_inside_the_price_adds_nothing() {
    let rules = rules("19", true, TaxRounding::Line, 490, true);
    let priced = price(Currency::parse("EUR").unwrap(), &[line(11_900, 1)], true, &rules).unwrap();
    assert_eq!(priced.tax, 1978);
    assert_eq!(priced.delivery_tax, 78);
    assert_eq!(priced.total, 12_390);
}

/// Japan, 10 % inside, no decimals: ¥1,980 holds ¥180.
#[test]
fn a_currency_without_decimals() {
    let rules = rules("10", true, TaxRounding::Line, 0, false);
    let priced = price(Currency::parse("JPY").unwrap(), &[line(1980, 1)], true, &rules).unwrap();
    assert_eq!((priced.tax, priced.total), (180, 1980));
}

#[test]
fn what_is_not_shipped_pays_no_delivery() {
    let rules = rules("10", false, TaxRounding::Line, 500, true);
    let voucher = Sold { requires_shipping: false, taxable: false, ..line(1000, 1) };
    assert_eq!(price(Currency::USD, &[voucher], true, &rules).unwrap().total, 1000);
    assert_eq!(price(Currency::USD, &[line(1000, 1)], false, &rules).unwrap().delivery, 0);
    assert_eq!(price(Currency::USD, &[], true, &rules).unwrap().total, 0);
}

#[test]
fn more_than_64_bits_is_an_error_and_not_a_small_number() {
    let rules = rules("10", false, TaxRounding::Line, 0, false);
    assert!(price(Currency::USD, &[line(i64::MAX, 2)], true, &rules).is_err());
    assert!(price(Currency::USD, &[line(i64::MAX, 1); 2], true, &rules).is_err());
}

fn any_line() -> impl Strategy<Value = Sold> {
    (0i64..5_000_000, 1u32..1_000, any::<bool>(), any::<bool>()).prop_map(
        |(unit_price, quantity, taxable, requires_shipping)| Sold {
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
        let priced = price(Currency::USD, &lines, true, &rules).unwrap();
        prop_assert_eq!(priced.lines.iter().map(|l| l.subtotal).sum::<i64>(), priced.subtotal);
        prop_assert_eq!(priced.lines.iter().map(|l| l.tax).sum::<i64>() + priced.delivery_tax, priced.tax);
        let on_top = if include { 0 } else { priced.tax };
        prop_assert_eq!(priced.subtotal + priced.delivery + on_top, priced.total);
        prop_assert!(priced.total >= 0);
        prop_assert_eq!(&price(Currency::USD, &lines, true, &rules).unwrap(), &priced);
        lines.reverse();
        prop_assert_eq!(price(Currency::USD, &lines, true, &rules).unwrap().total, priced.total);
    }

    /// What is worked on in the order of ids depends on no other, ties of remainders included.
    #[test]
    fn a_line_costs_the_same_wherever_it_stands(
        lines in prop::collection::vec(any_line(), 1..20).prop_map(|lines| (0_u128..).zip(lines).collect::<Vec<_>>())
            .prop_flat_map(|lines| (Just(lines.clone()), Just(lines).prop_shuffle())),
        rate in 0u32..300_000, include: bool, by_line: bool,
    ) {
        let rules = PricingRules {
            tax_rate: Rate::from_millionths(rate),
            ..rules("0", include, if by_line { TaxRounding::Line } else { TaxRounding::Total }, 500, true)
        };
        let by_id = |lines: &[(u128, Sold)]| {
            let (ids, sold): (Vec<u128>, Vec<Sold>) = lines.iter().copied().unzip();
            let priced = price_as(&ids, Currency::USD, &sold, true, &rules).unwrap();
            let mut figures: Vec<_> = ids.into_iter().zip(priced.lines).collect();
            figures.sort_by_key(|(id, _)| *id);
            (figures, priced.total, priced.taxes)
        };
        prop_assert_eq!(by_id(&lines.0), by_id(&lines.1));
    }

    #[test]
    fn steps_sum_to_the_total(
        lines in prop::collection::vec(any_line(), 0..20), rate in 0u32..300_000, include: bool, by_line: bool,
        delivery in 0i64..10_000, delivery_taxed: bool,
    ) {
        let rules = PricingRules {
            tax_rate: Rate::from_millionths(rate),
            ..rules("0", include, if by_line { TaxRounding::Line } else { TaxRounding::Total }, delivery, delivery_taxed)
        };
        let priced = price(Currency::USD, &lines, true, &rules).unwrap();
        prop_assert_eq!(priced.steps.sum_total(), Ok(priced.total));
        prop_assert_eq!(priced.steps.sum_charge(), Ok(priced.charge));
        prop_assert_eq!(priced.charge, priced.total);
        let contained: i64 = priced.steps.iter().map(|step| step.contained).sum();
        prop_assert_eq!(contained, if include { priced.tax } else { 0 });
        prop_assert_eq!(priced.taxes.iter().map(|tax| tax.amount).sum::<i64>(), priced.tax);
        prop_assert!(priced.steps.iter().all(|step| (0..=1).contains(&step.remainder)));
    }

    /// The sets of rates that pricing works with say of one tax what the rate itself says.
    #[test]
    fn one_tax_is_what_its_rate_says(
        lines in prop::collection::vec(any_line(), 0..20), rate in 0u32..300_000, include: bool, dinars: bool,
        delivery in 0i64..10_000, delivery_taxed: bool,
    ) {
        let currency = if dinars { Currency::parse("KWD").unwrap() } else { Currency::USD };
        let rate = Rate::from_millionths(rate);
        let tax = |base: i64| match include {
            true => rate.inside(base).unwrap(),
            false => rate.of_in_steps(base, if dinars { 10 } else { 1 }).unwrap(),
        };
        let by = |rounding| PricingRules { tax_rate: rate, ..rules("0", include, rounding, delivery, delivery_taxed) };
        let by_line = price(currency, &lines, true, &by(TaxRounding::Line)).unwrap();
        for (line, priced) in lines.iter().zip(&by_line.lines) {
            prop_assert_eq!(priced.tax, if line.taxable { tax(priced.subtotal) } else { 0 });
        }
        let delivered = if delivery_taxed { by_line.delivery } else { 0 };
        prop_assert_eq!(by_line.delivery_tax, tax(delivered));
        let taxed = lines.iter().zip(&by_line.lines).filter(|(line, _)| line.taxable);
        let base = taxed.map(|(_, priced)| priced.subtotal).sum::<i64>() + delivered;
        let by_total = price(currency, &lines, true, &by(TaxRounding::Total)).unwrap();
        prop_assert_eq!(by_total.tax, tax(base));
    }
}
