//! An order as its page shows it.

use super::standing::{Standing, failure};
use crate::{
    catalog::variant_title,
    countries,
    http::path,
    price::{amount, date_and_time, machine_time, time_of_day},
};
use minijinja::{Value, context};
use stoa_domain::{
    order::LineItem,
    shared::{Address, Money},
};
use stoa_services::order::OrderView;

/// Everything the page shows.
pub(crate) fn values(view: &OrderView, standing: Standing) -> Value {
    let order = &view.order;
    let money = |minor| amount(Money::new(minor, order.figures.currency));
    let error = view.payment.as_ref().and_then(|p| p.last_error.as_deref());
    let lines: Vec<Value> = order.lines.iter().map(|line| line_value(line, &money)).collect();
    context! {
        name => order.name(),
        standing => standing.name(),
        failure => matches!(standing, Standing::Failed { .. }).then(|| failure(error.unwrap_or_default())),
        refunded => view.payments().next().is_some().then(|| money(view.refunded())),
        pay_url => standing.can_pay().then(|| path(&["orders", &order.token, "pay"], &[])),
        until => standing.until().map(|at| context! { text => time_of_day(at), machine => machine_time(at) }),
        email => order.email.as_str(),
        phone => &order.phone,
        placed_at => context! { text => date_and_time(order.placed_at), machine => machine_time(order.placed_at) },
        address => order.shipping_address.as_ref().map(address_lines),
        note => &order.note,
        lines => lines,
        figures => figures(view, &money),
    }
}

fn line_value(line: &LineItem, money: &impl Fn(i64) -> String) -> Value {
    let attributes: Vec<Value> =
        line.attributes.iter().map(|a| context! { key => &a.key, value => &a.value }).collect();
    context! {
        title => &line.title,
        variant_title => variant_title(&line.variant_title),
        image => line.image_url.as_ref().map(|url| context! { url, alt => "", width => (), height => () }),
        quantity => line.quantity,
        unit_price => money(line.unit_price),
        total => money(line.subtotal - line.discount),
        instead_of => (line.discount > 0).then(|| money(line.subtotal)),
        attributes => attributes,
    }
}

fn figures(view: &OrderView, money: &impl Fn(i64) -> String) -> Value {
    let order = &view.order;
    let figures = &order.figures;
    let taken_off = (figures.delivery_discount > 0).then(
        || context! { title => "Off the delivery", code => (), amount => money(-figures.delivery_discount) },
    );
    context! {
        subtotal => money(figures.subtotal - figures.discount),
        discounts => taken_off.as_slice(),
        delivery => order.delivery_title.as_ref().map(|_| money(figures.delivery)),
        delivery_title => &order.delivery_title,
        removed_tax => (figures.removed_tax > 0).then(|| money(-figures.removed_tax)),
        // Orders know only what taxes, and what cards, come to together.
        taxes => (),
        tax => (figures.tax > 0).then(|| money(figures.tax)),
        cards => Vec::<Value>::new(),
        tax_included => figures.prices_include_tax,
        total => money(figures.total),
        stored => (figures.charge != figures.total).then(|| money(figures.charge - figures.total)),
        charge => (figures.charge != figures.total).then(|| money(figures.charge)),
    }
}

/// As on a label, with the country by its name.
pub(crate) fn address_lines(address: &Address) -> Vec<String> {
    let mut lines = Address { country: None, ..address.clone() }.formatted(true, true);
    lines.extend(address.country.map(countries::name));
    lines
}
