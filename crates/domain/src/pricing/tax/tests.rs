//! Who owes which tax, and what of prices is taken off for who owes none.

use crate::{
    delivery::MethodKind,
    pricing::{sample::*, *},
    shared::{CountryCode, Place},
    tax::{CategoryKind, TaxCategory, TaxZone, VatNumber},
};

/// Germany with 19 % and 7 % on books, France with 20 %.
fn shop(lines: &[(u128, i64, u32)]) -> Sample {
    let mut sample = Sample::of("EUR", true, lines);
    let books = of_category(1, rate(2, "7", false));
    sample.data.tax_zones = vec![
        zone(1, "DE", vec![rate(1, "19", false), books]),
        zone(2, "FR", vec![rate(3, "20", false), of_category(1, rate(4, "5.5", false))]),
    ];
    sample
}

fn removed(priced: &PricedCart) -> (i64, i64, bool) {
    (priced.tax, priced.removed_tax, priced.reverse_charge)
}

/// A French business in a shop of Germany, unless something is said to be otherwise.
#[test]
fn a_business_of_another_member_state_owes_the_tax_at_home() {
    let french = |context: &mut Context<'_>| {
        context.buyer.tax_number = Some(VatNumber::parse("FR11123456782").unwrap());
    };
    let northern_irish = |context: &mut Context<'_>| {
        context.buyer.tax_number = Some(VatNumber::parse("XI100000034").unwrap());
    };
    let german = |context: &mut Context<'_>| {
        context.buyer.tax_number = Some(VatNumber::parse("DE123456788").unwrap());
    };
    let of = |home: Option<&str>, to: &str, context: fn(&mut Context<'_>)| {
        let mut sample = shop(&[(1, 12_000, 1)]);
        sample.data.settings.home = home.map(country);
        sample.to = Some(country(to));
        sample.context = context;
        removed(&sample.priced())
    };
    assert_eq!(of(Some("DE"), "FR", french), (0, 2_000, true));
    assert_eq!(of(Some("DE"), "FR", |_| {}), (2_000, 0, false), "no number");
    assert_eq!(of(Some("DE"), "FR", german), (2_000, 0, false), "a number of the shop's own country");
    assert_eq!(of(Some("DE"), "DE", french), (1_916, 0, false), "the goods stay");
    assert_eq!(of(Some("CH"), "FR", french), (2_000, 0, false), "a shop outside of the Union");
    assert_eq!(of(None, "FR", french), (2_000, 0, false), "a shop that says not where it is");
    assert_eq!(of(Some("DE"), "CH", french), (0, 0, false), "out of the Union, where nothing is charged");
    assert_eq!(of(Some("DE"), "FR", northern_irish), (0, 2_000, true), "as good as one of a member state");
}

#[test]
fn what_is_taken_off_has_its_step() {
    let mut sample = shop(&[(1, 12_000, 1), (2, 2_110, 1), (3, 1_000, 1)]);
    sample.lines[1].0.tax_category = Some(id(1));
    sample.lines[2].0.taxable = false;
    sample.to = Some(country("FR"));
    sample.context = |context| context.buyer.tax_exempt = true;
    let priced = sample.priced();
    assert_eq!(
        steps(&priced, StepKind::TaxRemoved),
        [("20", -2_000, Some(12_000)), ("5.5", -110, Some(2_110))]
    );
    let sources = priced.steps.iter().filter(|step| step.kind == StepKind::TaxRemoved);
    assert_eq!(
        sources.map(|step| (step.source, step.line)).collect::<Vec<_>>(),
        [(Some(Source::TaxRate(id(3))), Some(0)), (Some(Source::TaxRate(id(4))), Some(1))]
    );
    assert_eq!((priced.total, removed(&priced)), (15_110 - 2_110, (0, 2_110, false)));
    assert_eq!(priced.taxes, []);
}

/// Two taxes on one thing come off together: 11.55 contains 10 % on what contains 5 %.
#[test]
fn several_taxes_come_off_as_one() {
    for rounding in [TaxRounding::Line, TaxRounding::Total] {
        let mut sample = shop(&[(1, 1_155, 1), (2, 1_155, 3)]);
        sample.data.settings.tax_rounding = rounding;
        let on_it = crate::tax::TaxRate { position: 1, ..rate(2, "10", true) };
        sample.data.tax_zones = vec![zone(1, "DE", vec![rate(1, "5", false), on_it])];
        sample.context = |context| context.buyer.tax_exempt = true;
        let priced = sample.priced();
        let both = [("5, 10", -155, Some(1_155)), ("5, 10", -465, Some(3_465))];
        assert_eq!(steps(&priced, StepKind::TaxRemoved), both, "{rounding:?}");
        assert!(priced.steps.iter().all(|step| step.kind != StepKind::TaxRemoved || step.rate.is_none()));
        assert_eq!(priced.total, 4_000);
    }
}

#[test]
fn who_owes_nothing_is_charged_nothing_on_top() {
    let mut sample = shop(&[(1, 12_000, 1)]);
    sample.data.settings.prices_include_tax = false;
    sample.context = |context| context.buyer.tax_exempt = true;
    let priced = sample.priced();
    assert_eq!((priced.total, removed(&priced)), (12_000, (0, 0, false)));
}

/// Of dinars whole tens of fils come off: 0.045454… of 1.000 is 0.050 of each, of both together 0.090.
#[test]
fn what_is_taken_off_can_be_charged() {
    for (rounding, expected) in [(TaxRounding::Line, [50, 50]), (TaxRounding::Total, [50, 40])] {
        let mut sample = Sample::of("KWD", true, &[(1, 500, 1), (2, 500, 1)]);
        sample.data.settings.tax_rounding = rounding;
        sample.data.tax_zones = vec![zone(1, "DE", vec![rate(1, "10", false)])];
        sample.context = |context| context.buyer.tax_exempt = true;
        let priced = sample.priced();
        assert_eq!(priced.lines.iter().map(|line| line.removed_tax).collect::<Vec<_>>(), expected);
        assert_eq!(priced.total, 1_000 - expected.iter().sum::<i64>());
    }
}

/// A delivery's tax comes off with that of its goods: 5.00 in proportion to 119.00 and 53.50.
#[test]
fn delivery_is_relieved_like_its_goods() {
    let mut sample = shop(&[(1, 11_900, 1), (2, 5_350, 1)]);
    sample.lines[1].0.tax_category = Some(id(1));
    sample.delivers = true;
    sample.data.delivery_methods[0].rates = crate::delivery::RateTable::flat(500);
    sample.context = |context| context.buyer.tax_exempt = true;
    for (delivery_tax, of_delivery) in
        [(DeliveryTax::Proportional, 55 + 10), (DeliveryTax::Rate, 80), (DeliveryTax::None, 0)]
    {
        sample.data.settings.delivery_tax = delivery_tax;
        let priced = sample.priced();
        assert_eq!((priced.groups[0].removed_tax, priced.delivery_tax), (of_delivery, 0), "{delivery_tax:?}");
        assert_eq!(priced.removed_tax, 1_900 + 350 + of_delivery);
    }
}

/// What is picked up in France is taxed there, wherever the buyer lives.
#[test]
fn what_is_picked_up_is_taxed_where_it_is() {
    let mut sample = shop(&[(1, 12_000, 1)]);
    sample.delivers = true;
    sample.option = Some("standard");
    sample.data.delivery_methods[0].kind = MethodKind::PickUp { location: id(1) };
    assert_eq!(sample.priced().tax, 1_916, "nobody knows where the place is");
    sample.context = |context| {
        context.locations = [(id(1), country("FR"))].into();
    };
    let priced = sample.priced();
    assert_eq!((priced.tax, &*priced.taxes[0].name), (2_000, "20"));
    sample.data.delivery_methods[0].kind = MethodKind::Shipping;
    assert_eq!(sample.priced().tax, 1_916);
}

#[test]
fn an_exempt_category_is_exempt_from_being_taken_off_too() {
    let mut sample = shop(&[(1, 12_000, 1)]);
    sample.data.tax_categories =
        vec![TaxCategory { id: id(5), code: "x".into(), name: "X".into(), kind: CategoryKind::Exempt }];
    sample.lines[0].0.tax_category = Some(id(5));
    sample.context = |context| context.buyer.tax_exempt = true;
    assert_eq!(removed(&sample.priced()), (0, 0, false));
    sample.lines[0].0.tax_category = None;
    sample.lines[0].0.gift_card = true;
    assert_eq!(removed(&sample.priced()), (0, 0, false), "nor does a gift card contain any");
}

/// Of each level the zone that fits most closely: a postal range over a province over a country.
#[test]
fn the_nearest_zone_of_each_level_counts() {
    let near = |n, level, provinces: &[&str], postal: &[(&str, &str)], percent| TaxZone {
        level,
        provinces: provinces.iter().map(|code| Box::from(*code)).collect(),
        postal_ranges: (postal.iter())
            .filter_map(|(from, to)| crate::tax::PostalRange::parse(from, to))
            .collect(),
        ..zone(n, "US", vec![rate(n, percent, false)])
    };
    let mut sample = Sample::of("USD", false, &[(1, 10_000, 1)]);
    sample.data.tax_zones = vec![
        near(1, 0, &[], &[], "1"),
        near(2, 1, &[], &[], "2"),
        near(3, 1, &["NY"], &[], "4"),
        near(4, 2, &["NY"], &[("10001", "10282")], "8"),
        near(5, 2, &["NY"], &[], "3"),
        near(6, 3, &["NJ"], &[], "5"),
    ];
    let mut at = |province: Option<&str>, zip: Option<&str>| {
        let us = CountryCode::parse("US").unwrap();
        let place =
            Place { province: province.map(Box::from), zip: zip.map(Box::from), ..Place::somewhere_in(us) };
        sample.to = Some(place);
        sample.priced().taxes.iter().map(|tax| (tax.name.to_string(), tax.amount)).collect::<Vec<_>>()
    };
    let named = |taxes: &[(&str, i64)]| {
        taxes.iter().map(|(name, amount)| ((*name).to_owned(), *amount)).collect::<Vec<_>>()
    };
    assert_eq!(at(Some("NY"), Some("10001-1234")), named(&[("1", 100), ("4", 400), ("8", 800)]));
    assert_eq!(at(Some("NY"), Some("14201")), named(&[("1", 100), ("4", 400), ("3", 300)]));
    assert_eq!(at(Some("CA"), Some("10001")), named(&[("1", 100), ("2", 200)]));
    assert_eq!(at(None, None), named(&[("1", 100), ("2", 200)]));
}

/// A tax of more than the whole price, which no real one is, is charged all the same.
#[test]
fn a_tax_may_be_more_than_the_price() {
    for rounding in [TaxRounding::Line, TaxRounding::Total] {
        let mut sample = Sample::of("EUR", false, &[(1, 100, 1), (2, 50, 1)]);
        sample.data.settings.tax_rounding = rounding;
        sample.data.tax_zones = vec![zone(1, "DE", vec![rate(1, "250", false)])];
        let priced = sample.priced();
        assert_eq!(priced.lines.iter().map(|line| line.tax).collect::<Vec<_>>(), [250, 125]);
        assert_eq!((priced.tax, priced.total), (375, 525));
    }
}

#[test]
fn what_64_bits_do_not_hold_is_an_error() {
    for (inside, percent) in [(false, "400000"), (true, "400000"), (false, "100")] {
        let mut sample = Sample::of("EUR", inside, &[(1, i64::MAX, 1)]);
        let on_each_other = (2..=6).map(|n| rate(n, percent, true));
        sample.data.tax_zones =
            vec![zone(1, "DE", std::iter::once(rate(1, percent, false)).chain(on_each_other).collect())];
        assert_eq!(sample.with(price_cart), Err(PricingError::OutOfRange), "{inside} {percent}");
    }
}
