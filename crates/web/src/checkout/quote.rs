//! What the order will cost, before the buyer has said where to: the delivery on offer is counted from the beginning, so
//! that the total beside the button is the total that is charged.

use crate::cart::figure_values;
use minijinja::Value;
use stoa_domain::{
    delivery::DeliveryOffer,
    pricing::PricedCart,
    shared::{Fault, Money},
};
use stoa_services::cart::{CartView, ViewCard};

/// The figures of a checkout.
#[derive(Clone, Debug)]
pub(super) struct Quote {
    priced: PricedCart,
    cards: Vec<ViewCard>,
}

impl Quote {
    /// The cart's own figures where it is settled how it is delivered; else what they will be.
    ///
    /// # Errors
    /// A sum that 64 bits do not hold.
    pub(super) fn new(cart: &CartView) -> Result<Self, Fault> {
        Ok(Self { priced: cart.quoted()?, cards: cart.cards().collect() })
    }

    /// What it costs.
    pub(super) const fn total(&self) -> Money {
        self.priced.money(self.priced.total)
    }

    /// What of that the buyer is charged.
    pub(super) const fn charge(&self) -> Money {
        self.priced.money(self.priced.charge)
    }

    /// The ways of delivering, each with its price. What comes from several places is chosen for the first of them here.
    pub(super) fn delivery_options(&self) -> impl Iterator<Item = (&DeliveryOffer, Money)> {
        let offers = self.priced.groups.first().into_iter().flat_map(|group| &group.offers);
        offers.map(|offer| (offer, self.priced.money(offer.price)))
    }

    /// For a template.
    pub(super) fn values(&self) -> Value {
        figure_values(&self.priced, &self.cards)
    }
}
