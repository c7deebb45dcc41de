//! The shop's rules in memory: read whole, put in order once, and kept for as long as nobody changes one.

use crate::Context;
use std::sync::{Arc, PoisonError, RwLock};
use stoa_domain::{
    delivery::MethodKind,
    pricing::{GroupDeliveries, Method, PricingRules, Promotion, Rules, RulesData},
    shared::{Currency, Fallback, Fault, Rate, TaxZoneId},
};
use stoa_persistence::pricing::{self, ServiceUse};
use tokio::sync::Mutex;

/// The number of the rules of a shop in which nobody has ever written one: there is nothing to read.
const UNTOUCHED: i64 = 1;

/// The rules of a shop, and whom it asks outside of the house.
#[derive(Clone, Debug)]
pub(crate) struct ShopRules {
    /// The rules.
    pub(crate) rules: Rules,
    /// Whether a service works out taxes; `None`: if there is one.
    tax_service: Option<ServiceUse>,
    /// Whether carriers are asked for rates; `None`: if there are any.
    carrier_service: Option<ServiceUse>,
}

impl ShopRules {
    /// Those of a shop that has decided nothing but what its configuration says.
    fn untouched(configured: &PricingRules, currency: Currency) -> Self {
        let data = RulesData { version: UNTOUCHED, ..Rules::implicit(configured, currency).data().clone() };
        Self { rules: Rules::compile(data), tax_service: None, carrier_service: None }
    }

    /// The same with one more promotion for everybody, or with this one in place of the one with its id: what has to be read for whoever asks what
    /// it would do.
    pub(crate) fn with(&self, promotion: Promotion, limited: bool) -> Self {
        let mut data = self.rules.data().clone();
        data.promotions.retain(|known| known.id != promotion.id);
        data.limited.remove(&promotion.id);
        data.limited.extend(limited.then_some(promotion.id));
        data.promotions.push(Promotion { method: Method::Automatic, ..promotion });
        Self { rules: Rules::compile(data), ..self.clone() }
    }

    /// Their number.
    pub(crate) const fn number(&self) -> i64 {
        self.rules.data().version
    }

    /// Whether the shop keeps taxes of its own, rather than the one of its configuration.
    pub(crate) fn keeps_taxes(&self) -> bool {
        self.rules.data().tax_zones.iter().any(|zone| zone.id != TaxZoneId::NIL)
    }

    /// Whether anything is taxed by any rule, be it the configured one: then it is looked up which customers owe none.
    pub(crate) fn taxes_anything(&self) -> bool {
        let rates = self.rules.data().tax_zones.iter().flat_map(|zone| &zone.rates);
        rates.into_iter().any(|rate| rate.rate != Rate::default())
    }

    /// Whether anything can be picked up.
    pub(crate) fn offers_pick_up(&self) -> bool {
        let methods = &self.rules.data().delivery_methods;
        methods.iter().any(|method| matches!(method.kind, MethodKind::PickUp { .. }))
    }

    /// Whether what lies at different places is delivered apart.
    pub(crate) fn groups_by_place(&self) -> bool {
        self.rules.settings().group_deliveries == GroupDeliveries::Location
    }

    /// What stands in for the answer of a tax service that gives none; `None`: nobody is asked. The shop's choice, or else the
    /// configuration's.
    pub(crate) const fn tax_fallback(&self, configured: Fallback) -> Option<Fallback> {
        match self.tax_service {
            Some(ServiceUse::Never) => None,
            Some(ServiceUse::OrRules) => Some(Fallback::Rules),
            Some(ServiceUse::OrRefuse) => Some(Fallback::Refuse),
            None => Some(configured),
        }
    }

    /// Whether carriers are asked what they charge.
    pub(crate) fn asks_carriers(&self) -> bool {
        self.rules.needs().carriers && self.carrier_service != Some(ServiceUse::Never)
    }
}

/// The rules that were read last.
#[derive(Default)]
pub(crate) struct RulesStore {
    current: RwLock<Option<Arc<ShopRules>>>,
    /// Of many who need newer ones, one reads.
    reading: Mutex<()>,
}

impl RulesStore {
    /// Those of this number, or newer ones: in memory they cost nothing. Nobody goes on with older ones than the goods they have read.
    pub(crate) async fn at(&self, ctx: &Context, number: i64) -> Result<Arc<ShopRules>, Fault> {
        if let Some(known) = self.known(number) {
            return Ok(known);
        }
        let _turn = self.reading.lock().await;
        if let Some(known) = self.known(number) {
            return Ok(known);
        }
        let read = Arc::new(read(ctx, number).await?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&read));
        Ok(read)
    }

    fn known(&self, number: i64) -> Option<Arc<ShopRules>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().filter(|known| known.number() >= number).map(Arc::clone)
    }
}

async fn read(ctx: &Context, number: i64) -> Result<ShopRules, Fault> {
    let (configured, currency) = (&ctx.settings.pricing, ctx.settings.currency);
    if number <= UNTOUCHED {
        return Ok(ShopRules::untouched(configured, currency));
    }
    let loaded = pricing::load(ctx.db().read(), configured, currency).await?;
    // Once a reading, which is once a change.
    for unread in &loaded.unreadable {
        tracing::error!(
            rule.table = unread.table,
            rule.id = %unread.id,
            "a rule is left out: a newer version of this program has written it"
        );
    }
    let data = RulesData { limited: loaded.limited, ..loaded.rules };
    Ok(ShopRules {
        rules: Rules::compile(data),
        tax_service: loaded.tax_service,
        carrier_service: loaded.carrier_service,
    })
}

impl Context {
    /// The rules of this number, or newer ones.
    pub(crate) async fn rules_at(&self, number: i64) -> Result<Arc<ShopRules>, Fault> {
        self.rules.at(self, number).await
    }

    /// The rules as the catalogue has last seen that there are: half a second ago at most. For what nobody is charged by.
    pub(crate) async fn shown_rules(&self) -> Result<Arc<ShopRules>, Fault> {
        let number = self.catalog.rules_number().await?;
        self.rules_at(number).await
    }

    /// The rules as anybody has last seen that there are, which costs nothing: for a cart in which nothing is, and for whoever is told of newer ones
    /// by the goods they read.
    pub(crate) async fn known_rules(&self) -> Result<Arc<ShopRules>, Fault> {
        let number = self.catalog.known_rules_number().await?;
        self.rules_at(number).await
    }
}
