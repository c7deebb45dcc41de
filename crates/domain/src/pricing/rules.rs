//! All that a shop decides about money, ready to be asked.

use super::{
    DeliveryTax, GroupDeliveries, ListPrice, Needs, PriceList, PricingRules, PricingSettings, Promotion,
    TaxBasis, promotion::RuleIndex,
};
use crate::{
    delivery::{DeliveryMethod, DeliveryZone, LoadBounds, MethodKind, RateTable},
    market::{ExchangeRate, Market},
    shared::{
        Currency, DeliveryMethodId, DeliveryZoneId, Place, PromotionId, Rate, TaxCategoryId, TaxRateId,
        TaxZoneId, Timestamp, subdivision,
    },
    tax::{CategoryKind, RateSet, TaxCategory, TaxRate, TaxZone},
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What the one tax of the configuration is called.
pub(super) const CONFIGURED_TAX: &str = "tax";

/// The rules of a shop as they are kept: only what is in use, in any order.
#[derive(Clone, Debug)]
pub struct RulesData {
    /// Rises with every change of any of them.
    pub version: i64,
    /// What is decided once.
    pub settings: PricingSettings,
    /// The shop's own market.
    pub primary: Market,
    /// The other markets.
    pub markets: Vec<Market>,
    /// What one unit of the shop's currency is worth in others.
    pub rates: BTreeMap<Currency, ExchangeRate>,
    /// Promotions.
    pub promotions: Vec<Promotion>,
    /// Those of them that may be used or may give away no more than so much, whoever buys: what is left of these has to be looked up.
    pub limited: BTreeSet<PromotionId>,
    /// Lists of prices.
    pub price_lists: Vec<PriceList>,
    /// What those lists fix.
    pub prices: Vec<ListPrice>,
    /// Kinds of goods.
    pub tax_categories: Vec<TaxCategory>,
    /// Taxes, by zone.
    pub tax_zones: Vec<TaxZone>,
    /// Where there are which ways of delivering.
    pub delivery_zones: Vec<DeliveryZone>,
    /// Ways of delivering.
    pub delivery_methods: Vec<DeliveryMethod>,
}

/// The rules of a shop, in the order in which they are looked up: two of the same data are equal in all they say.
#[derive(Clone, Debug)]
pub struct Rules {
    data: RulesData,
    needs: Needs,
    index: RuleIndex,
    exempt: BTreeSet<TaxCategoryId>,
}

impl Rules {
    /// Whether a place is known as nearly as taxes and delivery ask: where one of their zones is a part of its country, it has to be said in which part it
    /// is.
    pub fn knows(&self, place: &Place) -> bool {
        let of_taxes = self.data.tax_zones.iter().filter(|zone| zone.country == Some(place.country));
        let of_delivery =
            self.data.delivery_zones.iter().filter(|zone| zone.countries.contains(&place.country));
        let mut parts = of_taxes
            .flat_map(|zone| &zone.provinces)
            .chain(of_delivery.flat_map(|zone| &zone.provinces))
            .peekable();
        if parts.peek().is_none() {
            return true;
        }
        place.province.as_ref().is_some_and(|province| {
            subdivision(place.country, province).is_some() || parts.any(|part| part == province)
        })
    }

    /// Puts rules in order: however they are handed in, the same rules say the same. What is looked up for each line of each cart (which promotions
    /// speak of which goods, which kinds of goods are exempt) is worked out here, once a version.
    pub fn compile(mut data: RulesData) -> Self {
        data.markets.sort_by_key(|market| market.id);
        data.promotions.sort_by_key(|promotion| promotion.id);
        data.price_lists.sort_by_key(|list| list.id);
        data.prices.sort_unstable();
        data.tax_categories.sort_by_key(|category| category.id);
        data.tax_zones.sort_by_key(|zone| zone.id);
        for zone in &mut data.tax_zones {
            zone.rates.sort_by_key(|rate| (rate.position, rate.id));
        }
        data.delivery_zones.sort_by_key(|zone| zone.id);
        data.delivery_methods.sort_by_key(|method| (method.position, method.id));
        let exempt = |category: &&TaxCategory| category.kind == CategoryKind::Exempt;
        let exempt = data.tax_categories.iter().filter(exempt).map(|category| category.id).collect();
        Self { needs: Needs::of(&data), index: RuleIndex::of(&data.promotions), data, exempt }
    }

    /// The same without a promotion.
    pub(super) fn without(&self, promotion: PromotionId) -> Self {
        let mut data = self.data.clone();
        data.promotions.retain(|known| known.id != promotion);
        Self::compile(data)
    }

    /// The same with one more promotion.
    pub(super) fn with(self, promotion: Promotion) -> Self {
        let mut data = self.data;
        data.promotions.push(promotion);
        Self::compile(data)
    }

    /// The rules of a shop that has none but what its configuration says: one tax and one way of delivering, everywhere.
    pub fn implicit(configured: &PricingRules, currency: Currency) -> Self {
        let delivery = &configured.delivery;
        let tax = TaxRate {
            id: TaxRateId::NIL,
            category: None,
            name: Arc::from(CONFIGURED_TAX),
            rate: configured.tax_rate,
            compound: false,
            on_delivery: delivery.taxable,
            position: 0,
            valid_from: None,
            valid_until: None,
        };
        let everywhere: Arc<str> = Arc::from("everywhere");
        let method = DeliveryMethod {
            id: DeliveryMethodId::NIL,
            zone: Some(DeliveryZoneId::NIL),
            handle: delivery.handle.as_str().into(),
            title: delivery.title.as_str().into(),
            description: None,
            kind: MethodKind::Shipping,
            rates: RateTable::flat(delivery.price),
            free_from: None,
            divisor: None,
            tax_category: None,
            days: None,
            bounds: LoadBounds::default(),
            position: 0,
        };
        Self::compile(RulesData {
            version: 0,
            settings: PricingSettings {
                tax_rounding: configured.tax_rounding,
                prices_include_tax: configured.prices_include_tax,
                tax_basis: TaxBasis::Destination,
                origin_countries: BTreeSet::new(),
                delivery_tax: if delivery.taxable { DeliveryTax::Rate } else { DeliveryTax::None },
                group_deliveries: GroupDeliveries::Together,
                home: None,
            },
            primary: Market::primary(currency),
            markets: Vec::new(),
            rates: BTreeMap::new(),
            promotions: Vec::new(),
            limited: BTreeSet::new(),
            price_lists: Vec::new(),
            prices: Vec::new(),
            tax_categories: Vec::new(),
            tax_zones: vec![TaxZone {
                id: TaxZoneId::NIL,
                name: Arc::clone(&everywhere),
                level: 0,
                country: None,
                provinces: BTreeSet::new(),
                postal_ranges: Vec::new(),
                priority: 0,
                rates: if configured.tax_rate == Rate::default() { Vec::new() } else { vec![Arc::new(tax)] },
            }],
            delivery_zones: vec![DeliveryZone {
                id: DeliveryZoneId::NIL,
                name: everywhere,
                countries: BTreeSet::new(),
                provinces: BTreeSet::new(),
                postal_ranges: Vec::new(),
                priority: 0,
            }],
            delivery_methods: vec![method],
        })
    }

    /// All of them, each list in the order in which it is looked up.
    pub const fn data(&self) -> &RulesData {
        &self.data
    }

    /// What some of them looks at.
    pub const fn needs(&self) -> &Needs {
        &self.needs
    }

    /// Which promotions speak of which goods.
    pub(super) const fn index(&self) -> &RuleIndex {
        &self.index
    }

    /// What is decided once.
    pub const fn settings(&self) -> &PricingSettings {
        &self.data.settings
    }

    /// The shop's own market.
    pub const fn primary(&self) -> &Market {
        &self.data.primary
    }

    /// The taxes on goods of a category at a place; of delivery, those that say that they are charged on it.
    pub(super) fn rate_set(
        &self,
        place: Option<&Place>,
        category: Option<TaxCategoryId>,
        on_delivery: bool,
        now: Timestamp,
    ) -> RateSet {
        if category.is_some_and(|category| self.exempt.contains(&category)) {
            return RateSet::default();
        }
        RateSet::of(&self.data.tax_zones, place, category, on_delivery, now)
    }

    /// The ways of delivering to a place, in order: those of the zone that fits it most closely, and those of no zone.
    pub(super) fn methods_at(&self, place: Option<&Place>) -> impl Iterator<Item = &DeliveryMethod> {
        let fitting = self.data.delivery_zones.iter().filter_map(|zone| Some((zone, zone.fit(place)?)));
        let zone = fitting
            .min_by_key(|(zone, fit)| (Reverse((*fit, zone.priority)), zone.id))
            .map(|(zone, _)| zone.id);
        self.data.delivery_methods.iter().filter(move |m| m.zone.is_none() || m.zone == zone)
    }
}
