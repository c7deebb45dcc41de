//! What a tax service is asked, and when its answer counts.

use crate::{
    delivery::RateTable,
    pricing::{sample::*, *},
    shared::Rate,
    tax::{
        CategoryKind, QuotedDelivery, QuotedLine, QuotedPart, QuotedTax, TaxCategory, TaxRequest, VatNumber,
    },
};

/// A shop with 10 % on everything but gift cards and bread, whose delivery is 5.00.
fn shop(inside: bool) -> Sample {
    let mut sample = Sample::of("EUR", inside, &[(1, 1_000, 2), (2, 300, 1), (3, 5_000, 1), (4, 250, 1)]);
    sample.data.tax_zones = vec![zone(1, "DE", vec![rate(1, "10", false)])];
    sample.data.tax_categories = [(1, "bread", CategoryKind::Exempt), (2, "books", CategoryKind::Taxed)]
        .map(|(n, code, kind)| TaxCategory { id: id(n), code: code.into(), name: code.into(), kind })
        .into();
    sample.lines[1].0.tax_category = Some(id(2));
    sample.lines[2].0.gift_card = true;
    sample.lines[3].0.tax_category = Some(id(1));
    sample.delivers = true;
    sample.data.delivery_methods[0].rates = RateTable::flat(500);
    sample.data.settings.delivery_tax = DeliveryTax::Rate;
    sample
}

fn asked(sample: &Sample) -> Option<TaxRequest> {
    let priced = sample.priced();
    sample.with(|input| tax_request(input, &priced))
}

fn part(amount: i64) -> QuotedPart {
    QuotedPart { name: "state".into(), rate: Rate::parse_percent("8.875").unwrap(), amount }
}

/// An answer that charges the same of each thing.
fn answer(asked: &TaxRequest, amount: i64) -> QuotedTax {
    QuotedTax {
        fingerprint: asked.fingerprint(),
        lines: asked.lines.iter().map(|line| QuotedLine { id: line.id, taxes: vec![part(amount)] }).collect(),
        deliveries: (asked.deliveries.iter())
            .map(|delivery| QuotedDelivery { id: delivery.id, taxes: vec![part(amount)] })
            .collect(),
    }
}

#[test]
fn a_service_is_asked_about_what_is_taxed_after_all_that_is_taken_off() {
    let mut sample = shop(false);
    let half = Action::PercentOff { rate: Rate::from_millionths(500_000), target: Target::All };
    sample.data.promotions = vec![Promotion {
        id: id(1),
        title: "half".into(),
        class: Class::Order,
        method: Method::Automatic,
        definition: Definition { conditions: Vec::new(), action: half, most_per_order: None },
        priority: 0,
        stacks: false,
        exclusive: false,
        starts_at: None,
        ends_at: None,
        per_buyer: None,
    }];
    let asked = asked(&sample).unwrap();
    let lines =
        asked.lines.iter().map(|line| (line.id, line.amount, line.quantity, line.category.as_deref()));
    assert_eq!(lines.collect::<Vec<_>>(), [(id(0), 1_000, 2, None), (id(1), 150, 1, Some("books"))]);
    assert_eq!(asked.deliveries.iter().map(|delivery| delivery.amount).collect::<Vec<_>>(), [500]);
    assert_eq!((asked.from, asked.to), (Some(country("DE")), country("DE")));
    assert!(!asked.prices_include_tax);
    sample.quotes.tax = Some(answer(&self::asked(&sample).unwrap(), 100));
    assert_eq!(sample.priced().tax, 300, "it counts beside promotions");
}

#[test]
fn an_answer_about_these_amounts_counts_and_no_other() {
    let mut sample = shop(false);
    let by_rules = sample.priced();
    assert_eq!((by_rules.tax, by_rules.total), (200 + 30 + 50, 7_550 + 500 + 280));
    let asked = asked(&sample).unwrap();
    sample.quotes.tax = Some(answer(&asked, 77));
    let quoted = sample.priced();
    assert_eq!((quoted.tax, quoted.delivery_tax, quoted.total), (231, 77, 7_550 + 500 + 231));
    assert_eq!(quoted.lines.iter().map(|line| line.tax).collect::<Vec<_>>(), [77, 77, 0, 0]);
    let [tax] = &quoted.taxes[..] else { panic!("one tax: {:?}", quoted.taxes) };
    assert_eq!((&*tax.name, tax.base, tax.amount, tax.inside), ("state", 2_800, 231, false));
    assert_eq!(
        steps(&quoted, StepKind::Tax),
        [("state", 77, Some(2_000)), ("state", 77, Some(300)), ("state", 77, Some(500))]
    );
    sample.lines[0].1 = 3;
    assert_eq!(sample.priced().tax, 300 + 30 + 50, "another amount: the rules again");
}

#[test]
fn an_answer_that_cannot_be_charged_does_not_count() {
    type Change = fn(&mut QuotedTax);
    let changes: [(&str, bool, Change); 6] = [
        ("a line is missing", false, |quote| drop(quote.lines.pop())),
        ("a delivery is missing", false, |quote| quote.deliveries.clear()),
        ("below zero", false, |quote| quote.lines[0].taxes[0].amount = -1),
        ("more than the price that contains it", true, |quote| quote.lines[1].taxes[0].amount = 301),
        ("beyond 64 bits", false, |quote| {
            quote.lines[0].taxes = vec![part(i64::MAX), part(i64::MAX)];
        }),
        ("of other amounts", false, |quote| quote.fingerprint ^= 1),
    ];
    for (what, inside, change) in changes {
        let mut sample = shop(inside);
        let by_rules = sample.priced();
        let mut quote = answer(&asked(&sample).unwrap(), 30);
        sample.quotes.tax = Some(quote.clone());
        assert_ne!(sample.priced(), by_rules, "as it came it counts");
        change(&mut quote);
        sample.quotes.tax = Some(quote);
        assert_eq!(sample.priced(), by_rules, "{what}");
    }
}

/// Dinars are charged in tens of fils; what a price contains is told to the fils.
#[test]
fn an_answer_finer_than_a_charge_counts_only_inside() {
    for (inside, expected) in [(false, None), (true, Some(13 * 3))] {
        let mut sample = shop(inside);
        sample.data.primary.currency = currency("KWD");
        let by_rules = sample.priced().tax;
        sample.quotes.tax = Some(answer(&asked(&sample).unwrap(), 13));
        assert_eq!(sample.priced().tax, expected.unwrap_or(by_rules));
    }
}

#[test]
fn nobody_is_asked_where_nothing_is_to_be_said() {
    assert!(asked(&shop(false)).is_some());
    let nowhere = Sample { to: None, ..shop(false) };
    assert_eq!(asked(&nowhere), None, "nobody knows where it goes");
    let exempt = Sample { context: |context| context.buyer.tax_exempt = true, ..shop(false) };
    assert_eq!(asked(&exempt), None);
    let mut cards = shop(false);
    cards.lines.retain(|(goods, ..)| goods.gift_card);
    cards.lines[0].0.requires_shipping = false;
    cards.delivers = false;
    assert_eq!(asked(&cards), None, "nothing is taxed");
    let mut undelivered = shop(false);
    undelivered.data.settings.delivery_tax = DeliveryTax::None;
    assert_eq!(asked(&undelivered).unwrap().deliveries, []);
    let number = |context: &mut Context<'_>| {
        context.buyer.tax_number = Some(VatNumber::parse("FR11123456782").unwrap());
    };
    let business = Sample { context: number, ..shop(false) };
    let told = asked(&business).unwrap().buyer.tax_number;
    assert_eq!(told.as_deref(), Some("FR11123456782"), "a service may know better");
    let abroad = Sample { to: Some(country("FR")), ..business };
    assert_eq!(asked(&abroad), None, "it owes nothing here");
}

/// Goods to Germany, and goods to nobody knows where that are taxed where the buyer is: one request has one place.
#[test]
fn what_goes_to_two_places_is_taxed_by_the_rules() {
    let mut sample = shop(false);
    sample.lines[1].0.requires_shipping = false;
    assert!(asked(&sample).is_some());
    sample.option = Some("standard");
    sample.data.delivery_methods[0].kind = crate::delivery::MethodKind::PickUp { location: id(1) };
    sample.context = |context| context.locations = [(id(1), country("FR"))].into();
    assert_eq!(asked(&sample), None);
}
