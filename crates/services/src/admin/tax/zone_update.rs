//! Changing tax zones.

use super::{TaxZoneError, TaxZonePatch, TaxZones, told, zone_create::written, zone_draft};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::TaxesWrite},
    shared::TaxZoneId,
    tax::TaxZone,
};
use stoa_persistence::{
    db::retrying,
    pricing::{self, Kept},
    tax,
};

impl TaxZones {
    /// Changes what is said of one, and leaves the rest; rates that are given are all it has then. To say what is so already changes nothing. `version` is
    /// the one that was read; `None`: whichever it is. Orders keep their taxes.
    ///
    /// # Errors
    /// There is none, something of it cannot be so, it names a category that is not there, or somebody else has changed it since.
    #[tracing::instrument(name = "tax_zone.update", skip_all)]
    pub async fn update(
        &self,
        by: &Permit<TaxesWrite>,
        (id, version): (TaxZoneId, Option<i64>),
        patch: &TaxZonePatch,
    ) -> Result<Kept<TaxZone>, TaxZoneError> {
        let after = retrying(|| self.update_once(by, (id, version), patch)).await?;
        look_again(&self.0).await;
        Ok(after)
    }

    async fn update_once(
        &self,
        by: &Permit<TaxesWrite>,
        (id, version): (TaxZoneId, Option<i64>),
        patch: &TaxZonePatch,
    ) -> Result<Kept<TaxZone>, TaxZoneError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        let before = tax::find_zone(tx, id).await?.ok_or(TaxZoneError::NotFound)?;
        let to = patch.clone().over(&before.rule).checked(id, &*self.0.ports.ids)?;
        let to = zone_draft::with_known_ids(to, &before.rule);
        if to == before.rule {
            return Ok(before);
        }
        zone_draft::check(tx, &to).await?;
        written(tax::update_zone(tx, version.unwrap_or(before.version), &to, self.0.now()).await?)?;
        let after = tax::find_zone(tx, id).await?.ok_or(TaxZoneError::NotFound)?;
        audited.commit("tax_zone.update", &told::zone(id, Some(&before.rule), Some(&after.rule))).await?;
        Ok(after)
    }
}
