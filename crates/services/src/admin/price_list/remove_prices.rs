//! Taking fixed prices out of a list.

use super::{PriceListError, PriceLists, prices::AT_ONCE, told};
use crate::{
    admin::{InputPlace, Unfit, look_again, place::refuse},
    audit::AuditedTx,
};
use std::collections::BTreeSet;
use stoa_domain::{
    access::{Permit, grants::PricesWrite},
    shared::{PriceListId, VariantId},
};
use stoa_persistence::{db::retrying, price_list, pricing};

/// What is taken out of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListPriceKey {
    /// Of what.
    pub variant: VariantId,
    /// The price from just so many units on; `None`: all of the variant.
    pub from_quantity: Option<u32>,
}

impl PriceLists {
    /// Fixes these prices no more, and tells how many there were. Those that are not fixed are passed over.
    ///
    /// # Errors
    /// There is no such list.
    #[tracing::instrument(name = "price_list.remove_prices", skip_all)]
    pub async fn remove(
        &self,
        by: &Permit<PricesWrite>,
        id: PriceListId,
        prices: &[ListPriceKey],
    ) -> Result<u64, PriceListError> {
        let list = || InputPlace::field("prices");
        refuse(prices.is_empty(), list, Unfit::Blank)?;
        refuse(prices.len() > AT_ONCE, list, Unfit::TooMany { max: AT_ONCE })?;
        let removed = retrying(|| self.remove_once(by, id, prices)).await?;
        look_again(&self.0).await;
        Ok(removed)
    }

    async fn remove_once(
        &self,
        by: &Permit<PricesWrite>,
        id: PriceListId,
        prices: &[ListPriceKey],
    ) -> Result<u64, PriceListError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        price_list::find(tx, id).await?.ok_or(PriceListError::NotFound)?;
        let (mut whole, mut breaks, mut touched) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for of in prices {
            touched.insert(of.variant);
            match of.from_quantity {
                None => drop(whole.insert(of.variant)),
                Some(from) => drop(breaks.insert((of.variant, from))),
            }
        }
        let touched: Vec<VariantId> = touched.into_iter().collect();
        let before = price_list::prices_of(tx, id, &touched).await?;
        let breaks: Vec<(VariantId, u32)> =
            breaks.into_iter().filter(|(variant, _)| !whole.contains(variant)).collect();
        let whole: Vec<VariantId> = whole.into_iter().collect();
        let mut removed = 0;
        if !whole.is_empty() {
            removed += price_list::remove_prices(tx, id, &whole).await?;
        }
        if !breaks.is_empty() {
            removed += price_list::remove_breaks(tx, id, &breaks).await?;
        }
        if removed == 0 {
            return Ok(0);
        }
        let after = price_list::prices_of(tx, id, &touched).await?;
        audited.commit("price_list.remove_prices", &told::prices(id, &before, &after)).await?;
        Ok(removed)
    }
}
