//! Making ways of delivering.

use super::{DeliveryMethodDraft, DeliveryMethodError, DeliveryMethods, METHODS, method_draft, told};
use crate::{
    admin::{InputPlace, InputRefusal, Unfit, look_again},
    audit::AuditedTx,
};
use stoa_domain::{
    access::{Permit, grants::DeliveryWrite},
    delivery::DeliveryMethod,
    shared::{DeliveryMethodId, Fault, TaxCategoryId},
};
use stoa_persistence::{
    db::retrying,
    delivery,
    pricing::{self, Kept, Saved, Switched},
};

impl DeliveryMethods {
    /// Makes one, which carts are offered from then on. The first takes the place of the one of the configuration.
    ///
    /// # Errors
    /// Something of it cannot be so, what it names is not there, its table lacks a price, its handle is another's, or there are as many as there
    /// may be.
    #[tracing::instrument(name = "delivery_method.create", skip_all)]
    pub async fn create(
        &self,
        by: &Permit<DeliveryWrite>,
        draft: &DeliveryMethodDraft,
    ) -> Result<Kept<Switched<DeliveryMethod>>, DeliveryMethodError> {
        let ctx = &self.0;
        let new = draft.checked(DeliveryMethodId::new(ctx.ports.ids.id()), ctx.settings.currency)?;
        let made = retrying(|| self.create_once(by, &new)).await?;
        look_again(ctx).await;
        Ok(made)
    }

    async fn create_once(
        &self,
        by: &Permit<DeliveryWrite>,
        new: &Switched<DeliveryMethod>,
    ) -> Result<Kept<Switched<DeliveryMethod>>, DeliveryMethodError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let (tx, id) = (audited.tx(), new.rule.id);
        pricing::take_turn(tx).await?;
        if delivery::count_methods(tx).await? >= METHODS {
            return Err(DeliveryMethodError::TooMany { most: METHODS });
        }
        method_draft::check(tx, &new.rule).await?;
        written(delivery::insert_method(tx, new, self.0.now()).await?, &new.rule)?;
        let made = delivery::find_method(tx, id).await?;
        let made = made.ok_or(Fault::bug("delivery_method.create: it was made, and is not there"))?;
        audited.commit("delivery_method.create", &told::method(id, None, Some(&made.rule))).await?;
        Ok(made)
    }
}

/// What became of a method that was written. Its zone is there behind the turn.
pub(super) fn written(saved: Saved, of: &DeliveryMethod) -> Result<(), DeliveryMethodError> {
    match saved {
        Saved::Saved => Ok(()),
        Saved::Stale => Err(DeliveryMethodError::Stale),
        Saved::Taken => Err(DeliveryMethodError::HandleTaken),
        Saved::Unknown => {
            let category = of.tax_category.unwrap_or(TaxCategoryId::NIL);
            let why = Unfit::NotThere(category.uuid());
            Err(InputRefusal::new(InputPlace::field("taxCategoryId"), why).into())
        }
    }
}
