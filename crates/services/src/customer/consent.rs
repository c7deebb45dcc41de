//! Whether a customer wants advertisements.

use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    access::SignedIn,
    customer::{Consent, ConsentKind, ConsentSource, WordingTooLong},
    shared::Fault,
};
use stoa_persistence::{
    Durability, customer,
    db::{MayFault, retrying},
};

/// Why nothing is written down.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// What they were shown is longer than anybody reads.
    #[error(transparent)]
    Wording(#[from] WordingTooLong),
    /// There is no such account any more.
    #[error("no such customer")]
    Unknown,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl MayFault for ConsentError {
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            Self::Wording(_) | Self::Unknown => None,
        }
    }
}

/// Writes down what customers agree to.
pub struct MarketingConsent(pub(crate) Arc<Context>);

impl MarketingConsent {
    /// Writes down that they agree to advertisements by mail, or do not any more; `wording` is what they were shown. Each time it is
    /// said is kept; to say what is so already writes nothing.
    ///
    /// # Errors
    /// The wording is too long, or the database does not answer.
    #[tracing::instrument(name = "customer.consent", skip_all)]
    pub async fn run(&self, who: SignedIn, granted: bool, wording: Option<&str>) -> Result<(), ConsentError> {
        let consent = Consent {
            kind: ConsentKind::EmailMarketing,
            granted,
            wording: wording.map_or(Ok(None), Consent::wording)?,
            source: ConsentSource::Account,
            actor: "customer".to_owned(),
            at: self.0.now(),
        };
        retrying(|| self.record_once(who, &consent)).await
    }

    /// Everything they have ever agreed to or taken back, the oldest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn history(&self, who: SignedIn) -> Result<Vec<Consent>, Fault> {
        customer::consents(self.0.db().read(), who.customer).await
    }

    async fn record_once(&self, who: SignedIn, consent: &Consent) -> Result<(), ConsentError> {
        let tx = self.0.db().write(Durability::Full).await?;
        let customer = customer::find_for_update(&tx, who.customer).await?.ok_or(ConsentError::Unknown)?;
        if customer.accepts_marketing == consent.granted {
            return Ok(());
        }
        let row = self.0.ports.ids.id();
        if !customer::record_consent(&tx, who.customer, row, consent, consent.at).await? {
            return Err(ConsentError::Unknown);
        }
        Ok(tx.commit().await?)
    }
}
