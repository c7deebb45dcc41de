//! Rows to taxes and back.

use super::entities::{categories, rates, zones};
use crate::{
    db::stored,
    pricing::{Kept, clean, from_json, json, written},
};
use sea_orm::ActiveValue::{NotSet, Set};
use std::sync::Arc;
use stoa_domain::{
    shared::{CountryCode, Fault, Rate, TaxCategoryId, TaxRateId, TaxZoneId, Timestamp},
    tax::{CategoryKind, PostalRange, TaxCategory, TaxRate, TaxZone},
};
use uuid::Uuid;

/// The columns that staff decide, of a category that somebody changes now.
pub(super) fn to_category(of: &TaxCategory, now: Timestamp) -> categories::ActiveModel {
    let kind = match of.kind {
        CategoryKind::Taxed => "taxed",
        CategoryKind::Exempt => "exempt",
    };
    categories::ActiveModel {
        id: NotSet,
        version: NotSet,
        created_at: NotSet,
        code: Set(clean(&of.code)),
        name: Set(clean(&of.name)),
        kind: Set(kind.to_owned()),
        updated_at: Set(stored(now)),
    }
}

/// The category of a row; `None` if this version cannot read it.
pub(super) fn from_category(row: categories::Model) -> Option<Kept<TaxCategory>> {
    let category = TaxCategory {
        id: TaxCategoryId::new(row.id),
        code: row.code.into(),
        name: row.name.into(),
        kind: match row.kind.as_str() {
            "taxed" => CategoryKind::Taxed,
            "exempt" => CategoryKind::Exempt,
            _ => return None,
        },
    };
    Some(written(category, row.version, (row.created_at, row.updated_at)))
}

/// The columns that staff decide, of a zone that somebody changes now.
pub(super) fn to_zone(of: &TaxZone, now: Timestamp) -> Result<zones::ActiveModel, Fault> {
    Ok(zones::ActiveModel {
        id: NotSet,
        version: NotSet,
        created_at: NotSet,
        name: Set(clean(&of.name)),
        level: Set(of.level.into()),
        country: Set(of.country.map(|country| country.to_string())),
        provinces: Set(json(&of.provinces)?),
        postal_ranges: Set(ranges_to_json(&of.postal_ranges)?),
        priority: Set(of.priority),
        updated_at: Set(stored(now)),
    })
}

/// The zone of a row and of its rates; `None` if this version cannot read it.
pub(super) fn from_zone(row: zones::Model, rates: Vec<Arc<TaxRate>>) -> Option<Kept<TaxZone>> {
    let country = match &row.country {
        Some(country) => Some(CountryCode::parse(country)?),
        None => None,
    };
    let zone = TaxZone {
        id: TaxZoneId::new(row.id),
        name: row.name.into(),
        level: u8::try_from(row.level).ok()?,
        country,
        provinces: from_json(&row.provinces)?,
        postal_ranges: ranges_from_json(&row.postal_ranges)?,
        priority: row.priority,
        rates,
    };
    Some(written(zone, row.version, (row.created_at, row.updated_at)))
}

pub(super) fn to_rate(zone: TaxZoneId, of: &TaxRate) -> rates::ActiveModel {
    rates::ActiveModel {
        id: Set(of.id.uuid()),
        tax_zone_id: Set(zone.uuid()),
        tax_category_id: Set(of.category.map(TaxCategoryId::uuid)),
        name: Set(clean(&of.name)),
        rate: Set(of.rate.millionths().into()),
        compound: Set(of.compound),
        on_delivery: Set(of.on_delivery),
        position: Set(of.position),
        valid_from: Set(of.valid_from.map(stored)),
        valid_until: Set(of.valid_until.map(stored)),
    }
}

/// The rate of a row, and of which zone it is; `None` if this version cannot read it.
pub(super) fn from_rate(row: rates::Model) -> Option<(Uuid, Arc<TaxRate>)> {
    let rate = TaxRate {
        id: TaxRateId::new(row.id),
        category: row.tax_category_id.map(TaxCategoryId::new),
        name: row.name.into(),
        rate: Rate::from_millionths(u32::try_from(row.rate).ok()?),
        compound: row.compound,
        on_delivery: row.on_delivery,
        position: row.position,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
    };
    Some((row.tax_zone_id, Arc::new(rate)))
}

/// Postal codes from one to another, as pairs.
pub(crate) fn ranges_to_json(ranges: &[PostalRange]) -> Result<String, Fault> {
    json(&ranges.iter().map(PostalRange::ends).collect::<Vec<_>>())
}

/// The ranges of such pairs; `None` if one of them is none.
pub(crate) fn ranges_from_json(text: &str) -> Option<Vec<PostalRange>> {
    let pairs: Vec<(String, String)> = from_json(text)?;
    pairs.iter().map(|(from, to)| PostalRange::parse(from, to)).collect()
}
