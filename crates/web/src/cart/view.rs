//! A cart as its pages show it.

use crate::{
    catalog::{image_values, variant_title},
    http::path,
    price::amount,
};
use minijinja::{Value, context};
use std::collections::HashMap;
use stoa_domain::shared::{Money, VariantId};
use stoa_services::cart::{CartView, ViewLine};

/// The lines with everything shown of them.
pub(crate) fn line_values(cart: &CartView) -> Vec<Value> {
    let demand: HashMap<VariantId, u64> = cart.cart.demand().into_iter().collect();
    let line = |shown: &ViewLine| {
        let wanted = demand.get(&shown.line.variant).copied().unwrap_or(0);
        line_value(cart, shown, wanted)
    };
    cart.lines.iter().map(line).collect()
}

fn line_value(cart: &CartView, shown: &ViewLine, wanted: u64) -> Value {
    let money = |minor| amount(Money::new(minor, cart.cart.currency));
    let merchandise = &shown.merchandise;
    let variant = merchandise.variant.to_string();
    let attributes: Vec<Value> =
        shown.line.attributes.iter().map(|a| context! { key => &a.key, value => &a.value }).collect();
    context! {
        id => shown.line.id.to_string(),
        title => &merchandise.product_title,
        variant_title => variant_title(&merchandise.variant_title),
        url => path(&["products", merchandise.product_handle.as_str()], &[("variant", &variant)]),
        image => merchandise.image.as_ref().map(|image| image_values(image, "")),
        quantity => shown.line.quantity,
        unit_price => money(shown.priced.unit_price),
        compare_at => shown.priced.compare_at.filter(|was| *was > shown.priced.unit_price).map(money),
        total => money(shown.priced.subtotal - shown.priced.line_discount),
        instead_of => (shown.priced.line_discount > 0).then(|| money(shown.priced.subtotal)),
        gift => shown.line.gift.is_some(),
        attributes => attributes,
        for_sale => merchandise.for_sale,
        left => left(merchandise.snapshot.sellable, wanted),
    }
}

/// How many the shop has, where that is less than what the cart wants.
fn left(sellable: Option<i64>, wanted: u64) -> Option<u64> {
    let sellable = u64::try_from(sellable?).unwrap_or(0);
    (sellable < wanted).then_some(sellable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortage_is_said_and_plenty_is_not() {
        assert_eq!(left(Some(2), 3), Some(2));
        assert_eq!(left(Some(-4), 3), Some(0));
        assert_eq!(left(Some(3), 3), None);
        assert_eq!(left(None, 1_000_000), None, "not tracked");
    }
}
