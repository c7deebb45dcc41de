//! Services outside of the house: who works out taxes, and who says what delivering costs.

use super::metrics;
use crate::config::{InvalidConfig, OutsideConfig};
use std::sync::Arc;
use stoa_domain::{delivery::CarrierRates, tax::TaxService};
use stoa_outside::{HttpCarrierRates, HttpTaxService, InvalidService};
use stoa_services::OutsideServices;

/// Makes ready to ask them. Nothing is asked yet: one that is away may come back.
pub(crate) fn services(config: &OutsideConfig) -> Result<OutsideServices, InvalidConfig> {
    let at = |key| move |wrong: InvalidService| InvalidConfig { key, problem: wrong.problem.into_owned() };
    let taxes = config.taxes.as_ref().map(|service| -> Result<Arc<dyn TaxService>, InvalidConfig> {
        let service = HttpTaxService::new(service).map_err(at("pricing.tax_service_url"))?;
        Ok(Arc::new(service.observed(metrics::outside("tax"))))
    });
    let carriers = config.carriers.as_ref().map(|service| -> Result<Arc<dyn CarrierRates>, InvalidConfig> {
        let service = HttpCarrierRates::new(service).map_err(at("pricing.carrier_service_url"))?;
        Ok(Arc::new(service.observed(metrics::outside("carrier"))))
    });
    Ok(OutsideServices {
        taxes: taxes.transpose()?,
        carriers: carriers.transpose()?,
        fallback: config.fallback,
    })
}
