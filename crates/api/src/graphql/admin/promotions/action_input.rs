//! What a promotion does, on its way in.

use super::{
    PromotionErrorCode as Code, PromotionMoneyInput, PromotionPer, PromotionTargetInput, PromotionTierBy,
    PromotionUserError, Unread,
    reading::{amount, invalid, known, percentage},
};
use crate::graphql::{cart::InputPath, checkout::ExactDecimal};
use async_graphql::{ID, InputObject, OneofObject};
use stoa_domain::{
    pricing::{Action, Off, Tier, TierBy},
    shared::{Currency, parse_minor},
};

/// What a promotion does: one of these.
#[derive(Clone, Debug, OneofObject)]
pub enum PromotionActionInput {
    /// Takes an amount off.
    AmountOff(PromotionAmountOffInput),
    /// Takes something off the cheapest when enough others are bought.
    BuyGet(PromotionBuyGetInput),
    /// Takes something off delivery.
    DeliveryOff(PromotionDeliveryOffInput),
    /// Sells units at a price.
    FixedPrice(PromotionFixedPriceInput),
    /// Puts something in for nothing.
    Gift(PromotionGiftInput),
    /// Takes a share off.
    PercentOff(PromotionPercentOffInput),
    /// Takes off the more the more there is.
    Tiered(PromotionTieredInput),
}

/// An amount off.
#[derive(Clone, Debug, InputObject)]
pub struct PromotionAmountOffInput {
    /// How much.
    pub amount: PromotionMoneyInput,
    /// How often: of each unit, of each line, or once of all lines together.
    pub per: PromotionPer,
    /// Of which goods.
    pub target: PromotionTargetInput,
}

/// Something off the cheapest when enough others are bought.
#[derive(Clone, Debug, InputObject)]
pub struct PromotionBuyGetInput {
    /// What has to be bought.
    pub buy: PromotionTargetInput,
    /// How many units of it.
    pub buy_quantity: u32,
    /// What becomes cheaper.
    pub get: PromotionTargetInput,
    /// How many units of it.
    pub get_quantity: u32,
    /// By how much, in percent with four decimals at most; 100 makes them free.
    #[graphql(default_with = "ExactDecimal::whole(100)")]
    pub percentage: ExactDecimal,
    /// How often on one order, at most; left out: as often as there is enough.
    pub uses_per_order: Option<u32>,
}

/// Something off delivery: either an amount or a share.
#[derive(Clone, Debug, InputObject)]
pub struct PromotionDeliveryOffInput {
    /// How much.
    pub amount: Option<PromotionMoneyInput>,
    /// By which ways of delivering, by their handles; none: by all.
    #[graphql(default)]
    pub methods: Vec<String>,
    /// At most so much.
    pub most: Option<PromotionMoneyInput>,
    /// How much, in percent with four decimals at most.
    pub percentage: Option<ExactDecimal>,
}

/// Units at a price. Where it is more than they cost anyway nothing changes.
#[derive(Clone, Debug, InputObject)]
pub struct PromotionFixedPriceInput {
    /// One unit.
    pub price: PromotionMoneyInput,
    /// Which goods.
    pub target: PromotionTargetInput,
}

/// Something that is put in for nothing.
#[derive(Clone, Debug, InputObject)]
pub struct PromotionGiftInput {
    /// How many units.
    #[graphql(default = 1)]
    pub quantity: u32,
    /// The variant's global id.
    pub variant_id: ID,
}

/// A share off.
#[derive(Clone, Debug, InputObject)]
pub struct PromotionPercentOffInput {
    /// How much, in percent with four decimals at most.
    pub percentage: ExactDecimal,
    /// Of which goods.
    pub target: PromotionTargetInput,
}

/// What is taken off from so much on: either an amount or a share.
#[derive(Clone, Debug, InputObject)]
pub struct PromotionTierInput {
    /// How much.
    pub amount: Option<PromotionMoneyInput>,
    /// The least that reaches it: units, or an amount in the shop's currency.
    pub from: ExactDecimal,
    /// How much, in percent with four decimals at most.
    pub percentage: Option<ExactDecimal>,
}

/// The more the more there is: the highest tier that is reached counts.
#[derive(Clone, Debug, InputObject)]
pub struct PromotionTieredInput {
    /// What decides which tier is reached.
    pub by: PromotionTierBy,
    /// Which goods.
    pub target: PromotionTargetInput,
    /// The tiers, from the lowest to the highest, 50 at most.
    pub tiers: Vec<PromotionTierInput>,
    /// Whether it is taken off all lines together rather than off each line.
    #[graphql(default)]
    pub whole_cart: bool,
}

impl PromotionActionInput {
    /// As rules do it.
    ///
    /// # Errors
    /// An id, an amount or a percentage is none.
    pub(super) fn read(&self, shop: Currency, at: &InputPath) -> Result<Action, Unread> {
        match self {
            Self::AmountOff(of) => {
                let at = at.field("amountOff");
                Ok(Action::AmountOff {
                    off: of.amount.read(shop, &at.field("amount"))?,
                    per: of.per.into(),
                    target: of.target.read(&at.field("target"))?,
                })
            }
            Self::BuyGet(of) => {
                let at = at.field("buyGet");
                Ok(Action::BuyGet {
                    buy: of.buy.read(&at.field("buy"))?,
                    buy_count: of.buy_quantity,
                    get: of.get.read(&at.field("get"))?,
                    get_count: of.get_quantity,
                    off: percentage(&of.percentage, at.field("percentage"))?,
                    most_sets: of.uses_per_order,
                })
            }
            Self::DeliveryOff(of) => {
                let at = at.field("deliveryOff");
                Ok(Action::DeliveryOff {
                    off: off((of.amount.as_ref(), of.percentage.as_ref()), shop, &at)?,
                    methods: of.methods.iter().map(|handle| handle.trim().into()).collect(),
                    most: of.most.as_ref().map(|most| most.read(shop, &at.field("most"))).transpose()?,
                })
            }
            Self::FixedPrice(of) => {
                let at = at.field("fixedPrice");
                Ok(Action::FixedPrice {
                    price: of.price.read(shop, &at.field("price"))?,
                    target: of.target.read(&at.field("target"))?,
                })
            }
            Self::Gift(of) => {
                let at = at.field("gift");
                Ok(Action::Gift {
                    variant: known(&of.variant_id, at.field("variantId"))?,
                    quantity: of.quantity,
                })
            }
            Self::PercentOff(of) => {
                let at = at.field("percentOff");
                Ok(Action::PercentOff {
                    rate: percentage(&of.percentage, at.field("percentage"))?,
                    target: of.target.read(&at.field("target"))?,
                })
            }
            Self::Tiered(of) => of.read(shop, &at.field("tiered")),
        }
    }
}

impl PromotionTieredInput {
    fn read(&self, shop: Currency, at: &InputPath) -> Result<Action, Unread> {
        let (by, list) = (TierBy::from(self.by), at.field("tiers"));
        let tier = |(index, of): (usize, &PromotionTierInput)| {
            let at = list.entry(index);
            let from = match by {
                TierBy::Subtotal => amount(&of.from, shop, at.field("from"))?,
                TierBy::Quantity => parse_minor(of.from.as_str(), 0)
                    .map_err(|_| invalid(at.field("from"), "Units are a whole number."))?,
            };
            let off = off((of.amount.as_ref(), of.percentage.as_ref()), shop, &at)?;
            Ok::<_, Unread>(Tier { from, off })
        };
        Ok(Action::Tiered {
            by,
            target: self.target.read(&at.field("target"))?,
            tiers: self.tiers.iter().enumerate().map(tier).collect::<Result<_, _>>()?,
            whole_cart: self.whole_cart,
        })
    }
}

/// Either an amount or a share.
fn off(
    given: (Option<&PromotionMoneyInput>, Option<&ExactDecimal>),
    shop: Currency,
    at: &InputPath,
) -> Result<Off, Unread> {
    match given {
        (Some(amount), None) => Ok(Off::Amount(amount.read(shop, &at.field("amount"))?)),
        (None, Some(share)) => Ok(Off::Percent(percentage(share, at.field("percentage"))?)),
        (None, None) => {
            let message = "It takes an amount or a percentage to take something off.";
            Err(PromotionUserError::new(Code::NothingToDo, at.clone(), message).into())
        }
        (Some(_), Some(_)) => {
            Err(invalid(at.field("percentage"), "Either an amount is taken off, or a percentage.").into())
        }
    }
}
