//! What the tests ask about, and how.

use crate::server::Server;
use chrono::DateTime;
use secrecy::SecretString;
use std::time::Duration;
use stoa_domain::{
    delivery::{Parcel, ShipmentRequest},
    shared::{CartLineId, CountryCode, Currency, DeliveryGroupId, Place},
    tax::{TaxBuyer, TaxRequest, TaxedDelivery, TaxedLine},
};
use stoa_outside::{HttpCarrierRates, HttpTaxService, ServiceConfig};
use url::Url;
use uuid::Uuid;

pub(crate) const TOKEN: &str = "open-sesame-8190";

/// A service on this machine that is waited for long enough.
pub(crate) fn config(url: &str) -> ServiceConfig {
    drop(rustls::crypto::ring::default_provider().install_default());
    ServiceConfig {
        token: Some(SecretString::from(TOKEN)),
        patience: Duration::from_secs(10),
        ..ServiceConfig::new(Url::parse(url).unwrap())
    }
}

/// The same, for those of which no answer is expected.
pub(crate) fn impatient(url: &str) -> ServiceConfig {
    ServiceConfig { patience: Duration::from_millis(150), ..config(url) }
}

pub(crate) fn tax_service(server: &Server) -> HttpTaxService {
    HttpTaxService::new(&config(&server.url)).unwrap()
}

pub(crate) fn carriers(server: &Server) -> HttpCarrierRates {
    HttpCarrierRates::new(&config(&server.url)).unwrap()
}

pub(crate) fn place(country: &str, province: Option<&str>, zip: Option<&str>, city: Option<&str>) -> Place {
    Place {
        country: CountryCode::parse(country).unwrap(),
        province: province.map(Box::from),
        zip: zip.map(Box::from),
        city: city.map(Box::from),
    }
}

fn line(id: u128, amount: i64, quantity: u32, category: Option<&str>, sku: &str) -> TaxedLine {
    TaxedLine {
        id: CartLineId::new(Uuid::from_u128(id)),
        amount,
        quantity,
        category: category.map(str::to_owned),
        sku: Some(sku.to_owned()),
    }
}

fn group(id: u128) -> DeliveryGroupId {
    DeliveryGroupId::new(Uuid::from_u128(id))
}

/// A mug and a coat to New York, priced without tax: the first example of docs/outside-services.md.
pub(crate) fn to_new_york() -> TaxRequest {
    TaxRequest {
        currency: Currency::USD,
        prices_include_tax: false,
        at: DateTime::parse_from_rfc3339("2026-11-22T12:07:31Z").unwrap().to_utc(),
        from: Some(place("US", Some("CA"), Some("94103"), None)),
        to: place("US", Some("NY"), Some("10001"), Some("New York")),
        buyer: TaxBuyer::default(),
        lines: vec![line(1, 2_499, 1, None, "MUG"), line(2, 8_900, 1, Some("clothing"), "COAT-M")],
        deliveries: vec![TaxedDelivery { id: group(1), amount: 644 }],
    }
}

/// A lamp and two books within Germany, priced with tax: the second one.
pub(crate) fn to_berlin() -> TaxRequest {
    TaxRequest {
        currency: Currency::parse("EUR").unwrap(),
        prices_include_tax: true,
        at: DateTime::parse_from_rfc3339("2026-11-22T12:15:00Z").unwrap().to_utc(),
        from: Some(place("DE", None, Some("20095"), None)),
        to: place("DE", None, Some("10115"), Some("Berlin")),
        buyer: TaxBuyer { exempt: false, tax_number: Some("DE123456788".to_owned()) },
        lines: vec![line(1, 11_900, 1, None, "LAMP"), line(2, 2_140, 2, Some("books"), "BOOK-7")],
        deliveries: vec![TaxedDelivery { id: group(1), amount: 490 }],
    }
}

/// A parcel that is larger than it is heavy, and one that nobody carries.
pub(crate) fn shipment() -> ShipmentRequest {
    ShipmentRequest {
        currency: Currency::USD,
        from: Some(place("US", Some("CA"), Some("94103"), None)),
        to: place("US", Some("NY"), Some("10001"), Some("New York")),
        parcels: vec![
            Parcel { group: group(1), grams: 1_200, volume_mm3: 9_000_000, units: 3, value: 7_497 },
            Parcel { group: group(2), grams: 64_000, volume_mm3: 0, units: 1, value: 120_000 },
        ],
    }
}
