//! Changing what a shop has decided.

use super::{DecidedSettings, PricingDecisions, PricingSettingsError, PricingSettingsPatch, told};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::TaxesWrite},
    shared::Fault,
};
use stoa_persistence::{
    db::retrying,
    pricing::{self, Saved},
};

impl PricingDecisions {
    /// Changes what is said, and leaves the rest. Carts cost what they cost by it from then on; orders keep what they were placed for. To say what is
    /// so already changes nothing. `version` is the one that was read; `None`: whichever it is.
    ///
    /// # Errors
    /// Something of it cannot be so, or somebody else has changed it since.
    #[tracing::instrument(name = "pricing_settings.update", skip_all)]
    pub async fn update(
        &self,
        by: &Permit<TaxesWrite>,
        version: Option<i64>,
        patch: &PricingSettingsPatch,
    ) -> Result<DecidedSettings, PricingSettingsError> {
        let after = retrying(|| self.update_once(by, version, patch)).await?;
        look_again(&self.0).await;
        Ok(after)
    }

    async fn update_once(
        &self,
        by: &Permit<TaxesWrite>,
        version: Option<i64>,
        patch: &PricingSettingsPatch,
    ) -> Result<DecidedSettings, PricingSettingsError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        let (before, known) = pricing::settings(tx).await?;
        let to = patch.over(&before)?;
        if to == before {
            return Ok(self.counting(before, known));
        }
        match pricing::save_settings(tx, version.unwrap_or(known), &to, self.0.now()).await? {
            Saved::Saved => {}
            Saved::Stale => return Err(PricingSettingsError::Stale),
            Saved::Taken | Saved::Unknown => {
                return Err(Fault::bug("pricing_settings.update: they have no name, and name nothing").into());
            }
        }
        let (after, version) = pricing::settings(tx).await?;
        audited.commit("pricing_settings.update", &told::settings(&before, &after)).await?;
        Ok(self.counting(after, version))
    }
}
