//! Showing markets.

use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::PricesRead},
    market::Market,
    shared::{
        Fault, MarketId,
        page::{Page, PageRequest},
    },
};
use stoa_persistence::{db::ListError, market, pricing::Kept};

/// Markets, for people: how they are made, changed and taken away stands in the files beside this one.
pub struct Markets(pub(crate) Arc<Context>);

impl Markets {
    /// A page of them, by name. The shop's own is not among them. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "market.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<PricesRead>,
        request: &PageRequest,
    ) -> Result<Page<MarketId>, ListError> {
        market::list_markets(self.0.db().read(), request).await
    }

    /// Those with these ids that there are, in the order of the ids. Two statements.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(
        &self,
        _by: &Permit<PricesRead>,
        ids: &[MarketId],
    ) -> Result<Vec<Kept<Market>>, Fault> {
        market::find_all(self.0.db().read(), ids).await
    }
}
