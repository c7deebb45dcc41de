//! Taking delivery zones away.

use super::{DeliveryZoneError, DeliveryZones, told};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::DeliveryWrite},
    shared::DeliveryZoneId,
};
use stoa_persistence::{
    db::retrying,
    delivery,
    pricing::{self, Removed},
};

impl DeliveryZones {
    /// Takes one away. `version` is the one that was read; `None`: whichever it is.
    ///
    /// # Errors
    /// There is none, there are ways of delivering to it, or somebody else has changed it since.
    #[tracing::instrument(name = "delivery_zone.delete", skip_all)]
    pub async fn delete(
        &self,
        by: &Permit<DeliveryWrite>,
        id: DeliveryZoneId,
        version: Option<i64>,
    ) -> Result<(), DeliveryZoneError> {
        retrying(|| self.delete_once(by, id, version)).await?;
        look_again(&self.0).await;
        Ok(())
    }

    async fn delete_once(
        &self,
        by: &Permit<DeliveryWrite>,
        id: DeliveryZoneId,
        version: Option<i64>,
    ) -> Result<(), DeliveryZoneError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        let before = delivery::find_zone(tx, id).await?.ok_or(DeliveryZoneError::NotFound)?;
        match delivery::remove_zone(tx, id, version.unwrap_or(before.version)).await? {
            Removed::Removed => {}
            Removed::Stale => return Err(DeliveryZoneError::Stale),
            Removed::InUse => return Err(DeliveryZoneError::InUse),
        }
        audited.commit("delivery_zone.delete", &told::zone(id, Some(&before.rule), None)).await?;
        Ok(())
    }
}
