//! A promotion on its way in.

use super::{
    PromotionActionInput, PromotionClass, PromotionConditionsInput, PromotionMethod, Unread, reading::amount,
};
use crate::graphql::{admin::moment::Moment, cart::InputPath, checkout::ExactDecimal};
use async_graphql::InputObject;
use stoa_domain::{pricing::Definition, shared::Currency};
use stoa_persistence::promotion::Limits;
use stoa_services::admin::PromotionDraft;

/// A promotion, all of it.
#[derive(Clone, Debug, InputObject)]
pub struct PromotionInput {
    /// What it does.
    pub action: PromotionActionInput,
    /// What must all be so; left out: nothing.
    pub conditions: Option<PromotionConditionsInput>,
    /// The first moment it counts no more; null: it does not end.
    pub ends_at: Option<Moment>,
    /// Whether it is applied alone or not at all: then it competes with all others together.
    #[graphql(default)]
    pub exclusive: bool,
    /// How much of it there is; left out: any amount.
    pub limits: Option<PromotionLimitsInput>,
    /// Who switches it on.
    pub method: PromotionMethod,
    /// What is applied first of promotions that are applied together; the higher number. It also breaks ties. Of several
    /// promotions of a class the best for the buyer counts, whatever this says; among those that are added up it says what a percentage is taken of.
    #[graphql(default)]
    pub priority: i32,
    /// What it lowers; left out: what its action lowers. A percentage off everything may be of the class PRODUCT or ORDER.
    pub promotion_class: Option<PromotionClass>,
    /// Whether it is added to the best of its class, rather than competing with it.
    #[graphql(default)]
    pub stacks: bool,
    /// The first moment it counts; null: it has begun.
    pub starts_at: Option<Moment>,
    /// What buyers and explanations call it, 255 characters at most.
    pub title: String,
}

/// How much of a promotion there is. What is left out is without limit.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PromotionLimitsInput {
    /// What it may take off all orders together, in the shop's currency.
    pub budget: Option<ExactDecimal>,
    /// Units it touches on one order; only of one that lowers single units or sets of them.
    pub units_per_order: Option<u32>,
    /// On how many orders it may be used. Orders of before count; those that are being placed while it is limited for the first time a minute later.
    pub uses: Option<i64>,
    /// On how many orders of one buyer: an account and its address, or a guest's address, are one buyer. Orders that were placed while there was no such
    /// limit do not count.
    pub uses_per_customer: Option<i64>,
}

impl PromotionInput {
    /// As the service takes it. Amounts without a currency are in `shop`.
    ///
    /// # Errors
    /// An id, an amount or a percentage is none.
    pub fn read(self, shop: Currency, at: &InputPath) -> Result<PromotionDraft, Unread> {
        let limits = self.limits.unwrap_or_default();
        let budget_at = at.field("limits").field("budget");
        let conditions = self.conditions.unwrap_or_default();
        Ok(PromotionDraft {
            title: self.title,
            class: self.promotion_class.map(Into::into),
            method: self.method.into(),
            definition: Definition {
                conditions: conditions.read(shop, &at.field("conditions"))?,
                action: self.action.read(shop, &at.field("action"))?,
                most_per_order: limits.units_per_order,
            },
            priority: self.priority,
            stacks: self.stacks,
            exclusive: self.exclusive,
            starts_at: self.starts_at.map(|moment| moment.0),
            ends_at: self.ends_at.map(|moment| moment.0),
            per_buyer: limits.uses_per_customer,
            limits: Limits {
                most: limits.uses,
                budget: limits.budget.map(|of| amount(&of, shop, budget_at)).transpose()?,
            },
        })
    }
}
