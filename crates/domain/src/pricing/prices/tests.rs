//! Prices of lists, markets and currencies, by example; and what holds for all of them.

use crate::{
    market::ExchangeRate,
    pricing::{sample::*, *},
    shared::{CustomerGroupId, VariantId},
};
use proptest::prelude::*;

fn list(n: u128, kind: PriceListKind, code: &str) -> PriceList {
    PriceList {
        id: id(n),
        name: format!("list {n}").into(),
        kind,
        currency: currency(code),
        adjustment: None,
        market: None,
        starts_at: None,
        ends_at: None,
    }
}

fn sale(n: u128) -> PriceList {
    list(n, PriceListKind::Sale, "EUR")
}

fn less(n: u128, percent: i32) -> PriceList {
    PriceList { adjustment: Some(-percent * 10_000), ..sale(n) }
}

fn fixed(n: u128, variant: u128, from_quantity: u32, price: i64) -> ListPrice {
    ListPrice { variant: id(variant), list: id(n), from_quantity, price, compare_at: None }
}

fn with(mut sample: Sample, lists: Vec<PriceList>, prices: Vec<ListPrice>) -> Sample {
    sample.data.price_lists = lists;
    sample.data.prices = prices;
    sample
}

fn unit(sample: &Sample) -> i64 {
    sample.priced().lines[0].unit_price
}

#[test]
fn the_steps_of_a_price_sum_to_it() {
    let sample = Sample::of("EUR", true, &[(1, 2_000, 3)]);
    let priced = with(sample, vec![sale(1)], vec![fixed(1, 1, 1, 1_500)]).priced();
    assert_eq!(steps(&priced, StepKind::BasePrice), [("", 6_000, Some(2_000))]);
    assert_eq!(steps(&priced, StepKind::PriceList), [("list 1", -1_500, Some(2_000))]);
    let line = priced.lines[0];
    assert_eq!((line.base_price, line.unit_price, line.compare_at), (2_000, 1_500, Some(2_000)));
    assert_eq!(priced.total, 4_500);
}

#[test]
fn prices_by_quantity_begin_with_their_number() {
    let prices = || vec![fixed(1, 1, 5, 180), fixed(1, 1, 10, 150), fixed(2, 1, 1, 170), fixed(1, 2, 1, 1)];
    let of = |quantity| {
        let sample = Sample::of("EUR", true, &[(1, 200, quantity)]);
        unit(&with(sample, vec![sale(1), sale(2)], prices()))
    };
    assert_eq!([1, 4, 5, 9, 10, 11].map(of), [170, 170, 170, 170, 150, 150], "the lowest, not the nearest");
    let lone = |quantity| {
        let sample = Sample::of("EUR", true, &[(1, 200, quantity)]);
        unit(&with(sample, vec![sale(1)], prices()))
    };
    assert_eq!([4, 5, 10].map(lone), [200, 180, 150]);
}

#[test]
fn gifts_do_not_help_to_reach_a_quantity() {
    let mut sample = Sample::of("EUR", true, &[(1, 200, 4), (1, 200, 1)]);
    sample = with(sample, vec![sale(1)], vec![fixed(1, 1, 5, 180)]);
    assert_eq!(unit(&sample), 180, "two lines of a buyer's own");
    sample.lines[1].2 = Some(id(9));
    let priced = sample.priced();
    assert_eq!(priced.lines.iter().map(|line| line.unit_price).collect::<Vec<_>>(), [200, 200]);
}

#[test]
fn a_list_without_a_price_for_it_adjusts_it() {
    let of = |quantity| {
        let sample = Sample::of("EUR", true, &[(1, 999, quantity)]);
        unit(&with(sample, vec![less(1, 15)], vec![fixed(1, 1, 10, 700)]))
    };
    assert_eq!([1, 9, 10].map(of), [849, 849, 700], "849.15");
    let beyond = with(Sample::of("EUR", true, &[(1, 999, 1)]), vec![less(1, 150)], Vec::new());
    assert_eq!(unit(&beyond), 0, "nothing is below nothing");
}

#[test]
fn a_group_has_its_prices_and_nobody_else() {
    let of = |members: &[u128], kind: fn(std::collections::BTreeSet<CustomerGroupId>) -> PriceListKind| {
        let members = members.iter().map(|n| id(*n)).collect();
        let lists = vec![list(1, kind(members), "EUR")];
        let mut sample = with(Sample::of("EUR", true, &[(1, 200, 1)]), lists, vec![fixed(1, 1, 1, 150)]);
        let stranger = unit(&sample);
        sample.context = |context| context.buyer.groups = vec![id(3), id(2)];
        (stranger, unit(&sample))
    };
    assert_eq!(of(&[1, 2], PriceListKind::Group), (200, 150));
    assert_eq!(of(&[1], PriceListKind::Group), (200, 200));
    assert_eq!(of(&[], PriceListKind::Group), (150, 150), "a list of no group is everybody's");
    assert_eq!(of(&[], |_| PriceListKind::Market), (200, 200), "a market's list is its market's alone");
}

#[test]
fn a_list_counts_in_its_market_and_in_its_currency() {
    let shop = |list: PriceList| {
        let sample = Sample::of("EUR", true, &[(1, 2_000, 1)]).in_market("USD", "1.1");
        with(sample, vec![list], vec![fixed(1, 1, 1, 1_000)])
    };
    assert_eq!(unit(&shop(sale(1))), 1_100, "10.00 euros");
    assert_eq!(unit(&shop(list(1, PriceListKind::Sale, "USD"))), 1_000);
    assert_eq!(unit(&shop(list(1, PriceListKind::Sale, "JPY"))), 2_200, "neither currency");
    assert_eq!(unit(&shop(PriceList { market: Some(id(1)), ..sale(1) })), 1_100);
    assert_eq!(unit(&shop(PriceList { market: Some(id(2)), ..sale(1) })), 2_200);
    let primary = Sample { to: Some(country("DE")), ..shop(PriceList { market: Some(id(1)), ..sale(1) }) };
    assert_eq!(unit(&primary), 2_000);
}

#[test]
fn a_markets_list_is_in_place_of_the_catalogue() {
    let shop = |list: PriceList, prices| {
        let mut sample = Sample::of("EUR", true, &[(1, 2_000, 2)]).in_market("USD", "1.1");
        sample.data.markets[0].price_list = Some(id(1));
        sample.lines[0].0.compare_at_price = Some(2_500);
        with(sample, vec![list], prices)
    };
    let market = |code| list(1, PriceListKind::Market, code);
    let priced = shop(market("USD"), vec![fixed(1, 1, 1, 2_600)]).priced();
    assert_eq!(steps(&priced, StepKind::BasePrice), [("list 1", 5_200, Some(2_600))], "dearer, and so it is");
    assert_eq!(priced.lines[0].compare_at, Some(2_750));
    let dear = shop(market("USD"), vec![fixed(1, 1, 1, 2_800)]).priced();
    assert_eq!(dear.lines[0].compare_at, None, "27.50 is less than 28.00");
    assert_eq!(unit(&shop(market("EUR"), vec![fixed(1, 1, 1, 2_600)])), 2_860);
    assert_eq!(unit(&shop(PriceList { adjustment: Some(50_000), ..market("USD") }, Vec::new())), 2_310);
    assert_eq!(
        unit(&shop(PriceList { ends_at: Some(NOW), ..market("USD") }, vec![fixed(1, 1, 1, 1)])),
        2_200
    );
}

#[test]
fn of_lists_that_cost_the_same_the_sale_counts_and_then_the_older() {
    let of = |lists: Vec<PriceList>| {
        let prices = (1..=3).map(|n| fixed(n, 1, 1, 150)).collect();
        let priced = with(Sample::of("EUR", true, &[(1, 200, 1)]), lists, prices).priced();
        let step = priced.steps.iter().find(|step| step.kind == StepKind::PriceList).cloned();
        step.and_then(|step| step.source)
    };
    let group = |n| list(n, PriceListKind::Group([].into()), "EUR");
    assert_eq!(of(vec![group(1), sale(3), sale(2)]), Some(Source::PriceList(id(2))));
    assert_eq!(of(vec![group(3), group(1)]), Some(Source::PriceList(id(1))));
    assert_eq!(of(Vec::new()), None);
}

#[test]
fn a_price_is_only_compared_with_a_higher_one() {
    let of = |compare_at, entry: Option<i64>| {
        let mut sample = Sample::of("EUR", true, &[(1, 200, 1)]);
        sample.lines[0].0.compare_at_price = compare_at;
        let price = ListPrice { compare_at: entry, ..fixed(1, 1, 1, 150) };
        let group = list(1, PriceListKind::Group([].into()), "EUR");
        let of_group = with(sample.clone(), vec![group], vec![price]).priced().lines[0].compare_at;
        let of_sale = with(sample.clone(), vec![sale(1)], vec![price]).priced().lines[0].compare_at;
        (sample.priced().lines[0].compare_at, of_group, of_sale)
    };
    assert_eq!(of(Some(250), None), (Some(250), Some(250), Some(200)));
    assert_eq!(of(Some(180), None), (None, Some(180), Some(200)));
    assert_eq!(of(None, Some(170)), (None, Some(170), Some(170)));
    assert_eq!(of(Some(250), Some(150)), (Some(250), None, None), "no higher price than that");
}

#[test]
fn a_currency_without_a_rate_is_an_error_and_not_a_guess() {
    let mut sample = Sample::of("EUR", true, &[(1, 200, 1)]);
    sample.context = |context| (context.currency, context.rate) = (currency("USD"), ExchangeRate::ONE);
    assert_eq!(sample.with(price_cart), Err(PricingError::NoRate));
    let huge = Sample::of("EUR", true, &[(1, i64::MAX, 1)]).in_market("USD", "1.1");
    assert_eq!(huge.with(price_cart), Err(PricingError::OutOfRange));
    let many = Sample::of("EUR", true, &[(1, i64::MAX / 2, 3)]);
    assert_eq!(many.with(price_cart), Err(PricingError::OutOfRange));
}

/// Germany's 19 % in a price of 11.90, Hungary's 27 % in one of 12.70: 10.00 without either.
#[test]
fn net_prices_have_the_tax_of_where_the_goods_go() {
    let shop = |to: &str, taxable| {
        let mut sample = Sample::of("EUR", true, &[(1, 1_190, 2)]);
        sample.data.tax_zones =
            vec![zone(1, "DE", vec![rate(1, "19", false)]), zone(2, "HU", vec![rate(2, "27", false)])];
        sample.data.primary.net_prices = true;
        sample.lines[0].0.taxable = taxable;
        sample.lines[0].0.compare_at_price = Some(2_380);
        sample.to = Some(country(to));
        sample.priced()
    };
    let to_hungary = shop("HU", true);
    assert_eq!(steps(&to_hungary, StepKind::PriceList), [("tax of the country", 160, Some(1_190))]);
    assert_eq!((to_hungary.lines[0].unit_price, to_hungary.lines[0].compare_at), (1_270, Some(2_540)));
    assert_eq!((to_hungary.total, to_hungary.tax), (2_540, 540));
    assert_eq!((shop("DE", true).total, shop("CH", true).total), (2_380, 2_000));
    assert_eq!(shop("HU", false).total, 2_380, "what is not taxed contains nothing to exchange");
}

#[test]
fn a_catalogue_shows_what_a_cart_of_one_costs() {
    let mut sample = Sample::of("EUR", true, &[(1, 1_999, 1)]).in_market("USD", "1.0875");
    sample.data.markets[0].rounding = RoundingRule::Up { modulus: 100, ending: 99 };
    sample = with(sample, vec![less(1, 10)], Vec::new());
    let priced = sample.priced();
    sample.with(|input| {
        let book = PriceBook::of(input.rules, input.context, input.now);
        let shown = book.unit(input.lines[0].goods, 1, input.context.address.as_ref()).unwrap();
        assert_eq!((shown.base, shown.price), (2_199, 1_979), "2,199 less a tenth is 1,979.1");
        assert_eq!(priced.lines[0].unit_price, shown.price);
        assert_eq!(priced.lines[0].compare_at, shown.compare_at);
    });
}

/// A list of any kind, with what it fixes of two variants.
fn any_list(n: u128) -> impl Strategy<Value = (PriceList, Vec<ListPrice>)> {
    let kind = prop_oneof![
        Just(PriceListKind::Sale),
        Just(PriceListKind::Group([].into())),
        Just(PriceListKind::Group([id(7)].into())),
    ];
    let code = prop_oneof![Just("EUR"), Just("USD"), Just("JPY")];
    let entry = (1_u128..3, 1_u32..6, 0_i64..3_000);
    let adjustment = prop::option::of(-1_100_000_i32..200_000);
    let window = (prop::option::of(-1_i64..2), prop::option::of(-1_i64..2));
    (kind, code, adjustment, prop::collection::vec(entry, 0..5), window).prop_map(
        move |(kind, code, adjustment, entries, (starts, ends))| {
            let at = |seconds: Option<i64>| seconds.and_then(|s| chrono::DateTime::from_timestamp(s, 0));
            let list =
                PriceList { adjustment, starts_at: at(starts), ends_at: at(ends), ..list(n, kind, code) };
            let mut entries: Vec<ListPrice> =
                entries.into_iter().map(|(v, from, price)| fixed(n, v, from, price)).collect();
            entries.sort_unstable();
            entries.dedup_by_key(|entry| (entry.variant, entry.from_quantity));
            (list, entries)
        },
    )
}

fn any_shop() -> impl Strategy<Value = Sample> {
    let line = (1_u128..3, 0_i64..3_000, 1_u32..4);
    let lists = (any_list(1), any_list(2), any_list(3), any_list(4));
    let market = prop_oneof![Just(None), Just(Some("USD")), Just(Some("KWD"))];
    (prop::collection::vec(line, 1..6), lists, market, any::<bool>()).prop_map(
        |(lines, (a, b, c, d), market, is_member)| {
            // Lines of one variant are of one price.
            let price = |n: u128| lines.iter().find(|line| line.0 == n).map_or(0, |line| line.1);
            let lines: Vec<_> = lines.iter().map(|(n, _, quantity)| (*n, price(*n), *quantity)).collect();
            let mut sample = Sample::of("EUR", true, &lines);
            if let Some(code) = market {
                sample = sample.in_market(code, "0.8765");
            }
            if is_member {
                sample.context = |context| context.buyer.groups = vec![id(7)];
            }
            for (list, entries) in [a, b, c, d] {
                sample.data.price_lists.push(list);
                sample.data.prices.extend(entries);
            }
            sample
        },
    )
}

proptest! {
    /// Lists over a price only ever lower it, one more never raises it, and what they fix or adjust is told by steps that sum to it.
    #[test]
    fn a_list_never_raises_a_price(sample in any_shop()) {
        let priced = sample.priced();
        prop_assert_eq!(priced.steps.sum_total(), Ok(priced.total));
        let fewer = {
            let mut fewer = sample.clone();
            fewer.data.price_lists.pop();
            fewer.priced()
        };
        for (n, line) in priced.lines.iter().enumerate() {
            prop_assert!(0 <= line.unit_price && line.unit_price <= line.base_price);
            prop_assert!(line.unit_price <= fewer.lines[n].unit_price);
            prop_assert_eq!(line.base_price, fewer.lines[n].base_price);
            prop_assert!(line.compare_at.is_none_or(|before| before > line.unit_price));
            let own = priced.steps.iter().filter(|step| step.line == Some(n)).map(|step| step.amount).sum::<i64>();
            prop_assert_eq!(own, line.subtotal);
        }
    }

    /// Lines of one variant have one price; the order of lines and of rules changes nothing.
    #[test]
    fn a_price_is_of_the_variant(sample in any_shop()) {
        let priced = sample.priced();
        let variants: Vec<VariantId> = sample.lines.iter().map(|(goods, ..)| goods.variant).collect();
        for (a, one) in priced.lines.iter().enumerate() {
            for (b, other) in priced.lines.iter().enumerate().filter(|(b, _)| variants[a] == variants[*b]) {
                prop_assert_eq!(one.unit_price, other.unit_price, "{} and {}", a, b);
            }
        }
        let mut turned = sample.clone();
        turned.data.price_lists.reverse();
        turned.data.prices.reverse();
        prop_assert_eq!(turned.priced(), priced);
    }

    /// What the catalogue costs in another currency is a multiple of what can be charged.
    #[test]
    fn prices_of_other_currencies_can_be_charged(sample in any_shop()) {
        let step = sample.with(|input| input.context.currency.charge_step());
        let foreign = sample.with(|input| input.context.is_foreign());
        for line in sample.priced().lines.iter().filter(|_| foreign) {
            prop_assert_eq!(line.base_price % step, 0);
        }
    }
}
