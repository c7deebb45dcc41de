//! Making price lists.

use super::{PriceListDraft, PriceListError, PriceLists, draft, told};
use crate::{
    admin::{InputPlace, InputRefusal, Unfit, look_again},
    audit::AuditedTx,
};
use stoa_domain::{
    access::{Permit, grants::PricesWrite},
    pricing::PriceList,
    shared::{Fault, MarketId, PriceListId},
};
use stoa_persistence::{
    db::retrying,
    price_list,
    pricing::{Kept, Saved, Switched},
};

impl PriceLists {
    /// Makes one, which fixes nothing yet.
    ///
    /// # Errors
    /// Something of it cannot be so, what it names is not there, or its name is another's.
    #[tracing::instrument(name = "price_list.create", skip_all)]
    pub async fn create(
        &self,
        by: &Permit<PricesWrite>,
        new: &PriceListDraft,
    ) -> Result<Kept<Switched<PriceList>>, PriceListError> {
        let ctx = &self.0;
        let new = new.checked(PriceListId::new(ctx.ports.ids.id()))?;
        draft::check(ctx.db().read(), &new.rule, None).await?;
        let made = retrying(|| self.create_once(by, &new)).await?;
        look_again(ctx).await;
        Ok(made)
    }

    async fn create_once(
        &self,
        by: &Permit<PricesWrite>,
        new: &Switched<PriceList>,
    ) -> Result<Kept<Switched<PriceList>>, PriceListError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let id = new.rule.id;
        written(price_list::insert(audited.tx(), new, self.0.now()).await?, new)?;
        let made = price_list::find(audited.tx(), id).await?;
        let made = made.ok_or(Fault::bug("price_list.create: it was made, and is not there"))?;
        audited.commit("price_list.create", &told::list(id, None, Some(&made.rule))).await?;
        Ok(made)
    }
}

/// What became of a list that was written.
pub(super) fn written(saved: Saved, of: &Switched<PriceList>) -> Result<(), PriceListError> {
    match saved {
        Saved::Saved => Ok(()),
        Saved::Stale => Err(PriceListError::Stale),
        Saved::Taken => Err(PriceListError::Taken),
        Saved::Unknown => {
            let market = of.rule.market.unwrap_or(MarketId::NIL);
            let why = Unfit::NotThere(market.uuid());
            Err(InputRefusal::new(InputPlace::field("marketId"), why).into())
        }
    }
}
