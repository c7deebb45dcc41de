//! `[pricing]`, services outside of the house: who is asked for taxes and for carriers' rates, and what is done without an answer.

use super::{
    raw::PricingSection,
    validate::{InvalidConfig, invalid},
};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use stoa_domain::shared::Fallback;
use stoa_outside::{InvalidService, MOST_PATIENCE, ServiceConfig};
use url::Url;

/// Services outside of the house.
#[derive(Clone, Debug)]
pub struct OutsideConfig {
    /// Who works out taxes; `None`: the shop's own rules.
    pub taxes: Option<ServiceConfig>,
    /// Who says what delivering costs; `None`: nobody but the shop.
    pub carriers: Option<ServiceConfig>,
    /// What is done without an answer about taxes.
    pub fallback: Fallback,
}

/// How long an answer may be kept at most: prices and rates of an hour ago are nobody's.
const MOST_MINUTES: u64 = 60;
/// In a request both services may be waited for, and each twice: for somebody who asks the same and goes away, and for the own answer.
const WAITS: u32 = 4;

/// The keys of one service.
struct Keys {
    url: &'static str,
    token: &'static str,
}

const TAXES: Keys = Keys { url: "pricing.tax_service_url", token: "pricing.tax_service_token" };
const CARRIERS: Keys = Keys { url: "pricing.carrier_service_url", token: "pricing.carrier_service_token" };
const TIMEOUT: &str = "pricing.service_timeout_ms";

pub(super) fn outside(section: &PricingSection, request: Duration) -> Result<OutsideConfig, InvalidConfig> {
    let patience = patience(section.service_timeout_ms)?;
    if section.service_cache_minutes > MOST_MINUTES {
        let problem = format!("must be {MOST_MINUTES} at most");
        return Err(invalid("pricing.service_cache_minutes", problem));
    }
    let keep_for = Duration::from_secs(section.service_cache_minutes * 60);
    let fallback = match section.service_fallback.as_str() {
        "rules" => Fallback::Rules,
        "refuse" => Fallback::Refuse,
        _ => return Err(invalid("pricing.service_fallback", "must be rules or refuse")),
    };
    let read = |keys: &Keys, url: &str, token: &SecretString| service(keys, url, token, patience, keep_for);
    let outside = OutsideConfig {
        taxes: read(&TAXES, &section.tax_service_url, &section.tax_service_token)?,
        carriers: read(&CARRIERS, &section.carrier_service_url, &section.carrier_service_token)?,
        fallback,
    };
    if (outside.taxes.is_some() || outside.carriers.is_some()) && patience * WAITS > request {
        let problem =
            format!("must be at most 1/{WAITS} of http.timeout_seconds, or buyers are told of a fault");
        return Err(invalid(TIMEOUT, problem));
    }
    Ok(outside)
}

fn patience(millis: u64) -> Result<Duration, InvalidConfig> {
    let patience = Duration::from_millis(millis);
    if patience.is_zero() || patience > MOST_PATIENCE {
        return Err(invalid(TIMEOUT, format!("must be from 1 to {}", MOST_PATIENCE.as_millis())));
    }
    Ok(patience)
}

fn service(
    keys: &Keys,
    url: &str,
    token: &SecretString,
    patience: Duration,
    keep_for: Duration,
) -> Result<Option<ServiceConfig>, InvalidConfig> {
    let token = Some(token.clone()).filter(|token| !token.expose_secret().is_empty());
    if url.is_empty() {
        return match token {
            Some(_) => Err(invalid(keys.url, "is missing although its token is set")),
            None => Ok(None),
        };
    }
    let url = Url::parse(url)
        .map_err(|_| invalid(keys.url, "must be a URL, such as https://tax.example.org/taxes, or empty"))?;
    let config = ServiceConfig { url, token, patience, keep_for };
    config.check().map_err(|wrong| named(keys, wrong))?;
    Ok(Some(config))
}

/// What is wrong with a service, under the setting that it comes from.
fn named(keys: &Keys, wrong: InvalidService) -> InvalidConfig {
    let key = match wrong.field {
        "token" => keys.token,
        "patience" => TIMEOUT,
        _ => keys.url,
    };
    InvalidConfig { key, problem: wrong.problem.into_owned() }
}
