//! What a cart and its lines cost, as priced from SQL at this moment.

use crate::graphql::{Flat, MoneyV2, PriceCurrency};
use async_graphql::Object;
use stoa_domain::pricing::{PricedCart, PricedLine};

/// What a cart costs, borrowed from it.
#[derive(Clone, Copy, Debug)]
pub struct CartCost<'a>(
    /// The figures.
    pub &'a PricedCart,
);

/// What a cart costs now. An order placed with this total as its expected one costs exactly that.
#[Object]
impl CartCost<'_> {
    /// What the buyer will be charged at checkout.
    fn checkout_charge_amount(&self) -> Flat<MoneyV2> {
        Flat(self.0.money(self.0.charge).into())
    }

    /// The lines, before delivery; tax is inside if the shop's prices include it.
    fn subtotal_amount(&self) -> Flat<MoneyV2> {
        Flat(self.0.money(self.0.subtotal).into())
    }

    /// Everything: lines, delivery as far as it is chosen, tax.
    fn total_amount(&self) -> Flat<MoneyV2> {
        Flat(self.0.money(self.0.total).into())
    }

    /// Always null: the shop charges no duties.
    #[graphql(deprecation = "Tax and duty amounts are settled at checkout.")]
    fn total_duty_amount(&self) -> Option<Flat<MoneyV2>> {
        None
    }

    /// All tax, of lines and delivery: inside the total.
    #[graphql(deprecation = "Tax and duty amounts are settled at checkout.")]
    fn total_tax_amount(&self) -> Option<Flat<MoneyV2>> {
        Some(Flat(self.0.money(self.0.tax).into()))
    }
}

/// What a line costs.
#[derive(Clone, Copy, Debug)]
pub struct CartLineCost {
    unit: MoneyV2,
    compare_at: Option<MoneyV2>,
    subtotal: MoneyV2,
}

impl CartLineCost {
    /// The figures of a line in the cart's currency.
    pub fn new(priced: &PricedLine, currency: PriceCurrency) -> Self {
        Self {
            unit: currency.of(priced.unit_price),
            compare_at: priced.compare_at.map(|price| currency.of(price)),
            subtotal: currency.of(priced.subtotal),
        }
    }
}

/// What a line of a cart costs now.
#[Object]
impl CartLineCost {
    /// One unit.
    fn amount_per_quantity(&self) -> Flat<MoneyV2> {
        Flat(self.unit)
    }

    /// What one unit used to cost or costs elsewhere; null if the shop does not say.
    fn compare_at_amount_per_quantity(&self) -> Option<Flat<MoneyV2>> {
        self.compare_at.map(Flat)
    }

    /// All units, before discounts.
    fn subtotal_amount(&self) -> Flat<MoneyV2> {
        Flat(self.subtotal)
    }

    /// All units, after discounts.
    fn total_amount(&self) -> Flat<MoneyV2> {
        Flat(self.subtotal)
    }
}
