//! Taking tax zones away.

use super::{TaxZoneError, TaxZones, told};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::TaxesWrite},
    shared::{Fault, TaxZoneId},
};
use stoa_persistence::{
    db::retrying,
    pricing::{self, Removed},
    tax,
};

impl TaxZones {
    /// Takes one away with its rates. Orders keep their taxes. `version` is the one that was read; `None`: whichever it is.
    ///
    /// # Errors
    /// There is none, or somebody else has changed it since.
    #[tracing::instrument(name = "tax_zone.delete", skip_all)]
    pub async fn delete(
        &self,
        by: &Permit<TaxesWrite>,
        id: TaxZoneId,
        version: Option<i64>,
    ) -> Result<(), TaxZoneError> {
        retrying(|| self.delete_once(by, id, version)).await?;
        look_again(&self.0).await;
        Ok(())
    }

    async fn delete_once(
        &self,
        by: &Permit<TaxesWrite>,
        id: TaxZoneId,
        version: Option<i64>,
    ) -> Result<(), TaxZoneError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        let before = tax::find_zone(tx, id).await?.ok_or(TaxZoneError::NotFound)?;
        match tax::remove_zone(tx, id, version.unwrap_or(before.version)).await? {
            Removed::Removed => {}
            Removed::Stale => return Err(TaxZoneError::Stale),
            Removed::InUse => return Err(Fault::bug("tax_zone.delete: nothing needs a zone").into()),
        }
        audited.commit("tax_zone.delete", &told::zone(id, Some(&before.rule), None)).await?;
        Ok(())
    }
}
