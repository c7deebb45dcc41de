//! What a cart and its lines cost, as priced at this moment.

use super::object::CartData;
use crate::graphql::{Flat, MoneyV2, PriceCurrency, pricing::PricingStep, scalars::Gid};
use async_graphql::Object;
use std::sync::Arc;
use stoa_domain::pricing::{PricedCart, PricedLine};

/// What a cart costs, borrowed from it.
#[derive(Clone, Copy, Debug)]
pub struct CartCost<'a>(pub(super) &'a CartData);

impl CartCost<'_> {
    const fn priced(&self) -> &PricedCart {
        &self.0.view.priced
    }

    fn money(&self, minor: i64) -> Flat<MoneyV2> {
        Flat(self.priced().money(minor).into())
    }
}

/// What a cart costs now. An order placed with this total as its expected one costs exactly that.
#[Object]
impl CartCost<'_> {
    /// What the buyer will be charged at checkout: the total less what gift cards and store credit pay of it.
    fn checkout_charge_amount(&self) -> Flat<MoneyV2> {
        self.money(self.priced().charge)
    }

    /// How the total came about: all steps in order. The amounts of those that are no gift cards sum to `totalAmount`, those of all of them to
    /// `checkoutChargeAmount`. An addition of this server to the vocabulary.
    fn steps(&self) -> Vec<PricingStep> {
        self.0.steps(self.priced().steps.iter())
    }

    /// The lines after what promotions take off each of them, before what they take off all of them together, and before delivery; tax is
    /// inside if the shop's prices include it.
    fn subtotal_amount(&self) -> Flat<MoneyV2> {
        let off: i64 = self.priced().lines.iter().map(|line| line.line_discount).sum();
        self.money(self.priced().subtotal.saturating_sub(off))
    }

    /// Everything: lines and delivery as far as it is chosen, after all promotions, with tax.
    fn total_amount(&self) -> Flat<MoneyV2> {
        self.money(self.priced().total)
    }

    /// Always null: the shop charges no duties.
    #[graphql(deprecation = "Tax and duty amounts are settled at checkout.")]
    fn total_duty_amount(&self) -> Option<Flat<MoneyV2>> {
        None
    }

    /// All tax, of lines and delivery: inside the total.
    #[graphql(deprecation = "Tax and duty amounts are settled at checkout.")]
    fn total_tax_amount(&self) -> Option<Flat<MoneyV2>> {
        Some(self.money(self.priced().tax))
    }
}

/// What a line of a cart costs.
#[derive(Clone, Debug)]
pub struct CartLineCost {
    cart: Arc<CartData>,
    /// Always an index of the cart's lines.
    at: usize,
}

impl CartLineCost {
    /// What the line at an index that is known to be one costs.
    pub(super) fn of(cart: &Arc<CartData>, at: usize) -> Self {
        Self { cart: Arc::clone(cart), at }
    }

    fn line(&self) -> &PricedLine {
        &self.cart.view.lines[self.at].priced
    }

    fn money(&self, minor: i64) -> Flat<MoneyV2> {
        Flat(PriceCurrency::from(self.cart.view.priced.currency).of(minor))
    }
}

/// What a line of a cart costs now.
#[Object]
impl CartLineCost {
    /// One unit, before promotions.
    fn amount_per_quantity(&self) -> Flat<MoneyV2> {
        self.money(self.line().unit_price)
    }

    /// What one unit used to cost or costs elsewhere; null if the shop does not say.
    fn compare_at_amount_per_quantity(&self) -> Option<Flat<MoneyV2>> {
        self.line().compare_at.map(|price| self.money(price))
    }

    /// How the line's figures came about: its steps in order. The amounts of those that are no tax sum to `totalAmount` less the line's share
    /// of what promotions take off the whole cart. An addition of this server to the vocabulary.
    fn steps(&self) -> Vec<PricingStep> {
        self.cart.steps(self.cart.view.priced.steps.of_line(self.at))
    }

    /// All units, before promotions.
    fn subtotal_amount(&self) -> Flat<MoneyV2> {
        self.money(self.line().subtotal)
    }

    /// All units, after what promotions take off this line.
    fn total_amount(&self) -> Flat<MoneyV2> {
        self.money(self.line().subtotal.saturating_sub(self.line().line_discount))
    }
}

impl CartData {
    /// Steps of this cart, which name its lines by their global ids.
    fn steps<'s>(&self, steps: impl Iterator<Item = &'s stoa_domain::pricing::Step>) -> Vec<PricingStep> {
        let line = |at: usize| Some(Gid(self.view.lines.get(at)?.line.id).text());
        PricingStep::all(steps, self.view.priced.currency.into(), line)
    }
}
