//! Rows to promotions and back.

use super::entities::{counters, promotions};
use crate::{
    db::stored,
    pricing::{Kept, clean, from_json, json, named, word, written},
};
use sea_orm::ActiveValue::{NotSet, Set};
use serde::{Deserialize, Serialize};
use stoa_domain::{
    catalog::fold_key,
    pricing::Promotion,
    shared::{Fault, PromotionId, Timestamp},
};

/// A promotion with what only staff see of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffPromotion {
    /// The promotion.
    pub promotion: Promotion,
    /// Whether it is in use.
    pub state: PromotionState,
    /// How much of it there is for all buyers together.
    pub limits: Limits,
}

/// Whether a promotion is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromotionState {
    /// Not yet, or not now.
    Draft,
    /// From its start to its end.
    Active,
    /// No more; it is kept for the orders that have it.
    Archived,
}

impl PromotionState {
    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }
}

/// How much of a promotion there is for all buyers together; `None` of what has no end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// On how many orders.
    pub most: Option<i64>,
    /// What it may take off, in minor units of the shop's currency.
    pub budget: Option<i64>,
}

impl Limits {
    /// Whether there is one.
    pub const fn any(self) -> bool {
        self.most.is_some() || self.budget.is_some()
    }
}

/// The columns that staff decide, of a promotion that somebody changes now.
pub(super) fn to_row(of: &StaffPromotion, now: Timestamp) -> Result<promotions::ActiveModel, Fault> {
    let promotion = &of.promotion;
    Ok(promotions::ActiveModel {
        id: NotSet,
        version: NotSet,
        created_at: NotSet,
        title: Set(clean(&promotion.title)),
        title_key: Set(fold_key(&promotion.title)),
        class: Set(word(&promotion.class)?),
        method: Set(word(&promotion.method)?),
        definition: Set(json(&promotion.definition)?),
        priority: Set(promotion.priority),
        stacks: Set(promotion.stacks),
        exclusive: Set(promotion.exclusive),
        state: Set(of.state.name().to_owned()),
        starts_at: Set(promotion.starts_at.map(stored)),
        ends_at: Set(promotion.ends_at.map(stored)),
        per_buyer: Set(promotion.per_buyer),
        updated_at: Set(stored(now)),
    })
}

/// The promotion of a row; `None` if this version cannot read it.
pub(super) fn from_row(
    row: promotions::Model,
    counter: Option<counters::Model>,
) -> Option<Kept<StaffPromotion>> {
    let limits = counter.map_or_else(Limits::default, |c| Limits { most: c.most, budget: c.budget });
    let rule = StaffPromotion {
        promotion: Promotion {
            id: PromotionId::new(row.id),
            title: row.title.into(),
            class: named(&row.class)?,
            method: named(&row.method)?,
            definition: from_json(&row.definition)?,
            priority: row.priority,
            stacks: row.stacks,
            exclusive: row.exclusive,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            per_buyer: row.per_buyer,
        },
        state: named(&row.state)?,
        limits,
    };
    Some(written(rule, row.version, (row.created_at, row.updated_at)))
}
