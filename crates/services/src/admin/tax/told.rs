//! What the log says of kinds of goods, and of zones with their rates.

use stoa_domain::{
    audit::{AuditValue, Changes, Subject},
    shared::{TaxCategoryId, TaxZoneId},
    tax::{CategoryKind, TaxCategory, TaxRate, TaxZone},
};

/// What the log calls a field, and what it says of it.
type Field<T> = (&'static str, fn(&T) -> AuditValue);

const OF_CATEGORIES: [Field<TaxCategory>; 3] = [
    ("code", |c| c.code.to_string().into()),
    ("name", |c| c.name.to_string().into()),
    ("kind", |c| kind(c.kind).into()),
];

const OF_ZONES: [Field<TaxZone>; 7] = [
    ("name", |z| z.name.to_string().into()),
    ("level", |z| i64::from(z.level).into()),
    ("country", |z| z.country.map(|country| country.to_string()).into()),
    ("provinces", |z| z.provinces.iter().map(ToString::to_string).collect::<Vec<_>>().into()),
    ("postalRanges", |z| {
        let range = |(from, to): (&str, &str)| format!("{from} to {to}");
        z.postal_ranges.iter().map(|ends| range(ends.ends())).collect::<Vec<_>>().into()
    }),
    ("priority", |z| z.priority.into()),
    ("rates", |z| z.rates.iter().map(|of| rate(of)).collect::<Vec<_>>().into()),
];

/// What is other than it was; `None`: there was, or is, no such category.
pub(super) fn category(
    id: TaxCategoryId,
    before: Option<&TaxCategory>,
    after: Option<&TaxCategory>,
) -> Changes {
    changes(Subject::new(TaxCategoryId::TYPE, id), &OF_CATEGORIES, before, after)
}

/// What is other than it was; `None`: there was, or is, no such zone.
pub(super) fn zone(id: TaxZoneId, before: Option<&TaxZone>, after: Option<&TaxZone>) -> Changes {
    changes(Subject::new(TaxZoneId::TYPE, id), &OF_ZONES, before, after)
}

/// What an import has made of zones, by their names; `None`: there was none.
pub(super) fn import(zones: &[(Option<TaxZone>, TaxZone)], categories: &[String]) -> Changes {
    let told =
        Changes::of(Subject::only("TaxRates")).field("categories", AuditValue::Nothing, categories.to_vec());
    zones.iter().fold(told, |told, (before, after)| {
        let rates = |of: &TaxZone| of.rates.iter().map(|of| rate(of)).collect::<Vec<_>>();
        let was = before.as_ref().map_or(AuditValue::Nothing, |before| rates(before).into());
        told.field(&format!("zone {} ({}) rates", after.id, after.name), was, rates(after))
    })
}

fn changes<T>(of: Subject, fields: &[Field<T>], before: Option<&T>, after: Option<&T>) -> Changes {
    let value = |of: Option<&T>, field: fn(&T) -> AuditValue| of.map_or(AuditValue::Nothing, field);
    fields.iter().fold(Changes::of(of), |told, (name, field)| {
        told.field(name, value(before, *field), value(after, *field))
    })
}

const fn kind(of: CategoryKind) -> &'static str {
    match of {
        CategoryKind::Taxed => "taxed",
        CategoryKind::Exempt => "exempt",
    }
}

fn rate(of: &TaxRate) -> String {
    let mut text = format!("{} {} millionths", of.name, of.rate.millionths());
    if let Some(category) = of.category {
        text += &format!(" of {category}");
    }
    if of.compound {
        text += ", compound";
    }
    if !of.on_delivery {
        text += ", not on delivery";
    }
    if let Some(from) = of.valid_from {
        text += &format!(", from {}", from.to_rfc3339());
    }
    if let Some(until) = of.valid_until {
        text += &format!(", until {}", until.to_rfc3339());
    }
    text
}
