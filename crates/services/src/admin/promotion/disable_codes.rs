//! Switching codes off.

use super::{CodesError, PromotionCodes, codes::AT_ONCE, subject};
use crate::{
    admin::{InputPlace, Unfit, place::refuse},
    audit::AuditedTx,
};
use stoa_domain::{
    access::{Permit, grants::PromotionsWrite},
    audit::Changes,
    shared::PromotionId,
};
use stoa_persistence::{
    db::retrying,
    pricing,
    promotion::{self, CodesToDisable},
};

impl PromotionCodes {
    /// Switches codes of a promotion off for good, and tells how many were on. Those that are no codes of its are passed over; orders that
    /// have one keep what it took off.
    ///
    /// # Errors
    /// There is no such promotion, or no such batch of its.
    #[tracing::instrument(name = "promotion_codes.disable", skip_all)]
    pub async fn disable(
        &self,
        by: &Permit<PromotionsWrite>,
        of: PromotionId,
        which: &CodesToDisable,
    ) -> Result<u64, CodesError> {
        if let CodesToDisable::These(codes) = which {
            refuse(codes.is_empty(), || InputPlace::field("codes"), Unfit::Blank)?;
            let many = codes.len() > AT_ONCE;
            refuse(many, || InputPlace::field("codes"), Unfit::TooMany { max: AT_ONCE })?;
        }
        retrying(|| self.disable_once(by, of, which)).await
    }

    async fn disable_once(
        &self,
        by: &Permit<PromotionsWrite>,
        of: PromotionId,
        which: &CodesToDisable,
    ) -> Result<u64, CodesError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        promotion::find(tx, of).await?.ok_or(CodesError::NotFound)?;
        let mut changes = Changes::of(subject(of));
        match which {
            CodesToDisable::Batch(batch) => {
                let known = promotion::find_batch(tx, *batch).await?;
                known.filter(|known| known.batch.promotion == of).ok_or(CodesError::NoBatch)?;
                changes = changes.field("codes.batch", None::<String>, batch.to_string());
            }
            CodesToDisable::These(codes) => {
                let names: Vec<String> = codes.iter().map(ToString::to_string).collect();
                // They are good for nothing any more.
                changes = changes.field("codes.disabled", Vec::<String>::new(), names);
            }
        }
        let disabled = promotion::disable_codes(tx, of, which, self.0.now()).await?;
        if disabled == 0 {
            return Ok(0);
        }
        audited.commit("promotion_codes.disable", &changes).await?;
        Ok(disabled)
    }
}
