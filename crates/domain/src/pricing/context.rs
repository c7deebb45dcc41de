//! Which market a buyer is in.

use super::{BuyerFacts, Context, PricingError, Rules};
use crate::{
    market::{ExchangeRate, Market},
    shared::CountryCode,
};
use std::collections::BTreeMap;

impl<'a> Context<'a> {
    /// Somebody in the shop's own market, of whom nothing is known.
    pub fn anybody(market: &'a Market) -> Self {
        Self {
            market,
            currency: market.currency,
            shop_currency: market.currency,
            rate: ExchangeRate::ONE,
            buyer: BuyerFacts::default(),
            address: None,
            locations: BTreeMap::new(),
        }
    }

    /// Somebody in a country, of whom nothing else is known: in its market, where nobody has named one in that of the shop's country. Whose
    /// market is not in use, or has a currency without a rate, is in the primary one.
    pub fn of(rules: &'a Rules, country: Option<CountryCode>) -> Self {
        let (data, primary) = (rules.data(), rules.primary());
        let country = country.or(data.settings.home.as_ref().map(|home| home.country));
        let market = country.and_then(|country| data.markets.iter().find(|m| m.countries.contains(&country)));
        let priced = market.filter(|market| market.active).and_then(|market| {
            let rate = match market.currency == primary.currency {
                true => ExchangeRate::ONE,
                false => *data.rates.get(&market.currency)?,
            };
            Some((market, rate))
        });
        let (market, rate) = priced.unwrap_or((primary, ExchangeRate::ONE));
        Self { rate, shop_currency: primary.currency, ..Self::anybody(market) }
    }

    /// What an amount of the cart's currency is in the shop's, half up to its minor unit: such as what a promotion took off, for its budget.
    ///
    /// # Errors
    /// 64 bits do not hold it.
    pub fn in_shop(&self, minor: i64) -> Result<i64, PricingError> {
        if !self.is_foreign() {
            return Ok(minor);
        }
        Ok(self.rate.back(minor, self.currency, self.shop_currency, 1)?)
    }

    /// Whether prices are in another currency than the catalogue's.
    pub(super) fn is_foreign(&self) -> bool {
        self.currency != self.shop_currency
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        pricing::{DeliveryOption, PricingRules, RulesData, TaxRounding},
        shared::{Currency, MarketId, Place, Rate},
    };
    use std::collections::BTreeSet;
    use uuid::Uuid;

    fn market(n: u128, currency: &str, country: &str) -> Market {
        Market {
            id: MarketId::new(Uuid::from_u128(n)),
            countries: CountryCode::parse(country).into_iter().collect(),
            ..Market::primary(Currency::parse(currency).unwrap())
        }
    }

    fn rules() -> RulesData {
        let delivery = DeliveryOption { handle: "s".into(), title: "S".into(), price: 0, taxable: false };
        let configured = PricingRules {
            tax_rate: Rate::default(),
            prices_include_tax: true,
            tax_rounding: TaxRounding::Line,
            delivery,
        };
        let mut data = Rules::implicit(&configured, Currency::parse("EUR").unwrap()).data().clone();
        data.markets = vec![
            market(1, "USD", "US"),
            market(2, "JPY", "JP"),
            Market { active: false, ..market(3, "EUR", "FR") },
            market(4, "EUR", "AT"),
            market(5, "USD", "DE"),
        ];
        data.rates = [(Currency::USD, ExchangeRate::parse("1.08").unwrap())].into();
        data
    }

    #[test]
    fn a_country_has_its_market_and_all_others_are_the_shops() {
        let rules = Rules::compile(rules());
        let of = |country: &str| {
            let context = Context::of(&rules, CountryCode::parse(country));
            assert_eq!(context.shop_currency.code(), "EUR");
            assert_eq!(context.currency, context.market.currency);
            (context.market.id, context.currency.code(), context.rate.to_string())
        };
        let id = |n| MarketId::new(Uuid::from_u128(n));
        assert_eq!(of("US"), (id(1), "USD", "1.08".into()));
        assert_eq!(of("AT"), (id(4), "EUR", "1".into()));
        assert_eq!(of("IT"), (MarketId::NIL, "EUR", "1".into()));
        assert_eq!(of("JP"), (MarketId::NIL, "EUR", "1".into()), "there is no rate for yen");
        assert_eq!(of("FR"), (MarketId::NIL, "EUR", "1".into()), "its market is not in use");
    }

    #[test]
    fn who_has_named_no_country_is_where_the_shop_is() {
        let mut data = rules();
        let rules = Rules::compile(data.clone());
        assert_eq!(Context::of(&rules, None).market.id, MarketId::NIL);
        data.settings.home = CountryCode::parse("DE").map(Place::somewhere_in);
        let rules = Rules::compile(data);
        assert_eq!(Context::of(&rules, None).currency.code(), "USD");
        assert!(Context::of(&rules, None).is_foreign());
        assert_eq!(rules.primary().countries, BTreeSet::new());
    }
}
