//! What holds of the taxes of every cart: laws 1 and 9 of docs/plans/pricing.md, and what the figures are by another way of reckoning.

use crate::{
    delivery::RateTable,
    pricing::{sample::*, *},
    shared::{Fraction, Rate},
    tax::{RateSet, TaxRate},
};
use proptest::prelude::*;

fn any_rates(first: u128) -> impl Strategy<Value = Vec<TaxRate>> {
    let percent = prop_oneof![
        Just("0"),
        Just("5"),
        Just("7"),
        Just("8"),
        Just("9.975"),
        Just("10"),
        Just("19"),
        Just("25.5"),
        Just("100")
    ];
    prop::collection::vec((percent, any::<bool>(), any::<bool>()), 0..=3).prop_map(move |rates| {
        let rates = rates.into_iter().zip(first..).enumerate();
        let rate =
            |(at, ((percent, compound, on_delivery), n)): (usize, ((&str, bool, bool), u128))| TaxRate {
                position: i32::try_from(at).unwrap(),
                on_delivery,
                // Two taxes on taxes at most, as staff may write down.
                ..rate(n, percent, compound && at > 0)
            };
        rates.map(rate).collect()
    })
}

fn any_delivery_tax() -> impl Strategy<Value = DeliveryTax> {
    prop_oneof![Just(DeliveryTax::None), Just(DeliveryTax::Rate), Just(DeliveryTax::Proportional)]
}

/// A cart of up to 30 lines of three kinds of goods, one of which may be untaxed.
fn any_cart() -> impl Strategy<Value = Sample> {
    let line = (0_i64..40_000, 1_u32..5, 0_u128..4);
    let sets = (any_rates(1), any_rates(10), any_rates(20));
    let shop = (
        prop_oneof![Just("EUR"), Just("JPY"), Just("KWD"), Just("USD")],
        any::<bool>(),
        any::<bool>(),
        any_delivery_tax(),
        prop::option::of(0_i64..2_000),
        any::<bool>(),
    );
    (prop::collection::vec(line, 0..=30), sets, shop).prop_map(
        |(lines, (standard, second, third), (code, inside, by_line, delivery_tax, delivery, exempt))| {
            let mut sample = Sample::new(code, inside);
            for (n, (price, quantity, category)) in (1..).zip(lines) {
                let mut goods = goods(n, price);
                goods.taxable = category != 3;
                goods.tax_category = (category > 0).then(|| id(category));
                sample.lines.push((goods, quantity, None));
            }
            let second = second.into_iter().map(|rate| of_category(1, rate));
            let third = third.into_iter().map(|rate| of_category(2, rate));
            sample.data.tax_zones =
                vec![zone(1, "DE", standard.into_iter().chain(second).chain(third).collect())];
            sample.data.settings.tax_rounding = if by_line { TaxRounding::Line } else { TaxRounding::Total };
            sample.data.settings.delivery_tax = delivery_tax;
            sample.delivers = delivery.is_some();
            sample.data.delivery_methods[0].rates = RateTable::flat(delivery.unwrap_or(0) * 10);
            if exempt {
                sample.context = |context| context.buyer.tax_exempt = true;
            }
            sample
        },
    )
}

/// What a tax on something is before it is rounded.
fn exact(net: i64, factor: i128) -> Fraction {
    Fraction::try_new(factor, RateSet::ONE).unwrap().mul_minor(net).unwrap()
}

/// Whether a figure is at most so far from what it is of.
fn within(figure: i64, of: Fraction, bound: Fraction) -> bool {
    let off = Fraction::whole(figure).checked_sub(of).unwrap();
    let (n, d) = (off.numerator().abs(), off.denominator());
    n * bound.denominator() <= bound.numerator() * d
}

/// The set of a line of a cart.
fn set_of(sample: &Sample, line: usize) -> RateSet {
    let goods = &sample.lines[line].0;
    match goods.taxable {
        true => sample.with(|input| {
            input.rules.rate_set(input.context.address.as_ref(), goods.tax_category, false, input.now)
        }),
        false => RateSet::default(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Law 1: taxes of lines and deliveries are the taxes by rate are the tax; steps are the total; what is taken off is never more than there is.
    #[test]
    fn taxes_sum(sample in any_cart()) {
        let priced = sample.priced();
        let of_lines: i64 = priced.lines.iter().map(|line| line.tax).sum();
        let of_groups: i64 = priced.groups.iter().map(|group| group.tax).sum();
        prop_assert_eq!(of_lines + of_groups, priced.tax);
        prop_assert_eq!(of_groups, priced.delivery_tax);
        prop_assert_eq!(priced.taxes.iter().map(|tax| tax.amount).sum::<i64>(), priced.tax);
        prop_assert_eq!(priced.steps.sum_total(), Ok(priced.total));
        let taxes = priced.steps.iter().filter(|step| step.kind == StepKind::Tax);
        prop_assert_eq!(taxes.map(|step| step.amount + step.contained).sum::<i64>(), priced.tax);
        let removed = priced.steps.iter().filter(|step| step.kind == StepKind::TaxRemoved);
        prop_assert_eq!(-removed.map(|step| step.amount).sum::<i64>(), priced.removed_tax);
        let on_top = if priced.tax_inside { 0 } else { priced.tax };
        prop_assert_eq!(priced.total, priced.subtotal + priced.delivery - priced.removed_tax + on_top);
        for line in &priced.lines {
            prop_assert!(0 <= line.removed_tax && line.removed_tax <= line.subtotal);
            prop_assert!(line.tax >= 0 && (!priced.tax_inside || line.tax <= line.subtotal));
        }
    }

    /// What is put on or taken off can be charged; what is contained is told to the minor unit.
    #[test]
    fn taxes_can_be_charged(sample in any_cart()) {
        let (priced, step) = (sample.priced(), currency_step(&sample));
        let whole = |amounts: Vec<i64>| amounts.iter().all(|amount| amount % step == 0);
        if !priced.tax_inside {
            prop_assert!(whole(priced.taxes.iter().map(|tax| tax.amount).collect()));
        }
        let nets_are_whole = priced.lines.iter().all(|line| line.subtotal % step == 0);
        if nets_are_whole {
            prop_assert!(whole(priced.lines.iter().map(|line| line.removed_tax).collect()));
            prop_assert!(priced.tax_inside || whole(priced.lines.iter().map(|line| line.tax).collect()));
        }
    }

    /// By line, each figure is its exact value rounded once; by total, each rate's is, and no line's is a step off.
    #[test]
    fn each_figure_is_rounded_once(mut sample in any_cart(), is_inside in any::<bool>()) {
        sample.context = |_| {};
        sample.delivers = false;
        sample.data.settings.prices_include_tax = is_inside;
        let (priced, step) = (sample.priced(), if is_inside { 1 } else { currency_step(&sample) });
        let half = Fraction::try_new(step.into(), 2).unwrap();
        let by_line = sample.data.settings.tax_rounding == TaxRounding::Line;
        let mut whole = Fraction::ZERO;
        for (n, line) in priced.lines.iter().enumerate() {
            let set = set_of(&sample, n);
            let of_line = match is_inside {
                true => Fraction::try_new(set.factor(), RateSet::ONE + set.factor()).unwrap().mul_minor(line.subtotal).unwrap(),
                false => exact(line.subtotal, set.factor()),
            };
            whole = whole.checked_add(of_line).unwrap();
            let rates = i64::try_from(set.rates().len()).unwrap();
            if by_line {
                let bound = if is_inside { half } else { half.mul_minor(rates).unwrap() };
                prop_assert!(within(line.tax, of_line, bound), "{} of {:?}", line.tax, of_line);
            } else {
                // One spreading a rate, and one rounding.
                let bound = half.mul_minor(3 * rates.max(1)).unwrap();
                prop_assert!(within(line.tax, of_line, bound), "{} of {:?}", line.tax, of_line);
            }
        }
        if !by_line {
            let sets: Vec<RateSet> = (0..sample.lines.len()).map(|n| set_of(&sample, n)).collect();
            let mut known: Vec<&RateSet> = Vec::new();
            sets.iter().filter(|set| !set.is_empty()).for_each(|set| if !known.contains(&set) { known.push(set) });
            let roundings = match is_inside {
                true => known.len(),
                false => known.iter().map(|set| set.rates().len()).sum::<usize>(),
            };
            let bound = half.mul_minor(i64::try_from(roundings).unwrap()).unwrap();
            prop_assert!(within(priced.tax, whole, bound), "{} of {:?}", priced.tax, whole);
        }
    }

    /// Law 5, of taxes: a line's figures do not depend on where it stands.
    #[test]
    fn the_order_of_rules_changes_nothing(sample in any_cart()) {
        let mut turned = sample.clone();
        turned.data.tax_zones.reverse();
        for zone in &mut turned.data.tax_zones {
            zone.rates.reverse();
        }
        prop_assert_eq!(turned.priced(), sample.priced());
    }

    /// Who owes nothing never pays more than who does, by both ways of rounding and of pricing.
    #[test]
    fn relief_is_no_burden(mut sample in any_cart()) {
        sample.context = |_| {};
        let (owed, step) = (sample.priced(), currency_step(&sample));
        sample.context = |context| context.buyer.tax_exempt = true;
        let relieved = sample.priced();
        prop_assert_eq!((relieved.tax, &relieved.taxes[..]), (0, &[][..]));
        prop_assert!(relieved.total <= owed.total);
        // What comes off is what is contained, to a step for each thing.
        let things = i64::try_from(sample.lines.len() + 4).unwrap();
        if sample.data.settings.prices_include_tax {
            prop_assert!((owed.tax - relieved.removed_tax).abs() <= things * step);
        }
    }

    /// Law 9: the tax inside what something costs with tax is that tax.
    #[test]
    fn tax_inside_and_on_top_agree(
        price in 0_i64..10_i64.pow(9), millionths in 0_u32..=1_000_000, code in prop_oneof![Just("EUR"), Just("JPY"), Just("KWD")],
        by_total in any::<bool>(),
    ) {
        let step = currency(code).charge_step();
        let price = price / step * step;
        let of = |inside, price| {
            let mut sample = Sample::of(code, inside, &[(1, price, 1)]);
            if by_total {
                sample.data.settings.tax_rounding = TaxRounding::Total;
            }
            let rate = TaxRate { rate: Rate::from_millionths(millionths), ..rate(1, "0", false) };
            sample.data.tax_zones = vec![zone(1, "DE", vec![rate])];
            sample.priced()
        };
        let on_top = of(false, price);
        let inside = of(true, on_top.total);
        // Where the tax was rounded to tens of fils, what contains it is told to the fils.
        prop_assert!((inside.tax - on_top.tax).abs() <= step, "{} and {}", inside.tax, on_top.tax);
        prop_assert_eq!(inside.total, on_top.total);
    }
}

fn currency_step(sample: &Sample) -> i64 {
    sample.with(|input| input.context.currency.charge_step())
}
