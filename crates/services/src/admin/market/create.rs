//! Making markets.

use super::{MarketDraft, MarketError, Markets, draft, told};
use crate::{
    admin::{InputPlace, InputRefusal, Unfit, look_again},
    audit::AuditedTx,
};
use stoa_domain::{
    access::{Permit, grants::PricesWrite},
    market::Market,
    shared::{Fault, MarketId, PriceListId},
};
use stoa_persistence::{
    db::retrying,
    market::{self, MarketSaved},
    pricing::{self, Kept},
};

impl Markets {
    /// Makes one. Its countries leave the shop's own market.
    ///
    /// # Errors
    /// Something of it cannot be so, its name or a country is another's, or nothing can be priced in its currency.
    #[tracing::instrument(name = "market.create", skip_all)]
    pub async fn create(
        &self,
        by: &Permit<PricesWrite>,
        draft: &MarketDraft,
    ) -> Result<Kept<Market>, MarketError> {
        let new = draft.checked(MarketId::new(self.0.ports.ids.id()))?;
        let made = retrying(|| self.create_once(by, &new)).await?;
        look_again(&self.0).await;
        Ok(made)
    }

    async fn create_once(&self, by: &Permit<PricesWrite>, new: &Market) -> Result<Kept<Market>, MarketError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        draft::check(tx, new, self.0.settings.currency).await?;
        written(market::insert(tx, new, self.0.now()).await?, new)?;
        let made = market::find(tx, new.id).await?;
        let made = made.ok_or(Fault::bug("market.create: it was made, and is not there"))?;
        audited.commit("market.create", &told::market(new.id, None, Some(&made.rule))).await?;
        Ok(made)
    }
}

/// What became of a market that was written.
pub(super) fn written(saved: MarketSaved, of: &Market) -> Result<(), MarketError> {
    match saved {
        MarketSaved::Saved => Ok(()),
        MarketSaved::Stale => Err(MarketError::Stale),
        MarketSaved::NameTaken => Err(MarketError::Taken),
        MarketSaved::CountryTaken => Err(MarketError::CountryTaken),
        MarketSaved::NoList => {
            let list = of.price_list.unwrap_or(PriceListId::NIL);
            let at = InputPlace::field("priceListId");
            Err(InputRefusal::new(at, Unfit::NotThere(list.uuid())).into())
        }
    }
}
