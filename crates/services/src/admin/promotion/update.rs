//! Changing promotions.

use super::{PromotionDraft, PromotionError, Promotions, named, told};
use crate::{admin::look_again, audit::AuditedTx, jobs};
use stoa_domain::{
    access::{Permit, grants::PromotionsWrite},
    shared::PromotionId,
};
use stoa_persistence::{
    Batch,
    db::retrying,
    pricing::{self, Kept, Saved},
    promotion::{self, PromotionState, StaffPromotion},
};

impl Promotions {
    /// Makes something else of one that was read in this version. Whether it is in use stays as it is, and what was used of it stays used: a limit that comes later
    /// counts the orders before it, those included that are being placed meanwhile (a job counts anew a minute later). What one buyer may is counted from then on.
    /// To say what is so already changes nothing, whatever version was read.
    ///
    /// # Errors
    /// There is none, it is archived, somebody else has changed it since, or it cannot be so.
    #[tracing::instrument(name = "promotion.update", skip_all)]
    pub async fn update(
        &self,
        by: &Permit<PromotionsWrite>,
        (id, version): (PromotionId, i64),
        draft: &PromotionDraft,
    ) -> Result<Kept<StaffPromotion>, PromotionError> {
        let ctx = &self.0;
        let to = draft.checked(id, ctx.settings.currency)?;
        let known = promotion::find(ctx.db().read(), id).await?.ok_or(PromotionError::NotFound)?;
        let before = &known.rule.promotion.definition;
        named::check(ctx.db().read(), &to.promotion.definition, Some(before)).await?;
        let after = retrying(|| self.update_once(by, version, &to)).await?;
        look_again(ctx).await;
        Ok(after)
    }

    async fn update_once(
        &self,
        by: &Permit<PromotionsWrite>,
        version: i64,
        to: &StaffPromotion,
    ) -> Result<Kept<StaffPromotion>, PromotionError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let (tx, id) = (audited.tx(), to.promotion.id);
        pricing::take_turn(tx).await?;
        let before = promotion::find(tx, id).await?.ok_or(PromotionError::NotFound)?;
        if before.rule.state == PromotionState::Archived {
            return Err(PromotionError::Archived);
        }
        let to = StaffPromotion { state: before.rule.state, ..to.clone() };
        if before.rule == to {
            return Ok(before);
        }
        if promotion::update(tx, version, &to, now).await? != Saved::Saved {
            return Err(PromotionError::Stale);
        }
        if to.limits.any() && !before.rule.limits.any() {
            let mut work = Batch::new();
            jobs::recount_promotion(ctx, &mut work, id, now);
            work.write(tx).await?;
        }
        let after = promotion::find(tx, id).await?.ok_or(PromotionError::NotFound)?;
        audited.commit("promotion.update", &told::promotion(id, Some(&before.rule), &after.rule)).await?;
        Ok(after)
    }
}
