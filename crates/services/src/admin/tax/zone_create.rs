//! Making tax zones.

use super::{TaxZoneDraft, TaxZoneError, TaxZones, ZONES, told, zone_draft};
use crate::{
    admin::{InputPlace, InputRefusal, Unfit, look_again},
    audit::AuditedTx,
};
use stoa_domain::{
    access::{Permit, grants::TaxesWrite},
    shared::{Fault, IdGenerator, TaxZoneId},
    tax::TaxZone,
};
use stoa_persistence::{
    db::retrying,
    pricing::{self, Kept, Saved},
    tax,
};

impl TaxZones {
    /// Makes one with its rates. Of its level it counts wherever it fits most closely, from then on.
    ///
    /// # Errors
    /// Something of it cannot be so, it names a category that is not there, or there are as many as there may be.
    #[tracing::instrument(name = "tax_zone.create", skip_all)]
    pub async fn create(
        &self,
        by: &Permit<TaxesWrite>,
        draft: &TaxZoneDraft,
    ) -> Result<Kept<TaxZone>, TaxZoneError> {
        let ids: &dyn IdGenerator = &*self.0.ports.ids;
        let new = draft.checked(TaxZoneId::new(ids.id()), ids)?;
        let made = retrying(|| self.create_once(by, &new)).await?;
        look_again(&self.0).await;
        Ok(made)
    }

    async fn create_once(
        &self,
        by: &Permit<TaxesWrite>,
        new: &TaxZone,
    ) -> Result<Kept<TaxZone>, TaxZoneError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        if tax::count_zones(tx).await? >= ZONES {
            return Err(TaxZoneError::TooMany { most: ZONES });
        }
        zone_draft::check(tx, new).await?;
        written(tax::insert_zone(tx, new, self.0.now()).await?)?;
        let made = tax::find_zone(tx, new.id).await?;
        let made = made.ok_or(Fault::bug("tax_zone.create: it was made, and is not there"))?;
        audited.commit("tax_zone.create", &told::zone(new.id, None, Some(&made.rule))).await?;
        Ok(made)
    }
}

/// What became of a zone that was written.
pub(super) fn written(saved: Saved) -> Result<(), TaxZoneError> {
    match saved {
        Saved::Saved => Ok(()),
        Saved::Stale => Err(TaxZoneError::Stale),
        Saved::Taken => Err(Fault::bug("tax_zone: a zone has no key").into()),
        // Looked for behind the turn that whoever takes categories away takes as well.
        Saved::Unknown => {
            let why = Unfit::Unlike("a rate is for a category that is not there");
            Err(InputRefusal::new(InputPlace::field("rates"), why).into())
        }
    }
}
