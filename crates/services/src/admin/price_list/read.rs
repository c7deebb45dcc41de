//! Showing price lists, and what they fix.

use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::PricesRead},
    pricing::{ListPrice, PriceList},
    shared::{
        Fault, PriceListId, VariantId,
        page::{Page, PageRequest},
    },
};
use stoa_persistence::{
    db::ListError,
    price_list,
    pricing::{Kept, Switched},
};

/// Price lists, for people: how they are made, changed and filled stands in the files beside this one.
pub struct PriceLists(pub(crate) Arc<Context>);

impl PriceLists {
    /// A page of them, by name. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "price_list.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<PricesRead>,
        request: &PageRequest,
    ) -> Result<Page<PriceListId>, ListError> {
        price_list::list_price_lists(self.0.db().read(), request).await
    }

    /// Those with these ids that there are, in the order of the ids. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(
        &self,
        _by: &Permit<PricesRead>,
        ids: &[PriceListId],
    ) -> Result<Vec<Kept<Switched<PriceList>>>, Fault> {
        price_list::find_all(self.0.db().read(), ids).await
    }

    /// A page of the variants that a list fixes something for. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "price_list.variants", skip_all)]
    pub async fn variants(
        &self,
        _by: &Permit<PricesRead>,
        list: PriceListId,
        request: &PageRequest,
    ) -> Result<Page<VariantId>, ListError> {
        price_list::list_priced_variants(self.0.db().read(), list, request).await
    }

    /// What a list fixes for these variants, by variant and quantity. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn prices(
        &self,
        _by: &Permit<PricesRead>,
        list: PriceListId,
        variants: &[VariantId],
    ) -> Result<Vec<ListPrice>, Fault> {
        price_list::prices_of(self.0.db().read(), list, variants).await
    }
}
