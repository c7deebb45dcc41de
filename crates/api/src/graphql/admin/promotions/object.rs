//! A promotion, as staff see it.

use super::{PromotionAction, PromotionConditions};
use crate::graphql::{
    MoneyV2,
    scalars::{DateTime, Gid},
};
use async_graphql::{Enum, Object, SimpleObject};
use stoa_domain::{
    pricing::{Class, Method},
    shared::{Currency, Money, PromotionId},
};
use stoa_persistence::{
    pricing::Kept,
    promotion::{self, StaffPromotion},
};

/// What a promotion lowers. Promotions of different classes add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PromotionClass {
    /// What delivering costs.
    Delivery,
    /// What all lines together cost, after promotions of products.
    Order,
    /// Units of lines.
    Product,
}

/// Who switches a promotion on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PromotionMethod {
    /// Nobody: it is for every cart that meets its conditions.
    Automatic,
    /// Whoever enters one of its codes.
    Code,
}

/// Whether a promotion is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PromotionState {
    /// From its start to its end.
    Active,
    /// No more, for good; it is kept for the orders that have it.
    Archived,
    /// Not yet, or not now.
    Draft,
}

/// How much of a promotion there is. What is null is without limit.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct PromotionLimits {
    /// What it may take off all orders together, in the shop's currency.
    pub budget: Option<MoneyV2>,
    /// Units it touches on one order; only of one that lowers single units or sets of them.
    pub units_per_order: Option<u32>,
    /// On how many orders it may be used.
    pub uses: Option<i64>,
    /// On how many orders of one buyer.
    pub uses_per_customer: Option<i64>,
}

/// A promotion, as staff see it.
#[derive(Clone, Debug)]
pub struct AdminPromotion {
    kept: Kept<StaffPromotion>,
    shop: Currency,
}

impl AdminPromotion {
    /// A promotion of a shop of this currency.
    pub(in crate::graphql::admin) const fn new(kept: Kept<StaffPromotion>, shop: Currency) -> Self {
        Self { kept, shop }
    }
}

/// A promotion, as staff see it.
#[Object]
impl AdminPromotion {
    /// What it does.
    async fn action(&self) -> PromotionAction {
        PromotionAction::of(&self.kept.rule.promotion.definition.action, self.shop)
    }

    /// What must all be so.
    async fn conditions(&self) -> PromotionConditions {
        PromotionConditions::of(&self.kept.rule.promotion.definition.conditions, self.shop)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.kept.created_at.into()
    }

    /// The first moment it counts no more; null: it does not end.
    async fn ends_at(&self) -> Option<DateTime> {
        self.kept.rule.promotion.ends_at.map(Into::into)
    }

    /// Whether it is applied alone or not at all.
    async fn exclusive(&self) -> bool {
        self.kept.rule.promotion.exclusive
    }

    /// The global id.
    async fn id(&self) -> Gid<PromotionId> {
        Gid(self.kept.rule.promotion.id)
    }

    /// How much of it there is.
    async fn limits(&self) -> PromotionLimits {
        let of = &self.kept.rule;
        PromotionLimits {
            budget: of.limits.budget.map(|minor| Money::new(minor, self.shop).into()),
            units_per_order: of.promotion.definition.most_per_order,
            uses: of.limits.most,
            uses_per_customer: of.promotion.per_buyer,
        }
    }

    /// Who switches it on.
    async fn method(&self) -> PromotionMethod {
        self.kept.rule.promotion.method.into()
    }

    /// What is applied first of promotions that are applied together: the higher number. It also breaks ties.
    async fn priority(&self) -> i32 {
        self.kept.rule.promotion.priority
    }

    /// What it lowers.
    async fn promotion_class(&self) -> PromotionClass {
        self.kept.rule.promotion.class.into()
    }

    /// Whether it is added to the best of its class, rather than competing with it.
    async fn stacks(&self) -> bool {
        self.kept.rule.promotion.stacks
    }

    /// The first moment it counts; null: it has begun.
    async fn starts_at(&self) -> Option<DateTime> {
        self.kept.rule.promotion.starts_at.map(Into::into)
    }

    /// Whether it is in use.
    async fn state(&self) -> PromotionState {
        self.kept.rule.state.into()
    }

    /// What buyers and explanations call it.
    async fn title(&self) -> &str {
        &self.kept.rule.promotion.title
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.kept.updated_at.into()
    }

    /// Rises by 1 with every change: who changes it says which one they have read.
    async fn version(&self) -> i64 {
        self.kept.version
    }
}

impl From<PromotionClass> for Class {
    fn from(class: PromotionClass) -> Self {
        match class {
            PromotionClass::Delivery => Self::Delivery,
            PromotionClass::Order => Self::Order,
            PromotionClass::Product => Self::Product,
        }
    }
}

impl From<Class> for PromotionClass {
    fn from(class: Class) -> Self {
        match class {
            Class::Delivery => Self::Delivery,
            Class::Order => Self::Order,
            Class::Product => Self::Product,
        }
    }
}

impl From<PromotionMethod> for Method {
    fn from(method: PromotionMethod) -> Self {
        match method {
            PromotionMethod::Automatic => Self::Automatic,
            PromotionMethod::Code => Self::Code,
        }
    }
}

impl From<Method> for PromotionMethod {
    fn from(method: Method) -> Self {
        match method {
            Method::Automatic => Self::Automatic,
            Method::Code => Self::Code,
        }
    }
}

impl From<PromotionState> for promotion::PromotionState {
    fn from(state: PromotionState) -> Self {
        match state {
            PromotionState::Active => Self::Active,
            PromotionState::Archived => Self::Archived,
            PromotionState::Draft => Self::Draft,
        }
    }
}

impl From<promotion::PromotionState> for PromotionState {
    fn from(state: promotion::PromotionState) -> Self {
        match state {
            promotion::PromotionState::Active => Self::Active,
            promotion::PromotionState::Archived => Self::Archived,
            promotion::PromotionState::Draft => Self::Draft,
        }
    }
}
