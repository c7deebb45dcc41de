//! What the log says of a price list, and of what it fixes.

use super::subject;
use std::collections::BTreeMap;
use stoa_domain::{
    audit::{AuditValue, Changes},
    pricing::{ListPrice, PriceList, PriceListKind},
    shared::{MarketId, PriceListId, Timestamp, VariantId},
};
use stoa_persistence::pricing::Switched;

type List = Switched<PriceList>;

/// What the log calls a field, and what it says of it.
type Field = (&'static str, fn(&List) -> AuditValue);

const FIELDS: [Field; 9] = [
    ("name", |l| l.rule.name.to_string().into()),
    ("kind", |l| kind(&l.rule.kind).into()),
    ("customerGroupIds", |l| groups(&l.rule.kind)),
    ("currency", |l| l.rule.currency.code().into()),
    ("adjustment", |l| l.rule.adjustment.into()),
    ("marketId", |l| l.rule.market.map(|id: MarketId| id.to_string()).into()),
    ("startsAt", |l| moment(l.rule.starts_at)),
    ("endsAt", |l| moment(l.rule.ends_at)),
    ("active", |l| l.active.into()),
];

/// What is other than it was; `None`: there was, or is, no such list.
pub(super) fn list(id: PriceListId, before: Option<&List>, after: Option<&List>) -> Changes {
    let value = |of: Option<&List>, field: fn(&List) -> AuditValue| of.map_or(AuditValue::Nothing, field);
    let mut changes = Changes::of(subject(id));
    for (name, field) in FIELDS {
        changes = changes.field(name, value(before, field), value(after, field));
    }
    changes
}

/// What is other than it was of what a list fixes, price by price.
pub(super) fn prices(id: PriceListId, before: &[ListPrice], after: &[ListPrice]) -> Changes {
    let by_key = |prices: &[ListPrice]| -> BTreeMap<(VariantId, u32), ListPrice> {
        prices.iter().map(|price| ((price.variant, price.from_quantity), *price)).collect()
    };
    let (was, is) = (by_key(before), by_key(after));
    let mut keys: Vec<_> = was.keys().chain(is.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    let mut changes = Changes::of(subject(id));
    for key @ (variant, from) in keys {
        let (was, is) = (was.get(&key), is.get(&key));
        let price = |of: Option<&ListPrice>| of.map(|price| price.price);
        let beside = |of: Option<&ListPrice>| of.and_then(|price| price.compare_at);
        changes = changes
            .field(&format!("variant {variant} from {from} price"), price(was), price(is))
            .field(&format!("variant {variant} from {from} compareAtPrice"), beside(was), beside(is));
    }
    changes
}

const fn kind(kind: &PriceListKind) -> &'static str {
    match kind {
        PriceListKind::Market => "market",
        PriceListKind::Group(_) => "group",
        PriceListKind::Sale => "sale",
    }
}

fn groups(kind: &PriceListKind) -> AuditValue {
    match kind {
        PriceListKind::Group(groups) => groups.iter().map(ToString::to_string).collect::<Vec<_>>().into(),
        PriceListKind::Market | PriceListKind::Sale => AuditValue::Nothing,
    }
}

fn moment(at: Option<Timestamp>) -> AuditValue {
    at.map(|at| at.to_rfc3339()).into()
}
