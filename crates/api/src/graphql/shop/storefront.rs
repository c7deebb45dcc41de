//! What answers need to know of the shop, made ready once.

use crate::graphql::{PriceCurrency, codes::CountryCode, scalars::Url};
use std::borrow::Cow;
use stoa_services::Settings;

/// The settings of the shop in the words of the schema. One value lives as long as the schema; answers share it.
#[derive(Clone, Debug)]
pub struct Storefront {
    /// The shop's name.
    pub name: String,
    /// What it sells, in a sentence.
    pub description: Option<String>,
    /// Where buyers reach it, without a slash at the end.
    pub base_url: String,
    /// The host part of that.
    pub host: String,
    /// The currency of all prices.
    pub currency: PriceCurrency,
    /// Where the shop sells from.
    pub country: CountryCode,
    /// Where it delivers to, in the order of the settings.
    pub countries: Vec<CountryCode>,
}

impl Storefront {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Self {
        let countries = match settings.delivery_countries.as_slice() {
            [] => CountryCode::EVERY.iter().copied().filter(|c| *c != CountryCode::ZZ).collect(),
            chosen => chosen.iter().map(|c| (*c).into()).collect(),
        };
        Self {
            name: settings.shop_name.clone(),
            description: settings.shop_description.clone(),
            base_url: settings.public_url.as_str().trim_end_matches('/').to_owned(),
            host: settings.public_url.host_str().unwrap_or_default().to_owned(),
            currency: settings.currency.into(),
            country: settings.country.into(),
            countries,
        }
    }

    /// The absolute form of an address that may be a path on this server.
    pub fn absolute<'a>(&self, address: &'a str) -> Url<'a> {
        if address.starts_with('/') {
            Url(Cow::Owned([&self.base_url, address].concat()))
        } else {
            Url(Cow::Borrowed(address))
        }
    }

    /// The country an answer is for: the one asked for, if the shop delivers there, or else its own.
    pub fn country_for(&self, asked: Option<&str>) -> CountryCode {
        asked.and_then(CountryCode::parse).filter(|c| self.countries.contains(c)).unwrap_or(self.country)
    }
}
