//! Changing markets.

use super::{MarketError, MarketPatch, Markets, create::written, draft, told};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::PricesWrite},
    market::Market,
    shared::MarketId,
};
use stoa_persistence::{
    db::retrying,
    market,
    pricing::{self, Kept},
};

impl Markets {
    /// Changes what is said of one, and leaves the rest. Carts of its countries cost what they cost there from then on. To say what is so already
    /// changes nothing. `version` is the one that was read; `None`: whichever it is.
    ///
    /// # Errors
    /// There is none, something of it cannot be so, its name or a country is another's, nothing can be priced in its currency, or somebody else
    /// has changed it since.
    #[tracing::instrument(name = "market.update", skip_all)]
    pub async fn update(
        &self,
        by: &Permit<PricesWrite>,
        (id, version): (MarketId, Option<i64>),
        patch: &MarketPatch,
    ) -> Result<Kept<Market>, MarketError> {
        let after = retrying(|| self.update_once(by, (id, version), patch)).await?;
        look_again(&self.0).await;
        Ok(after)
    }

    async fn update_once(
        &self,
        by: &Permit<PricesWrite>,
        (id, version): (MarketId, Option<i64>),
        patch: &MarketPatch,
    ) -> Result<Kept<Market>, MarketError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        let before = market::find(tx, id).await?.ok_or(MarketError::NotFound)?;
        let to = patch.clone().over(&before.rule).checked(id)?;
        if to == before.rule {
            return Ok(before);
        }
        draft::check(tx, &to, self.0.settings.currency).await?;
        let version = version.unwrap_or(before.version);
        written(market::update(tx, version, &to, self.0.now()).await?, &to)?;
        let after = market::find(tx, id).await?.ok_or(MarketError::NotFound)?;
        audited.commit("market.update", &told::market(id, Some(&before.rule), Some(&after.rule))).await?;
        Ok(after)
    }
}
