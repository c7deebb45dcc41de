//! What a tax zone may say.

use super::*;
use crate::system::SystemIds;
use chrono::{DateTime, TimeDelta};
use uuid::Uuid;

fn id() -> TaxZoneId {
    TaxZoneId::new(Uuid::from_u128(1))
}

fn rate(percent: &str) -> TaxRateDraft {
    TaxRateDraft {
        category: None,
        name: "VAT".into(),
        rate: Rate::parse_percent(percent).ok(),
        compound: false,
        on_delivery: true,
        valid_from: None,
        valid_until: None,
    }
}

fn quebec() -> TaxZoneDraft {
    TaxZoneDraft {
        name: " Quebec ".into(),
        level: 1,
        country: CountryCode::parse("CA"),
        provinces: vec!["ca-qc".into()],
        postal_ranges: vec![("h1a".into(), "H9Z".into())],
        priority: 0,
        rates: vec![rate("9.975")],
    }
}

fn then(days: i64) -> Option<Timestamp> {
    Some(DateTime::UNIX_EPOCH + TimeDelta::days(days))
}

fn refusal(draft: &TaxZoneDraft) -> InputRefusal {
    match draft.checked(id(), &SystemIds) {
        Err(TaxZoneError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_can_be_is_written_as_places_are_compared() {
    let zone = quebec().checked(id(), &SystemIds).unwrap();
    assert_eq!((&*zone.name, zone.level), ("Quebec", 1));
    assert_eq!(zone.provinces, BTreeSet::from(["QC".into()]));
    assert!(zone.postal_ranges[0].contains("H2X 1Y4"));
    assert_eq!(zone.rates[0].rate.millionths(), 99_750);
}

#[test]
fn what_cannot_be_is_named_by_its_place() {
    let at = InputPlace::field;
    let rates = |rates: Vec<TaxRateDraft>| TaxZoneDraft { rates, ..quebec() };
    let reversed = TaxRateDraft { valid_from: then(2), valid_until: then(2), ..rate("5") };
    for (draft, place, why) in [
        (TaxZoneDraft { name: " ".into(), ..quebec() }, at("name"), Unfit::Blank),
        (TaxZoneDraft { level: 4, ..quebec() }, at("level"), Unfit::OutOfRange { least: 0, most: 3 }),
        (
            TaxZoneDraft { country: None, postal_ranges: Vec::new(), ..quebec() },
            at("provinces"),
            Unfit::Unlike("it is of a country: say which"),
        ),
        (TaxZoneDraft { provinces: vec![" ".into()], ..quebec() }, at("provinces").entry(0), Unfit::Blank),
        (
            TaxZoneDraft { postal_ranges: vec![("2".into(), "1".into())], ..quebec() },
            at("postalRanges").entry(0).then("to"),
            Unfit::RangeReversed,
        ),
        (
            rates(vec![rate("5"), TaxRateDraft { name: String::new(), ..rate("5") }]),
            at("rates").entry(1).then("name"),
            Unfit::Blank,
        ),
        (rates(vec![reversed]), at("rates").entry(0).then("endsAt"), Unfit::RangeReversed),
        (rates(vec![rate("5"); LIST + 1]), at("rates"), Unfit::TooMany { max: LIST }),
        (rates(vec![rate("5"); AT_ONCE + 1]), at("rates").entry(0), Unfit::TooMany { max: AT_ONCE }),
    ] {
        assert_eq!(refusal(&draft), InputRefusal::new(place, why), "{draft:?}");
    }
    for over in [rate("100.0001"), TaxRateDraft { rate: None, ..rate("5") }] {
        let refused = rates(vec![rate("100"), over]).checked(id(), &SystemIds);
        assert!(matches!(refused, Err(TaxZoneError::RateOutOfRange { index: 1 })), "{refused:?}");
    }
}

#[test]
fn only_what_is_charged_at_the_same_time_on_the_same_goods_is_counted() {
    let compound = |from, until| TaxRateDraft {
        compound: true,
        valid_from: then(from),
        valid_until: then(until),
        ..rate("1")
    };
    let zone = |rates: Vec<TaxRateDraft>| TaxZoneDraft { rates, ..quebec() }.checked(id(), &SystemIds);
    let third = |from, until| zone(vec![rate("5"), compound(1, 5), compound(3, 9), compound(from, until)]);
    assert!(third(5, 9).is_ok(), "when the first is over");
    assert!(matches!(third(4, 9), Err(TaxZoneError::TooManyCompound { index: 3, most: 2 })));
    let books = Some(TaxCategoryId::new(Uuid::from_u128(9)));
    let of_books = TaxRateDraft { category: books, ..compound(4, 9) };
    assert!(zone(vec![compound(1, 5), compound(3, 9), of_books]).is_ok(), "on other goods");
}

#[test]
fn what_is_left_out_stays_and_keeps_its_id() {
    let known = quebec().checked(id(), &SystemIds).unwrap();
    let same = TaxZonePatch::default().over(&known).checked(id(), &SystemIds).unwrap();
    assert_ne!(same, known, "rates are made anew");
    assert_eq!(with_known_ids(same, &known), known);
    let patch = TaxZonePatch {
        country: Some(None),
        provinces: Some(Vec::new()),
        postal_ranges: Some(Vec::new()),
        rates: Some(vec![rate("10"), TaxRateDraft { name: "Other".into(), ..rate("1") }]),
        ..TaxZonePatch::default()
    };
    let other = with_known_ids(patch.over(&known).checked(id(), &SystemIds).unwrap(), &known);
    assert_eq!((other.country, other.rates.len()), (None, 2));
    assert_eq!(other.rates[0].id, known.rates[0].id, "another rate of the same tax");
    assert_ne!(other.rates[1].id, known.rates[0].id);
}
