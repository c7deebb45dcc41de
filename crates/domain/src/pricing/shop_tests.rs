//! Law 1, of the figures in the shop's currency.

use crate::{
    delivery::RateTable,
    pricing::{sample::*, *},
    shared::Rate,
};
use proptest::prelude::*;

fn off(n: u128, millionths: u32, class: Class) -> Promotion {
    let rate = Rate::from_millionths(millionths);
    let action = match class {
        Class::Delivery => Action::DeliveryOff { off: Off::Percent(rate), methods: [].into(), most: None },
        Class::Product | Class::Order => Action::PercentOff { rate, target: Target::All },
    };
    Promotion {
        id: id(n),
        title: "off".into(),
        class,
        method: Method::Automatic,
        definition: Definition { conditions: Vec::new(), action, most_per_order: None },
        priority: 0,
        stacks: false,
        exclusive: false,
        starts_at: None,
        ends_at: None,
        per_buyer: None,
    }
}

#[test]
fn a_cart_in_the_shops_currency_has_its_figures_once() {
    assert_eq!(Sample::of("EUR", true, &[(1, 1_999, 2)]).priced().shop, None);
    let same = Sample::of("EUR", true, &[(1, 1_999, 2)]).in_market("EUR", "1").priced();
    assert_eq!(same.shop, None, "another market of the same currency");
}

/// 39.98 dollars of goods less 4.00, 5.00 of delivery less 2.50 and 10 % on what is left (3.85): 42.33 at 1.0875 are 38.92 euros.
#[test]
fn figures_in_both_currencies_sum() {
    let mut sample = Sample::of("EUR", false, &[(1, 1_838, 2)]).in_market("USD", "1.0875");
    sample.data.tax_zones = vec![zone(1, "US", vec![rate(1, "10", false)])];
    sample.data.settings.delivery_tax = DeliveryTax::Rate;
    sample.delivers = true;
    sample.data.delivery_methods[0].rates = RateTable::flat(460);
    sample.data.promotions = vec![off(1, 100_000, Class::Order), off(2, 500_000, Class::Delivery)];
    let priced = sample.priced();
    let shop = priced.shop.unwrap();
    assert_eq!((priced.subtotal, priced.discount), (3_998, 400));
    let in_shop = |dollars: i64| (dollars * 20_000 / 10_875 + 1) / 2;
    assert_eq!(shop.total, in_shop(priced.total));
    assert_eq!(shop.discount, 368, "3.678");
    assert_eq!(shop.delivery_discount, in_shop(priced.delivery_discount));
    assert_eq!(
        shop.total,
        shop.subtotal - shop.discount + shop.delivery - shop.delivery_discount - shop.removed_tax + shop.tax
    );
}

#[test]
fn tax_that_prices_contain_is_converted_by_itself() {
    let mut sample = Sample::of("EUR", true, &[(1, 1_000, 1)]).in_market("JPY", "163.25");
    sample.data.tax_zones = vec![zone(1, "US", vec![rate(1, "10", false)])];
    let priced = sample.priced();
    assert_eq!((priced.total, priced.tax), (1_633, 148), "16.325 and 148.45");
    let shop = priced.shop.unwrap();
    assert_eq!((shop.subtotal, shop.total, shop.tax), (1_000, 1_000, 91), "148 yen are 90.66 cents");
}

#[test]
fn what_costs_nothing_costs_nothing_in_both() {
    let mut sample = Sample::of("EUR", false, &[(1, 1_000, 1)]).in_market("USD", "1.1");
    sample.data.promotions = vec![off(1, 1_000_000, Class::Order)];
    let shop = sample.priced().shop.unwrap();
    assert_eq!((shop.subtotal, shop.discount, shop.total, shop.tax), (1_000, 1_000, 0, 0));
}

fn any_foreign_cart() -> impl Strategy<Value = Sample> {
    let currencies = prop_oneof![
        Just(("EUR", "USD")),
        Just(("EUR", "JPY")),
        Just(("JPY", "EUR")),
        Just(("EUR", "KWD")),
        Just(("KWD", "USD")),
        Just(("USD", "MGA"))
    ];
    let rate_text = (1_i64..5_000_000)
        .prop_map(|thousandths| format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000));
    let shop = (any::<bool>(), any::<bool>(), any::<bool>(), prop::option::of(0_i64..900));
    let less = (0_u32..=1_000_000, 0_u32..=1_000_000);
    (prop::collection::vec((0_i64..9_000, 1_u32..4), 0..6), currencies, rate_text, shop, less).prop_map(
        |(lines, (own, foreign), text, (inside, by_line, exempt, delivery), (order, delivered))| {
            let lines: Vec<(u128, i64, u32)> =
                (1..).zip(lines).map(|(n, (price, quantity))| (n, price * 10, quantity)).collect();
            let mut sample = Sample::of(own, inside, &lines).in_market(foreign, &text);
            sample.data.tax_zones = vec![zone(1, "US", vec![rate(1, "8.875", false), rate(2, "10", true)])];
            sample.data.settings.tax_rounding = if by_line { TaxRounding::Line } else { TaxRounding::Total };
            sample.data.settings.delivery_tax = DeliveryTax::Rate;
            sample.delivers = delivery.is_some();
            sample.data.delivery_methods[0].rates = RateTable::flat(delivery.unwrap_or(0) * 10);
            sample.data.promotions = vec![off(1, order, Class::Order), off(2, delivered, Class::Delivery)];
            if exempt {
                sample.context = |context| context.buyer.tax_exempt = true;
            }
            sample
        },
    )
}

proptest! {
    /// The shop's figures sum as the cart's do, whatever the rate; the total is the cart's by the rate, and none is negative.
    #[test]
    fn the_shops_figures_sum(sample in any_foreign_cart()) {
        let priced = sample.priced();
        let Some(shop) = priced.shop else { panic!("another currency") };
        let on_top = if priced.tax_inside { 0 } else { shop.tax };
        prop_assert_eq!(
            shop.total,
            shop.subtotal - shop.discount + shop.delivery - shop.delivery_discount - shop.removed_tax + on_top
        );
        let figures = [shop.subtotal, shop.discount, shop.delivery, shop.delivery_discount, shop.removed_tax, shop.tax, shop.total];
        prop_assert!(figures.iter().all(|figure| *figure >= 0), "{:?}", shop);
        sample.with(|input| {
            let (context, step) = (input.context, input.context.shop_currency.charge_step());
            let back = context.rate.back(priced.total, context.currency, context.shop_currency, step);
            prop_assert_eq!(back, Ok(shop.total));
            prop_assert!(figures.iter().zip([true, true, true, true, true, !priced.tax_inside, true]).all(|(figure, charged)| !charged || figure % step == 0));
            Ok(())
        })?;
    }
}
