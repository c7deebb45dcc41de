//! What pricing a cart costs: 100 lines and 200 promotions, of which most are for some of the goods, in less than a millisecond.
//! `cargo bench -p stoa-domain --bench pricing`.

use criterion::{Criterion, criterion_group, criterion_main};
use std::{collections::BTreeSet, hint::black_box, sync::Arc};
use stoa_domain::{
    delivery::GroupChoice,
    pricing::{
        Action, Class, Context, Definition, DeliveryOption, Goods, Method, MoneyTable, Off, Per,
        PricingInput, PricingLine, PricingRules, Promotion, Quotes, Rules, RulesData, Standing, Target,
        TaxRounding, price_cart,
    },
    shared::{CartLineId, Currency, DeliveryGroupId, Rate},
};
use uuid::Uuid;

fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

/// Line `n`: its own variant, one of 50 products, in three of 40 collections and with two of 20 tags.
fn goods(n: u128) -> Goods {
    Goods {
        variant: id(n),
        product: id(n % 50),
        price: 999 + i64::try_from(n).unwrap_or(0) * 137,
        compare_at_price: None,
        taxable: !n.is_multiple_of(10),
        requires_shipping: true,
        weight_grams: 250,
        dimensions_mm: None,
        collections: [n % 40, (n + 7) % 40, (n + 19) % 40].map(id).into(),
        tags: [n % 20, (n + 3) % 20].map(|tag| format!("tag-{tag}").into()).into(),
        tax_category: None,
        gift_card: false,
    }
}

/// Of 200 promotions 120 are for a product, 50 for a collection, 20 for a tag; seven are for the order and three for delivery.
fn promotion(n: u128) -> Promotion {
    let rate = Rate::from_millionths(10_000 + u32::try_from(n).unwrap_or(0) * 500);
    let target = Target::Of {
        products: (n < 120).then(|| id(n % 50)).into_iter().collect(),
        variants: BTreeSet::new(),
        collections: (120..170).contains(&n).then(|| id(n % 40)).into_iter().collect(),
        tags: (170..190).contains(&n).then(|| format!("tag-{}", n % 20).into()).into_iter().collect(),
    };
    let action = match n {
        0..190 => Action::PercentOff { rate, target },
        190..197 => Action::AmountOff { off: MoneyTable::of(1_000), per: Per::Cart, target: Target::All },
        _ => Action::DeliveryOff { off: Off::Percent(rate), methods: BTreeSet::new(), most: None },
    };
    Promotion {
        id: id(n),
        title: Arc::from(format!("promotion {n}")),
        class: match n {
            0..190 => Class::Product,
            190..197 => Class::Order,
            _ => Class::Delivery,
        },
        method: Method::Automatic,
        definition: Definition { conditions: Vec::new(), action, most_per_order: None },
        priority: 0,
        stacks: n.is_multiple_of(60),
        exclusive: false,
        starts_at: None,
        ends_at: None,
        per_buyer: None,
    }
}

fn rules(promotions: u128, prices_include_tax: bool) -> Rules {
    let configured = PricingRules {
        tax_rate: Rate::from_millionths(88_750),
        prices_include_tax,
        tax_rounding: TaxRounding::Line,
        delivery: DeliveryOption {
            handle: "standard".into(),
            title: "Standard".into(),
            price: 499,
            taxable: true,
        },
    };
    let data = Rules::implicit(&configured, Currency::USD).data().clone();
    Rules::compile(RulesData { promotions: (0..promotions).map(promotion).collect(), ..data })
}

fn price(c: &mut Criterion, name: &str, lines: u128, rules: &Rules) {
    let goods: Vec<Goods> = (0..lines).map(goods).collect();
    let line = |(n, goods)| PricingLine {
        id: CartLineId::new(Uuid::from_u128(n)),
        quantity: 2,
        goods,
        gift_of: None,
        group: Some(0),
    };
    let lines: Vec<PricingLine<'_>> = (0..).zip(&goods).map(line).collect();
    let group = GroupChoice { id: DeliveryGroupId::NIL, to: None, option: None, pick_up: Vec::new() };
    let (context, standing, quotes) =
        (Context::anybody(rules.primary()), Standing::default(), Quotes::default());
    let input = PricingInput {
        lines: &lines,
        rules,
        context: &context,
        codes: &[],
        standing: &standing,
        deliveries: std::slice::from_ref(&group),
        quotes: &quotes,
        stored_value: &[],
        now: chrono::DateTime::UNIX_EPOCH,
    };
    c.bench_function(name, |b| b.iter(|| price_cart(black_box(&input))));
}

fn carts(c: &mut Criterion) {
    price(c, "100 lines, no promotion", 100, &rules(0, true));
    price(c, "100 lines, 200 promotions, tax inside", 100, &rules(200, true));
    // What an order is lowered by is spread over lines that are taxed and lines that are not: other plans have to be looked at.
    price(c, "100 lines, 200 promotions, tax on top", 100, &rules(200, false));
}

criterion_group!(benches, carts);
criterion_main!(benches);
