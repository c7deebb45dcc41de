//! What a cart and its lines cost, as priced from SQL at this moment.

use crate::graphql::{MoneyV2, PriceCurrency};
use async_graphql::Object;
use stoa_domain::{
    catalog::Merchandise,
    pricing::{PricedCart, PricedLine},
};

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
    async fn checkout_charge_amount(&self) -> MoneyV2 {
        self.0.total.into()
    }

    /// The lines, before delivery; tax is inside if the shop's prices include it.
    async fn subtotal_amount(&self) -> MoneyV2 {
        self.0.subtotal.into()
    }

    /// Everything: lines, delivery as far as it is chosen, tax.
    async fn total_amount(&self) -> MoneyV2 {
        self.0.total.into()
    }

    /// Always null: the shop charges no duties.
    #[graphql(deprecation = "Tax and duty amounts are settled at checkout.")]
    async fn total_duty_amount(&self) -> Option<MoneyV2> {
        None
    }

    /// All tax, of lines and delivery: inside the total.
    #[graphql(deprecation = "Tax and duty amounts are settled at checkout.")]
    async fn total_tax_amount(&self) -> Option<MoneyV2> {
        Some(self.0.tax.into())
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
    pub fn new(priced: &PricedLine, merchandise: &Merchandise, currency: PriceCurrency) -> Self {
        Self {
            unit: currency.of(priced.unit_price),
            compare_at: merchandise.compare_at_price.map(|price| currency.of(price)),
            subtotal: currency.of(priced.subtotal),
        }
    }
}

/// What a line of a cart costs now.
#[Object]
impl CartLineCost {
    /// One unit.
    async fn amount_per_quantity(&self) -> MoneyV2 {
        self.unit
    }

    /// What one unit used to cost or costs elsewhere; null if the shop does not say.
    async fn compare_at_amount_per_quantity(&self) -> Option<MoneyV2> {
        self.compare_at
    }

    /// All units, before discounts.
    async fn subtotal_amount(&self) -> MoneyV2 {
        self.subtotal
    }

    /// All units, after discounts.
    async fn total_amount(&self) -> MoneyV2 {
        self.subtotal
    }
}
