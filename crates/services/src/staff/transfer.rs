//! Giving the shop to another.

use super::person::subject;
use crate::{Context, audit::AuditedTx};
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, Who, grants::Ownership},
    audit::{Changes, Subject},
    shared::{Fault, StaffId},
};
use stoa_persistence::{
    db::retrying,
    staff::{self, Owned},
};

/// Why it stays whose it is.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The one who is to have it cannot sign in: they are not on the staff, or have not joined.
    #[error("they cannot sign in")]
    NotEnabled,
    /// It is not the giver's any more.
    #[error("the shop has another owner by now")]
    Stale,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
super::may_fault!(TransferError);

/// Gives shops away.
pub struct TransferOwnership(pub(crate) Arc<Context>);

impl TransferOwnership {
    /// Makes somebody else on the staff the owner. Who gives it keeps their roles, and nothing else. To whom it belongs already: nothing
    /// changes.
    ///
    /// # Errors
    /// They could not sign in, or the shop is another's by now.
    #[tracing::instrument(name = "staff.transfer", skip_all)]
    pub async fn run(&self, by: &Permit<Ownership>, to: StaffId) -> Result<(), TransferError> {
        retrying(|| self.transfer_once(by, to)).await
    }

    async fn transfer_once(&self, by: &Permit<Ownership>, to: StaffId) -> Result<(), TransferError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let from = match by.actor().who() {
            Who::Staff { id, .. } => Some(*id),
            Who::Key { .. } | Who::Command { .. } => staff::shop_owner(audited.tx()).await?,
        };
        if from == Some(to) {
            return Ok(());
        }
        match staff::set_owner(audited.tx(), from, to).await? {
            Owned::Given => {}
            Owned::NotEnabled => return Err(TransferError::NotEnabled),
            Owned::Stale => return Err(TransferError::Stale),
        }
        let before = from.map(|id| subject(id).id.unwrap_or_default());
        let changes = Changes::of(Subject::only("Shop")).field("owner", before, to.to_string());
        audited.commit("staff.transfer", &changes).await?;
        Ok(())
    }
}
