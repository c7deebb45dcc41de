//! What a way of delivering may be.

use super::{
    DeliveryKind, DeliveryMethodDraft, DeliveryMethodError, DeliveryMethodPatch, Figure, RateDraft,
    rates_draft::FIGURE,
};
use crate::admin::{InputPlace, InputRefusal, Unfit};
use stoa_domain::{
    delivery::{Bounds, DeliveryDays, DeliveryMethod, LoadBounds, Measure, MethodKind, RateRow},
    shared::{Currency, DeliveryMethodId, DeliveryZoneId, LocationId},
};
use stoa_persistence::pricing::Switched;
use uuid::Uuid;

fn written(text: &str) -> Figure {
    Figure::Written(text.to_owned())
}

fn flat(from: &str, base: i64) -> RateDraft {
    RateDraft { from: written(from), base, per_step: 0, step: Figure::Known(0) }
}

fn zone() -> DeliveryZoneId {
    DeliveryZoneId::new(Uuid::from_u128(2))
}

fn barn() -> LocationId {
    LocationId::new(Uuid::from_u128(3))
}

/// By weight: 4.90, and from 2 kg on 6.90 and 1.00 for every begun half of a kilogram.
fn post() -> DeliveryMethodDraft {
    DeliveryMethodDraft {
        active: true,
        bounds: LoadBounds::default(),
        description: Some(" ".into()),
        free_from: Some(5_000),
        handle: " Post ".into(),
        kind: DeliveryKind::Shipping,
        location: None,
        maximum_days: Some(3),
        measure: Measure::Weight,
        minimum_days: Some(1),
        position: 4,
        rates: vec![RateDraft { per_step: 100, step: written("500"), ..flat("2000", 690) }, flat("0", 490)],
        tax_category: None,
        title: "Post".into(),
        volume_divisor: Some(5_000),
        zone: Some(zone()),
    }
}

fn picked_up() -> DeliveryMethodDraft {
    DeliveryMethodDraft {
        kind: DeliveryKind::PickUp,
        location: Some(barn()),
        zone: None,
        rates: vec![flat("0", 0)],
        ..post()
    }
}

fn carried() -> DeliveryMethodDraft {
    DeliveryMethodDraft { kind: DeliveryKind::Carrier, rates: Vec::new(), ..post() }
}

fn in_currency(
    draft: &DeliveryMethodDraft,
    code: &str,
) -> Result<Switched<DeliveryMethod>, DeliveryMethodError> {
    draft.checked(DeliveryMethodId::new(Uuid::from_u128(1)), Currency::parse(code).unwrap())
}

fn checked(draft: &DeliveryMethodDraft) -> Result<Switched<DeliveryMethod>, DeliveryMethodError> {
    in_currency(draft, "EUR")
}

#[track_caller]
fn refused(draft: &DeliveryMethodDraft, at: InputPlace, why: Unfit) {
    match checked(draft) {
        Err(DeliveryMethodError::Refused(refusal)) => {
            assert_eq!(refusal, InputRefusal::new(at, why), "{draft:?}");
        }
        other => panic!("{other:?} of {draft:?}"),
    }
}

#[test]
fn a_method_is_made_of_what_was_written() {
    let Switched { rule, active } = checked(&post()).unwrap();
    assert!(active);
    assert_eq!((&*rule.handle, &*rule.title, rule.description), ("post", "Post", None));
    assert_eq!((rule.zone, rule.kind), (Some(zone()), MethodKind::Shipping));
    assert_eq!(
        rule.rates.rows,
        [
            RateRow { from: 0, base: 490, per_step: 0, step: 0 },
            RateRow { from: 2_000, base: 690, per_step: 100, step: 500 },
        ]
    );
    assert_eq!((rule.free_from, rule.divisor, rule.position), (Some(5_000), Some(5_000), 4));
    assert_eq!(rule.days, Some(DeliveryDays { least: 1, most: 3 }));
    let picked_up = checked(&picked_up()).unwrap().rule;
    assert_eq!((picked_up.kind, picked_up.zone), (MethodKind::PickUp { location: barn() }, None));
    let carried = checked(&carried()).unwrap().rule;
    assert_eq!((carried.kind, carried.rates.rows.len()), (MethodKind::Carrier, 0));
}

#[test]
fn figures_are_read_by_the_measure() {
    let by = |measure, from: &str| {
        let rates = vec![flat("0", 490), flat(from, 690)];
        let method = checked(&DeliveryMethodDraft { measure, rates, ..post() });
        method.map(|method| method.rule.rates.rows[1].from)
    };
    assert_eq!(by(Measure::Weight, "20").unwrap(), 20);
    assert_eq!(by(Measure::Quantity, "20").unwrap(), 20);
    assert_eq!(by(Measure::Subtotal, "20").unwrap(), 2_000);
    assert_eq!(by(Measure::Subtotal, "20.5").unwrap(), 2_050);
    for (measure, from) in [(Measure::Weight, "20.5"), (Measure::Quantity, "x"), (Measure::Subtotal, "0.001")]
    {
        assert!(matches!(by(measure, from), Err(DeliveryMethodError::Refused(_))), "{measure:?} {from}");
    }
}

#[test]
fn what_cannot_be_is_named_by_its_place() {
    let at = InputPlace::field;
    let out = Unfit::OutOfRange { least: 0, most: FIGURE };
    let long = "x".repeat(65);
    for (draft, place, why) in [
        (DeliveryMethodDraft { handle: " - ".into(), ..post() }, "handle", Unfit::Blank),
        (DeliveryMethodDraft { handle: long, ..post() }, "handle", Unfit::TooLong { max: 64 }),
        (DeliveryMethodDraft { title: " ".into(), ..post() }, "title", Unfit::Blank),
        (
            DeliveryMethodDraft { description: Some("x".repeat(5_001)), ..post() },
            "description",
            Unfit::TooLong { max: 5_000 },
        ),
        (DeliveryMethodDraft { free_from: Some(-1), ..post() }, "freeFrom", out),
        (
            DeliveryMethodDraft { volume_divisor: Some(0), ..post() },
            "volumeDivisor",
            Unfit::OutOfRange { least: 1, most: 1_000_000 },
        ),
        (
            DeliveryMethodDraft { maximum_days: Some(366), ..post() },
            "maximumDays",
            Unfit::OutOfRange { least: 0, most: 365 },
        ),
        (DeliveryMethodDraft { minimum_days: Some(4), ..post() }, "maximumDays", Unfit::RangeReversed),
        (
            DeliveryMethodDraft { minimum_days: None, ..post() },
            "minimumDays",
            Unfit::Unlike("how long it takes is said from so many to so many days, or not at all"),
        ),
        (
            DeliveryMethodDraft { position: -1_000_001, ..post() },
            "position",
            Unfit::OutOfRange { least: -1_000_000, most: 1_000_000 },
        ),
        (DeliveryMethodDraft { zone: None, ..post() }, "zoneId", Unfit::Blank),
        (DeliveryMethodDraft { zone: None, ..carried() }, "zoneId", Unfit::Blank),
        (
            DeliveryMethodDraft { location: Some(barn()), ..post() },
            "locationId",
            Unfit::Unlike("only a pick-up is at a location"),
        ),
        (DeliveryMethodDraft { location: None, ..picked_up() }, "locationId", Unfit::Blank),
        (
            DeliveryMethodDraft { zone: Some(zone()), ..picked_up() },
            "zoneId",
            Unfit::Unlike("a pick-up is for whoever comes, from wherever: it has no zone"),
        ),
        (
            DeliveryMethodDraft { rates: post().rates, ..carried() },
            "rates",
            Unfit::Unlike("what it costs is said by the carrier"),
        ),
        (DeliveryMethodDraft { rates: Vec::new(), ..post() }, "rates", Unfit::Blank),
        (
            DeliveryMethodDraft { rates: vec![flat("0", 1); 101], ..post() },
            "rates",
            Unfit::TooMany { max: 100 },
        ),
    ] {
        refused(&draft, at(place), why);
    }
}

#[test]
fn bounds_are_figures_and_the_right_way_round() {
    let bounds =
        |weight| DeliveryMethodDraft { bounds: LoadBounds { weight, ..LoadBounds::default() }, ..post() };
    let at = |field| InputPlace::fields(&["bounds", field]);
    let out = Unfit::OutOfRange { least: 0, most: 1_000_000_000 };
    refused(&bounds(Bounds { least: Some(-1), most: None }), at("weightAtLeast"), out);
    refused(&bounds(Bounds { least: None, most: Some(1_000_000_001) }), at("weightAtMost"), out);
    refused(&bounds(Bounds { least: Some(2), most: Some(1) }), at("weightAtMost"), Unfit::RangeReversed);
    assert!(checked(&bounds(Bounds { least: Some(1), most: Some(1) })).is_ok());
}

#[test]
fn a_rate_is_a_figure_that_can_be_charged() {
    let second = InputPlace::field("rates").entry(1);
    let with = |row: RateDraft| DeliveryMethodDraft { rates: vec![flat("0", 490), row], ..post() };
    let out = Unfit::OutOfRange { least: 0, most: FIGURE };
    refused(&with(flat("-1", 1)), second.then("from"), out);
    refused(&with(flat("5", -1)), second.then("base"), out);
    refused(&with(flat("5", FIGURE + 1)), second.then("base"), out);
    refused(&with(flat("0", 1)), second.then("from"), Unfit::Unlike("another rate begins there"));
    let half = Unfit::Unlike("a step has a size and a price, or neither");
    refused(&with(RateDraft { per_step: 5, ..flat("5", 1) }), second.then("step"), half);
    refused(&with(RateDraft { step: written("5"), ..flat("5", 1) }), second.then("step"), half);
    // A price for every gram, with no end to the grams.
    let dear = RateDraft { per_step: 10_000_000, step: written("1"), ..flat("5", 1) };
    let why = Unfit::Unlike("its steps would add up to more than anybody can be charged");
    refused(&with(dear.clone()), second.then("perStep"), why);
    let weight = Bounds { least: None, most: Some(30_000) };
    let bounds = LoadBounds { weight, ..LoadBounds::default() };
    assert!(checked(&DeliveryMethodDraft { bounds, ..with(dear.clone()) }).is_ok());
    // Or until a cheaper rate begins.
    let ended = DeliveryMethodDraft { rates: vec![flat("0", 490), dear, flat("30000", 9_000)], ..post() };
    assert!(checked(&ended).is_ok());
    let a_unit_more = RateDraft { per_step: 100, step: written("1"), ..flat("1", 490) };
    let by_units = DeliveryMethodDraft {
        measure: Measure::Quantity,
        rates: vec![flat("0", 490), a_unit_more],
        ..post()
    };
    assert!(checked(&by_units).is_ok(), "what shops do is no such thing");
    match in_currency(&DeliveryMethodDraft { rates: vec![flat("0", 5)], ..post() }, "KWD") {
        Err(DeliveryMethodError::Refused(refusal)) => {
            assert_eq!(refusal.at, InputPlace::field("rates").entry(0).then("base"));
            assert!(matches!(refusal.why, Unfit::Uneven { step: 10, .. }), "{refusal:?}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn there_is_a_price_for_everything_that_is_let_in() {
    let from = |least| {
        let weight = Bounds { least, most: None };
        let bounds = LoadBounds { weight, ..LoadBounds::default() };
        checked(&DeliveryMethodDraft { bounds, rates: vec![flat("100", 490)], ..post() })
    };
    for least in [None, Some(0), Some(99)] {
        let gap = from(least);
        assert!(matches!(gap, Err(DeliveryMethodError::GapInRates { from: 100 })), "{gap:?}");
    }
    assert!(from(Some(100)).is_ok());
    // Bounds of another measure let in whatever they like of this one.
    let quantity = Bounds { least: Some(100), most: None };
    let bounds = LoadBounds { quantity, ..LoadBounds::default() };
    let other = checked(&DeliveryMethodDraft { bounds, rates: vec![flat("100", 490)], ..post() });
    assert!(matches!(other, Err(DeliveryMethodError::GapInRates { .. })), "{other:?}");
}

#[test]
fn what_is_left_out_stays() {
    for draft in [post(), picked_up(), carried()] {
        let known = checked(&draft).unwrap();
        let same = DeliveryMethodPatch::default().over(&known).unwrap();
        assert_eq!(checked(&same).unwrap(), known);
    }
    let known = checked(&post()).unwrap();
    let patch = DeliveryMethodPatch {
        active: Some(false),
        free_from: Some(None),
        maximum_days: Some(None),
        minimum_days: Some(None),
        ..DeliveryMethodPatch::default()
    };
    let other = checked(&patch.over(&known).unwrap()).unwrap();
    let wanted = DeliveryMethod { free_from: None, days: None, ..known.rule.clone() };
    assert_eq!(other, Switched { rule: wanted, active: false });
}

#[test]
fn figures_of_one_measure_are_none_of_another() {
    let known = checked(&post()).unwrap();
    let by_units = DeliveryMethodPatch { measure: Some(Measure::Quantity), ..DeliveryMethodPatch::default() };
    assert_eq!(by_units.clone().over(&known).unwrap_err().at, InputPlace::field("measure"));
    let anew = DeliveryMethodPatch { rates: Some(vec![flat("0", 700)]), ..by_units.clone() };
    assert_eq!(checked(&anew.over(&known).unwrap()).unwrap().rule.rates.by, Measure::Quantity);
    let flat = checked(&DeliveryMethodDraft { rates: vec![flat("0", 490)], ..post() }).unwrap();
    assert_eq!(checked(&by_units.over(&flat).unwrap()).unwrap().rule.rates.by, Measure::Quantity);
}
