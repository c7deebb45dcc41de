//! Telling of changes, after their commit.

use crate::Context;
use stoa_domain::{
    cart::Cart,
    inventory::StockSnapshot,
    live::Event,
    shared::{CartId, OrderId, VariantId},
};

impl Context {
    /// A cart was saved.
    pub(crate) fn cart_changed(&self, cart: &Cart) {
        self.ports.bus.publish(Event::CartChanged { cart: cart.id, version: cart.version });
    }

    /// A cart is no more.
    pub(crate) fn cart_gone(&self, cart: CartId) {
        self.ports.bus.publish(Event::CartGone { cart });
    }

    /// An order has moved, or its payment.
    pub(crate) fn order_changed(&self, order: OrderId) {
        self.ports.bus.publish(Event::OrderChanged { order });
    }

    /// More or fewer units can be sold. Where there is no limit, nothing changes for anybody.
    pub(crate) fn stock_changed(&self, stock: &[StockSnapshot]) {
        let limited = stock.iter().filter(|snapshot| snapshot.sellable.is_some());
        self.tell_stock(limited.map(|snapshot| snapshot.variant).collect());
    }

    /// A cart holds more or fewer units. Call it once the store has that: whoever hears of it reads the store. Of units that are let
    /// go it need not be told where others may see that 15 seconds later.
    pub(crate) fn stock_held(&self, variants: &[VariantId]) {
        self.tell_stock(variants.to_vec());
    }

    fn tell_stock(&self, variants: Vec<VariantId>) {
        if !variants.is_empty() {
            self.ports.bus.publish(Event::StockChanged { variants });
        }
    }
}
