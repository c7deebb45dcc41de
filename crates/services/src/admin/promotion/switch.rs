//! Switching promotions on and off, and putting them away.

use super::{PromotionError, Promotions, told};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::PromotionsWrite},
    shared::PromotionId,
};
use stoa_persistence::{
    db::retrying,
    pricing::{self, Kept, Saved},
    promotion::{self, PromotionState, StaffPromotion},
};

/// Promotions that are in use at a time: every cart is weighed by all of them.
const MOST_ACTIVE: u64 = 1_000;

impl Promotions {
    /// Puts one into use: from its start to its end, or from now on. One that is in use stays so. `version` is the one that was read; `None`:
    /// whichever it is.
    ///
    /// # Errors
    /// There is none, it is archived, too many are in use, or somebody else has changed it since.
    #[tracing::instrument(name = "promotion.activate", skip_all)]
    pub async fn activate(
        &self,
        by: &Permit<PromotionsWrite>,
        id: PromotionId,
        version: Option<i64>,
    ) -> Result<Kept<StaffPromotion>, PromotionError> {
        self.switch(by, (id, version), ("promotion.activate", PromotionState::Active)).await
    }

    /// Takes one out of use. Orders that have it keep it.
    ///
    /// # Errors
    /// There is none, it is archived, or somebody else has changed it since.
    #[tracing::instrument(name = "promotion.deactivate", skip_all)]
    pub async fn deactivate(
        &self,
        by: &Permit<PromotionsWrite>,
        id: PromotionId,
        version: Option<i64>,
    ) -> Result<Kept<StaffPromotion>, PromotionError> {
        self.switch(by, (id, version), ("promotion.deactivate", PromotionState::Draft)).await
    }

    /// Puts one away for good. Orders that have it keep it; nobody changes it any more. One that is archived stays so.
    ///
    /// # Errors
    /// There is none, or somebody else has changed it since.
    #[tracing::instrument(name = "promotion.archive", skip_all)]
    pub async fn archive(
        &self,
        by: &Permit<PromotionsWrite>,
        id: PromotionId,
        version: Option<i64>,
    ) -> Result<Kept<StaffPromotion>, PromotionError> {
        self.switch(by, (id, version), ("promotion.archive", PromotionState::Archived)).await
    }

    async fn switch(
        &self,
        by: &Permit<PromotionsWrite>,
        which: (PromotionId, Option<i64>),
        to: (&'static str, PromotionState),
    ) -> Result<Kept<StaffPromotion>, PromotionError> {
        let after = retrying(|| self.switch_once(by, which, to)).await?;
        look_again(&self.0).await;
        Ok(after)
    }

    async fn switch_once(
        &self,
        by: &Permit<PromotionsWrite>,
        (id, version): (PromotionId, Option<i64>),
        (act, state): (&'static str, PromotionState),
    ) -> Result<Kept<StaffPromotion>, PromotionError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        // Behind the turn nobody else switches one on: counting them tells how many there are.
        pricing::take_turn(tx).await?;
        let before = promotion::find(tx, id).await?.ok_or(PromotionError::NotFound)?;
        if before.rule.state == state {
            return Ok(before);
        }
        if before.rule.state == PromotionState::Archived {
            return Err(PromotionError::Archived);
        }
        if state == PromotionState::Active && promotion::count_active(tx).await? >= MOST_ACTIVE {
            return Err(PromotionError::TooManyActive { most: MOST_ACTIVE });
        }
        let to = StaffPromotion { state, ..before.rule.clone() };
        let version = version.unwrap_or(before.version);
        if promotion::update(tx, version, &to, self.0.now()).await? != Saved::Saved {
            return Err(PromotionError::Stale);
        }
        let after = promotion::find(tx, id).await?.ok_or(PromotionError::NotFound)?;
        audited.commit(act, &told::promotion(id, Some(&before.rule), &after.rule)).await?;
        Ok(after)
    }
}
