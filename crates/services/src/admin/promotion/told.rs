//! What the log says of a promotion. What it does and when is said as it is kept: it is money that was given away by it.

use super::subject;
use serde::Serialize;
use stoa_domain::{
    audit::{AuditValue, Changes},
    pricing::{Class, Method},
    shared::{PromotionId, Timestamp},
};
use stoa_persistence::promotion::StaffPromotion;

/// What the log calls a field, and what it says of it.
type Field = (&'static str, fn(&StaffPromotion) -> AuditValue);

const FIELDS: [Field; 14] = [
    ("title", |p| p.promotion.title.to_string().into()),
    ("promotionClass", |p| class(p.promotion.class).into()),
    ("method", |p| method(p.promotion.method).into()),
    ("state", |p| p.state.name().into()),
    ("conditions", |p| json(&p.promotion.definition.conditions)),
    ("action", |p| json(&p.promotion.definition.action)),
    ("priority", |p| p.promotion.priority.into()),
    ("stacks", |p| p.promotion.stacks.into()),
    ("exclusive", |p| p.promotion.exclusive.into()),
    ("startsAt", |p| moment(p.promotion.starts_at)),
    ("endsAt", |p| moment(p.promotion.ends_at)),
    ("limits.uses", |p| p.limits.most.into()),
    ("limits.budget", |p| p.limits.budget.into()),
    ("limits.usesPerCustomer", |p| p.promotion.per_buyer.into()),
];

/// What is other than it was; `None`: there was no such promotion.
pub(super) fn promotion(id: PromotionId, before: Option<&StaffPromotion>, after: &StaffPromotion) -> Changes {
    let value = |of: Option<&StaffPromotion>, field: fn(&StaffPromotion) -> AuditValue| {
        of.map_or(AuditValue::Nothing, field)
    };
    let mut changes = Changes::of(subject(id));
    for (name, field) in FIELDS {
        changes = changes.field(name, value(before, field), field(after));
    }
    let units = |of: &StaffPromotion| of.promotion.definition.most_per_order;
    changes.field("limits.unitsPerOrder", before.and_then(units), units(after))
}

fn moment(at: Option<Timestamp>) -> AuditValue {
    at.map(|at| at.to_rfc3339()).into()
}

/// As it is kept; what cannot be written is not kept either.
fn json(value: &impl Serialize) -> AuditValue {
    serde_json::to_string(value).ok().into()
}

const fn class(class: Class) -> &'static str {
    match class {
        Class::Product => "product",
        Class::Order => "order",
        Class::Delivery => "delivery",
    }
}

const fn method(method: Method) -> &'static str {
    match method {
        Method::Automatic => "automatic",
        Method::Code => "code",
    }
}
