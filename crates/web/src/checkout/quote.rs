//! What the order will cost, before the buyer has said where to: the delivery on offer is counted from the beginning, so
//! that the total beside the button is the total that is charged.

use crate::price::amount;
use minijinja::{Value, context};
use stoa_domain::{
    pricing::{PriceableLine, PricedCart, price_cart},
    shared::{Fault, Money},
};
use stoa_services::{Settings, cart::CartView};

/// The figures of a checkout.
#[derive(Clone, Debug)]
pub(super) struct Quote(PricedCart);

impl Quote {
    /// The cart's own figures where it is settled how it is delivered; else what they will be.
    ///
    /// # Errors
    /// A sum that 64 bits do not hold.
    pub(super) fn new(cart: &CartView, settings: &Settings) -> Result<Self, Fault> {
        if cart.delivery.is_some() || !cart.ships() {
            return Ok(Self(cart.priced.clone()));
        }
        let lines: Vec<PriceableLine> = cart
            .lines
            .iter()
            .map(|shown| PriceableLine {
                unit_price: shown.merchandise.price,
                quantity: shown.line.quantity,
                taxable: shown.merchandise.taxable,
                requires_shipping: shown.merchandise.requires_shipping,
            })
            .collect();
        price_cart(cart.cart.currency, &lines, true, &settings.pricing)
            .map(Self)
            .map_err(|e| Fault::internal("web.quote", e))
    }

    /// What the buyer is charged.
    pub(super) const fn total(&self) -> Money {
        self.0.total
    }

    /// For a template.
    pub(super) fn values(&self, cart: &CartView, settings: &Settings) -> Value {
        let priced = &self.0;
        context! {
            subtotal => amount(priced.subtotal),
            delivery => cart.ships().then(|| amount(priced.delivery)),
            delivery_title => cart.ships().then(|| settings.pricing.delivery.title.clone()),
            tax => (priced.tax.minor > 0).then(|| amount(priced.tax)),
            tax_included => settings.pricing.prices_include_tax,
            total => amount(priced.total),
        }
    }
}
