//! How a cart is delivered: its groups, and the shop's methods with their zones and tables.

use super::{
    super::cart::{self, Cart, Measure, MethodKind},
    country, id, numbered, place, rules, scaled, text,
};
use std::collections::BTreeMap;
use stoa_domain::{
    delivery::{self, Bounds, DeliveryMethod, DeliveryZone, GroupChoice, LoadBounds, RateRow, RateTable},
    shared::{LocationId, Place},
};

/// As many groups as lines name. All go where the buyer is.
pub(super) fn groups(cart: &Cart) -> Result<Vec<GroupChoice>, String> {
    let last = cart.lines.iter().filter(|line| line.ships).map(|line| line.group).max().unwrap_or(0);
    let to = cart.address.as_ref().map(place).transpose()?;
    let group = |(n, option): (u32, Option<&String>)| GroupChoice {
        id: id(n),
        to: to.clone(),
        option: option.map(|handle| Box::from(handle.as_str())),
        pick_up: pick_ups(cart).map(|(location, _)| location).collect(),
    };
    let chosen = cart.delivery.iter().map(Some).chain(std::iter::repeat(None));
    Ok((1..=last).zip(chosen).map(group).collect())
}

/// Where goods can be picked up: the method's place among all.
fn pick_ups(cart: &Cart) -> impl Iterator<Item = (LocationId, &cart::Method)> {
    (1_u32..).zip(&cart.methods).filter(|(_, m)| m.kind == MethodKind::PickUp).map(|(n, m)| (id(n), m))
}

pub(super) fn locations(cart: &Cart) -> Result<BTreeMap<LocationId, Place>, String> {
    let known = pick_ups(cart).filter_map(|(location, method)| Some((location, method.at.as_ref()?)));
    known.map(|(location, at)| Ok((location, place(at)?))).collect()
}

/// Methods with the same countries, provinces and range are in one zone.
pub(super) fn methods(cart: &Cart) -> Result<(Vec<DeliveryZone>, Vec<DeliveryMethod>), String> {
    let mut known = BTreeMap::new();
    let (mut zones, mut methods): (Vec<DeliveryZone>, Vec<DeliveryMethod>) = (Vec::new(), Vec::new());
    for (n, method) in (1_u32..).zip(&cart.methods) {
        let zone = numbered(&mut known, (&method.countries, &method.provinces, &method.postal));
        if zones.len() < zone as usize {
            zones.push(DeliveryZone {
                id: id(zone),
                name: text(format_args!("zone {zone}")),
                countries: method.countries.iter().map(|code| country(code)).collect::<Result<_, _>>()?,
                provinces: method.provinces.iter().map(|code| Box::from(code.as_str())).collect(),
                postal_ranges: method.postal.iter().map(rules::range).collect::<Result<_, _>>()?,
                priority: 0,
            });
        }
        // What is picked up is offered wherever the buyer is.
        let kind = match method.kind {
            MethodKind::Shipping => delivery::MethodKind::Shipping,
            MethodKind::PickUp => delivery::MethodKind::PickUp { location: id(n) },
        };
        methods.push(DeliveryMethod {
            id: id(n),
            zone: (method.kind == MethodKind::Shipping).then(|| id(zone)),
            handle: text(&method.handle),
            title: text(&method.handle),
            description: None,
            kind,
            rates: table(cart, method)?,
            free_from: amount(cart, method.free_from)?,
            divisor: method.divisor,
            tax_category: method.category.as_deref().map(|code| rules::category(cart, code)).transpose()?,
            days: None,
            bounds: LoadBounds {
                weight: Bounds { least: None, most: method.most_grams.map(i64::from) },
                subtotal: Bounds { least: amount(cart, method.least_subtotal)?, most: None },
                quantity: Bounds::default(),
            },
            position: i32::try_from(n).map_err(|wrong| wrong.to_string())?,
        });
    }
    Ok((zones, methods))
}

/// In the shop's currency.
fn amount(cart: &Cart, of: Option<cart::Decimal>) -> Result<Option<i64>, String> {
    let shop = cart.shop_currency()?;
    of.map(|amount| shop.minor_units(amount.0)).transpose()
}

fn table(cart: &Cart, method: &cart::Method) -> Result<RateTable, String> {
    let (by, measure) = match (amount(cart, method.price)?, method.by) {
        (Some(price), None) => return Ok(RateTable::flat(price)),
        (None, Some(by)) => match by {
            Measure::Weight => (by, delivery::Measure::Weight),
            Measure::Subtotal => (by, delivery::Measure::Subtotal),
            Measure::Quantity => (by, delivery::Measure::Quantity),
        },
        _ => return Err(format!("{} is flat, or has rows by a measure", method.handle)),
    };
    let measured = |of: cart::Decimal| match by {
        Measure::Subtotal => cart.shop_currency()?.minor_units(of.0),
        Measure::Weight | Measure::Quantity => scaled(of.0, 0),
    };
    let row = |row: &cart::Row| {
        Ok::<_, String>(RateRow {
            from: measured(row.from)?,
            base: amount(cart, Some(row.base))?.unwrap_or(0),
            per_step: amount(cart, row.per_step)?.unwrap_or(0),
            step: row.step.map(measured).transpose()?.unwrap_or(0),
        })
    };
    Ok(RateTable { by: measure, rows: method.rows.iter().map(row).collect::<Result<_, _>>()? })
}
