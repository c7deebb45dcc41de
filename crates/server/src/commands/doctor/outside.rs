//! Whether the services outside of the house answer, and so that it can be read.

use crate::{
    app::outside_services,
    config::{Config, OutsideConfig},
};
use std::io::Write;
use stoa_domain::{
    delivery::{Parcel, ShipmentRequest},
    shared::{CartLineId, Clock, Currency, DeliveryGroupId, OutsideError, Place, Timestamp},
    tax::{TaxBuyer, TaxRequest, TaxedDelivery, TaxedLine},
};
use stoa_services::{doctor::Finding, system::SystemClock};

/// Asks each of them one question, as of a small cart within the shop's own country. They book nothing for it, as for any question.
pub(super) async fn examine(config: &Config, out: &mut impl Write) -> anyhow::Result<Vec<Finding>> {
    let home = Place::somewhere_in(config.settings.country);
    ask(&config.outside, config.settings.currency, home, SystemClock.now(), out).await
}

async fn ask(
    config: &OutsideConfig,
    currency: Currency,
    home: Place,
    now: Timestamp,
    out: &mut impl Write,
) -> anyhow::Result<Vec<Finding>> {
    let services = outside_services(config)?;
    let mut findings = Vec::new();
    if let Some(taxes) = &services.taxes {
        match taxes.quote(&cart(currency, &home, now)).await {
            Ok(_) => writeln!(out, "tax service: it answers")?,
            Err(error) => findings.push(finding("outside.taxes", error)),
        }
    }
    if let Some(carriers) = &services.carriers {
        match carriers.quote(&parcel(currency, home)).await {
            Ok(quotes) => writeln!(out, "carriers' service: it answers, with {} rates", quotes.len())?,
            Err(error) => findings.push(finding("outside.carriers", error)),
        }
    }
    Ok(findings)
}

/// A hundred of what can be charged least, of something with no code.
fn cart(currency: Currency, home: &Place, at: Timestamp) -> TaxRequest {
    let amount = 100 * currency.charge_step();
    TaxRequest {
        currency,
        prices_include_tax: false,
        at,
        from: Some(home.clone()),
        to: home.clone(),
        buyer: TaxBuyer::default(),
        lines: vec![TaxedLine { id: CartLineId::NIL, amount, quantity: 1, category: None, sku: None }],
        deliveries: vec![TaxedDelivery { id: DeliveryGroupId::NIL, amount }],
    }
}

/// A kilogram.
fn parcel(currency: Currency, home: Place) -> ShipmentRequest {
    let value = 100 * currency.charge_step();
    let parcel = Parcel { group: DeliveryGroupId::NIL, grams: 1_000, volume_mm3: 0, units: 1, value };
    ShipmentRequest { currency, from: Some(home.clone()), to: home, parcels: vec![parcel] }
}

fn finding(check: &'static str, error: OutsideError) -> Finding {
    let (service, keys) = match check {
        "outside.taxes" => ("The tax service", "pricing.tax_service_url and its token"),
        _ => ("The carriers' service", "pricing.carrier_service_url and its token"),
    };
    let remedy = match error {
        OutsideError::Silent => {
            "See that it runs, that it is reached from here, and that it answers within pricing.service_timeout_ms. What is done meanwhile, \
             pricing.service_fallback says."
        }
        OutsideError::Refused { status: 401 | 403 } => {
            "It does not take the token: is the one in the settings the one that it knows?"
        }
        OutsideError::Refused { .. } => {
            "Anything but 200 is a refusal; a redirect is not followed. See that the address in the settings is the one it answers at, and what \
             its own log says."
        }
        OutsideError::Unreadable(_) => {
            "docs/outside-services.md says what an answer is. The log above has the line and the column where it could not be read."
        }
    };
    Finding { check, problem: format!("{service} ({keys}) is of no use: {error}"), remedy, mended: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, http::StatusCode, routing::post};
    use stoa_domain::shared::{CountryCode, Fallback};
    use stoa_outside::ServiceConfig;
    use tokio::net::TcpListener;
    use url::Url;

    const TAXES: &str = r#"{"version":1,"currency":"USD","lines":[{"id":"l1","taxes":[{"name":"T","rate":"5","amount":5}]}],
        "deliveries":[{"id":"d1","taxes":[]}],"totalTax":5}"#;

    #[tokio::test]
    async fn services_that_answer_are_told_from_those_that_do_not() {
        drop(rustls::crypto::ring::default_provider().install_default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let router = Router::new()
            .route("/taxes", post(async || TAXES))
            .route("/rates", post(async || StatusCode::UNAUTHORIZED));
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        let at = |path: &str| Some(ServiceConfig::new(base.join(path).unwrap()));
        let config =
            OutsideConfig { taxes: at("taxes"), carriers: at("rates"), fallback: Fallback::default() };
        let home = Place::somewhere_in(CountryCode::parse("US").unwrap());
        let mut out = Vec::new();
        let findings = ask(&config, Currency::USD, home.clone(), SystemClock.now(), &mut out).await.unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "tax service: it answers\n");
        let told: Vec<_> = findings.iter().map(|finding| (finding.check, finding.problem.as_str())).collect();
        assert_eq!(
            told,
            [(
                "outside.carriers",
                "The carriers' service (pricing.carrier_service_url and its token) is of no use: the service refused with status 401"
            )]
        );
        assert!(findings[0].remedy.contains("token"));

        let nobody = OutsideConfig { taxes: None, carriers: None, fallback: Fallback::default() };
        let mut out = Vec::new();
        let findings = ask(&nobody, Currency::USD, home, SystemClock.now(), &mut out).await.unwrap();
        assert!(findings.is_empty() && out.is_empty());
        server.abort();
    }
}
