use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use stoa_domain::{
    delivery::Parcel,
    shared::{CountryCode, Currency, DeliveryGroupId, Place},
};
use uuid::Uuid;

/// Why an answer is of no use, and how a right one is made so.
type Case<'a> = (&'a str, &'a dyn Fn(&mut Value));

fn request() -> ShipmentRequest {
    let group = |n: u128| DeliveryGroupId::new(Uuid::from_u128(n));
    let parcel = Parcel { group: group(30), grams: 1_200, volume_mm3: 9_000_000, units: 3, value: 7_497 };
    ShipmentRequest {
        currency: Currency::USD,
        from: None,
        to: Place::somewhere_in(CountryCode::parse("US").unwrap()),
        parcels: vec![parcel, Parcel { group: group(31), ..parcel }],
    }
}

fn rate(group: &str, handle: &str) -> Value {
    json!({ "group": group, "handle": handle, "title": "Express", "amount": 1_890, "days": [1, 2] })
}

fn told(change: impl FnOnce(&mut Value)) -> Result<Rates, &'static str> {
    let mut answer = json!({
        "version": 1, "currency": "USD",
        "rates": [rate("g2", "express"), rate("g1", "express"), rate("g1", "slow_2")],
    });
    change(&mut answer);
    read(answer.to_string().as_bytes(), &request()).map_err(|unread| unread.why)
}

#[test]
fn what_is_right_is_read_with_the_ids_of_whoever_asked() {
    let request = request();
    let quoted = told(|a| a["rates"][2]["days"] = Value::Null).unwrap().quoted(&request);
    let read: Vec<_> = quoted.iter().map(|q| (q.group, q.handle.as_str(), q.amount)).collect();
    let [one, two] = [request.parcels[0].group, request.parcels[1].group];
    assert_eq!(read, [(two, "express", 1_890), (one, "express", 1_890), (one, "slow_2", 1_890)]);
    assert_eq!(quoted[0].days, Some(DeliveryDays { least: 1, most: 2 }));
    assert_eq!(quoted[2].days, None);
    assert_eq!(told(|a| a["rates"] = json!([])).unwrap().quoted(&request), [], "it is not delivered so");
}

#[test]
fn what_is_wrong_in_one_place_is_of_no_use() {
    let form = "it is not JSON of the form that was asked for";
    let (handle, title) = (
        "a handle is not 1 to 64 small letters, digits, hyphens and underscores",
        "a title is empty, longer than 255 characters, or not one line",
    );
    let days = "days are not two numbers from 0 to 365, the smaller first";
    let amount = "a rate is beyond any order, or no multiple of step";
    let cases: &[Case<'_>] = &[
        (form, &|a| *a = json!({})),
        (form, &|a| a["rates"][0]["amount"] = json!("18.90")),
        (form, &|a| a["rates"][0]["amount"] = json!(18.9)),
        (form, &|a| a["rates"][0]["days"] = json!([1])),
        (form, &|a| a["rates"][0]["days"] = json!([-1, 2])),
        ("it is of another version", &|a| a["version"] = json!(0)),
        ("it is in another currency", &|a| a["currency"] = json!("CAD")),
        ("it speaks of a group that was not asked about", &|a| a["rates"][0]["group"] = json!("g3")),
        ("it speaks of a group that was not asked about", &|a| a["rates"][0]["group"] = json!("2")),
        ("a rate is below nothing", &|a| a["rates"][0]["amount"] = json!(-1)),
        (amount, &|a| a["rates"][0]["amount"] = json!(i64::MAX)),
        (handle, &|a| a["rates"][0]["handle"] = json!("")),
        (handle, &|a| a["rates"][0]["handle"] = json!("Express")),
        (handle, &|a| a["rates"][0]["handle"] = json!("x".repeat(65))),
        (title, &|a| a["rates"][0]["title"] = json!(" ")),
        (title, &|a| a["rates"][0]["title"] = json!("x".repeat(256))),
        (title, &|a| a["rates"][0]["title"] = json!("a\u{7}b")),
        (days, &|a| a["rates"][0]["days"] = json!([2, 1])),
        (days, &|a| a["rates"][0]["days"] = json!([1, 366])),
        ("it has two rates of one handle for one group", &|a| a["rates"][2]["handle"] = json!("express")),
        ("it has more than 20 rates for one group", &|a| {
            a["rates"] = (0..21).map(|n| rate("g1", &format!("r{n}"))).collect();
        }),
    ];
    for (number, (why, change)) in cases.iter().enumerate() {
        assert_eq!(told(change).unwrap_err(), *why, "case {number}");
    }
    assert!(told(|_| {}).is_ok(), "otherwise no case shows anything");
    assert!(told(|a| a["rates"] = (0..20).map(|n| rate("g1", &format!("r{n}"))).collect()).is_ok());
}

#[test]
fn equal_questions_are_equal_bytes() {
    let asked = |change: &dyn Fn(&mut ShipmentRequest)| {
        let mut request = request();
        change(&mut request);
        question(&request).unwrap()
    };
    let known = asked(&|_| {});
    assert_eq!(asked(&|r| r.parcels[0].group = DeliveryGroupId::new(Uuid::from_u128(99))), known);
    let others: &[&dyn Fn(&mut ShipmentRequest)] = &[
        &|r| r.currency = Currency::parse("EUR").unwrap(),
        &|r| r.from = CountryCode::parse("US").map(Place::somewhere_in),
        &|r| r.to.zip = Some("10001".into()),
        &|r| r.parcels[0].grams += 1,
        &|r| r.parcels[0].volume_mm3 += 1,
        &|r| r.parcels[0].units += 1,
        &|r| r.parcels[0].value += 1,
        &|r| r.parcels.truncate(1),
    ];
    for (number, change) in others.iter().enumerate() {
        assert_ne!(asked(change), known, "case {number}");
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(body in any::<Vec<u8>>()) {
        prop_assert!(read(&body, &request()).is_err());
    }
}
