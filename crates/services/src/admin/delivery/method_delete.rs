//! Taking ways of delivering away.

use super::{DeliveryMethodError, DeliveryMethods, told};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::DeliveryWrite},
    shared::DeliveryMethodId,
};
use stoa_persistence::{
    db::retrying,
    delivery,
    pricing::{self, Removed},
};

impl DeliveryMethods {
    /// Takes one away. Carts that had chosen it choose anew; orders keep its name. Without any the one of the configuration is there again. `version` is
    /// the one that was read; `None`: whichever it is.
    ///
    /// # Errors
    /// There is none, or somebody else has changed it since.
    #[tracing::instrument(name = "delivery_method.delete", skip_all)]
    pub async fn delete(
        &self,
        by: &Permit<DeliveryWrite>,
        id: DeliveryMethodId,
        version: Option<i64>,
    ) -> Result<(), DeliveryMethodError> {
        retrying(|| self.delete_once(by, id, version)).await?;
        look_again(&self.0).await;
        Ok(())
    }

    async fn delete_once(
        &self,
        by: &Permit<DeliveryWrite>,
        id: DeliveryMethodId,
        version: Option<i64>,
    ) -> Result<(), DeliveryMethodError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        let before = delivery::find_method(tx, id).await?.ok_or(DeliveryMethodError::NotFound)?;
        match delivery::remove_method(tx, id, version.unwrap_or(before.version)).await? {
            Removed::Removed => {}
            // Nothing refers to it but by its handle.
            Removed::Stale | Removed::InUse => return Err(DeliveryMethodError::Stale),
        }
        audited.commit("delivery_method.delete", &told::method(id, Some(&before.rule), None)).await?;
        Ok(())
    }
}
