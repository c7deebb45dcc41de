//! The sample service, asked through the adapters.

use crate::{
    kit::{self, TOKEN, config, shipment, to_berlin, to_new_york},
    server::Server,
    service,
};
use secrecy::SecretString;
use stoa_domain::{
    delivery::{CarrierRates, DeliveryDays},
    shared::{Currency, OutsideError},
    tax::{QuotedPart, TaxService},
};
use stoa_outside::{HttpCarrierRates, HttpTaxService, ServiceConfig};

async fn server() -> (Server, String) {
    let server = Server::of(service::router(TOKEN)).await;
    let base = server.url.trim_end_matches("/ask").to_owned();
    (server, base)
}

fn figures(taxes: &[QuotedPart]) -> Vec<(&str, u32, i64)> {
    taxes.iter().map(|tax| (tax.name.as_str(), tax.rate.millionths(), tax.amount)).collect()
}

#[tokio::test]
async fn a_service_works_out_taxes() {
    let (_server, base) = server().await;
    let service = HttpTaxService::new(&config(&format!("{base}/taxes"))).unwrap();
    let quoted = service.quote(&to_new_york()).await.unwrap();
    let (state, city) = ("New York State", "New York City");
    assert_eq!(figures(&quoted.lines[0].taxes), [(state, 40_000, 100), (city, 45_000, 112)]);
    assert_eq!(figures(&quoted.lines[1].taxes), [], "clothing below 110 dollars");
    assert_eq!(figures(&quoted.deliveries[0].taxes), [(state, 40_000, 26), (city, 45_000, 29)]);
    let quoted = service.quote(&to_berlin()).await.unwrap();
    let amounts: Vec<_> = quoted.lines.iter().map(|line| line.taxes[0].amount).collect();
    assert_eq!((amounts, quoted.deliveries[0].taxes[0].amount), (vec![1_900, 140], 78));
    let mut exempt = to_new_york();
    exempt.buyer.exempt = true;
    assert!(service.quote(&exempt).await.unwrap().lines.iter().all(|line| line.taxes.is_empty()));
}

#[tokio::test]
async fn tax_on_top_is_what_can_be_charged() {
    let (_server, base) = server().await;
    let service = HttpTaxService::new(&config(&format!("{base}/taxes"))).unwrap();
    let mut dinars = to_berlin();
    (dinars.currency, dinars.prices_include_tax) = (Currency::parse("KWD").unwrap(), false);
    let quoted = service.quote(&dinars).await.unwrap();
    // 19 % of 11.900 are 2.261: 2.260.
    assert_eq!(quoted.lines[0].taxes[0].amount, 2_260);
}

#[tokio::test]
async fn a_service_says_what_delivering_costs() {
    let (_server, base) = server().await;
    let carriers = HttpCarrierRates::new(&config(&format!("{base}/rates"))).unwrap();
    let shipment = shipment();
    let quoted = carriers.quote(&shipment).await.unwrap();
    let offers: Vec<_> = quoted.iter().map(|q| (q.group, q.handle.as_str(), q.amount)).collect();
    let group = shipment.parcels[0].group;
    assert_eq!(offers, [(group, "parcel", 700), (group, "express", 1_900)]);
    assert_eq!(quoted[0].days, Some(DeliveryDays { least: 3, most: 5 }));
}

#[tokio::test]
async fn who_has_another_token_is_told_nothing() {
    let (_server, base) = server().await;
    let other =
        ServiceConfig { token: Some(SecretString::from("open-barley")), ..config(&format!("{base}/taxes")) };
    let refused = HttpTaxService::new(&other).unwrap().quote(&kit::to_new_york()).await;
    assert_eq!(refused, Err(OutsideError::Refused { status: 401 }));
}
