//! Making promotions.

use super::{PromotionDraft, PromotionError, Promotions, named, told};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::PromotionsWrite},
    shared::{Fault, PromotionId},
};
use stoa_persistence::{
    db::retrying,
    pricing::Kept,
    promotion::{self, StaffPromotion},
};

impl Promotions {
    /// Makes one, which is not in use until somebody switches it on.
    ///
    /// # Errors
    /// Something of it cannot be so, or what it names is not there.
    #[tracing::instrument(name = "promotion.create", skip_all)]
    pub async fn create(
        &self,
        by: &Permit<PromotionsWrite>,
        draft: &PromotionDraft,
    ) -> Result<Kept<StaffPromotion>, PromotionError> {
        let ctx = &self.0;
        let new = draft.checked(PromotionId::new(ctx.ports.ids.id()), ctx.settings.currency)?;
        named::check(ctx.db().read(), &new.promotion.definition, None).await?;
        let made = retrying(|| self.create_once(by, &new)).await?;
        look_again(ctx).await;
        Ok(made)
    }

    async fn create_once(
        &self,
        by: &Permit<PromotionsWrite>,
        new: &StaffPromotion,
    ) -> Result<Kept<StaffPromotion>, PromotionError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let id = new.promotion.id;
        promotion::insert(audited.tx(), new, self.0.now()).await?;
        let made = promotion::find(audited.tx(), id).await?;
        let made = made.ok_or(Fault::bug("promotion.create: it was made, and is not there"))?;
        audited.commit("promotion.create", &told::promotion(id, None, &made.rule)).await?;
        Ok(made)
    }
}
