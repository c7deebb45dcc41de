//! Which promotions can be.

use super::{Action, Class, Condition, Off, Per, Promotion, Target, Tier};
use crate::shared::Rate;

/// Why a promotion cannot be as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPromotion {
    /// Its action does not lower what its class says.
    #[error("the action is of another class")]
    OtherClass,
    /// It takes nothing off, or off nothing.
    #[error("there is nothing for it to do")]
    NothingToDo,
    /// It ends before it starts, or a most is below its least.
    #[error("a range is reversed")]
    RangeReversed,
    /// A share of more than all, or a negative amount.
    #[error("an amount or a percentage is out of range")]
    OutOfRange,
}

impl Promotion {
    /// The same, if it can be.
    ///
    /// # Errors
    /// What is wrong with it first.
    pub fn validated(self) -> Result<Self, InvalidPromotion> {
        if !self.definition.action.classes().contains(&self.class) {
            return Err(InvalidPromotion::OtherClass);
        }
        if self.starts_at.zip(self.ends_at).is_some_and(|(start, end)| end <= start) {
            return Err(InvalidPromotion::RangeReversed);
        }
        if self.per_buyer.is_some_and(|most| most < 1) || self.definition.most_per_order == Some(0) {
            return Err(InvalidPromotion::NothingToDo);
        }
        self.definition.conditions.iter().try_for_each(condition)?;
        action(&self.definition.action)?;
        Ok(self)
    }
}

impl Action {
    /// The classes it may be of; the first where staff do not say.
    pub const fn classes(&self) -> &'static [Class] {
        match self {
            Self::PercentOff { target: Target::All, .. } => &[Class::Product, Class::Order],
            Self::PercentOff { .. }
            | Self::AmountOff { per: Per::Unit | Per::Line, .. }
            | Self::FixedPrice { .. }
            | Self::BuyGet { .. }
            | Self::Tiered { whole_cart: false, .. }
            | Self::Gift { .. } => &[Class::Product],
            Self::AmountOff { per: Per::Cart, .. } | Self::Tiered { whole_cart: true, .. } => &[Class::Order],
            Self::DeliveryOff { .. } => &[Class::Delivery],
        }
    }
}

impl Target {
    /// Whether it names nothing.
    pub fn is_nothing(&self) -> bool {
        match self {
            Self::All => false,
            Self::Of { products, variants, collections, tags } => {
                products.is_empty() && variants.is_empty() && collections.is_empty() && tags.is_empty()
            }
        }
    }
}

fn condition(condition: &Condition) -> Result<(), InvalidPromotion> {
    let (nothing, reversed) = match condition {
        Condition::Subtotal { of, bounds } => (of.is_nothing(), bounds.reversed()),
        Condition::Quantity { of, bounds } => (of.is_nothing(), bounds.reversed()),
        Condition::FirstOrder => (false, false),
        Condition::Groups(of) => (of.is_empty(), false),
        Condition::Countries(of) => (of.is_empty(), false),
        Condition::Currencies(of) => (of.is_empty(), false),
        Condition::Markets(of) => (of.is_empty(), false),
        Condition::DeliveryMethods(of) => (of.is_empty(), false),
    };
    refuse(nothing, InvalidPromotion::NothingToDo)?;
    refuse(reversed, InvalidPromotion::RangeReversed)
}

fn action(action: &Action) -> Result<(), InvalidPromotion> {
    match action {
        Action::PercentOff { rate, target } => {
            refuse(target.is_nothing(), InvalidPromotion::NothingToDo)?;
            share(*rate)
        }
        Action::AmountOff { off: amount, target, .. } => {
            refuse(target.is_nothing() || amount.shop == 0, InvalidPromotion::NothingToDo)?;
            amounts(amount.amounts())
        }
        Action::FixedPrice { price, target } => {
            refuse(target.is_nothing(), InvalidPromotion::NothingToDo)?;
            amounts(price.amounts())
        }
        Action::BuyGet { buy, buy_count, get, get_count, off: by, most_sets } => {
            let nothing = buy.is_nothing() || get.is_nothing() || *most_sets == Some(0);
            refuse(nothing || *buy_count == 0 || *get_count == 0, InvalidPromotion::NothingToDo)?;
            share(*by)
        }
        Action::Tiered { target, tiers, .. } => tiered(target, tiers),
        Action::DeliveryOff { off: by, most, .. } => {
            off(by)?;
            amounts(most.iter().flat_map(|most| most.amounts()))
        }
        Action::Gift { quantity, .. } => refuse(*quantity == 0, InvalidPromotion::NothingToDo),
    }
}

fn tiered(target: &Target, tiers: &[Tier]) -> Result<(), InvalidPromotion> {
    refuse(target.is_nothing() || tiers.is_empty(), InvalidPromotion::NothingToDo)?;
    refuse(!tiers.is_sorted_by(|a, b| a.from < b.from), InvalidPromotion::RangeReversed)?;
    amounts(tiers.iter().map(|tier| tier.from))?;
    tiers.iter().try_for_each(|tier| off(&tier.off))
}

fn off(off: &Off) -> Result<(), InvalidPromotion> {
    match off {
        Off::Percent(rate) => share(*rate),
        Off::Amount(amount) => {
            refuse(amount.shop == 0, InvalidPromotion::NothingToDo)?;
            amounts(amount.amounts())
        }
    }
}

/// More than nothing and at most all.
fn share(rate: Rate) -> Result<(), InvalidPromotion> {
    refuse(rate.millionths() == 0, InvalidPromotion::NothingToDo)?;
    refuse(rate.millionths() > 1_000_000, InvalidPromotion::OutOfRange)
}

fn amounts(mut amounts: impl Iterator<Item = i64>) -> Result<(), InvalidPromotion> {
    refuse(amounts.any(|amount| amount < 0), InvalidPromotion::OutOfRange)
}

const fn refuse(wrong: bool, with: InvalidPromotion) -> Result<(), InvalidPromotion> {
    if wrong { Err(with) } else { Ok(()) }
}
