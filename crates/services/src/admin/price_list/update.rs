//! Changing price lists.

use super::{PriceListError, PriceListPatch, PriceLists, create::written, draft, told};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::PricesWrite},
    pricing::PriceList,
    shared::PriceListId,
};
use stoa_persistence::{
    db::retrying,
    price_list,
    pricing::{self, Kept, Switched},
};

impl PriceLists {
    /// Changes what is said of one, and leaves the rest and what it fixes. To say what is so already changes nothing. `version` is the one that was
    /// read; `None`: whichever it is.
    ///
    /// # Errors
    /// There is none, something of it cannot be so, its name is another's, or somebody else has changed it since.
    #[tracing::instrument(name = "price_list.update", skip_all)]
    pub async fn update(
        &self,
        by: &Permit<PricesWrite>,
        (id, version): (PriceListId, Option<i64>),
        patch: &PriceListPatch,
    ) -> Result<Kept<Switched<PriceList>>, PriceListError> {
        let after = retrying(|| self.update_once(by, (id, version), patch)).await?;
        look_again(&self.0).await;
        Ok(after)
    }

    async fn update_once(
        &self,
        by: &Permit<PricesWrite>,
        (id, version): (PriceListId, Option<i64>),
        patch: &PriceListPatch,
    ) -> Result<Kept<Switched<PriceList>>, PriceListError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        let before = price_list::find(tx, id).await?.ok_or(PriceListError::NotFound)?;
        let to = patch.clone().over(&before.rule)?.checked(id)?;
        draft::check(tx, &to.rule, Some(&before.rule.rule)).await?;
        if to == before.rule {
            return Ok(before);
        }
        let version = version.unwrap_or(before.version);
        written(price_list::update(tx, version, &to, self.0.now()).await?, &to)?;
        let after = price_list::find(tx, id).await?.ok_or(PriceListError::NotFound)?;
        audited.commit("price_list.update", &told::list(id, Some(&before.rule), Some(&after.rule))).await?;
        Ok(after)
    }
}
