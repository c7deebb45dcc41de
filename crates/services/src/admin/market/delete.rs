//! Taking markets away.

use super::{MarketError, Markets, told};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::PricesWrite},
    shared::MarketId,
};
use stoa_persistence::{
    db::retrying,
    market,
    pricing::{self, Removed},
};

impl Markets {
    /// Takes one away. Its countries are the shop's own market's from then on; orders keep their prices. `version` is the one that was read; `None`:
    /// whichever it is.
    ///
    /// # Errors
    /// There is none, price lists are for it alone, or somebody else has changed it since.
    #[tracing::instrument(name = "market.delete", skip_all)]
    pub async fn delete(
        &self,
        by: &Permit<PricesWrite>,
        id: MarketId,
        version: Option<i64>,
    ) -> Result<(), MarketError> {
        retrying(|| self.delete_once(by, id, version)).await?;
        look_again(&self.0).await;
        Ok(())
    }

    async fn delete_once(
        &self,
        by: &Permit<PricesWrite>,
        id: MarketId,
        version: Option<i64>,
    ) -> Result<(), MarketError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        let before = market::find(tx, id).await?.ok_or(MarketError::NotFound)?;
        match market::remove(tx, id, version.unwrap_or(before.version)).await? {
            Removed::Removed => {}
            Removed::Stale => return Err(MarketError::Stale),
            Removed::InUse => return Err(MarketError::InUse),
        }
        audited.commit("market.delete", &told::market(id, Some(&before.rule), None)).await?;
        Ok(())
    }
}
