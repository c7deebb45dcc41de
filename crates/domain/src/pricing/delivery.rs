//! Stage 5: the ways in which each group can be delivered, and what the chosen one costs.

use super::{GroupIndex, PricedGroup, PricingError, Step, StepKind, working::Working};
use crate::delivery::{DeliveryMethod, DeliveryOffer, GroupChoice, Load, MethodKind};
use std::sync::Arc;

/// Finds the options of each group, and charges the chosen one.
pub(super) fn run(w: &mut Working<'_>) -> Result<(), PricingError> {
    let input = w.input;
    for (n, choice) in input.deliveries.iter().enumerate() {
        let mut offers = Vec::new();
        for method in input.rules.methods_at(choice.to.as_ref()) {
            offers.extend(offers_of(w, (n, choice), method)?);
        }
        let wanted =
            choice.option.as_deref().and_then(|option| offers.iter().position(|o| *o.handle == *option));
        let chosen = if offers.len() == 1 { Some(0) } else { wanted };
        let mut group =
            PricedGroup { id: choice.id, offers, chosen, price: 0, discount: 0, tax: 0, removed_tax: 0 };
        if let Some(offer) = group.chosen() {
            let (title, price) = (Arc::clone(&offer.title), offer.price);
            w.steps.push(Step { group: Some(n), ..Step::new(StepKind::Delivery, title, price) });
            group.price = price;
        }
        w.groups.push(group);
    }
    Ok(())
}

/// What a method offers a group: nothing where it is not for such a load; of a carrier as much as the carrier does.
fn offers_of(
    w: &Working<'_>,
    (n, choice): (GroupIndex, &GroupChoice),
    method: &DeliveryMethod,
) -> Result<Vec<DeliveryOffer>, PricingError> {
    let load = load(w, n, method.divisor)?;
    if !load.within(&method.bounds) {
        return Ok(Vec::new());
    }
    // Gifts alone cost nothing: else a gift would make a cart dearer.
    let is_free = load.quantity == 0 || method.free_from.is_some_and(|from| from <= load.subtotal);
    let own = |price: i64| DeliveryOffer {
        method: method.id,
        handle: Arc::clone(&method.handle),
        title: Arc::clone(&method.title),
        description: method.description.clone(),
        kind: method.kind,
        price: if is_free { 0 } else { price },
        days: method.days,
        tax_category: method.tax_category,
    };
    Ok(match method.kind {
        MethodKind::Shipping | MethodKind::Local => method.rates.price(load).map(own).into_iter().collect(),
        MethodKind::PickUp { location } if !choice.pick_up.contains(&location) => Vec::new(),
        MethodKind::PickUp { .. } => method.rates.price(load).map(own).into_iter().collect(),
        MethodKind::Carrier => w
            .input
            .quotes
            .carriers
            .iter()
            .filter(|quote| quote.group == choice.id)
            .map(|quote| DeliveryOffer {
                handle: quote.handle.as_str().into(),
                title: quote.title.as_str().into(),
                days: quote.days.or(method.days),
                ..own(quote.amount)
            })
            .collect(),
    })
}

/// What is delivered together: all lines of the group but gifts.
fn load(w: &Working<'_>, group: GroupIndex, divisor: Option<u32>) -> Result<Load, PricingError> {
    let lines = w.lines.iter().filter(|line| line.sold.group == Some(group) && line.sold.gift_of.is_none());
    lines
        .map(|line| {
            let goods = line.sold.goods;
            let grams = Load::grams(goods.weight_grams, goods.dimensions_mm, divisor);
            (grams, line.priced.subtotal, line.sold.quantity)
        })
        .try_fold(Load::default(), |load, (grams, subtotal, quantity)| load.with(grams, subtotal, quantity))
        .ok_or(PricingError::OutOfRange)
}
