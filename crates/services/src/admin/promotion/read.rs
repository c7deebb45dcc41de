//! Showing promotions.

use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::PromotionsRead},
    shared::{
        Fault, PromotionId,
        page::{Page, PageRequest},
    },
};
use stoa_persistence::{
    db::ListError,
    pricing::Kept,
    promotion::{self, PromotionsListing, StaffPromotion},
};

/// Promotions, for people: how they are made, changed and switched stands in the files beside this one.
pub struct Promotions(pub(crate) Arc<Context>);

impl Promotions {
    /// A page of them, in the order in which they were made. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "promotion.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<PromotionsRead>,
        listing: &PromotionsListing,
        request: &PageRequest,
    ) -> Result<Page<PromotionId>, ListError> {
        promotion::list_promotions(self.0.db().read(), listing, request).await
    }

    /// Those with these ids that there are, in the order of the ids. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(
        &self,
        _by: &Permit<PromotionsRead>,
        ids: &[PromotionId],
    ) -> Result<Vec<Kept<StaffPromotion>>, Fault> {
        promotion::find_all(self.0.db().read(), ids).await
    }
}
