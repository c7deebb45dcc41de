//! How the shop presents itself in a country and a language.

use super::Storefront;
use crate::graphql::{
    ApiError, Request,
    codes::{CountryCode, CurrencyCode, LanguageCode},
};
use async_graphql::{Context, Enum, Object};
use std::sync::Arc;

/// How lengths and weights are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UnitSystem {
    /// Inches and pounds.
    ImperialSystem,
    /// Metres and kilograms.
    MetricSystem,
}

/// The shop in the country an operation is for.
#[derive(Clone, Debug)]
pub struct Localization {
    pub(super) shop: Arc<Storefront>,
    pub(super) country: CountryCode,
}

/// The country and the language an operation is answered in, and what there is to choose from.
#[Object]
impl Localization {
    /// The countries the shop delivers to.
    async fn available_countries(&self) -> Vec<Country> {
        self.shop.countries.iter().map(|code| Country { code: *code }).collect()
    }

    /// The country this operation is answered for: that of `@inContext`, if the shop delivers there, or else the
    /// shop's own.
    async fn country(&self) -> Country {
        Country { code: self.country }
    }

    /// The language this operation is answered in: the one the shop's texts are written in, whatever `@inContext` asks for.
    async fn language(&self) -> Language {
        Language(LanguageCode::EN)
    }
}

/// A country the shop delivers to.
#[derive(Clone, Copy, Debug)]
pub struct Country {
    code: CountryCode,
}

/// A country the shop delivers to.
#[Object]
impl Country {
    /// The currency of prices for this country: that of its market.
    async fn currency(&self, ctx: &Context<'_>) -> Result<Currency, ApiError> {
        let country = stoa_domain::shared::CountryCode::parse(self.code.as_str());
        Ok(Currency(ctx.services().show_prices.currency_in(country).await?))
    }

    /// The country's ISO 3166-1 code.
    async fn iso_code(&self) -> CountryCode {
        self.code
    }

    /// The country's English name.
    async fn name(&self) -> &'static str {
        self.code.english()
    }

    /// How lengths and weights are told there.
    async fn unit_system(&self) -> UnitSystem {
        match self.code {
            CountryCode::US | CountryCode::LR | CountryCode::MM => UnitSystem::ImperialSystem,
            _ => UnitSystem::MetricSystem,
        }
    }
}

/// A currency.
#[derive(Clone, Copy, Debug)]
pub struct Currency(stoa_domain::shared::Currency);

/// A currency.
#[Object]
impl Currency {
    /// The ISO 4217 code.
    async fn iso_code(&self) -> CurrencyCode {
        self.0.into()
    }

    /// The English name.
    async fn name(&self) -> String {
        self.0.name()
    }

    /// The symbol, such as `€`.
    async fn symbol(&self) -> String {
        self.0.symbol()
    }
}

/// A language.
#[derive(Clone, Copy, Debug)]
pub struct Language(LanguageCode);

/// A language.
#[Object]
impl Language {
    /// The ISO 639 code.
    async fn iso_code(&self) -> LanguageCode {
        self.0
    }

    /// The English name.
    async fn name(&self) -> &'static str {
        self.0.english()
    }
}
