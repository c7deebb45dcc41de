//! What the shop's currency is worth in others, as staff or a program of theirs say.

use super::told;
use crate::{
    Context,
    admin::{InputPlace, InputRefusal, Unfit, look_again, place::refuse},
    audit::AuditedTx,
};
use std::{collections::BTreeSet, sync::Arc};
use stoa_domain::{
    access::{
        Permit,
        grants::{PricesRead, PricesWrite},
    },
    market::ExchangeRate,
    shared::{Currency, Fault, Timestamp},
};
use stoa_persistence::{
    db::retrying,
    market::{self, KeptRate},
    pricing,
};

/// Rates that are set in one call: more than there are currencies.
const AT_ONCE: usize = 250;
/// Characters of where a rate is from.
const SOURCE: usize = 64;

/// Why rates stay as they are. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum RatesError {
    /// One of them cannot be so.
    #[error(transparent)]
    Refused(#[from] InputRefusal),
    /// A market in use is paid in a currency whose rate is to go.
    #[error("a market that is in use is paid in {}", .currency.code())]
    InUse {
        /// Which of those that were given, counted from 0.
        index: usize,
        /// The currency.
        currency: Currency,
    },
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(RatesError);

/// A rate to be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewExchangeRate {
    /// Of which currency.
    pub currency: Currency,
    /// What one unit of the shop's is worth in it; `None`: nobody says any more.
    pub rate: Option<ExchangeRate>,
    /// Who said so, such as a bank.
    pub source: String,
    /// Since when it has been so; `None`: since now.
    pub as_of: Option<Timestamp>,
}

/// Exchange rates.
pub struct ExchangeRates(pub(crate) Arc<Context>);

impl ExchangeRates {
    /// Every rate, by currency. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn list(&self, _by: &Permit<PricesRead>) -> Result<Vec<KeptRate>, Fault> {
        market::rates(self.0.db().read()).await
    }

    /// Sets rates, and takes away those that are to go; others stay. Gives all there are then. Carts in those currencies cost what they cost by
    /// them from then on, orders keep theirs.
    ///
    /// # Errors
    /// One cannot be so, or is still needed.
    #[tracing::instrument(name = "exchange_rates.set", skip_all)]
    pub async fn set(
        &self,
        by: &Permit<PricesWrite>,
        said: &[NewExchangeRate],
    ) -> Result<Vec<KeptRate>, RatesError> {
        check(said, self.0.settings.currency)?;
        let rates = retrying(|| self.set_once(by, said)).await?;
        look_again(&self.0).await;
        Ok(rates)
    }

    async fn set_once(
        &self,
        by: &Permit<PricesWrite>,
        said: &[NewExchangeRate],
    ) -> Result<Vec<KeptRate>, RatesError> {
        let now = self.0.now();
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        let before = market::rates(tx).await?;
        let mut set = Vec::with_capacity(said.len());
        for (index, of) in said.iter().enumerate() {
            let currency = of.currency;
            match of.rate {
                Some(rate) => {
                    let as_of = of.as_of.unwrap_or(now);
                    set.push(KeptRate { currency, rate, source: of.source.trim().to_owned(), as_of });
                }
                None if market::is_paid_in(tx, currency).await? => {
                    return Err(RatesError::InUse { index, currency });
                }
                None => drop(market::remove_rate(tx, currency).await?),
            }
        }
        if !set.is_empty() {
            market::set_rates(tx, &set, now).await?;
        }
        let after = market::rates(tx).await?;
        if after != before {
            audited.commit("exchange_rates.set", &told::rates(&before, &after)).await?;
        }
        Ok(after)
    }
}

fn check(said: &[NewExchangeRate], shop: Currency) -> Result<(), InputRefusal> {
    let list = InputPlace::field("rates");
    refuse(said.is_empty(), || list.clone(), Unfit::Blank)?;
    refuse(said.len() > AT_ONCE, || list.clone(), Unfit::TooMany { max: AT_ONCE })?;
    let mut known = BTreeSet::new();
    for (index, of) in said.iter().enumerate() {
        let at = list.entry(index);
        let own = Unfit::Unlike("the shop's own currency is worth what it is");
        refuse(of.currency == shop, || at.then("currencyCode"), own)?;
        let twice = !known.insert(of.currency);
        refuse(twice, || at.then("currencyCode"), Unfit::Unlike("a currency has one rate"))?;
        let long = of.source.chars().count() > SOURCE;
        refuse(long, || at.then("source"), Unfit::TooLong { max: SOURCE })?;
    }
    Ok(())
}
