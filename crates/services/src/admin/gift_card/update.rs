//! Changing what is said of gift cards: how long they are good, and what staff note of them.

use super::{
    GiftCardError, GiftCardPatch, GiftCards,
    draft::{end, note},
    told,
};
use crate::audit::AuditedTx;
use stoa_domain::{
    access::{Permit, grants::GiftCardsWrite},
    gift_card::GiftCard,
    shared::{Fault, GiftCardId},
};
use stoa_persistence::{
    db::retrying,
    gift_card::{self, StaffGiftCard},
};

impl GiftCards {
    /// Changes what is said of one, and leaves the rest. To say what is so already changes nothing. `version` is the one that was read; `None`:
    /// whichever it is.
    ///
    /// # Errors
    /// There is none, something of it cannot be so, or somebody else has changed it since.
    #[tracing::instrument(name = "gift_card.update", skip_all)]
    pub async fn update(
        &self,
        by: &Permit<GiftCardsWrite>,
        (id, version): (GiftCardId, Option<i64>),
        patch: &GiftCardPatch,
    ) -> Result<StaffGiftCard, GiftCardError> {
        let noted = match &patch.note {
            Some(text) => Some(note(text.as_deref())?),
            None => None,
        };
        retrying(|| self.update_once(by, (id, version), (patch, noted.as_ref()))).await
    }

    async fn update_once(
        &self,
        by: &Permit<GiftCardsWrite>,
        (id, version): (GiftCardId, Option<i64>),
        (patch, noted): (&GiftCardPatch, Option<&Option<String>>),
    ) -> Result<StaffGiftCard, GiftCardError> {
        let now = self.0.now();
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        let locked = gift_card::lock(tx, &[id]).await?.pop().ok_or(GiftCardError::NotFound)?;
        let before = gift_card::find(tx, id).await?.ok_or(GiftCardError::NotFound)?;
        let expires_at = patch.expires_at.unwrap_or(locked.expires_at);
        let note = noted.map_or_else(|| before.note.clone(), Clone::clone);
        let is_other_end = expires_at != locked.expires_at;
        if !is_other_end && note == before.note {
            return Ok(before);
        }
        if version.is_some_and(|read| read != locked.version) {
            return Err(GiftCardError::Stale);
        }
        if is_other_end {
            end(expires_at, now)?;
        }
        let version = locked.version.saturating_add(1);
        let to = GiftCard { expires_at, version, updated_at: now, ..locked };
        gift_card::save(tx, &to, &[]).await?;
        if note != before.note {
            gift_card::set_note(tx, id, note.as_deref(), now).await?;
        }
        let after = gift_card::find(tx, id).await?;
        let after = after.ok_or(Fault::bug("gift_card.update: it was locked, and is gone"))?;
        let was = (&before.card, before.note.as_ref());
        let changes = told::card(Some(was), (&after.card, after.note.as_ref()));
        audited.commit("gift_card.update", &changes).await?;
        Ok(after)
    }
}
