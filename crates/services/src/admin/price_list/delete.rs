//! Taking price lists away.

use super::{PriceListError, PriceLists, told};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::PricesWrite},
    shared::PriceListId,
};
use stoa_persistence::{
    db::retrying,
    price_list,
    pricing::{self, Removed},
};

impl PriceLists {
    /// Takes one away with all that it fixes. Orders keep their prices. `version` is the one that was read; `None`: whichever it is.
    ///
    /// # Errors
    /// There is none, it is a market's, or somebody else has changed it since.
    #[tracing::instrument(name = "price_list.delete", skip_all)]
    pub async fn delete(
        &self,
        by: &Permit<PricesWrite>,
        id: PriceListId,
        version: Option<i64>,
    ) -> Result<(), PriceListError> {
        retrying(|| self.delete_once(by, id, version)).await?;
        look_again(&self.0).await;
        Ok(())
    }

    async fn delete_once(
        &self,
        by: &Permit<PricesWrite>,
        id: PriceListId,
        version: Option<i64>,
    ) -> Result<(), PriceListError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        let before = price_list::find(tx, id).await?.ok_or(PriceListError::NotFound)?;
        match price_list::remove(tx, id, version.unwrap_or(before.version)).await? {
            Removed::Removed => {}
            Removed::Stale => return Err(PriceListError::Stale),
            Removed::InUse => return Err(PriceListError::InUse),
        }
        audited.commit("price_list.delete", &told::list(id, Some(&before.rule), None)).await?;
        Ok(())
    }
}
