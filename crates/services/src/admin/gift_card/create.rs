//! Making gift cards.

use super::{
    GiftCardDraft, GiftCardError, GiftCards,
    draft::{end, first_amount, note},
    is_sold_in, told,
};
use crate::{
    admin::repeat::{id_for, whose},
    audit::AuditedTx,
    pricing::card_hash,
};
use stoa_domain::{
    access::{Permit, grants::GiftCardsWrite},
    gift_card::{GiftCard, GiftCardCode, GiftCardKind, GiftCardState},
    shared::{Fault, GiftCardId},
};
use stoa_persistence::{
    db::{Conn, retrying},
    gift_card::{self, NewGiftCard, StaffGiftCard},
};

/// A card that was made.
#[derive(Clone, Debug)]
pub struct GiftCardMade {
    /// The card.
    pub card: StaffGiftCard,
    /// Its code, to be told its owner: here, and nowhere again. `None`: the card was made before, by the same key.
    pub code: Option<GiftCardCode>,
}

impl GiftCards {
    /// Makes one. The same key again gives the same card, and not its code: whoever has lost that makes another card and disables this one.
    ///
    /// # Errors
    /// Something of it cannot be so, the code is another's, nothing is sold in its currency, or the key was used for another card.
    #[tracing::instrument(name = "gift_card.create", skip_all)]
    pub async fn create(
        &self,
        by: &Permit<GiftCardsWrite>,
        draft: &GiftCardDraft,
    ) -> Result<GiftCardMade, GiftCardError> {
        let (ctx, now) = (&self.0, self.0.now());
        let id = GiftCardId::new(id_for("gift_card.create", whose(by), &draft.key)?);
        let amount = first_amount(draft.amount)?;
        let code = match &draft.code {
            Some(code) => GiftCardCode::normalise(code)?,
            None => GiftCardCode::generate(&*ctx.ports.ids),
        };
        let last = code.last().ok_or(Fault::bug("gift_card.create: a code without an end"))?;
        // Behind whatever the key is made in, which is a transaction of its own.
        let hash = card_hash(ctx, &code).await?;
        let card = GiftCard {
            id,
            kind: GiftCardKind::Card { last },
            currency: draft.amount.currency,
            initial: amount,
            balance: amount,
            state: GiftCardState::Enabled,
            expires_at: draft.expires_at,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let new = NewGiftCard {
            card,
            code_hash: Some(hash),
            sold_as: None,
            note: note(draft.note.as_deref())?,
            created_by: by.actor().name().to_owned(),
            entry: ctx.ports.ids.id(),
        };
        let thought_of = draft.code.is_some();
        let (card, is_new) = retrying(|| self.create_once(by, &new, thought_of)).await?;
        Ok(GiftCardMade { card, code: is_new.then_some(code) })
    }

    async fn create_once(
        &self,
        by: &Permit<GiftCardsWrite>,
        new: &NewGiftCard,
        thought_of: bool,
    ) -> Result<(StaffGiftCard, bool), GiftCardError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        if let Some(known) = gift_card::find(tx, new.card.id).await? {
            return Ok((same(tx, known, new, thought_of).await?, false));
        }
        // Only of a card that is to be: one that was made is the answer to its key however old that answer is.
        end(new.card.expires_at, new.card.created_at)?;
        if !is_sold_in(&self.0, tx, new.card.currency).await? {
            return Err(GiftCardError::CurrencyMismatch { card: None });
        }
        if !gift_card::create(tx, new).await? {
            // Somebody was faster: with the key, or with the code.
            return match gift_card::find(tx, new.card.id).await? {
                Some(known) => Ok((same(tx, known, new, thought_of).await?, false)),
                None => Err(GiftCardError::CodeTaken),
            };
        }
        let made = gift_card::find(tx, new.card.id).await?;
        let made = made.ok_or(Fault::bug("gift_card.create: it was made, and is not there"))?;
        audited.commit("gift_card.create", &told::card(None, (&made.card, made.note.as_ref()))).await?;
        Ok((made, true))
    }
}

/// The card that was made with this key before, if it is what is asked for now: by what never changes of a card.
async fn same(
    conn: &impl Conn,
    known: StaffGiftCard,
    asked: &NewGiftCard,
    thought_of: bool,
) -> Result<StaffGiftCard, GiftCardError> {
    let is_alike = (known.card.initial, known.card.currency) == (asked.card.initial, asked.card.currency);
    let hashes: Vec<String> = asked.code_hash.iter().filter(|_| thought_of).cloned().collect();
    let is_of_code = match hashes.as_slice() {
        [] => true,
        hashes => {
            let found = gift_card::by_hashes(conn, hashes).await?;
            found.iter().any(|(_, card)| card.id == known.card.id)
        }
    };
    if is_alike && is_of_code { Ok(known) } else { Err(GiftCardError::KeyReused) }
}
