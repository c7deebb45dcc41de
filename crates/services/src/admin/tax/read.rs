//! Showing kinds of goods, and zones with their rates.

use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::TaxesRead},
    shared::{
        Fault, TaxCategoryId, TaxZoneId,
        page::{Page, PageRequest},
    },
    tax::{TaxCategory, TaxZone},
};
use stoa_persistence::{db::ListError, pricing::Kept, tax};

/// Kinds of goods, for people: how they are made, changed and taken away stands in the files beside this one.
pub struct TaxCategories(pub(crate) Arc<Context>);

impl TaxCategories {
    /// A page of them, by code. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "tax_category.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<TaxesRead>,
        request: &PageRequest,
    ) -> Result<Page<TaxCategoryId>, ListError> {
        tax::list_categories(self.0.db().read(), request).await
    }

    /// Those with these ids that there are, in the order of the ids. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(
        &self,
        _by: &Permit<TaxesRead>,
        ids: &[TaxCategoryId],
    ) -> Result<Vec<Kept<TaxCategory>>, Fault> {
        tax::find_categories(self.0.db().read(), ids).await
    }
}

/// Zones with their rates, for people: how they are made, changed, taken away and imported stands in the files beside this one.
pub struct TaxZones(pub(crate) Arc<Context>);

impl TaxZones {
    /// A page of them, in the order in which they were made. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "tax_zone.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<TaxesRead>,
        request: &PageRequest,
    ) -> Result<Page<TaxZoneId>, ListError> {
        tax::list_zones(self.0.db().read(), request).await
    }

    /// Those with these ids that there are, in the order of the ids. Two statements.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(
        &self,
        _by: &Permit<TaxesRead>,
        ids: &[TaxZoneId],
    ) -> Result<Vec<Kept<TaxZone>>, Fault> {
        tax::find_zones(self.0.db().read(), ids).await
    }
}
