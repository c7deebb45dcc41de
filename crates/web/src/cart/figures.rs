//! What a cart comes to, line by line as a person adds it up.

use crate::price::amount;
use minijinja::{Value, context};
use stoa_domain::pricing::{Class, PricedCart};
use stoa_services::cart::ViewCard;

/// For a template: the same macro shows them in the cart, in the checkout and on a placed order.
pub(crate) fn figure_values(priced: &PricedCart, cards: &[ViewCard]) -> Value {
    let money = |minor: i64| amount(priced.money(minor));
    let off_lines: i64 = priced.lines.iter().map(|line| line.line_discount).sum();
    let discounts: Vec<Value> = priced
        .applied
        .iter()
        .filter(|applied| applied.class != Class::Product)
        .map(|applied| {
            let code = applied.code.as_ref().map(|code| code.as_str());
            context! { title => &*applied.title, code => code, amount => money(-applied.amount) }
        })
        .collect();
    let taxes: Vec<Value> = priced
        .taxes
        .iter()
        .filter(|tax| tax.amount > 0)
        .map(|tax| context! { name => &*tax.name, amount => money(tax.amount) })
        .collect();
    let paid: Vec<Value> = cards
        .iter()
        .filter_map(|card| {
            let part = priced.stored.iter().find(|part| part.id == card.id)?;
            let last = card.last.map(|last| last.to_string());
            (part.amount > 0).then(|| context! { last => last, amount => money(-part.amount) })
        })
        .collect();
    context! {
        subtotal => money(priced.subtotal - off_lines),
        discounts => discounts,
        delivery => priced.groups.first().map(|_| money(priced.delivery)),
        delivery_title => delivery_title(priced),
        // One tax needs no name.
        taxes => (taxes.len() > 1).then_some(taxes),
        tax => (priced.tax > 0).then(|| money(priced.tax)),
        tax_included => priced.tax_inside,
        removed_tax => (priced.removed_tax > 0).then(|| money(-priced.removed_tax)),
        total => money(priced.total),
        cards => paid,
        // Orders know only what they come to together.
        stored => (),
        charge => (priced.charge != priced.total).then(|| money(priced.charge)),
        to_pay => money(priced.charge),
    }
}

/// What the chosen way is called; of several deliveries, that.
fn delivery_title(priced: &PricedCart) -> Option<&str> {
    match priced.groups.as_slice() {
        [only] => only.chosen().map(|chosen| &*chosen.title),
        [] => None,
        _ => Some("Delivery"),
    }
}
