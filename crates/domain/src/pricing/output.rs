//! What pricing says: figures, and how they came about.

use super::{Class, CodeKey, EnteredCode, LineIndex, Steps, Why};
use crate::{
    delivery::DeliveryOffer,
    shared::{
        Currency, DeliveryGroupId, GiftCardId, InvalidMoney, Money, PromotionId, Rate, TaxRateId, VariantId,
    },
};
use std::sync::Arc;

/// A priced cart. All amounts are in minor units of `currency`:
/// `total = subtotal - discount + delivery - delivery_discount - removed_tax (+ tax, unless prices contain it)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedCart {
    /// The currency of all figures.
    pub currency: Currency,
    /// One entry a line, in the order in which they were handed in.
    pub lines: Vec<PricedLine>,
    /// One entry a delivery group, in the order in which they were handed in.
    pub groups: Vec<PricedGroup>,
    /// One entry an entered code, in order.
    pub codes: Vec<CodeOutcome>,
    /// The promotions that took something off.
    pub applied: Vec<AppliedPromotion>,
    /// The promotions that were weighed and take nothing off, in the order in which they were made, and why: all automatic ones, and those
    /// whose codes were entered.
    pub refused: Vec<(PromotionId, Why)>,
    /// All tax, by rate.
    pub taxes: Vec<TaxAmount>,
    /// Sum of the lines' subtotals.
    pub subtotal: i64,
    /// What is taken off the lines.
    pub discount: i64,
    /// Delivery; zero while nothing has to be delivered.
    pub delivery: i64,
    /// What is taken off delivery.
    pub delivery_discount: i64,
    /// Tax on delivery.
    pub delivery_tax: i64,
    /// Tax that prices contain and this buyer does not owe, of lines and of delivery.
    pub removed_tax: i64,
    /// All tax: that of the lines and of delivery.
    pub tax: i64,
    /// Whether prices contain the tax.
    pub tax_inside: bool,
    /// Whether the buyer, a business of another member state of the European Union, owes the tax there and pays none here.
    pub reverse_charge: bool,
    /// What it costs.
    pub total: i64,
    /// What gift cards and store credit pay of it, in order.
    pub stored: Vec<StoredPart>,
    /// What is left for the buyer to be charged.
    pub charge: i64,
    /// The figures in the shop's currency, where it is another.
    pub shop: Option<ShopFigures>,
    /// What promotions put in for nothing.
    pub gifts_due: Vec<GiftDue>,
    /// How many combinations of promotions were not looked at for want of time, one of which might have been cheaper.
    pub search_cut: usize,
    /// How the figures came about: all of them sum to [`charge`](Self::charge), those that are no gift cards to [`total`](Self::total).
    pub steps: Steps,
}

impl PricedCart {
    /// One of its figures, with its currency.
    pub const fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }
}

/// A line's figures, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PricedLine {
    /// Price of one unit in the catalogue.
    pub base_price: i64,
    /// Price of one unit, as shown (with or without tax, as the shop's prices are).
    pub unit_price: i64,
    /// The price that shows beside it.
    pub compare_at: Option<i64>,
    /// Units times price.
    pub subtotal: i64,
    /// What promotions of its own units take off.
    pub line_discount: i64,
    /// Its share of what promotions of the whole order take off.
    pub order_discount: i64,
    /// The tax of the line: inside what it costs where prices contain tax, on top of it otherwise.
    pub tax: i64,
    /// Tax that its price contains and this buyer does not owe.
    pub removed_tax: i64,
}

/// A delivery group's figures, in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedGroup {
    /// Which.
    pub id: DeliveryGroupId,
    /// The ways it can be delivered.
    pub offers: Vec<DeliveryOffer>,
    /// Which of them was chosen; where nothing was, the only one, so that a buyer need not choose it, unless they would have to come for it.
    pub chosen: Option<usize>,
    /// What the chosen one costs.
    pub price: i64,
    /// What is taken off that.
    pub discount: i64,
    /// The tax: inside or on top, as with lines.
    pub tax: i64,
    /// Tax that the price contains and this buyer does not owe.
    pub removed_tax: i64,
}

impl PricedGroup {
    /// The chosen way.
    pub fn chosen(&self) -> Option<&DeliveryOffer> {
        self.chosen.and_then(|at| self.offers.get(at))
    }
}

/// What became of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeOutcome {
    /// The code.
    pub code: EnteredCode,
    /// Why it is of no use; `None`: it took something off.
    pub why: Option<Why>,
}

/// A promotion that took something off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedPromotion {
    /// Which.
    pub promotion: PromotionId,
    /// Its name.
    pub title: Arc<str>,
    /// The code that brought it.
    pub code: Option<CodeKey>,
    /// What it lowered.
    pub class: Class,
    /// What it says it takes off.
    pub value: OffValue,
    /// What it took off.
    pub amount: i64,
    /// What of that each line got. Of delivery: none.
    pub shares: Vec<(LineIndex, i64)>,
}

/// What a promotion says it takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffValue {
    /// A share.
    Percent(Rate),
    /// An amount, in minor units of the cart's currency.
    Amount(i64),
}

/// What is charged at one rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxAmount {
    /// Which tax.
    pub rate_id: TaxRateId,
    /// Its name.
    pub name: Arc<str>,
    /// The name of its zone.
    pub zone: Arc<str>,
    /// The rate.
    pub rate: Rate,
    /// Whether it is charged on other taxes as well.
    pub compound: bool,
    /// What is taxed: what lines and deliveries cost after all that is taken off.
    pub base: i64,
    /// The tax.
    pub amount: i64,
    /// Whether it is inside the base.
    pub inside: bool,
}

/// What a gift card or store credit pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredPart {
    /// Which.
    pub id: GiftCardId,
    /// How much; zero where nothing can be paid with it, or nothing is left to pay.
    pub amount: i64,
}

/// The figures in the shop's currency, which sum as those in the cart's do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShopFigures {
    /// Sum of the lines' subtotals.
    pub subtotal: i64,
    /// What is taken off the lines.
    pub discount: i64,
    /// Delivery.
    pub delivery: i64,
    /// What is taken off delivery.
    pub delivery_discount: i64,
    /// Tax that prices contain and this buyer does not owe.
    pub removed_tax: i64,
    /// All tax.
    pub tax: i64,
    /// What it costs.
    pub total: i64,
}

/// What a promotion puts in for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GiftDue {
    /// Which promotion.
    pub promotion: PromotionId,
    /// What.
    pub variant: VariantId,
    /// How many units.
    pub quantity: u32,
}

/// Why a cart cannot be priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PricingError {
    /// A sum that 64 bits do not hold.
    #[error("amount out of range")]
    OutOfRange,
    /// Prices are in another currency, and there is no rate between the two.
    #[error("no rate between the shop's currency and the cart's")]
    NoRate,
}

impl From<InvalidMoney> for PricingError {
    fn from(_: InvalidMoney) -> Self {
        Self::OutOfRange
    }
}
