//! What customers say of themselves.

use super::details::{Details, DetailsRefusal, GivenDetails};
use crate::Context;
use std::sync::Arc;
use stoa_domain::{access::SignedIn, customer::Customer, shared::Fault};
use stoa_persistence::{
    Durability,
    customer::{self, Saved},
    db::{MayFault, retrying},
};

/// Why a customer stays as they were.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// One of the details cannot be taken.
    #[error(transparent)]
    Details(#[from] DetailsRefusal),
    /// There is no such account any more.
    #[error("no such customer")]
    Unknown,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl MayFault for UpdateError {
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            Self::Details(_) | Self::Unknown => None,
        }
    }
}

/// Changes names, telephone and language.
pub struct UpdateCustomer(pub(crate) Arc<Context>);

impl UpdateCustomer {
    /// Changes what is said, and leaves the rest.
    ///
    /// # Errors
    /// One of the details cannot be taken, or the database does not answer.
    #[tracing::instrument(name = "customer.update", skip_all)]
    pub async fn run(&self, who: SignedIn, given: &GivenDetails) -> Result<Customer, UpdateError> {
        let details = Details::parse(given)?;
        retrying(|| self.update_once(who, &details)).await
    }

    async fn update_once(&self, who: SignedIn, details: &Details) -> Result<Customer, UpdateError> {
        let tx = self.0.db().write(Durability::Relaxed).await?;
        let before = customer::find_for_update(&tx, who.customer).await?.ok_or(UpdateError::Unknown)?;
        let after = details.clone().of(&before);
        if after == before {
            return Ok(before);
        }
        match customer::save(&tx, &before, &after, self.0.now()).await? {
            Saved::Saved => {}
            Saved::Stale => return Err(UpdateError::Unknown),
            Saved::Taken => return Err(Fault::bug("customer.update: an address that did not change").into()),
        }
        let after = customer::find(&tx, who.customer).await?.ok_or(UpdateError::Unknown)?;
        tx.commit().await?;
        Ok(after)
    }
}
