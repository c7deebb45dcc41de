//! How many passwords somebody may have hashed. A hash is made to be dear, few are made at a time, and others wait meanwhile.
//!
//! Guesses that are right cost nothing of what stops guessers, and a link may be tried with many passwords before one is taken. So this
//! counts all of it, whatever comes of it: by network and site, since an account can be had for nothing, by browser that is known, and by link. It says nothing of an
//! account, or a stranger could keep its owner out.

use super::{Place, TooMany};
use std::{sync::Arc, time::Duration};
use stoa_domain::{
    limits::{ClientAddress, Decision, LimitKey, Quota, RateLimiter},
    shared::{AccountTokenId, Fault},
};
use uuid::Uuid;

/// Hashes for one network: what takes a core about ten seconds of ten minutes. An office full of buyers stays below it.
const FROM_ONE: Quota = Quota::new(200, Duration::from_mins(10));
/// Hashes for one browser that is known.
const OF_DEVICE: Quota = Quota::new(20, Duration::from_mins(10));
/// Passwords that one link is tried with: most are refused before they are hashed, as too common.
const BY_LINK: Quota = Quota::new(20, Duration::from_hours(1));

/// The limits on hashes.
pub(crate) struct Hashings(Arc<dyn RateLimiter>);

impl Hashings {
    /// Counts in `limiter`.
    pub(crate) const fn new(limiter: Arc<dyn RateLimiter>) -> Self {
        Self(limiter)
    }

    /// Counts one more hash for somebody; all of whom that is not known are one.
    ///
    /// # Errors
    /// What counts cannot be reached.
    pub(crate) async fn take(&self, client: Option<ClientAddress>) -> Result<Result<(), TooMany>, Fault> {
        let taken = Place::new("hash-from", client, FROM_ONE).take(&*self.0, 1).await?;
        Ok(decided(taken, FROM_ONE))
    }

    /// The same for a browser that has proved that it was let in before, which has some of its own whatever its network has used up.
    ///
    /// # Errors
    /// What counts cannot be reached.
    pub(crate) async fn take_for(
        &self,
        client: Option<ClientAddress>,
        device: Option<Uuid>,
    ) -> Result<Result<(), TooMany>, Fault> {
        if let Some(device) = device
            && let Decision::Allowed { .. } =
                self.0.take(&LimitKey::new("hash-device", device), OF_DEVICE, 1).await?
        {
            return Ok(Ok(()));
        }
        self.take(client).await
    }

    /// Counts one more password that a link is tried with.
    ///
    /// # Errors
    /// What counts cannot be reached.
    pub(crate) async fn take_by_link(&self, link: AccountTokenId) -> Result<Result<(), TooMany>, Fault> {
        let taken = self.0.take(&LimitKey::new("hash-link", link), BY_LINK, 1).await?;
        Ok(decided(taken, BY_LINK))
    }
}

fn decided(decision: Decision, quota: Quota) -> Result<(), TooMany> {
    match decision {
        Decision::Allowed { .. } => Ok(()),
        Decision::Refused { retry_after } => Err(TooMany(retry_after)),
        Decision::TooMuch => Err(TooMany(quota.window())),
    }
}
