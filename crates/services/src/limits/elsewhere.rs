//! How often somebody may begin to sign in elsewhere: each time a row waits for an answer, and the provider may be asked.

use super::{Place, TooMany};
use std::{sync::Arc, time::Duration};
use stoa_domain::{
    limits::{ClientAddress, Decision, Quota, RateLimiter},
    shared::Fault,
};

/// Attempts of one network. An office full of buyers stays below it.
const FROM_ONE: Quota = Quota::new(100, Duration::from_mins(10));

/// The limits on attempts to sign in elsewhere.
pub(crate) struct Elsewhere(Arc<dyn RateLimiter>);

impl Elsewhere {
    /// Counts in `limiter`.
    pub(crate) const fn new(limiter: Arc<dyn RateLimiter>) -> Self {
        Self(limiter)
    }

    /// Counts one more attempt of somebody; all of whom that is not known are one.
    ///
    /// # Errors
    /// What counts cannot be reached.
    pub(crate) async fn take(&self, client: Option<ClientAddress>) -> Result<Result<(), TooMany>, Fault> {
        let from = Place::new("oidc-from", client, FROM_ONE);
        Ok(match from.take(&*self.0, 1).await? {
            Decision::Allowed { .. } => Ok(()),
            Decision::Refused { retry_after } => Err(TooMany(retry_after)),
            Decision::TooMuch => Err(TooMany(FROM_ONE.window())),
        })
    }
}
