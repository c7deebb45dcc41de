//! What the log says of a market, and of exchange rates.

use super::subject;
use stoa_domain::{
    audit::{AuditValue, Changes, Subject},
    market::Market,
    pricing::RoundingRule,
    shared::{Currency, MarketId},
};
use stoa_persistence::market::KeptRate;

/// What the log calls a field, and what it says of it.
type Field = (&'static str, fn(&Market) -> AuditValue);

const FIELDS: [Field; 8] = [
    ("name", |m| m.name.to_string().into()),
    ("currency", |m| m.currency.code().into()),
    ("countries", |m| m.countries.iter().map(ToString::to_string).collect::<Vec<_>>().into()),
    ("priceListId", |m| m.price_list.map(|id| id.to_string()).into()),
    ("rounding", |m| rounding(m.rounding).into()),
    ("pricesIncludeTax", |m| m.prices_include_tax.into()),
    ("netPrices", |m| m.net_prices.into()),
    ("active", |m| m.active.into()),
];

/// What is other than it was; `None`: there was, or is, no such market.
pub(super) fn market(id: MarketId, before: Option<&Market>, after: Option<&Market>) -> Changes {
    let value = |of: Option<&Market>, field: fn(&Market) -> AuditValue| of.map_or(AuditValue::Nothing, field);
    let mut changes = Changes::of(subject(id));
    for (name, field) in FIELDS {
        changes = changes.field(name, value(before, field), value(after, field));
    }
    changes
}

/// What is other than it was of rates.
pub(super) fn rates(before: &[KeptRate], after: &[KeptRate]) -> Changes {
    let mut currencies: Vec<Currency> = before.iter().chain(after).map(|rate| rate.currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    let mut changes = Changes::of(Subject::only("ExchangeRates"));
    for currency in currencies {
        let of = |rates: &[KeptRate]| {
            let known = rates.iter().find(|rate| rate.currency == currency)?;
            Some(format!("{} ({}, {})", known.rate, known.source, known.as_of.to_rfc3339()))
        };
        changes = changes.field(currency.code(), of(before), of(after));
    }
    changes
}

fn rounding(rule: RoundingRule) -> String {
    match rule {
        RoundingRule::None => "none".to_owned(),
        RoundingRule::Nearest(size) => format!("nearest {size}"),
        RoundingRule::Up { modulus, ending } => format!("up to {ending} of {modulus}"),
    }
}
