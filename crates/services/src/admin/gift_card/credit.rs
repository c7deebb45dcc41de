//! What a customer has to spend without a card: their store credit.

use super::{
    GiftCardError, GiftCards,
    adjust::{put, was_done},
    draft::{change_of, entry_for},
    is_sold_in, told,
};
use crate::audit::AuditedTx;
use stoa_domain::{
    access::{Permit, grants::GiftCardsWrite},
    customer::CustomerState,
    gift_card::{GiftCard, GiftCardKind, GiftCardState},
    shared::{CustomerId, Fault, GiftCardId, Money},
};
use stoa_persistence::{
    customer,
    db::retrying,
    gift_card::{self, NewGiftCard, StaffGiftCard},
};
use uuid::Uuid;

/// What a customer is to have more, or less, to spend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreCreditAdjustment {
    /// Who.
    pub customer: CustomerId,
    /// How much; below zero: less.
    pub amount: Money,
    /// Makes it safe to ask again: the same key for the same customer counts once.
    pub key: String,
}

impl GiftCards {
    /// Gives a customer something to spend in a currency, or takes some of it back: at most what is left of it. They have one credit a currency, which
    /// is made with the first. The same key again changes nothing, and gives the credit as it is.
    ///
    /// # Errors
    /// There is no such customer, nothing is sold in the currency, there is not so much left, or the key was used for another change of it.
    #[tracing::instrument(name = "store_credit.adjust", skip_all)]
    pub async fn adjust_credit(
        &self,
        by: &Permit<GiftCardsWrite>,
        asked: &StoreCreditAdjustment,
    ) -> Result<StaffGiftCard, GiftCardError> {
        let entry = entry_for("store_credit.adjust", asked.customer.uuid(), &asked.key)?;
        let delta = change_of(asked.amount)?;
        retrying(|| self.adjust_credit_once(by, asked, (entry, delta))).await
    }

    async fn adjust_credit_once(
        &self,
        by: &Permit<GiftCardsWrite>,
        asked: &StoreCreditAdjustment,
        (entry, delta): (Uuid, i64),
    ) -> Result<StaffGiftCard, GiftCardError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        // Locked, so that nobody is erased while something is given to them.
        let of = customer::find_for_update(tx, asked.customer).await?.ok_or(GiftCardError::NoCustomer)?;
        if let CustomerState::Erased { .. } = of.state {
            return Err(GiftCardError::NoCustomer);
        }
        let new = self.none_yet(asked, by.actor().name());
        let locked = gift_card::lock_credit(tx, &new).await?;
        if was_done(tx, &locked, (entry, delta)).await? {
            return gift_card::find(tx, locked.id).await?.ok_or(GiftCardError::NotFound);
        }
        // What was given in a currency can be taken back when nothing is sold in it any more.
        if delta > 0 && !is_sold_in(&self.0, tx, asked.amount.currency).await? {
            return Err(GiftCardError::CurrencyMismatch { card: None });
        }
        put(&self.0, tx, &locked, (entry, delta, by.actor().name())).await?;
        let after = gift_card::find(tx, locked.id).await?;
        let after = after.ok_or(Fault::bug("store_credit.adjust: it was locked, and is gone"))?;
        let note = after.note.as_ref();
        let before = (locked.id != new.card.id).then_some((&locked, note));
        audited.commit("store_credit.adjust", &told::card(before, (&after.card, note))).await?;
        Ok(after)
    }

    /// The credit of somebody who has none yet: with nothing on it.
    fn none_yet(&self, asked: &StoreCreditAdjustment, by: &str) -> NewGiftCard {
        let (ids, now) = (&self.0.ports.ids, self.0.now());
        let card = GiftCard {
            id: GiftCardId::new(ids.id()),
            kind: GiftCardKind::Credit { customer: asked.customer },
            currency: asked.amount.currency,
            initial: 0,
            balance: 0,
            state: GiftCardState::Enabled,
            expires_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        NewGiftCard {
            card,
            code_hash: None,
            sold_as: None,
            note: None,
            created_by: by.to_owned(),
            entry: ids.id(),
        }
    }
}
