//! A cart with everything that is needed to show it.

use crate::catalog::Shelf;
use std::sync::Arc;
use stoa_domain::{
    access::Viewer,
    cart::{Cart, CartLine},
    catalog::Merchandise,
    pricing::{DeliveryOption, PriceableLine, PricedCart, PricedLine, PricingRules, price_cart},
    shared::{Fault, Timestamp},
};

/// A cart, its prices, and what it holds. Before an order is made of it everything is read from SQL; after a change the
/// prices are those that the catalogue shows.
#[derive(Clone, Debug)]
pub struct CartView {
    /// The document. Lines whose variant no longer exists are not among [`lines`](Self::lines).
    pub cart: Cart,
    /// The lines that can be shown, in order.
    pub lines: Vec<ViewLine>,
    /// What it costs.
    pub priced: PricedCart,
    /// The ways of delivering it; empty when nothing has to be delivered or nobody said where.
    pub delivery_options: Vec<DeliveryOption>,
    /// The chosen one.
    pub delivery: Option<DeliveryOption>,
    /// Until when stock is held for it, if it still is.
    pub held_until: Option<Timestamp>,
}

/// A line with its merchandise and its figures.
#[derive(Clone, Debug)]
pub struct ViewLine {
    /// The line.
    pub line: CartLine,
    /// What is bought.
    pub merchandise: Arc<Merchandise>,
    /// What it costs.
    pub priced: PricedLine,
}

impl CartView {
    /// Prices a cart with the merchandise of its lines.
    ///
    /// # Errors
    /// A total that 64 bits do not hold; the bounds of quantities and prices keep carts from getting there.
    pub(crate) fn new(
        cart: Cart,
        merchandise: &Shelf,
        rules: &PricingRules,
        now: Timestamp,
    ) -> Result<Self, Fault> {
        let known: Vec<(CartLine, Arc<Merchandise>)> = cart
            .lines
            .iter()
            .filter_map(|line| Some((line.clone(), Arc::clone(merchandise.get(&line.variant)?))))
            .collect();
        let priceable: Vec<PriceableLine> = known.iter().map(|(line, m)| priceable(line, m)).collect();

        let ships = priceable.iter().any(|l| l.requires_shipping);
        let offered = ships && cart.selected_address().is_some();
        let delivery_options = if offered { vec![rules.delivery.clone()] } else { Vec::new() };
        let delivery = chosen(&cart, &delivery_options).cloned();

        let priced = price_cart(cart.currency, &priceable, delivery.is_some(), rules)
            .map_err(|e| Fault::internal("cart.price", e))?;
        let lines = known
            .into_iter()
            .zip(&priced.lines)
            .map(|((line, merchandise), priced)| ViewLine { line, merchandise, priced: *priced })
            .collect();
        let held_until = cart.held_until.filter(|until| *until > now);
        Ok(Self { cart, lines, priced, delivery_options, delivery, held_until })
    }

    /// The same without what they may not see: addresses out of the address book of another. What the cart costs to deliver stays.
    pub(crate) fn shown_to(mut self, viewer: &Viewer) -> Self {
        self.cart.addresses.retain(|address| address.is_there_for(viewer));
        self
    }

    /// Whether anything in it has to be delivered.
    pub fn ships(&self) -> bool {
        self.lines.iter().any(|l| l.merchandise.requires_shipping)
    }
}

fn priceable(line: &CartLine, merchandise: &Merchandise) -> PriceableLine {
    PriceableLine {
        unit_price: merchandise.price,
        quantity: line.quantity,
        taxable: merchandise.taxable,
        requires_shipping: merchandise.requires_shipping,
    }
}

/// The option the buyer chose; the only one where there is no choice, so that a buyer need not choose it.
fn chosen<'a>(cart: &Cart, options: &'a [DeliveryOption]) -> Option<&'a DeliveryOption> {
    let wanted = cart.delivery.as_ref().and_then(|d| options.iter().find(|o| o.handle == d.option));
    match options {
        [only] => wanted.or(Some(only)),
        _ => wanted,
    }
}
