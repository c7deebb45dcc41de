//! What the order will cost, before the buyer has said where to: the delivery on offer is counted from the beginning, so
//! that the total beside the button is the total that is charged.

use crate::price::amount;
use minijinja::{Value, context};
use stoa_domain::{
    delivery::DeliveryOffer,
    pricing::PricedCart,
    shared::{Fault, Money},
};
use stoa_services::cart::CartView;

/// The figures of a checkout.
#[derive(Clone, Debug)]
pub(super) struct Quote(PricedCart);

impl Quote {
    /// The cart's own figures where it is settled how it is delivered; else what they will be.
    ///
    /// # Errors
    /// A sum that 64 bits do not hold.
    pub(super) fn new(cart: &CartView) -> Result<Self, Fault> {
        cart.quoted().map(Self)
    }

    /// What the buyer is charged.
    pub(super) const fn total(&self) -> Money {
        self.0.money(self.0.total)
    }

    /// The ways of delivering, each with its price.
    pub(super) fn delivery_options(&self) -> impl Iterator<Item = (&DeliveryOffer, Money)> {
        self.0.groups.iter().flat_map(|group| &group.offers).map(|offer| (offer, self.0.money(offer.price)))
    }

    /// For a template.
    pub(super) fn values(&self) -> Value {
        let priced = &self.0;
        let money = |minor| amount(priced.money(minor));
        context! {
            subtotal => money(priced.subtotal),
            delivery => priced.groups.first().map(|_| money(priced.delivery)),
            delivery_title => priced.groups.first().and_then(|group| group.chosen()).map(|chosen| &*chosen.title),
            tax => (priced.tax > 0).then(|| money(priced.tax)),
            tax_included => priced.tax_inside,
            total => money(priced.total),
        }
    }
}
