//! Taking kinds of goods away.

use super::{TaxCategories, TaxCategoryError, told};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::TaxesWrite},
    shared::TaxCategoryId,
};
use stoa_persistence::{
    db::retrying,
    pricing::{self, Removed},
    tax,
};

impl TaxCategories {
    /// Takes one away that nothing is of. `version` is the one that was read; `None`: whichever it is.
    ///
    /// # Errors
    /// There is none, something is of it, or somebody else has changed it since.
    #[tracing::instrument(name = "tax_category.delete", skip_all)]
    pub async fn delete(
        &self,
        by: &Permit<TaxesWrite>,
        id: TaxCategoryId,
        version: Option<i64>,
    ) -> Result<(), TaxCategoryError> {
        retrying(|| self.delete_once(by, id, version)).await?;
        look_again(&self.0).await;
        Ok(())
    }

    async fn delete_once(
        &self,
        by: &Permit<TaxesWrite>,
        id: TaxCategoryId,
        version: Option<i64>,
    ) -> Result<(), TaxCategoryError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        let before = tax::find_categories(tx, &[id]).await?.pop().ok_or(TaxCategoryError::NotFound)?;
        match tax::remove_category(tx, id, version.unwrap_or(before.version)).await? {
            Removed::Removed => {}
            Removed::Stale => return Err(TaxCategoryError::Stale),
            Removed::InUse => return Err(TaxCategoryError::InUse),
        }
        audited.commit("tax_category.delete", &told::category(id, Some(&before.rule), None)).await?;
        Ok(())
    }
}
