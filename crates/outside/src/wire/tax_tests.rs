use super::*;
use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::{Value, json};
use stoa_domain::{
    shared::{CartLineId, CountryCode, DeliveryGroupId, Place},
    tax::{TaxBuyer, TaxedDelivery, TaxedLine},
};
use uuid::Uuid;

/// Why an answer is of no use, and how a right one is made so.
type Case<'a> = (&'a str, &'a dyn Fn(&mut Value));

fn line(id: u128, amount: i64) -> TaxedLine {
    TaxedLine { id: CartLineId::new(Uuid::from_u128(id)), amount, quantity: 1, category: None, sku: None }
}

fn request() -> TaxRequest {
    TaxRequest {
        currency: Currency::USD,
        prices_include_tax: false,
        at: DateTime::from_timestamp(1_795_348_800, 0).unwrap(),
        from: None,
        to: Place::somewhere_in(CountryCode::parse("US").unwrap()),
        buyer: TaxBuyer::default(),
        lines: vec![line(10, 2_499), line(11, 500)],
        deliveries: vec![TaxedDelivery { id: DeliveryGroupId::new(Uuid::from_u128(20)), amount: 644 }],
    }
}

fn answer() -> Value {
    json!({
        "version": 1,
        "currency": "USD",
        "lines": [
            { "id": "l1", "taxes": [
                { "name": "NY", "rate": "4", "amount": 100 },
                { "name": "NYC", "rate": "4.5", "amount": 112 },
            ] },
            { "id": "l2", "taxes": [] },
        ],
        "deliveries": [{ "id": "d1", "taxes": [{ "name": "NY", "rate": "4.0000", "amount": 26 }] }],
        "totalTax": 238,
    })
}

fn told(change: impl FnOnce(&mut Value)) -> Result<Taxes, &'static str> {
    told_to(&request(), change)
}

fn told_to(asked: &TaxRequest, change: impl FnOnce(&mut Value)) -> Result<Taxes, &'static str> {
    let mut answer = answer();
    change(&mut answer);
    read(answer.to_string().as_bytes(), asked).map_err(|unread| unread.why)
}

fn asked(change: impl FnOnce(&mut TaxRequest)) -> Vec<u8> {
    let mut request = request();
    change(&mut request);
    question(&request).unwrap()
}

#[test]
fn what_is_right_is_read_with_the_ids_of_whoever_asked() {
    let request = request();
    let quoted = told(|_| {}).unwrap().quoted(&request);
    assert_eq!(quoted.fingerprint, request.fingerprint());
    assert_eq!(
        quoted.lines.iter().map(|line| line.id).collect::<Vec<_>>(),
        [request.lines[0].id, request.lines[1].id]
    );
    let parts: Vec<_> = quoted.lines[0].taxes.iter().map(|p| (p.name.as_str(), p.rate, p.amount)).collect();
    assert_eq!(
        parts,
        [("NY", Rate::from_millionths(40_000), 100), ("NYC", Rate::from_millionths(45_000), 112)]
    );
    assert_eq!(quoted.lines[1].taxes, []);
    assert_eq!(
        (quoted.deliveries[0].id, quoted.deliveries[0].taxes[0].amount),
        (request.deliveries[0].id, 26)
    );
    // In any order, and with more in it than we know.
    let turned = told(|a| {
        a["lines"].as_array_mut().unwrap().reverse();
        a["note"] = json!("thank you");
        a["lines"][0]["jurisdiction"] = json!("NY");
    });
    assert_eq!(turned.unwrap().quoted(&request), quoted);
}

#[test]
fn what_is_wrong_in_one_place_is_of_no_use() {
    let form = "it is not JSON of the form that was asked for";
    let cases: &[Case<'_>] = &[
        (form, &|a| *a = json!([])),
        (form, &|a| *a = Value::Null),
        (form, &|a| drop(a.as_object_mut().unwrap().remove("totalTax"))),
        (form, &|a| drop(a.as_object_mut().unwrap().remove("currency"))),
        (form, &|a| a["totalTax"] = json!("238")),
        (form, &|a| a["lines"][0]["taxes"][0]["amount"] = json!(100.0)),
        (form, &|a| a["lines"][0]["taxes"][0]["amount"] = json!(1e30)),
        (form, &|a| a["lines"][0]["taxes"][0]["rate"] = json!(4)),
        ("it is of another version", &|a| a["version"] = json!(2)),
        ("it is in another currency", &|a| a["currency"] = json!("EUR")),
        ("it is in another currency", &|a| a["currency"] = json!("usd")),
        ("it leaves out a line or a delivery", &|a| {
            a["lines"].as_array_mut().unwrap().pop();
        }),
        ("it leaves out a line or a delivery", &|a| a["deliveries"] = json!([])),
        ("it speaks of a line or a delivery twice", &|a| a["lines"][1]["id"] = json!("l1")),
        ("it speaks of a line or a delivery that was not asked about", &|a| {
            a["lines"][1]["id"] = json!("l3");
        }),
        ("it speaks of a line or a delivery that was not asked about", &|a| {
            a["lines"][1]["id"] = json!("d1");
        }),
        ("its taxes do not sum to its totalTax", &|a| a["totalTax"] = json!(237)),
        ("its taxes do not sum to its totalTax", &|a| a["lines"][0]["taxes"][0]["amount"] = json!(101)),
        ("a tax is below nothing", &|a| a["lines"][0]["taxes"][0]["amount"] = json!(-1)),
        ("a tax is beyond any order", &|a| a["lines"][0]["taxes"][0]["amount"] = json!(i64::MAX)),
        ("its taxes are more than what is taxed", &|a| {
            a["lines"][1]["taxes"] = json!([
                { "name": "NY", "rate": "4", "amount": 400 },
                { "name": "NYC", "rate": "4", "amount": 101 },
            ]);
        }),
        ("a rate is no percentage from 0 to 100 with at most four decimals", &|a| {
            a["lines"][0]["taxes"][0]["rate"] = json!("100.0001");
        }),
        ("a rate is no percentage from 0 to 100 with at most four decimals", &|a| {
            a["lines"][0]["taxes"][0]["rate"] = json!("-4");
        }),
        ("a rate is no percentage from 0 to 100 with at most four decimals", &|a| {
            a["lines"][0]["taxes"][0]["rate"] = json!("4.00001");
        }),
        ("a rate is no percentage from 0 to 100 with at most four decimals", &|a| {
            a["lines"][0]["taxes"][0]["rate"] = json!("4 %");
        }),
        ("the name of a tax is empty, longer than 64 characters, or not one line", &|a| {
            a["lines"][0]["taxes"][0]["name"] = json!("N\nY");
        }),
        ("the name of a tax is empty, longer than 64 characters, or not one line", &|a| {
            a["lines"][0]["taxes"][0]["name"] = json!("N".repeat(65));
        }),
        ("it has more than 10 taxes on one thing", &|a| {
            a["lines"][1]["taxes"] = json!(vec![json!({ "name": "NY", "rate": "0", "amount": 0 }); 11]);
        }),
    ];
    for (number, (why, change)) in cases.iter().enumerate() {
        assert_eq!(told(change).unwrap_err(), *why, "case {number}");
    }
    assert!(told(|_| {}).is_ok(), "otherwise no case shows anything");
}

#[test]
fn it_is_said_where_an_answer_stopped_being_one() {
    let wrong = read(b"{\n  \"version\": 1,\n  \"currency\": 7\n}", &request()).unwrap_err();
    assert_eq!((wrong.line, wrong.column > 0), (3, true));
    let figures = answer().to_string().replace("238", "239");
    assert_eq!(read(figures.as_bytes(), &request()).unwrap_err().line, 0);
}

#[test]
fn tax_on_top_can_be_charged_and_tax_inside_is_as_it_is() {
    let mut asked = request();
    asked.currency = Currency::parse("KWD").unwrap();
    let fils = |a: &mut Value| a["currency"] = json!("KWD");
    assert_eq!(told_to(&asked, fils).unwrap_err(), "a tax is no multiple of step");
    asked.prices_include_tax = true;
    assert!(told_to(&asked, fils).is_ok());
}

#[test]
fn nothing_is_taxed_of_what_costs_nothing() {
    let mut asked = request();
    asked.lines[0].amount = 0;
    assert_eq!(told_to(&asked, |_| {}).unwrap_err(), "its taxes are more than what is taxed");
    asked.lines[0].amount = -2_499;
    assert_eq!(told_to(&asked, |_| {}).unwrap_err(), "its taxes are more than what is taxed");
    let free = |a: &mut Value| {
        a["lines"][0]["taxes"] = json!([{ "name": "NY", "rate": "4", "amount": 0 }]);
        a["totalTax"] = json!(26);
    };
    assert!(told_to(&asked, free).is_ok());
}

#[test]
fn equal_questions_are_equal_bytes() {
    let known = asked(|_| {});
    // Two carts with the same in them.
    assert_eq!(asked(|r| r.lines[0].id = CartLineId::new(Uuid::from_u128(99))), known);
    assert_eq!(asked(|r| r.deliveries[0].id = DeliveryGroupId::new(Uuid::from_u128(99))), known);
    // 12:00:00 and 12:14:59 are of one quarter of an hour, 12:15 and 11:59:59 are not.
    assert_eq!(asked(|r| r.at += TimeDelta::seconds(899)), known);
    assert_ne!(asked(|r| r.at += TimeDelta::seconds(900)), known);
    assert_ne!(asked(|r| r.at -= TimeDelta::microseconds(1)), known);
    let others: &[&dyn Fn(&mut TaxRequest)] = &[
        &|r| r.currency = Currency::parse("EUR").unwrap(),
        &|r| r.prices_include_tax = true,
        &|r| r.from = CountryCode::parse("US").map(Place::somewhere_in),
        &|r| r.to.province = Some("NY".into()),
        &|r| r.to.zip = Some("10001".into()),
        &|r| r.to.city = Some("10001".into()),
        &|r| r.buyer.exempt = true,
        &|r| r.buyer.tax_number = Some("1".into()),
        &|r| r.lines[0].amount += 1,
        &|r| r.lines[0].quantity += 1,
        &|r| r.lines[0].category = Some("clothing".into()),
        &|r| r.lines[0].sku = Some("clothing".into()),
        &|r| r.lines.swap(0, 1),
        &|r| r.deliveries[0].amount += 1,
        &|r| r.deliveries.clear(),
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

    /// Whatever is believed keeps its promises: each thing once, nothing below zero or above what is taxed.
    #[test]
    fn what_is_believed_is_within_bounds(
        ids in prop::collection::vec(prop::sample::select(vec!["l1", "l2", "l3", "d1", ""]), 0..4),
        amounts in prop::collection::vec(prop_oneof![-5_i64..3_000, any::<i64>()], 4),
        total in prop_oneof![0_i64..3_000, any::<i64>()],
        sums in any::<bool>(),
    ) {
        let lines: Vec<Value> = ids.iter().zip(&amounts).map(|(id, amount)| {
            json!({ "id": id, "taxes": [{ "name": "T", "rate": "5", "amount": amount }] })
        }).collect();
        let sum = ids.iter().zip(&amounts).fold(0_i64, |sum, (_, amount)| sum.saturating_add(*amount));
        let answer = json!({
            "version": 1, "currency": "USD", "lines": lines,
            "deliveries": [{ "id": "d1", "taxes": [] }], "totalTax": if sums { sum } else { total },
        });
        let request = request();
        if let Ok(taxes) = read(answer.to_string().as_bytes(), &request) {
            prop_assert_eq!(taxes.lines.len(), 2);
            for (taxed, taxes) in request.lines.iter().zip(&taxes.lines) {
                let sum: i64 = taxes.iter().map(|tax| tax.amount).sum();
                prop_assert!((0..=taxed.amount).contains(&sum));
            }
        }
    }
}
