//! Putting something on a gift card, or taking something off.

use super::{
    GiftCardError, GiftCards,
    draft::{change_of, entry_for},
    told,
};
use crate::{Context, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::GiftCardsWrite},
    gift_card::{CardChange, EntryKind, GiftCard},
    shared::{Fault, GiftCardId, Money},
};
use stoa_persistence::{
    WriteTx,
    db::{Conn, retrying},
    gift_card::{self, NewEntry, StaffGiftCard},
};
use uuid::Uuid;

/// What is to go onto a card, or off it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GiftCardAdjustment {
    /// Which card.
    pub card: GiftCardId,
    /// How much, in its currency; below zero: off it.
    pub amount: Money,
    /// Makes it safe to ask again: the same key for the same card counts once.
    pub key: String,
}

impl GiftCards {
    /// Puts something on one, or takes something off: at most what is on it. The same key again changes nothing, and gives the card as it is.
    ///
    /// # Errors
    /// There is none, it is in another currency, there is not so much on it, it is over, or the key was used for another change of it.
    #[tracing::instrument(name = "gift_card.adjust", skip_all)]
    pub async fn adjust(
        &self,
        by: &Permit<GiftCardsWrite>,
        asked: &GiftCardAdjustment,
    ) -> Result<StaffGiftCard, GiftCardError> {
        let entry = entry_for("gift_card.adjust", asked.card.uuid(), &asked.key)?;
        let delta = change_of(asked.amount)?;
        retrying(|| self.adjust_once(by, asked, (entry, delta))).await
    }

    async fn adjust_once(
        &self,
        by: &Permit<GiftCardsWrite>,
        asked: &GiftCardAdjustment,
        (entry, delta): (Uuid, i64),
    ) -> Result<StaffGiftCard, GiftCardError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        let locked = gift_card::lock(tx, &[asked.card]).await?.pop().ok_or(GiftCardError::NotFound)?;
        if locked.currency != asked.amount.currency {
            return Err(GiftCardError::CurrencyMismatch { card: Some(locked.currency) });
        }
        if was_done(tx, &locked, (entry, delta)).await? {
            return gift_card::find(tx, locked.id).await?.ok_or(GiftCardError::NotFound);
        }
        put(&self.0, tx, &locked, (entry, delta, by.actor().name())).await?;
        let after = gift_card::find(tx, locked.id).await?;
        let after = after.ok_or(Fault::bug("gift_card.adjust: it was locked, and is gone"))?;
        let note = after.note.as_ref();
        let changes = told::card(Some((&locked, note)), (&after.card, note));
        audited.commit("gift_card.adjust", &changes).await?;
        Ok(after)
    }
}

/// Whether this entry stands in the card's ledger already. The card is locked.
pub(super) async fn was_done(
    conn: &impl Conn,
    card: &GiftCard,
    (entry, delta): (Uuid, i64),
) -> Result<bool, GiftCardError> {
    match gift_card::find_entry(conn, entry).await? {
        None => Ok(false),
        Some((of, kept)) if of == card.id && kept.entry.kind == EntryKind::Adjusted => {
            if kept.entry.delta == delta { Ok(true) } else { Err(GiftCardError::KeyReused) }
        }
        Some(_) => Err(GiftCardError::KeyReused),
    }
}

/// Writes what changes of a card that is locked, with the entry that says so.
pub(super) async fn put(
    ctx: &Context,
    tx: &WriteTx,
    card: &GiftCard,
    (id, delta, actor): (Uuid, i64, &str),
) -> Result<(), GiftCardError> {
    let changed = card.change(CardChange::Adjust { delta }, ctx.now());
    let (to, entries) = changed.map_err(GiftCardError::Card)?;
    let entries: Vec<NewEntry> = entries
        .into_iter()
        .map(|entry| NewEntry { id, card: card.id, entry, actor: actor.to_owned() })
        .collect();
    Ok(gift_card::save(tx, &to, &entries).await?)
}
