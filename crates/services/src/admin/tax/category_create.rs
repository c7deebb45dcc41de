//! Making kinds of goods.

use super::{CATEGORIES, TaxCategories, TaxCategoryDraft, TaxCategoryError, told};
use crate::{admin::look_again, audit::AuditedTx};
use stoa_domain::{
    access::{Permit, grants::TaxesWrite},
    shared::{Fault, TaxCategoryId},
    tax::TaxCategory,
};
use stoa_persistence::{
    db::retrying,
    pricing::{self, Kept, Saved},
    tax,
};

impl TaxCategories {
    /// Makes one, which nothing is of yet.
    ///
    /// # Errors
    /// Something of it cannot be so, its code is another's, or there are as many as there may be.
    #[tracing::instrument(name = "tax_category.create", skip_all)]
    pub async fn create(
        &self,
        by: &Permit<TaxesWrite>,
        draft: &TaxCategoryDraft,
    ) -> Result<Kept<TaxCategory>, TaxCategoryError> {
        let new = draft.checked(TaxCategoryId::new(self.0.ports.ids.id()))?;
        let made = retrying(|| self.create_once(by, &new)).await?;
        look_again(&self.0).await;
        Ok(made)
    }

    async fn create_once(
        &self,
        by: &Permit<TaxesWrite>,
        new: &TaxCategory,
    ) -> Result<Kept<TaxCategory>, TaxCategoryError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        if tax::count_categories(tx).await? >= CATEGORIES {
            return Err(TaxCategoryError::TooMany { most: CATEGORIES });
        }
        written(tax::insert_category(tx, new, self.0.now()).await?)?;
        let made = tax::find_categories(tx, &[new.id]).await?.pop();
        let made = made.ok_or(Fault::bug("tax_category.create: it was made, and is not there"))?;
        audited.commit("tax_category.create", &told::category(new.id, None, Some(&made.rule))).await?;
        Ok(made)
    }
}

/// What became of a category that was written.
pub(super) fn written(saved: Saved) -> Result<(), TaxCategoryError> {
    match saved {
        Saved::Saved => Ok(()),
        Saved::Stale => Err(TaxCategoryError::Stale),
        Saved::Taken => Err(TaxCategoryError::Taken),
        Saved::Unknown => Err(Fault::bug("tax_category: it names nothing").into()),
    }
}
