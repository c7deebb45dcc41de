//! Taking out what is known of a customer, for one who has asked the staff by another way than signing in.

use super::{CustomerError, subject};
use crate::{
    Context,
    audit::AuditedTx,
    customer::{all_that_is_known, claim_theirs},
};
use serde_json::Value;
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::CustomersExport},
    audit::Changes,
    customer::CustomerState,
    shared::CustomerId,
};
use stoa_persistence::{customer, db::retrying};

/// Takes out what is known of customers.
pub struct ExportCustomer(pub(crate) Arc<Context>);

impl ExportCustomer {
    /// All that is known of a customer, as they get it themselves when they ask. That it was taken out is in the log, and is so before
    /// anybody has it: a log that cannot be written gives nothing out.
    ///
    /// # Errors
    /// There is nobody like that, or they were erased.
    #[tracing::instrument(name = "customer.export", skip_all)]
    pub async fn run(&self, by: &Permit<CustomersExport>, id: CustomerId) -> Result<Value, CustomerError> {
        let known = customer::find(self.0.db().read(), id).await?;
        let known = known.filter(|of| !matches!(of.state, CustomerState::Erased { .. }));
        let known = known.ok_or(CustomerError::NotFound)?;
        claim_theirs(&self.0, id).await?;
        let archive = all_that_is_known(&self.0, &known).await?;
        retrying(|| self.note_once(by, id)).await?;
        Ok(archive)
    }

    /// Who was erased while it was read is not given out.
    async fn note_once(&self, by: &Permit<CustomersExport>, id: CustomerId) -> Result<(), CustomerError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let known = customer::find_for_update(audited.tx(), id).await?;
        let known = known.filter(|of| !matches!(of.state, CustomerState::Erased { .. }));
        known.ok_or(CustomerError::NotFound)?;
        audited.commit("customer.export", &Changes::of(subject(id))).await?;
        Ok(())
    }
}
