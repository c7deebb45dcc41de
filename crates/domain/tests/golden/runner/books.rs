//! The laws that the figures of any cart keep, whoever worked them out: parts sum to their whole, and prices to the total.

use super::{
    cart::Cart,
    figures::{Figures, LineFigures, Sums},
};

/// Every law that is broken.
pub(crate) fn faults(cart: &Cart, figures: &Figures) -> Vec<String> {
    let mut told = Vec::new();
    let mut same = |what: &str, left: i64, right: i64| {
        if left != right {
            told.push(format!("{what}: {left} and {right} minor units"));
        }
    };
    let inside = cart
        .market
        .as_ref()
        .and_then(|market| market.prices_include_tax)
        .unwrap_or(cart.shop.prices_include_tax);
    let sums = figures.sums;
    same("the total, and what it is made of", sums.total, made_of(sums, inside));
    same("the tax, and its rates", sums.tax, figures.taxes.values().sum());
    same(
        "the discounts, and the promotions",
        sums.discount + sums.delivery_discount,
        figures.applied.values().sum(),
    );
    same(
        "what is charged, and the total less the cards",
        figures.charge,
        sums.total - figures.cards.values().sum::<i64>(),
    );
    if let Some(shop) = figures.shop {
        same("the shop's total, and what it is made of", shop.total, made_of(shop, inside));
    }
    if !figures.lines.is_empty() {
        let of_lines = |part: fn(&LineFigures) -> i64| figures.lines.values().map(part).sum::<i64>();
        same(
            "the discount, and the lines'",
            sums.discount,
            of_lines(|line| line.product_discount + line.order_discount),
        );
        same(
            "the tax, and the lines' and the delivery's",
            sums.tax,
            of_lines(|line| line.tax) + figures.delivery_tax,
        );
        let removed = of_lines(|line| line.removed_tax) + figures.delivery_removed_tax;
        same("the tax taken off, and the lines' and the delivery's", sums.removed_tax, removed);
        same("the lines told of, and the lines", figures.lines.len() as i64, cart.lines.len() as i64);
        let strangers =
            figures.lines.keys().filter(|id| !cart.lines.iter().any(|line| line.id == **id)).count();
        same("lines that are not in the cart, and none", strangers as i64, 0);
    }
    if let Some(subtotal) = subtotal(cart, figures) {
        same("the subtotal, and units by their prices", sums.subtotal, subtotal);
    }
    same("refunds told of, and refunds", figures.refunds.len() as i64, cart.refunds.len() as i64);
    if gives_all_back(cart) {
        same("all refunds, and the total", figures.refunds.iter().sum(), sums.total);
    }
    same("codes told of, and codes", figures.codes.len() as i64, cart.codes.len() as i64);
    told.extend(unknown(cart, figures));
    told
}

const fn made_of(sums: Sums, inside: bool) -> i64 {
    let on_top = if inside { 0 } else { sums.tax };
    sums.subtotal - sums.discount + sums.delivery - sums.delivery_discount - sums.removed_tax + on_top
}

/// By the units' expected prices, or by the variants' own where nothing can change them.
fn subtotal(cart: &Cart, figures: &Figures) -> Option<i64> {
    let untouched = cart.lists.is_empty() && cart.market.is_none();
    let shop = cart.shop_currency().ok()?;
    let costs = cart.lines.iter().map(|line| {
        let told = figures.lines.get(&line.id).and_then(|line| line.unit);
        let own = shop.minor_units(line.unit.0).ok().filter(|_| untouched);
        Some(told.or(own)? * i64::from(line.quantity))
    });
    costs.sum()
}

fn gives_all_back(cart: &Cart) -> bool {
    let back =
        |id: u32| cart.refunds.iter().filter_map(|refund| refund.units.get(&id.to_string())).sum::<u32>();
    let delivery = cart.delivery.is_empty() || cart.refunds.iter().any(|refund| refund.delivery);
    !cart.refunds.is_empty() && delivery && cart.lines.iter().all(|line| back(line.id) == line.quantity)
}

/// Names in `[expect]` that the cart does not know.
fn unknown(cart: &Cart, figures: &Figures) -> Vec<String> {
    let rates = figures.taxes.keys().filter(|name| !cart.rates.iter().any(|rate| rate.name == **name));
    let promotions =
        figures.applied.keys().filter(|id| !cart.promotions.iter().any(|promotion| promotion.id == **id));
    let cards = figures.cards.keys().filter(|id| !cart.cards.iter().any(|card| card.id.to_string() == **id));
    let methods = figures
        .options
        .keys()
        .filter(|(_, handle)| !cart.methods.iter().any(|method| method.handle == *handle));
    let codes = figures.codes.iter().filter(|told| !cart.codes.contains(&told.code));
    let mut told: Vec<String> = rates.map(|name| format!("no rate is called {name}")).collect();
    told.extend(promotions.map(|id| format!("there is no promotion {id}")));
    told.extend(cards.map(|id| format!("there is no card {id}")));
    told.extend(methods.map(|(_, handle)| format!("there is no method {handle}")));
    told.extend(codes.map(|code| format!("nobody entered the code {}", code.code)));
    told
}
