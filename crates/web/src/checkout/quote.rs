//! What the order will cost, before the buyer has said where to: the delivery on offer is counted from the beginning, so
//! that the total beside the button is the total that is charged.

use crate::cart::figure_values;
use minijinja::Value;
use stoa_domain::{
    pricing::{PricedCart, PricedGroup},
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

    /// What is delivered together, in the cart's order.
    pub(super) fn groups(&self) -> &[PricedGroup] {
        &self.priced.groups
    }

    /// An amount of it as money.
    pub(super) const fn money(&self, minor: i64) -> Money {
        self.priced.money(minor)
    }

    /// For a template.
    pub(super) fn values(&self) -> Value {
        figure_values(&self.priced, &self.cards)
    }
}
