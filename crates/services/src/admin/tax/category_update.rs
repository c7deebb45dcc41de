//! Changing kinds of goods.

use super::{TaxCategories, TaxCategoryError, TaxCategoryPatch, category_create::written, told};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::TaxesWrite},
    shared::TaxCategoryId,
    tax::TaxCategory,
};
use stoa_persistence::{
    db::retrying,
    pricing::{self, Kept},
    tax,
};

impl TaxCategories {
    /// Changes what is said of one, and leaves the rest. To say what is so already changes nothing. `version` is the one that was read; `None`: whichever
    /// it is.
    ///
    /// # Errors
    /// There is none, something of it cannot be so, its code is another's, or somebody else has changed it since.
    #[tracing::instrument(name = "tax_category.update", skip_all)]
    pub async fn update(
        &self,
        by: &Permit<TaxesWrite>,
        (id, version): (TaxCategoryId, Option<i64>),
        patch: &TaxCategoryPatch,
    ) -> Result<Kept<TaxCategory>, TaxCategoryError> {
        let after = retrying(|| self.update_once(by, (id, version), patch)).await?;
        look_again(&self.0).await;
        Ok(after)
    }

    async fn update_once(
        &self,
        by: &Permit<TaxesWrite>,
        (id, version): (TaxCategoryId, Option<i64>),
        patch: &TaxCategoryPatch,
    ) -> Result<Kept<TaxCategory>, TaxCategoryError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        let before = tax::find_categories(tx, &[id]).await?.pop().ok_or(TaxCategoryError::NotFound)?;
        let to = patch.clone().over(&before.rule).checked(id)?;
        if to == before.rule {
            return Ok(before);
        }
        written(tax::update_category(tx, version.unwrap_or(before.version), &to, self.0.now()).await?)?;
        let after = tax::find_categories(tx, &[id]).await?.pop().ok_or(TaxCategoryError::NotFound)?;
        let changes = told::category(id, Some(&before.rule), Some(&after.rule));
        audited.commit("tax_category.update", &changes).await?;
        Ok(after)
    }
}
