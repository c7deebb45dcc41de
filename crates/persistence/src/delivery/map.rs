//! Rows to delivery and back.

use super::entities::{methods, zones};
use crate::{
    db::stored,
    pricing::{Kept, Switched, clean, from_json, json, written},
    tax::{ranges_from_json, ranges_to_json},
};
use sea_orm::ActiveValue::{NotSet, Set};
use stoa_domain::{
    delivery::{DeliveryDays, DeliveryMethod, DeliveryZone, MethodKind},
    shared::{DeliveryMethodId, DeliveryZoneId, Fault, LocationId, TaxCategoryId, Timestamp},
};

/// The columns that staff decide, of a zone that somebody changes now.
pub(super) fn to_zone(of: &DeliveryZone, now: Timestamp) -> Result<zones::ActiveModel, Fault> {
    Ok(zones::ActiveModel {
        id: NotSet,
        version: NotSet,
        created_at: NotSet,
        name: Set(clean(&of.name)),
        countries: Set(json(&of.countries)?),
        provinces: Set(json(&of.provinces)?),
        postal_ranges: Set(ranges_to_json(&of.postal_ranges)?),
        priority: Set(of.priority),
        updated_at: Set(stored(now)),
    })
}

/// The zone of a row; `None` if this version cannot read it.
pub(super) fn from_zone(row: zones::Model) -> Option<Kept<DeliveryZone>> {
    let zone = DeliveryZone {
        id: DeliveryZoneId::new(row.id),
        name: row.name.into(),
        countries: from_json(&row.countries)?,
        provinces: from_json(&row.provinces)?,
        postal_ranges: ranges_from_json(&row.postal_ranges)?,
        priority: row.priority,
    };
    Some(written(zone, row.version, (row.created_at, row.updated_at)))
}

/// The columns that staff decide, of a method that somebody changes now.
pub(super) fn to_method(
    of: &Switched<DeliveryMethod>,
    now: Timestamp,
) -> Result<methods::ActiveModel, Fault> {
    let method = &of.rule;
    let (kind, location) = match method.kind {
        MethodKind::Shipping => ("shipping", None),
        MethodKind::Local => ("local", None),
        MethodKind::PickUp { location } => ("pick_up", Some(location)),
        MethodKind::Carrier => ("carrier", None),
    };
    let divisor = method.divisor.map(i32::try_from).transpose();
    Ok(methods::ActiveModel {
        id: NotSet,
        version: NotSet,
        created_at: NotSet,
        delivery_zone_id: Set(method.zone.map(DeliveryZoneId::uuid)),
        handle: Set(clean(&method.handle)),
        title: Set(clean(&method.title)),
        description: Set(method.description.as_deref().map(clean)),
        kind: Set(kind.to_owned()),
        location_id: Set(location.map(LocationId::uuid)),
        rates: Set(json(&method.rates)?),
        free_from: Set(method.free_from),
        divisor: Set(divisor.map_err(|error| Fault::internal("delivery.method", error))?),
        tax_category_id: Set(method.tax_category.map(TaxCategoryId::uuid)),
        days_min: Set(method.days.map(|days| days.least.into())),
        days_max: Set(method.days.map(|days| days.most.into())),
        conditions: Set(json(&method.bounds)?),
        position: Set(method.position),
        active: Set(of.active),
        updated_at: Set(stored(now)),
    })
}

/// The method of a row; `None` if this version cannot read it.
pub(super) fn from_method(row: methods::Model) -> Option<Kept<Switched<DeliveryMethod>>> {
    let days = row.days_min.zip(row.days_max).map(|(least, most)| {
        Some(DeliveryDays { least: u16::try_from(least).ok()?, most: u16::try_from(most).ok()? })
    });
    let method = DeliveryMethod {
        id: DeliveryMethodId::new(row.id),
        zone: row.delivery_zone_id.map(DeliveryZoneId::new),
        handle: row.handle.into(),
        title: row.title.into(),
        description: row.description.map(Into::into),
        kind: match row.kind.as_str() {
            "shipping" => MethodKind::Shipping,
            "local" => MethodKind::Local,
            "pick_up" => MethodKind::PickUp { location: LocationId::new(row.location_id?) },
            "carrier" => MethodKind::Carrier,
            _ => return None,
        },
        rates: from_json(&row.rates)?,
        free_from: row.free_from,
        divisor: row.divisor.map(u32::try_from).transpose().ok()?,
        tax_category: row.tax_category_id.map(TaxCategoryId::new),
        days: days.flatten(),
        bounds: from_json(&row.conditions)?,
        position: row.position,
    };
    let rule = Switched { rule: method, active: row.active };
    Some(written(rule, row.version, (row.created_at, row.updated_at)))
}
