//! Shops and carts to try prices and taxes on.

use super::*;
use crate::{
    delivery::GroupChoice,
    shared::{
        CartLineId, CountryCode, Currency, DeliveryGroupId, Place, ProductId, PromotionId, Rate,
        TaxCategoryId, Timestamp,
    },
    tax::{TaxRate, TaxZone},
};
use chrono::DateTime;
use std::sync::Arc;
use uuid::Uuid;

pub(super) const NOW: Timestamp = DateTime::UNIX_EPOCH;

pub(super) fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

pub(super) fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a currency")
}

pub(super) fn country(code: &str) -> Place {
    Place::somewhere_in(CountryCode::parse(code).expect("a country"))
}

/// Goods whose variant and product have the same number.
pub(super) fn goods(n: u128, price: i64) -> Goods {
    Goods {
        variant: id(n),
        product: id::<ProductId>(n),
        price,
        compare_at_price: None,
        taxable: true,
        requires_shipping: true,
        weight_grams: 100,
        dimensions_mm: None,
        collections: Arc::from([]),
        tags: Arc::from([]),
        tax_category: None,
        gift_card: false,
    }
}

/// A rate of all goods, of delivery too.
pub(super) fn rate(n: u128, percent: &str, compound: bool) -> TaxRate {
    TaxRate {
        id: id(n),
        category: None,
        name: percent.into(),
        rate: Rate::parse_percent(percent).expect("a percentage"),
        compound,
        on_delivery: true,
        position: 0,
        valid_from: None,
        valid_until: None,
    }
}

pub(super) fn of_category(category: u128, rate: TaxRate) -> TaxRate {
    TaxRate { category: Some(id::<TaxCategoryId>(category)), ..rate }
}

/// A country's taxes.
pub(super) fn zone(n: u128, country: &str, rates: Vec<TaxRate>) -> TaxZone {
    TaxZone {
        id: id(n),
        name: country.into(),
        level: 0,
        country: CountryCode::parse(country),
        provinces: [].into(),
        postal_ranges: Vec::new(),
        priority: 0,
        rates: rates.into_iter().map(Arc::new).collect(),
    }
}

/// A cart in a shop. One group is delivered, if the shop delivers.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) data: RulesData,
    /// What, how many, and by which promotion; ids count up from 0.
    pub(super) lines: Vec<(Goods, u32, Option<PromotionId>)>,
    pub(super) to: Option<Place>,
    pub(super) delivers: bool,
    pub(super) option: Option<&'static str>,
    pub(super) context: fn(&mut Context<'_>),
    pub(super) quotes: Quotes,
    pub(super) now: Timestamp,
}

impl Sample {
    /// A shop in Germany, without taxes and delivery.
    pub(super) fn new(currency_code: &str, inside: bool) -> Self {
        let configured = PricingRules {
            tax_rate: Rate::default(),
            prices_include_tax: inside,
            tax_rounding: TaxRounding::Line,
            delivery: DeliveryOption {
                handle: "standard".into(),
                title: "Standard".into(),
                price: 0,
                taxable: true,
            },
        };
        let mut data = Rules::implicit(&configured, currency(currency_code)).data().clone();
        data.tax_zones.clear();
        data.settings.home = Some(country("DE"));
        Self {
            data,
            lines: Vec::new(),
            to: Some(country("DE")),
            delivers: false,
            option: None,
            context: |_| {},
            quotes: Quotes::default(),
            now: NOW,
        }
    }

    pub(super) fn of(currency_code: &str, inside: bool, lines: &[(u128, i64, u32)]) -> Self {
        let lines = lines.iter().map(|(n, price, quantity)| (goods(*n, *price), *quantity, None)).collect();
        Self { lines, ..Self::new(currency_code, inside) }
    }

    /// In a market of another currency, whose country the buyer is in.
    pub(super) fn in_market(mut self, currency_code: &str, rate: &str) -> Self {
        let market = crate::market::Market {
            id: id(1),
            countries: [country("US").country].into(),
            ..crate::market::Market::primary(currency(currency_code))
        };
        if market.currency != self.data.primary.currency {
            let rate = crate::market::ExchangeRate::parse(rate).expect("a rate");
            self.data.rates.insert(market.currency, rate);
        }
        self.data.markets = vec![market];
        self.to = Some(country("US"));
        self
    }

    pub(super) fn priced(&self) -> PricedCart {
        self.with(price_cart).expect("a price")
    }

    pub(super) fn with<T>(&self, use_it: impl FnOnce(&PricingInput<'_>) -> T) -> T {
        let rules = Rules::compile(self.data.clone());
        let address = self.to.clone();
        let mut context = Context::of(&rules, address.as_ref().map(|place| place.country));
        context.address.clone_from(&address);
        (self.context)(&mut context);
        let group = GroupChoice {
            id: DeliveryGroupId::NIL,
            to: address,
            option: self.option.map(Box::from),
            pick_up: vec![id(1)],
        };
        let groups: Vec<GroupChoice> = if self.delivers { vec![group] } else { Vec::new() };
        let lines: Vec<PricingLine<'_>> = (0..)
            .zip(&self.lines)
            .map(|(n, (goods, quantity, gift_of))| PricingLine {
                id: id::<CartLineId>(n),
                quantity: *quantity,
                goods,
                gift_of: *gift_of,
                group: (self.delivers && goods.requires_shipping).then_some(0),
            })
            .collect();
        use_it(&PricingInput {
            lines: &lines,
            rules: &rules,
            context: &context,
            codes: &[],
            standing: &Standing::default(),
            deliveries: &groups,
            quotes: &self.quotes,
            stored_value: &[],
            now: self.now,
        })
    }
}

/// The steps of a kind: what they are called, what they add, and to what.
pub(super) fn steps(priced: &PricedCart, kind: StepKind) -> Vec<(&str, i64, Option<i64>)> {
    let of_kind = priced.steps.iter().filter(|step| step.kind == kind);
    of_kind.map(|step| (&*step.title, step.amount, step.base)).collect()
}
