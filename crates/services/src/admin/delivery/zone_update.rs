//! Changing delivery zones.

use super::{DeliveryZoneError, DeliveryZonePatch, DeliveryZones, told};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::DeliveryWrite},
    delivery::DeliveryZone,
    shared::{DeliveryZoneId, Fault},
};
use stoa_persistence::{
    db::retrying,
    delivery,
    pricing::{self, Kept, Saved},
};

impl DeliveryZones {
    /// Changes what is said of one, and leaves the rest. To say what is so already changes nothing. `version` is the one that was read; `None`: whichever
    /// it is.
    ///
    /// # Errors
    /// There is none, something of it cannot be so, or somebody else has changed it since.
    #[tracing::instrument(name = "delivery_zone.update", skip_all)]
    pub async fn update(
        &self,
        by: &Permit<DeliveryWrite>,
        (id, version): (DeliveryZoneId, Option<i64>),
        patch: &DeliveryZonePatch,
    ) -> Result<Kept<DeliveryZone>, DeliveryZoneError> {
        let after = retrying(|| self.update_once(by, (id, version), patch)).await?;
        look_again(&self.0).await;
        Ok(after)
    }

    async fn update_once(
        &self,
        by: &Permit<DeliveryWrite>,
        (id, version): (DeliveryZoneId, Option<i64>),
        patch: &DeliveryZonePatch,
    ) -> Result<Kept<DeliveryZone>, DeliveryZoneError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        let before = delivery::find_zone(tx, id).await?.ok_or(DeliveryZoneError::NotFound)?;
        let to = patch.clone().over(&before.rule).checked(id)?;
        if to == before.rule {
            return Ok(before);
        }
        match delivery::update_zone(tx, version.unwrap_or(before.version), &to, self.0.now()).await? {
            Saved::Saved => {}
            Saved::Stale => return Err(DeliveryZoneError::Stale),
            Saved::Taken | Saved::Unknown => {
                return Err(Fault::bug("delivery_zone.update: a zone has no key and names nothing").into());
            }
        }
        let after = delivery::find_zone(tx, id).await?.ok_or(DeliveryZoneError::NotFound)?;
        audited
            .commit("delivery_zone.update", &told::zone(id, Some(&before.rule), Some(&after.rule)))
            .await?;
        Ok(after)
    }
}
