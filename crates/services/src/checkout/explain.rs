//! What an order keeps of how its price came about.

use crate::cart::{CartView, ViewGroup};
use stoa_domain::{
    delivery::MethodKind,
    order::Order,
    pricing::{PricedGroup, StepKind, TaxAmount},
    shared::{LineItemId, LocationId},
};
use stoa_persistence::order::{OrderDelivery, OrderPricing, OrderTax};

/// What is kept beside an order; `None` where its own columns tell all of it: of an order at the catalogue's prices, of one tax rate and one delivery,
/// which nothing but the buyer pays. Placing such an order costs what it always did.
pub(super) fn explain(view: &CartView, order: &Order) -> Option<OrderPricing> {
    let priced = &view.priced;
    let has_list = priced.steps.iter().any(|step| step.kind == StepKind::PriceList);
    let is_plain = priced.applied.is_empty()
        && !has_list
        && priced.charge == priced.total
        && priced.removed_tax == 0
        && priced.shop.is_none()
        && priced.taxes.len() <= 1
        && priced.groups.len() <= 1;
    // One rate of a zone that the shop has named is told with its name.
    if is_plain && !view.inputs.rules.keeps_taxes() {
        return None;
    }
    Some(OrderPricing {
        steps: priced.steps.clone(),
        applied: priced.applied.clone(),
        rules: view.inputs.rules.number(),
        taxes: priced.taxes.iter().map(tax).collect(),
        deliveries: deliveries(view, order),
    })
}

fn tax(of: &TaxAmount) -> OrderTax {
    OrderTax {
        name: of.name.to_string(),
        zone: of.zone.to_string(),
        rate: of.rate,
        compound: of.compound,
        base: of.base,
        amount: of.amount,
        inside: of.inside,
    }
}

fn deliveries(view: &CartView, order: &Order) -> Vec<OrderDelivery> {
    // The order's lines are the cart's, in the same order.
    let line_of = |id| {
        let at = view.lines.iter().position(|shown| shown.line.id == id)?;
        order.lines.get(at).map(|line| line.id)
    };
    let delivery = |(group, priced): (&ViewGroup, &PricedGroup)| {
        let chosen = priced.chosen()?;
        let picked_up: Option<LocationId> = match chosen.kind {
            MethodKind::PickUp { location } => Some(location),
            MethodKind::Shipping | MethodKind::Local | MethodKind::Carrier => None,
        };
        Some(OrderDelivery {
            group: priced.id,
            location: picked_up.or(group.from),
            handle: chosen.handle.to_string(),
            title: chosen.title.to_string(),
            kind: chosen.kind.into(),
            price: priced.price,
            discount: priced.discount,
            removed_tax: priced.removed_tax,
            tax: priced.tax,
            days: chosen.days,
            lines: group.lines.iter().filter_map(|id| line_of(*id)).collect::<Vec<LineItemId>>(),
        })
    };
    view.priced_groups().filter_map(delivery).collect()
}
