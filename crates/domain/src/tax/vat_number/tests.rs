//! Numbers of every state. None of them is taken from anybody: they are round figures with the check digits that a second implementation, by other
//! steps, works out for them.

use super::*;
use VatNumberError::{Country, Digits, Form};
use proptest::prelude::*;

/// The letters of a state, numbers of it that are right, and ones that are not with what is wrong.
type State = (&'static str, &'static [&'static str], &'static [(&'static str, VatNumberError)]);

const STATES: [State; 28] = [
    (
        "AT",
        &["ATU11111116", "ATU76543215"],
        &[("ATU11111117", Digits), ("AT11111116", Form), ("ATU1111111", Form)],
    ),
    (
        "BE",
        &["BE0000001186", "BE1000000021"],
        &[("BE0000001187", Digits), ("BE2000000021", Form), ("BE000001186", Form)],
    ),
    (
        "BG",
        &["BG111111113", "BG1200000001"],
        &[("BG111111114", Digits), ("BG1200000002", Digits), ("BG11111111", Form)],
    ),
    (
        "CY",
        &["CY00000001F", "CY99999999Q"],
        &[("CY00000001G", Digits), ("CY12000000X", Digits), ("CY000000011", Form)],
    ),
    (
        "CZ",
        &["CZ00000019", "CZ612345670"],
        &[("CZ00000018", Digits), ("CZ612345671", Digits), ("CZ0000001", Form)],
    ),
    (
        "DE",
        &["DE111111117", "DE987654328"],
        &[("DE111111118", Digits), ("DE011111117", Form), ("DE11111111", Form)],
    ),
    (
        "DK",
        &["DK11111114", "DK98765433"],
        &[("DK11111115", Digits), ("DK01111114", Form), ("DK111111140", Form)],
    ),
    (
        "EE",
        &["EE100000007", "EE109876546"],
        &[("EE100000008", Digits), ("EE10000000", Form), ("EE10000000A", Form)],
    ),
    (
        "EL",
        &["EL000000012", "EL987654324"],
        &[("EL000000013", Digits), ("EL00000012", Form), ("EL0000000120", Form)],
    ),
    (
        "ES",
        &["ESA00000018", "ESX0000001R"],
        &[("ESA00000019", Digits), ("ESX0000001T", Digits), ("ES000000018", Form)],
    ),
    (
        "FI",
        &["FI00000019", "FI98765430"],
        &[("FI00000018", Digits), ("FI0000019", Form), ("FI0000001A", Form)],
    ),
    (
        "FR",
        &["FR15000000001", "FRA4000000001"],
        &[("FR16000000001", Digits), ("FRA5000000001", Digits), ("FRI4000000001", Form)],
    ),
    (
        "HR",
        &["HR00000000010", "HR98765432106"],
        &[("HR00000000011", Digits), ("HR0000000010", Form), ("HR000000000100", Form)],
    ),
    (
        "HU",
        &["HU00000017", "HU98765434"],
        &[("HU00000018", Digits), ("HU0000017", Form), ("HU000000170", Form)],
    ),
    (
        "IE",
        &["IE0000001B", "IE0000001KA"],
        &[("IE0000001C", Digits), ("IE0000001BA", Digits), ("IE00000018", Form)],
    ),
    (
        "IT",
        &["IT00000010017", "IT98765430016"],
        &[("IT00000010018", Digits), ("IT00000012997", Digits), ("IT0000010017", Form)],
    ),
    (
        "LT",
        &["LT000000114", "LT000000000113"],
        &[("LT000000115", Digits), ("LT000000000114", Digits), ("LT000000124", Form)],
    ),
    (
        "LU",
        &["LU00000101", "LU98765421"],
        &[("LU00000102", Digits), ("LU0000101", Form), ("LU000001010", Form)],
    ),
    (
        "LV",
        &["LV40000000000", "LV01018000000"],
        &[("LV40000000001", Digits), ("LV01138000000", Digits), ("LV0101800000", Form)],
    ),
    (
        "MT",
        &["MT10000034", "MT98765403"],
        &[("MT10000035", Digits), ("MT00000034", Form), ("MT1000034", Form)],
    ),
    (
        "NL",
        &["NL000000012B01", "NL000000001B64"],
        &[("NL000000013B01", Digits), ("NL000000001B65", Digits), ("NL000000012A01", Form)],
    ),
    (
        "PL",
        &["PL0000000017", "PL9876543210"],
        &[("PL0000000018", Digits), ("PL000000017", Form), ("PL00000000170", Form)],
    ),
    (
        "PT",
        &["PT100000002", "PT987654322"],
        &[("PT100000003", Digits), ("PT010000002", Form), ("PT10000000", Form)],
    ),
    ("RO", &["RO19", "RO9876543216"], &[("RO18", Digits), ("RO019", Form), ("RO98765432160", Form)]),
    (
        "SE",
        &["SE000000001801", "SE987654321794"],
        &[("SE000000001901", Digits), ("SE000000001895", Digits), ("SE0000000018", Form)],
    ),
    (
        "SI",
        &["SI10000003", "SI98765434"],
        &[("SI10000004", Digits), ("SI01000003", Form), ("SI100000030", Form)],
    ),
    (
        "SK",
        &["SK1020000003", "SK9876543215"],
        &[("SK1020000004", Digits), ("SK1010000000", Digits), ("SK0020000003", Form)],
    ),
    (
        "XI",
        &["XI100000034", "XIHA999"],
        &[("XI100000035", Digits), ("XIGD500", Digits), ("XI10000003", Form)],
    ),
];

#[test]
fn every_state_has_right_and_wrong_numbers() {
    let letters: Vec<&str> = STATES.iter().map(|(prefix, ..)| *prefix).collect();
    assert!(letters.is_sorted() && letters.iter().all(|prefix| rule_of(prefix).is_some()));
    for (prefix, right, wrong) in STATES {
        for text in right {
            let number = VatNumber::parse(text).unwrap_or_else(|why| panic!("{text}: {why}"));
            assert_eq!((number.as_str(), number.prefix()), (*text, prefix));
        }
        for (text, why) in wrong {
            assert_eq!(VatNumber::parse(text), Err(*why), "{text}");
        }
    }
}

/// The kinds of numbers beside the first of a state.
#[test]
fn special_kinds_have_digits_of_their_own() {
    for right in [
        "BG8001010008",  // a person's, with the date of birth
        "BG100000086",   // by the second row of weights
        "CZ530101000",   // of before 1954: no check digit
        "CZ5401010010",  // of after
        "CZ8001010040",  // a remainder of ten, written as 0
        "ES00000001R",   // a Spaniard
        "ESK0000001R",   // a child
        "ESZ0000001Y",   // a foreigner
        "ESB0000001H",   // a company with a letter
        "FR4A000000010", // a digit and a letter
        "IE1A00000B",    // until 2013
        "IE1+00000B",
        "IE0000001BW",
        "LT100000810",   // by the second row of weights
        "LV32000000000", // a personal code since 2017
        "LV90000000000",
        "XI100000089",    // since 2010
        "XI100000034001", // a branch
        "XIGD001",
    ] {
        assert!(VatNumber::parse(right).is_ok(), "{right}: {:?}", VatNumber::parse(right));
    }
    for wrong in
        ["CZ541301000", "CZ8013010000", "ESI00000018", "ESN00000018", "IE0000001BJ", "LV32", "NL000000012B00"]
    {
        assert!(VatNumber::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn it_is_read_as_people_write_it() {
    for (typed, read) in [
        ("de 111 111 117", "DE111111117"),
        (" BE 1000.000.021 ", "BE1000000021"),
        ("nl-000000012.b01", "NL000000012B01"),
        ("GR 000000012", "EL000000012"),
        ("IE1/A/00000B", "IE1A00000B"),
        ("AT\u{a0}U11111116", "ATU11111116"),
    ] {
        assert_eq!(VatNumber::parse(typed).unwrap().as_str(), read);
    }
}

#[test]
fn what_is_of_no_member_state_is_told_apart() {
    for text in
        ["", "D", "111111117", "GB980780684", "CHE123456788", "EU372000041", "US123", "Ä1", "éé11111111"]
    {
        assert_eq!(VatNumber::parse(text), Err(Country), "{text}");
    }
    for nothing in [
        "DE",
        "DE000000000",
        "HU00000000",
        "EE000000000",
        "SE000000000001",
        "NL000000000B01",
        "XI000000000001",
        "DE１１１１１１１１７",
    ] {
        assert!(VatNumber::parse(nothing).is_err(), "{nothing}");
    }
    assert_eq!(VatNumber::parse("DEé11111117"), Err(Form));
    assert_eq!(VatNumber::parse(&format!("DE111111117{}", "1".repeat(1_000_000))), Err(Form));
}

#[test]
fn states_are_told_by_their_codes() {
    let country = |text: &str| VatNumber::parse(text).unwrap().country().to_string();
    assert_eq!(country("EL000000012"), "GR");
    assert_eq!(country("XI100000034"), "GB");
    assert_eq!(country("DE111111117"), "DE");
    let member = |code: &str| is_member_state(CountryCode::parse(code).unwrap());
    let members = STATES.iter().filter(|(prefix, ..)| *prefix != "XI");
    assert_eq!(
        members.filter(|(prefix, ..)| member(if *prefix == "EL" { "GR" } else { prefix })).count(),
        27
    );
    for code in ["GB", "EL", "XI", "CH", "NO", "US"] {
        assert!(!member(code), "{code}");
    }
}

#[test]
fn a_document_keeps_only_right_numbers_and_no_log_any() {
    let number = VatNumber::parse("de111111117").unwrap();
    assert_eq!(serde_json::to_string(&number).unwrap(), r#""DE111111117""#);
    assert_eq!(serde_json::from_str::<VatNumber>(r#""DE111111117""#).unwrap(), number);
    assert!(serde_json::from_str::<VatNumber>(r#""DE111111118""#).is_err());
    assert_eq!(format!("{number:?}"), "VatNumber(DE…)");
}

/// What check digits are for: of all slips of one digit, few pass, and in no state many.
#[test]
fn slips_of_a_finger_are_found() {
    // Without check digits, or with those of few digits.
    let by_form = ["LV01018000000", "XIHA999"];
    let (mut slips, mut passed) = (0, 0);
    for right in STATES.iter().flat_map(|(_, right, _)| *right).filter(|right| !by_form.contains(right)) {
        let (mut here, mut passed_here) = (0, 0);
        for (at, was) in right.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            for digit in ('0'..='9').filter(|digit| *digit != was) {
                let slip = format!("{}{digit}{}", &right[..at], &right[at + 1..]);
                here += 1;
                passed_here += usize::from(VatNumber::parse(&slip).is_ok());
            }
        }
        assert!(passed_here * 5 <= here, "{right}: {passed_here} of {here}");
        (slips, passed) = (slips + here, passed + passed_here);
    }
    assert!(passed * 20 <= slips, "{passed} of {slips}");
}

proptest! {
    #[test]
    fn nonsense_is_refused_and_never_panics(text in "\\PC{0,20}") {
        if let Ok(number) = VatNumber::parse(&text) {
            prop_assert!(number.as_str().len() <= VatNumber::MAX_LENGTH);
        }
    }

    /// What looks like a number of a state is judged without a panic, and what is read once is read again as itself.
    #[test]
    fn what_was_read_is_read_again(state in 0..STATES.len(), digits in "[A-Z+*]{0,2}[0-9]{0,12}[A-Z]{0,2}[0-9]{0,2}") {
        if let Ok(number) = VatNumber::parse(&format!("{}{digits}", STATES[state].0)) {
            prop_assert_eq!(VatNumber::parse(number.as_str()), Ok(number));
        }
    }
}
