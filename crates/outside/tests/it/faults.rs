//! Services that fail, and answers of no use.

use crate::{
    kit::{self, carriers, impatient, tax_service, to_new_york},
    server::{Mood, Server},
};
use serde_json::{Value, json};
use stoa_domain::{delivery::CarrierRates, shared::OutsideError, tax::TaxService};
use stoa_outside::{HttpCarrierRates, HttpTaxService, MOST_BYTES, ServiceConfig};
use tokio::net::TcpListener;
use url::Url;

/// The taxes of [`to_new_york`].
pub(crate) fn taxes() -> Value {
    json!({
        "version": 1,
        "currency": "USD",
        "lines": [
            { "id": "l1", "taxes": [{ "name": "NY", "rate": "4", "amount": 100 }] },
            { "id": "l2", "taxes": [] },
        ],
        "deliveries": [{ "id": "d1", "taxes": [] }],
        "totalTax": 100,
    })
}

async fn asked(mood: Mood) -> Result<i64, OutsideError> {
    let server = Server::start(mood).await;
    let quoted = tax_service(&server).quote(&to_new_york()).await?;
    Ok(quoted.lines[0].taxes[0].amount)
}

async fn asked_impatiently(mood: Mood) -> Result<(), OutsideError> {
    let server = Server::start(mood).await;
    HttpTaxService::new(&impatient(&server.url)).unwrap().quote(&to_new_york()).await.map(drop)
}

#[tokio::test]
async fn a_service_that_answers_is_believed() {
    assert_eq!(asked(Mood::Says(taxes().to_string())).await, Ok(100));
}

#[tokio::test]
async fn nobody_waits_longer_than_the_patience() {
    assert_eq!(asked_impatiently(Mood::Silent).await, Err(OutsideError::Silent));
    // An answer that goes on coming is waited for no longer than one that does not come.
    assert_eq!(asked_impatiently(Mood::Stammering).await, Err(OutsideError::Silent));
}

#[tokio::test]
async fn a_service_that_is_not_there_is_silent() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let gone = HttpTaxService::new(&kit::config(&format!("http://127.0.0.1:{port}/"))).unwrap();
    assert_eq!(gone.quote(&to_new_york()).await, Err(OutsideError::Silent));
    assert_eq!(asked(Mood::Breaking).await, Err(OutsideError::Silent));
}

#[tokio::test]
async fn whatever_is_not_200_is_a_refusal() {
    for status in [201, 204, 400, 401, 404, 429, 500, 503] {
        let mood = Mood::Refuses(status, taxes().to_string());
        assert_eq!(asked(mood).await, Err(OutsideError::Refused { status }), "{status}");
    }
}

#[tokio::test]
async fn nobody_is_led_elsewhere() {
    let other = Server::start(Mood::Says(taxes().to_string())).await;
    assert_eq!(asked(Mood::Elsewhere(other.url.clone())).await, Err(OutsideError::Refused { status: 307 }));
    assert_eq!(other.asked(), 0);
}

#[tokio::test]
async fn a_body_without_end_is_read_to_its_bound() {
    let long = Err(OutsideError::Unreadable("it is longer than 256 KiB"));
    assert_eq!(asked(Mood::Endless).await, long);
    assert_eq!(asked(Mood::Boasting).await, long);
    // As long as may be, it is read.
    let (json, mut padded) = (taxes().to_string(), String::new());
    padded.push_str(&" ".repeat(MOST_BYTES - json.len()));
    padded.push_str(&json);
    assert_eq!(asked(Mood::Says(padded)).await, Ok(100));
}

#[tokio::test]
async fn an_answer_that_is_wrong_in_one_figure_is_of_no_use() {
    let wrong = |change: &dyn Fn(&mut Value)| {
        let mut answer = taxes();
        change(&mut answer);
        asked(Mood::Says(answer.to_string()))
    };
    let unreadable = |why| Err(OutsideError::Unreadable(why));
    assert_eq!(wrong(&|a| a["currency"] = json!("EUR")).await, unreadable("it is in another currency"));
    assert_eq!(
        wrong(&|a| a["lines"][0]["taxes"][0]["amount"] = json!(-100)).await,
        unreadable("a tax is below nothing")
    );
    assert_eq!(
        wrong(&|a| a["totalTax"] = json!(99)).await,
        unreadable("its taxes do not sum to its totalTax")
    );
    assert_eq!(
        asked(Mood::Says("<html>".to_owned())).await,
        unreadable("it is not JSON of the form that was asked for")
    );
    assert_eq!(
        asked(Mood::Says(String::new())).await,
        unreadable("it is not JSON of the form that was asked for")
    );
}

#[tokio::test]
async fn carriers_fail_in_the_same_ways() {
    let shipment = kit::shipment();
    let rates = json!({ "version": 1, "currency": "USD", "rates": [
        { "group": "g1", "handle": "air", "title": "By air", "amount": 1_890 }] });
    let server = Server::start(Mood::Says(rates.to_string())).await;
    let quoted = carriers(&server).quote(&shipment).await.unwrap();
    assert_eq!((quoted[0].group, quoted[0].amount), (shipment.parcels[0].group, 1_890));
    let unreadable = |why| Err(OutsideError::Unreadable(why));
    for (mood, error) in [
        (Mood::Says(rates.to_string().replace("USD", "CAD")), unreadable("it is in another currency")),
        (Mood::Says(rates.to_string().replace("1890", "-1890")), unreadable("a rate is below nothing")),
        (
            Mood::Says(rates.to_string().replace("g1", "g3")),
            unreadable("it speaks of a group that was not asked about"),
        ),
        (Mood::Endless, unreadable("it is longer than 256 KiB")),
        (Mood::Refuses(500, rates.to_string()), Err(OutsideError::Refused { status: 500 })),
        (Mood::Elsewhere("http://127.0.0.1:1/".to_owned()), Err(OutsideError::Refused { status: 307 })),
    ] {
        server.feels(mood);
        assert_eq!(carriers(&server).quote(&shipment).await, error);
    }
    server.feels(Mood::Silent);
    let impatient = HttpCarrierRates::new(&impatient(&server.url)).unwrap();
    assert_eq!(impatient.quote(&shipment).await, Err(OutsideError::Silent));
}

#[tokio::test]
async fn about_nothing_nobody_is_asked() {
    let server = Server::start(Mood::Refuses(500, String::new())).await;
    let mut nothing = to_new_york();
    nothing.lines.clear();
    nothing.deliveries.clear();
    let quoted = tax_service(&server).quote(&nothing).await.unwrap();
    assert_eq!((quoted.fingerprint, quoted.lines.len()), (nothing.fingerprint(), 0));
    let mut nothing = kit::shipment();
    nothing.parcels.clear();
    assert_eq!(carriers(&server).quote(&nothing).await, Ok(Vec::new()));
    assert_eq!(server.asked(), 0);
}

#[test]
fn a_service_that_cannot_be_is_refused_at_start() {
    let config = ServiceConfig::new(Url::parse("http://tax.example.org/").unwrap());
    assert_eq!(HttpTaxService::new(&config).unwrap_err().field, "url");
    assert_eq!(HttpCarrierRates::new(&config).unwrap_err().field, "url");
}
