//! Changing ways of delivering.

use super::{
    DeliveryMethodError, DeliveryMethodPatch, DeliveryMethods, method_create::written, method_draft, told,
};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::DeliveryWrite},
    delivery::DeliveryMethod,
    shared::DeliveryMethodId,
};
use stoa_persistence::{
    db::retrying,
    delivery,
    pricing::{self, Kept, Switched},
};

impl DeliveryMethods {
    /// Changes what is said of one, and leaves the rest. Carts are offered it so from then on; orders keep what they were placed with. To say what is so
    /// already changes nothing. `version` is the one that was read; `None`: whichever it is.
    ///
    /// # Errors
    /// There is none, something of it cannot be so, what it names is not there, its table lacks a price, its handle is another's, or somebody
    /// else has changed it since.
    #[tracing::instrument(name = "delivery_method.update", skip_all)]
    pub async fn update(
        &self,
        by: &Permit<DeliveryWrite>,
        (id, version): (DeliveryMethodId, Option<i64>),
        patch: &DeliveryMethodPatch,
    ) -> Result<Kept<Switched<DeliveryMethod>>, DeliveryMethodError> {
        let after = retrying(|| self.update_once(by, (id, version), patch)).await?;
        look_again(&self.0).await;
        Ok(after)
    }

    async fn update_once(
        &self,
        by: &Permit<DeliveryWrite>,
        (id, version): (DeliveryMethodId, Option<i64>),
        patch: &DeliveryMethodPatch,
    ) -> Result<Kept<Switched<DeliveryMethod>>, DeliveryMethodError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        let before = delivery::find_method(tx, id).await?.ok_or(DeliveryMethodError::NotFound)?;
        let to = patch.clone().over(&before.rule)?.checked(id, self.0.settings.currency)?;
        if to == before.rule {
            return Ok(before);
        }
        method_draft::check(tx, &to.rule).await?;
        let version = version.unwrap_or(before.version);
        written(delivery::update_method(tx, version, &to, self.0.now()).await?, &to.rule)?;
        let after = delivery::find_method(tx, id).await?.ok_or(DeliveryMethodError::NotFound)?;
        audited
            .commit("delivery_method.update", &told::method(id, Some(&before.rule), Some(&after.rule)))
            .await?;
        Ok(after)
    }
}
