//! Fixing prices of a list.

use super::{PriceListError, PriceLists, told};
use crate::{
    admin::{
        InputPlace, Unfit, look_again,
        place::{HIGHEST, refuse},
    },
    audit::AuditedTx,
};
use std::collections::BTreeSet;
use stoa_domain::{
    access::{Permit, grants::PricesWrite},
    pricing::ListPrice,
    shared::{Money, PriceListId, VariantId},
};
use stoa_persistence::{
    catalog,
    db::retrying,
    price_list::{self, MOST_PRICES, PricesSet},
    pricing,
};

/// Prices that are fixed in one call.
pub(super) const AT_ONCE: usize = 250;
/// Units from which on a price may count.
const UNITS: u32 = 1_000_000;

/// A price to be fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewListPrice {
    /// Of what.
    pub variant: VariantId,
    /// From how many units on; 1: always.
    pub from_quantity: u32,
    /// One unit, in the list's currency.
    pub price: Money,
    /// What shows beside it, in the list's currency.
    pub compare_at: Option<Money>,
}

impl PriceLists {
    /// Fixes prices of a list; others that it fixes stay. Gives what it fixes for those variants then.
    ///
    /// # Errors
    /// There is no such list or variant, a price cannot be so or is in another currency than the list, or there are too many.
    #[tracing::instrument(name = "price_list.set_prices", skip_all)]
    pub async fn set(
        &self,
        by: &Permit<PricesWrite>,
        id: PriceListId,
        prices: &[NewListPrice],
    ) -> Result<Vec<ListPrice>, PriceListError> {
        check(prices)?;
        let fixed = retrying(|| self.set_once(by, id, prices)).await?;
        look_again(&self.0).await;
        Ok(fixed)
    }

    async fn set_once(
        &self,
        by: &Permit<PricesWrite>,
        id: PriceListId,
        prices: &[NewListPrice],
    ) -> Result<Vec<ListPrice>, PriceListError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        let list = price_list::find(tx, id).await?.ok_or(PriceListError::NotFound)?.rule.rule;
        let of_list = |money: &Money| money.currency == list.currency;
        let other = |of: &NewListPrice| !of_list(&of.price) || !of.compare_at.iter().all(of_list);
        if let Some(index) = prices.iter().position(other) {
            return Err(PriceListError::CurrencyMismatch { index, currency: list.currency });
        }
        let variants: BTreeSet<VariantId> = prices.iter().map(|price| price.variant).collect();
        let variants: Vec<VariantId> = variants.into_iter().collect();
        let there = catalog::products_of_variants(tx, &variants).await?;
        let missing = prices.iter().enumerate().find(|(_, price)| !there.contains_key(&price.variant));
        if let Some((index, NewListPrice { variant, .. })) = missing {
            return Err(PriceListError::NoVariant { index, variant: *variant });
        }
        let before = price_list::prices_of(tx, id, &variants).await?;
        let new = |of: &NewListPrice| ListPrice {
            variant: of.variant,
            list: id,
            from_quantity: of.from_quantity,
            price: of.price.minor,
            compare_at: of.compare_at.map(|beside| beside.minor),
        };
        let fixed: Vec<ListPrice> = prices.iter().map(new).collect();
        match price_list::set_prices(tx, id, &fixed).await? {
            PricesSet::Set => {}
            PricesSet::NoList => return Err(PriceListError::NotFound),
            PricesSet::TooMany => return Err(PriceListError::TooMany { most: MOST_PRICES }),
        }
        let after = price_list::prices_of(tx, id, &variants).await?;
        if after == before {
            return Ok(after);
        }
        audited.commit("price_list.set_prices", &told::prices(id, &before, &after)).await?;
        Ok(after)
    }
}

fn check(prices: &[NewListPrice]) -> Result<(), PriceListError> {
    let list = InputPlace::field("prices");
    refuse(prices.is_empty(), || list.clone(), Unfit::Blank)?;
    refuse(prices.len() > AT_ONCE, || list.clone(), Unfit::TooMany { max: AT_ONCE })?;
    for (index, of) in prices.iter().enumerate() {
        let at = list.entry(index);
        let from = Unfit::OutOfRange { least: 1, most: UNITS.into() };
        refuse(!(1..=UNITS).contains(&of.from_quantity), || at.then("fromQuantity"), from)?;
        for (money, field) in [(Some(of.price), "price"), (of.compare_at, "compareAtPrice")] {
            let Some(Money { minor, currency }) = money else { continue };
            let amount = Unfit::OutOfRange { least: 0, most: HIGHEST };
            refuse(!(0..=HIGHEST).contains(&minor), || at.then(field), amount)?;
            // Else a cart of one of them could not be charged.
            let step = currency.charge_step();
            refuse(minor % step != 0, || at.then(field), Unfit::Uneven { currency, step })?;
        }
    }
    Ok(())
}
