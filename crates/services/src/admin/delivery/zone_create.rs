//! Making delivery zones.

use super::{DeliveryZoneDraft, DeliveryZoneError, DeliveryZones, ZONES, told};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::DeliveryWrite},
    delivery::DeliveryZone,
    shared::{DeliveryZoneId, Fault},
};
use stoa_persistence::{
    db::retrying,
    delivery,
    pricing::{self, Kept},
};

impl DeliveryZones {
    /// Makes one. Whoever it fits most closely is offered its ways of delivering, and no other zone's, from then on.
    ///
    /// # Errors
    /// Something of it cannot be so, or there are as many as there may be.
    #[tracing::instrument(name = "delivery_zone.create", skip_all)]
    pub async fn create(
        &self,
        by: &Permit<DeliveryWrite>,
        draft: &DeliveryZoneDraft,
    ) -> Result<Kept<DeliveryZone>, DeliveryZoneError> {
        let new = draft.checked(DeliveryZoneId::new(self.0.ports.ids.id()))?;
        let made = retrying(|| self.create_once(by, &new)).await?;
        look_again(&self.0).await;
        Ok(made)
    }

    async fn create_once(
        &self,
        by: &Permit<DeliveryWrite>,
        new: &DeliveryZone,
    ) -> Result<Kept<DeliveryZone>, DeliveryZoneError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        if delivery::count_zones(tx).await? >= ZONES {
            return Err(DeliveryZoneError::TooMany { most: ZONES });
        }
        delivery::insert_zone(tx, new, self.0.now()).await?;
        let made = delivery::find_zone(tx, new.id).await?;
        let made = made.ok_or(Fault::bug("delivery_zone.create: it was made, and is not there"))?;
        audited.commit("delivery_zone.create", &told::zone(new.id, None, Some(&made.rule))).await?;
        Ok(made)
    }
}
