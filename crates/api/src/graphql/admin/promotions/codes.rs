//! Codes of promotions, as staff see them.

use crate::graphql::scalars::{DateTime, Gid};
use async_graphql::Object;
use stoa_domain::shared::{CodeBatchId, PromotionId};
use stoa_persistence::promotion::{ListedBatch, StaffCode};

/// A code of a promotion.
#[derive(Clone, Debug)]
pub struct AdminPromotionCode(pub(in crate::graphql::admin) StaffCode);

/// A code of a promotion. In any letter case it is the same one.
#[Object]
impl AdminPromotionCode {
    /// The global id of the batch that it was made with; null: by hand.
    async fn batch_id(&self) -> Option<Gid<CodeBatchId>> {
        self.0.batch.map(Gid)
    }

    /// As it was written down.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// Since when it is switched off; null: it is on.
    async fn disabled_at(&self) -> Option<DateTime> {
        self.0.disabled_at.map(Into::into)
    }

    /// On how many orders it is. Those that were cancelled or never paid give it back.
    async fn used(&self) -> i64 {
        self.0.used
    }

    /// On how many orders it may be used; null: on any number.
    async fn uses(&self) -> Option<i64> {
        self.0.most
    }
}

/// Codes that are made together.
#[derive(Clone, Debug)]
pub struct PromotionCodeBatch(pub(in crate::graphql::admin) ListedBatch);

/// Codes that are made together, by a job: a hundred thousand take a while.
#[Object]
impl PromotionCodeBatch {
    /// When it was asked for.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// Who asked for it.
    async fn created_by(&self) -> &str {
        &self.0.batch.created_by
    }

    /// The global id.
    async fn id(&self) -> Gid<CodeBatchId> {
        Gid(self.0.batch.id)
    }

    /// How many there are by now.
    async fn made(&self) -> i64 {
        self.0.batch.made
    }

    /// What all of them begin with.
    async fn prefix(&self) -> &str {
        &self.0.batch.prefix
    }

    /// The global id of their promotion.
    async fn promotion_id(&self) -> Gid<PromotionId> {
        Gid(self.0.batch.promotion)
    }

    /// On how many orders each may be used; null: on any number.
    async fn uses(&self) -> Option<i64> {
        self.0.batch.most
    }

    /// How many there are to be.
    async fn wanted(&self) -> i64 {
        self.0.batch.wanted
    }
}
