//! Reading the log.

use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::AuditRead},
    audit::{Entry, Head},
    shared::{
        Fault,
        page::{Page, PageRequest},
    },
};
use stoa_persistence::{
    audit::{self, AuditListing},
    db::ListError,
};

/// The log, for people.
pub struct AuditLog(pub(crate) Arc<Context>);

impl AuditLog {
    /// A page of it. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "audit.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<AuditRead>,
        listing: &AuditListing,
        request: &PageRequest,
    ) -> Result<Page<Entry>, ListError> {
        audit::list_audit(self.0.db().read(), listing, request).await
    }

    /// Where it ends: written down elsewhere, it shows later whether the log's end was cut off together with what the database says of
    /// it. It names nobody.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn head(&self) -> Result<Head, Fault> {
        audit::head(self.0.db().read()).await
    }
}
