//! What a promotion does, as staff see it.

use super::{PromotionMoney, PromotionTarget};
use crate::graphql::{
    pricing::percentage,
    scalars::{Decimal, Gid},
};
use async_graphql::{Enum, SimpleObject};
use stoa_domain::{
    pricing::{Action, Off, Per, Tier, TierBy},
    shared::{Currency, VariantId},
};

/// How often an amount is taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PromotionPer {
    /// Once, of all lines together.
    Cart,
    /// Of each line.
    Line,
    /// Of each unit.
    Unit,
}

/// What decides which tier is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PromotionTierBy {
    /// Units of the goods.
    Quantity,
    /// What the goods cost.
    Subtotal,
}

/// What a promotion does: one of these; the others are null.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PromotionAction {
    /// Takes an amount off.
    pub amount_off: Option<PromotionAmountOff>,
    /// Takes something off the cheapest when enough others are bought.
    pub buy_get: Option<PromotionBuyGet>,
    /// Takes something off delivery.
    pub delivery_off: Option<PromotionDeliveryOff>,
    /// Sells units at a price.
    pub fixed_price: Option<PromotionFixedPrice>,
    /// Puts something in for nothing.
    pub gift: Option<PromotionGift>,
    /// Takes a share off.
    pub percent_off: Option<PromotionPercentOff>,
    /// Takes off the more the more there is.
    pub tiered: Option<PromotionTiered>,
}

/// An amount off.
#[derive(Clone, Debug, SimpleObject)]
pub struct PromotionAmountOff {
    /// How much.
    pub amount: PromotionMoney,
    /// How often.
    pub per: PromotionPer,
    /// Of which goods.
    pub target: PromotionTarget,
}

/// Something off the cheapest when enough others are bought.
#[derive(Clone, Debug, SimpleObject)]
pub struct PromotionBuyGet {
    /// What has to be bought.
    pub buy: PromotionTarget,
    /// How many units of it.
    pub buy_quantity: u32,
    /// What becomes cheaper.
    pub get: PromotionTarget,
    /// How many units of it.
    pub get_quantity: u32,
    /// By how much, in percent; 100 makes them free.
    pub percentage: Decimal,
    /// How often on one order, at most; null: as often as there is enough.
    pub uses_per_order: Option<u32>,
}

/// Something off delivery: either an amount or a share.
#[derive(Clone, Debug, SimpleObject)]
pub struct PromotionDeliveryOff {
    /// How much.
    pub amount: Option<PromotionMoney>,
    /// By which ways of delivering, by their handles; none: by all.
    pub methods: Vec<String>,
    /// At most so much.
    pub most: Option<PromotionMoney>,
    /// How much, in percent.
    pub percentage: Option<Decimal>,
}

/// Units at a price. Where it is more than they cost anyway nothing changes.
#[derive(Clone, Debug, SimpleObject)]
pub struct PromotionFixedPrice {
    /// One unit.
    pub price: PromotionMoney,
    /// Which goods.
    pub target: PromotionTarget,
}

/// Something that is put in for nothing.
#[derive(Clone, Debug, SimpleObject)]
pub struct PromotionGift {
    /// How many units.
    pub quantity: u32,
    /// The variant's global id.
    pub variant_id: Gid<VariantId>,
}

/// A share off.
#[derive(Clone, Debug, SimpleObject)]
pub struct PromotionPercentOff {
    /// How much, in percent.
    pub percentage: Decimal,
    /// Of which goods.
    pub target: PromotionTarget,
}

/// What is taken off from so much on: either an amount or a share.
#[derive(Clone, Debug, SimpleObject)]
pub struct PromotionTier {
    /// How much.
    pub amount: Option<PromotionMoney>,
    /// The least that reaches it: units, or an amount in the shop's currency.
    pub from: Decimal,
    /// How much, in percent.
    pub percentage: Option<Decimal>,
}

/// The more the more there is: the highest tier that is reached counts.
#[derive(Clone, Debug, SimpleObject)]
pub struct PromotionTiered {
    /// What decides which tier is reached.
    pub by: PromotionTierBy,
    /// Which goods.
    pub target: PromotionTarget,
    /// The tiers, from the lowest to the highest.
    pub tiers: Vec<PromotionTier>,
    /// Whether it is taken off all lines together rather than off each line.
    pub whole_cart: bool,
}

impl From<PromotionPer> for Per {
    fn from(per: PromotionPer) -> Self {
        match per {
            PromotionPer::Cart => Self::Cart,
            PromotionPer::Line => Self::Line,
            PromotionPer::Unit => Self::Unit,
        }
    }
}

impl From<Per> for PromotionPer {
    fn from(per: Per) -> Self {
        match per {
            Per::Cart => Self::Cart,
            Per::Line => Self::Line,
            Per::Unit => Self::Unit,
        }
    }
}

impl From<PromotionTierBy> for TierBy {
    fn from(by: PromotionTierBy) -> Self {
        match by {
            PromotionTierBy::Quantity => Self::Quantity,
            PromotionTierBy::Subtotal => Self::Subtotal,
        }
    }
}

impl From<TierBy> for PromotionTierBy {
    fn from(by: TierBy) -> Self {
        match by {
            TierBy::Quantity => Self::Quantity,
            TierBy::Subtotal => Self::Subtotal,
        }
    }
}

impl PromotionAction {
    pub(super) fn of(action: &Action, shop: Currency) -> Self {
        let none = Self::default();
        match action {
            Action::AmountOff { off, per, target } => {
                let (amount, per) = (PromotionMoney::of(off, shop), (*per).into());
                Self { amount_off: Some(PromotionAmountOff { amount, per, target: target.into() }), ..none }
            }
            Action::BuyGet { buy, buy_count, get, get_count, off, most_sets } => Self {
                buy_get: Some(PromotionBuyGet {
                    buy: buy.into(),
                    buy_quantity: *buy_count,
                    get: get.into(),
                    get_quantity: *get_count,
                    percentage: percentage(*off),
                    uses_per_order: *most_sets,
                }),
                ..none
            },
            Action::DeliveryOff { off, methods, most } => {
                let (amount, percentage) = told(off, shop);
                Self {
                    delivery_off: Some(PromotionDeliveryOff {
                        amount,
                        methods: methods.iter().map(ToString::to_string).collect(),
                        most: most.as_ref().map(|most| PromotionMoney::of(most, shop)),
                        percentage,
                    }),
                    ..none
                }
            }
            Action::FixedPrice { price, target } => {
                let price = PromotionMoney::of(price, shop);
                Self { fixed_price: Some(PromotionFixedPrice { price, target: target.into() }), ..none }
            }
            Action::Gift { variant, quantity } => {
                let gift = PromotionGift { quantity: *quantity, variant_id: Gid(*variant) };
                Self { gift: Some(gift), ..none }
            }
            Action::PercentOff { rate, target } => {
                let off = PromotionPercentOff { percentage: percentage(*rate), target: target.into() };
                Self { percent_off: Some(off), ..none }
            }
            Action::Tiered { by, target, tiers, whole_cart } => Self {
                tiered: Some(PromotionTiered {
                    by: (*by).into(),
                    target: target.into(),
                    tiers: tiers.iter().map(|of| tier(of, *by, shop)).collect(),
                    whole_cart: *whole_cart,
                }),
                ..none
            },
        }
    }
}

fn tier(of: &Tier, by: TierBy, shop: Currency) -> PromotionTier {
    let decimals = match by {
        TierBy::Quantity => 0,
        TierBy::Subtotal => u8::try_from(shop.exponent()).unwrap_or(2),
    };
    let (amount, percentage) = told(&of.off, shop);
    PromotionTier { amount, from: Decimal { minor: of.from, decimals }, percentage }
}

fn told(off: &Off, shop: Currency) -> (Option<PromotionMoney>, Option<Decimal>) {
    match off {
        Off::Amount(amount) => (Some(PromotionMoney::of(amount, shop)), None),
        Off::Percent(rate) => (None, Some(percentage(*rate))),
    }
}
