//! All rules of a shop, read whole.

use super::{ServiceUse, settings};
use crate::{catalog, db::Conn, delivery, market, price_list, promotion, tax};
use std::collections::BTreeSet;
use stoa_domain::{
    pricing::{PricingRules, Rules, RulesData},
    shared::{Currency, Fault, PromotionId},
};
use uuid::Uuid;

/// How often they are read before it is given up that nobody changes them meanwhile.
const ATTEMPTS: usize = 5;

/// The rules of a shop.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Those in use. What the shop has not decided is as the configuration says.
    pub rules: RulesData,
    /// The promotions of which there is only so much for all buyers together: what is left of those has to be looked up.
    pub limited: BTreeSet<PromotionId>,
    /// Whether a service outside of the house is asked for taxes; `None`: as the configuration says.
    pub tax_service: Option<ServiceUse>,
    /// Whether carriers are asked for rates; `None`: as the configuration says.
    pub carrier_service: Option<ServiceUse>,
    /// What this version of the program cannot read, and so does not go by: a newer one has written it.
    pub unreadable: Vec<Unreadable>,
}

/// A rule that this version of the program cannot read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// In which table.
    pub table: &'static str,
    /// Which row.
    pub id: Uuid,
}

/// All rules that are in use, as they were at one moment; `configured` is what a shop has that decides nothing itself. The same number of
/// statements however many rules there are; all of them again where somebody has changed one meanwhile.
///
/// # Errors
/// The database does not answer, or somebody changes rules again and again.
pub async fn load(conn: &impl Conn, configured: &PricingRules, currency: Currency) -> Result<Loaded, Fault> {
    let mut version = catalog::versions(conn).await?.rules;
    for _ in 0..ATTEMPTS {
        let loaded = read(conn, configured, currency, version).await?;
        let now = catalog::versions(conn).await?.rules;
        if now == version {
            return Ok(loaded);
        }
        version = now;
    }
    Err(Fault::unavailable("reading the shop's rules", "they change faster than they are read"))
}

async fn read(
    conn: &impl Conn,
    configured: &PricingRules,
    currency: Currency,
    version: i64,
) -> Result<Loaded, Fault> {
    let mut unreadable = Vec::new();
    let mut note = |table, ids: Vec<Uuid>| {
        unreadable.extend(ids.into_iter().map(|id| Unreadable { table, id }));
    };
    let mut rules = Rules::implicit(configured, currency).data().clone();
    rules.version = version;
    let (decided, _) = settings(conn).await?;
    decided.over(&mut rules.settings);

    let (markets, unread) = market::active(conn).await?;
    note("markets", unread);
    rules.markets = markets;
    rules.rates = market::rates(conn).await?.into_iter().map(|known| (known.currency, known.rate)).collect();
    let (lists, unread) = price_list::active(conn).await?;
    note("price_lists", unread);
    rules.price_lists = lists;
    rules.prices = price_list::active_prices(conn).await?;

    let (categories, unread) = tax::all_categories(conn).await?;
    note("tax_categories", unread);
    rules.tax_categories = categories;
    let (zones, unread) = tax::all_zones(conn).await?;
    // Zones that are there and cannot be read are no reason to charge what the configuration says.
    if !zones.is_empty() || !unread.is_empty() {
        rules.tax_zones = zones;
    }
    note("tax_zones", unread);

    let (zones, unread) = delivery::all_zones(conn).await?;
    note("delivery_zones", unread);
    let (methods, unread) = delivery::all_methods(conn).await?;
    if !methods.is_empty() || !unread.is_empty() {
        rules.delivery_zones = zones;
        rules.delivery_methods =
            methods.into_iter().filter(|method| method.active).map(|method| method.rule).collect();
    }
    note("delivery_methods", unread);

    let (promotions, unread) = promotion::active(conn).await?;
    note("promotions", unread);
    rules.limited =
        promotions.iter().filter(|kept| kept.rule.limits.any()).map(|kept| kept.rule.promotion.id).collect();
    let limited = rules.limited.clone();
    rules.promotions = promotions.into_iter().map(|kept| kept.rule.promotion).collect();
    let (tax_service, carrier_service) = (decided.tax_service, decided.carrier_service);
    Ok(Loaded { rules, limited, tax_service, carrier_service, unreadable })
}
