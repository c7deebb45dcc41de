//! What the log says of delivery zones, and of ways of delivering.

use stoa_domain::{
    audit::{AuditValue, Changes, Subject},
    delivery::{Bounds, DeliveryMethod, DeliveryZone, Measure, MethodKind, RateRow},
    shared::{DeliveryMethodId, DeliveryZoneId},
};
use stoa_persistence::pricing::Switched;

type Method = Switched<DeliveryMethod>;
/// What the log calls a field, and what it says of it.
type Field<T> = (&'static str, fn(&T) -> AuditValue);

const OF_ZONES: [Field<DeliveryZone>; 5] = [
    ("name", |z| z.name.to_string().into()),
    ("countries", |z| z.countries.iter().map(ToString::to_string).collect::<Vec<_>>().into()),
    ("provinces", |z| z.provinces.iter().map(ToString::to_string).collect::<Vec<_>>().into()),
    ("postalRanges", |z| {
        let range = |(from, to): (&str, &str)| format!("{from} to {to}");
        z.postal_ranges.iter().map(|ends| range(ends.ends())).collect::<Vec<_>>().into()
    }),
    ("priority", |z| z.priority.into()),
];

const OF_METHODS: [Field<Method>; 18] = [
    ("active", |m| m.active.into()),
    ("handle", |m| m.rule.handle.to_string().into()),
    ("title", |m| m.rule.title.to_string().into()),
    ("description", |m| m.rule.description.as_deref().into()),
    ("kind", |m| kind(m.rule.kind).into()),
    ("locationId", |m| match m.rule.kind {
        MethodKind::PickUp { location } => location.to_string().into(),
        MethodKind::Shipping | MethodKind::Local | MethodKind::Carrier => AuditValue::Nothing,
    }),
    ("zoneId", |m| m.rule.zone.map(|id| id.to_string()).into()),
    ("measure", |m| measure(m.rule.rates.by).into()),
    ("rates", |m| m.rule.rates.rows.iter().map(rate).collect::<Vec<_>>().into()),
    ("freeFrom", |m| m.rule.free_from.into()),
    ("volumeDivisor", |m| m.rule.divisor.into()),
    ("taxCategoryId", |m| m.rule.tax_category.map(|id| id.to_string()).into()),
    ("minimumDays", |m| m.rule.days.map(|days| i64::from(days.least)).into()),
    ("maximumDays", |m| m.rule.days.map(|days| i64::from(days.most)).into()),
    ("bounds.weight", |m| bounds(m.rule.bounds.weight).into()),
    ("bounds.subtotal", |m| bounds(m.rule.bounds.subtotal).into()),
    ("bounds.quantity", |m| bounds(m.rule.bounds.quantity).into()),
    ("position", |m| m.rule.position.into()),
];

/// What is other than it was; `None`: there was, or is, no such zone.
pub(super) fn zone(
    id: DeliveryZoneId,
    before: Option<&DeliveryZone>,
    after: Option<&DeliveryZone>,
) -> Changes {
    changes(Subject::new(DeliveryZoneId::TYPE, id), &OF_ZONES, before, after)
}

/// What is other than it was; `None`: there was, or is, no such way of delivering.
pub(super) fn method(id: DeliveryMethodId, before: Option<&Method>, after: Option<&Method>) -> Changes {
    changes(Subject::new(DeliveryMethodId::TYPE, id), &OF_METHODS, before, after)
}

fn changes<T>(of: Subject, fields: &[Field<T>], before: Option<&T>, after: Option<&T>) -> Changes {
    let value = |of: Option<&T>, field: fn(&T) -> AuditValue| of.map_or(AuditValue::Nothing, field);
    let mut changes = Changes::of(of);
    for (name, field) in fields {
        changes = changes.field(name, value(before, *field), value(after, *field));
    }
    changes
}

const fn kind(of: MethodKind) -> &'static str {
    match of {
        MethodKind::Shipping => "shipping",
        MethodKind::Local => "local",
        MethodKind::PickUp { .. } => "pick_up",
        MethodKind::Carrier => "carrier",
    }
}

const fn measure(by: Measure) -> &'static str {
    match by {
        Measure::Weight => "weight",
        Measure::Subtotal => "subtotal",
        Measure::Quantity => "quantity",
    }
}

fn rate(row: &RateRow) -> String {
    let RateRow { from, base, per_step, step } = row;
    if *step == 0 {
        format!("from {from}: {base}")
    } else {
        format!("from {from}: {base}, and {per_step} for every {step}")
    }
}

fn bounds(of: Bounds) -> Option<String> {
    match (of.least, of.most) {
        (None, None) => None,
        (Some(least), None) => Some(format!("from {least}")),
        (None, Some(most)) => Some(format!("to {most}")),
        (Some(least), Some(most)) => Some(format!("from {least} to {most}")),
    }
}
