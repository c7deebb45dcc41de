//! Showing gift cards and store credit.

use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::GiftCardsRead},
    shared::{
        Fault, GiftCardId,
        page::{Page, PageRequest},
    },
};
use stoa_persistence::{
    db::ListError,
    gift_card::{self, GiftCardsListing, KeptEntry, StaffGiftCard},
};

/// Gift cards and store credit, for people: how they are made and changed stands in the files beside this one.
pub struct GiftCards(pub(crate) Arc<Context>);

impl GiftCards {
    /// A page of them, in the order in which they were made. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "gift_card.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<GiftCardsRead>,
        listing: &GiftCardsListing,
        request: &PageRequest,
    ) -> Result<Page<GiftCardId>, ListError> {
        gift_card::list_cards(self.0.db().read(), listing, request).await
    }

    /// Those with these ids that there are, in the order of the ids. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(
        &self,
        _by: &Permit<GiftCardsRead>,
        ids: &[GiftCardId],
    ) -> Result<Vec<StaffGiftCard>, Fault> {
        gift_card::find_all(self.0.db().read(), ids).await
    }

    /// A page of what has gone onto a card and off it, in that order; `reverse`: the latest first. Two statements.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "gift_card.ledger", skip_all)]
    pub async fn ledger(
        &self,
        _by: &Permit<GiftCardsRead>,
        id: GiftCardId,
        (request, reverse): (&PageRequest, bool),
    ) -> Result<Page<KeptEntry>, ListError> {
        gift_card::ledger(self.0.db().read(), id, (request, reverse)).await
    }
}
