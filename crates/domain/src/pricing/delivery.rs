//! Stage 5: the ways in which each group can be delivered, and what the chosen one costs.

use super::{Context, GroupIndex, PricedGroup, PricingError, Step, StepKind, working::Working};
use crate::{
    delivery::{Bounds, DeliveryMethod, DeliveryOffer, GroupChoice, Load, LoadBounds, MethodKind},
    shared::round_div,
};
use std::sync::Arc;

/// Finds the options of each group, and charges the chosen one.
pub(super) fn run(w: &mut Working<'_>) -> Result<(), PricingError> {
    let input = w.input;
    for (n, choice) in input.deliveries.iter().enumerate() {
        let mut offers: Vec<DeliveryOffer> = Vec::new();
        for method in input.rules.methods_at(choice.to.as_ref()) {
            for offer in offers_of(w, (n, choice), method)? {
                // What is chosen is chosen by its handle: of two with the same one the first is meant.
                if offers.iter().all(|known| known.handle != offer.handle) {
                    offers.push(offer);
                }
            }
        }
        let chosen = match choice.option.as_deref() {
            // What was chosen and is gone is not replaced behind the buyer's back, be it by the only way there is.
            Some(option) => offers.iter().position(|offer| *offer.handle == *option),
            None => is_no_choice(&offers).then_some(0),
        };
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

/// Whether there is nothing to choose. Coming for it oneself is never taken for granted.
fn is_no_choice(offers: &[DeliveryOffer]) -> bool {
    matches!(offers, [only] if !matches!(only.kind, MethodKind::PickUp { .. }))
}

/// What a method offers a group: nothing where it is not for such a load; of a carrier as much as the carrier does.
fn offers_of(
    w: &Working<'_>,
    (n, choice): (GroupIndex, &GroupChoice),
    method: &DeliveryMethod,
) -> Result<Vec<DeliveryOffer>, PricingError> {
    let context = w.input.context;
    let load = load(w, n, method.divisor)?;
    // Gifts alone cost nothing, and are delivered in any way: else a gift would make a cart dearer, or keep it from being bought.
    let are_gifts = load.quantity == 0;
    if !are_gifts && !load.within(&bounds_in(context, &method.bounds)?) {
        return Ok(Vec::new());
    }
    let free_from = method.free_from.map(|from| in_cart(context, from)).transpose()?;
    let is_free = free_from.is_some_and(|from| from <= load.subtotal);
    let own = |price: i64| DeliveryOffer {
        method: method.id,
        handle: Arc::clone(&method.handle),
        title: Arc::clone(&method.title),
        description: method.description.clone(),
        kind: method.kind,
        // Nothing that is added takes something off, whatever was written down.
        price: if is_free { 0 } else { price.max(0) },
        days: method.days,
        tax_category: method.tax_category,
    };
    Ok(match method.kind {
        MethodKind::PickUp { location } if !choice.pick_up.contains(&location) => Vec::new(),
        _ if are_gifts => vec![own(0)],
        MethodKind::Shipping | MethodKind::Local | MethodKind::PickUp { .. } => {
            rate_of(context, method, load)?.map(own).into_iter().collect()
        }
        MethodKind::Carrier => {
            let mut offers = Vec::new();
            for quote in w.input.quotes.carriers.iter().filter(|q| q.group == choice.id && q.amount >= 0) {
                offers.push(DeliveryOffer {
                    handle: quote.handle.as_str().into(),
                    title: quote.title.as_str().into(),
                    days: quote.days.or(method.days),
                    ..own(in_steps(quote.amount, w.step)?)
                });
            }
            offers
        }
    })
}

/// What a load costs by a method's table, in the cart's currency, converted once; `None` where no row is for it.
fn rate_of(context: &Context<'_>, method: &DeliveryMethod, load: Load) -> Result<Option<i64>, PricingError> {
    let price = match is_foreign(context) {
        false => method.rates.price(load),
        true => method.rates.measured_in(|amount| in_cart(context, amount))?.price(load),
    };
    price.map(|price| in_cart(context, price)).transpose()
}

fn bounds_in(context: &Context<'_>, bounds: &LoadBounds) -> Result<LoadBounds, PricingError> {
    let amount = |amount: Option<i64>| amount.map(|amount| in_cart(context, amount)).transpose();
    let subtotal = Bounds { least: amount(bounds.subtotal.least)?, most: amount(bounds.subtotal.most)? };
    Ok(LoadBounds { subtotal, ..*bounds })
}

/// An amount of the shop's currency in the cart's, half up to what can be charged. Of the shop's own currency as it is.
fn in_cart(context: &Context<'_>, amount: i64) -> Result<i64, PricingError> {
    if !is_foreign(context) {
        return Ok(amount);
    }
    let (from, to) = (context.shop_currency, context.currency);
    Ok(context.rate.convert(amount, from, to, to.charge_step())?)
}

fn is_foreign(context: &Context<'_>) -> bool {
    context.currency != context.shop_currency
}

/// An amount, half up to what can be charged.
fn in_steps(amount: i64, step: i64) -> Result<i64, PricingError> {
    round_div(amount.into(), step.into())?.checked_mul(step).ok_or(PricingError::OutOfRange)
}

/// What is delivered together: all lines of the group but gifts.
pub(super) fn load(w: &Working<'_>, group: GroupIndex, divisor: Option<u32>) -> Result<Load, PricingError> {
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

#[cfg(test)]
#[path = "delivery_tests.rs"]
mod tests;
