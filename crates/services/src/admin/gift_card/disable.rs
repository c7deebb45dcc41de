//! Switching gift cards off.

use super::{GiftCardError, GiftCards, told};
use crate::audit::AuditedTx;
use stoa_domain::{
    access::{Permit, grants::GiftCardsWrite},
    gift_card::{GiftCard, GiftCardState},
    shared::{Fault, GiftCardId},
};
use stoa_persistence::{
    db::retrying,
    gift_card::{self, StaffGiftCard},
};

impl GiftCards {
    /// Has nothing be paid with one any more; what is on it stays on it. One that was switched off before stays so, and nothing is written. What is
    /// refunded onto it later switches it on again: that is its owner's.
    ///
    /// # Errors
    /// There is none.
    #[tracing::instrument(name = "gift_card.disable", skip_all)]
    pub async fn disable(
        &self,
        by: &Permit<GiftCardsWrite>,
        id: GiftCardId,
    ) -> Result<StaffGiftCard, GiftCardError> {
        retrying(|| self.disable_once(by, id)).await
    }

    async fn disable_once(
        &self,
        by: &Permit<GiftCardsWrite>,
        id: GiftCardId,
    ) -> Result<StaffGiftCard, GiftCardError> {
        let now = self.0.now();
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        let locked = gift_card::lock(tx, &[id]).await?.pop().ok_or(GiftCardError::NotFound)?;
        let before = gift_card::find(tx, id).await?.ok_or(GiftCardError::NotFound)?;
        if locked.state == GiftCardState::Disabled {
            return Ok(before);
        }
        let version = locked.version.saturating_add(1);
        let to = GiftCard { state: GiftCardState::Disabled, version, updated_at: now, ..locked };
        gift_card::save(tx, &to, &[]).await?;
        let after = gift_card::find(tx, id).await?;
        let after = after.ok_or(Fault::bug("gift_card.disable: it was locked, and is gone"))?;
        let note = after.note.as_ref();
        let changes = told::card(Some((&before.card, note)), (&after.card, note));
        audited.commit("gift_card.disable", &changes).await?;
        Ok(after)
    }
}
