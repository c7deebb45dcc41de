//! What callers may spend on operations: so many in a minute, and so much cost, counted by key, by sign-in and account, or by network.

use crate::http::{RequestQuotas, Whose, limit_headers, take_operation, take_shares};
use futures_util::future::BoxFuture;
use http::request::Parts;
use std::{num::NonZeroU32, sync::Arc, time::Duration};
use stoa_domain::limits::{Decision, LimitKey, Quota, RateLimiter};
use stoa_graphql_http::{Admitted, ThrottleStatus, Throttled};
use stoa_services::account::Caller;

const MINUTE: Duration = Duration::from_mins(1);
/// The name of the quota in headers.
const NAME: &str = "cost";

/// Counts operations, and what they cost.
#[derive(Clone)]
pub(super) struct Costs {
    limiter: Arc<dyn RateLimiter>,
    quota: Option<Quota>,
    requests: RequestQuotas,
}

impl Costs {
    /// As much as anybody likes.
    pub(super) fn unlimited(limiter: &Arc<dyn RateLimiter>) -> Self {
        Self { limiter: Arc::clone(limiter), quota: None, requests: RequestQuotas::default() }
    }

    /// So much cost in a minute; `None`: as much as anybody likes.
    pub(super) fn per_minute(self, most: Option<NonZeroU32>) -> Self {
        Self { quota: most.map(|most| Quota::new(most.get(), MINUTE)), ..self }
    }

    /// So many operations in a minute, by those who are known and by all others of one network.
    pub(super) fn requests(self, requests: RequestQuotas) -> Self {
        Self { requests, ..self }
    }

    /// Takes an operation and its cost from what its caller has left. `None`: nothing is counted.
    pub(super) fn admit<'a>(
        &'a self,
        parts: &'a Parts,
        cost: u64,
    ) -> Option<BoxFuture<'a, Result<Admitted, Throttled>>> {
        // Most are nobody's, and cost nothing to let in where nobody's are not counted.
        if self.quota.is_none()
            && !self.requests.counts_networks()
            && parts.extensions.get::<Arc<Caller>>().is_none()
        {
            return None;
        }
        let whose = Whose::of(&parts.extensions);
        let owed = self.requests.owed(whose, &parts.extensions);
        if owed.is_none() && self.quota.is_none() {
            return None;
        }
        // What costs more than a number holds costs more than anybody has; and nothing is for nothing.
        let units = u32::try_from(cost).unwrap_or(u32::MAX).max(1);
        Some(Box::pin(async move {
            if let Some(requests) = owed
                && let Some(retry_after) = take_operation(&*self.limiter, whose, requests).await
            {
                return Err(Throttled { retry_after: Some(retry_after), ..Throttled::default() });
            }
            match self.quota {
                Some(quota) => take(&*self.limiter, whose, quota, units).await,
                None => Ok(Admitted::default()),
            }
        }))
    }
}

async fn take(
    limiter: &dyn RateLimiter,
    whose: Whose,
    quota: Quota,
    units: u32,
) -> Result<Admitted, Throttled> {
    let (of, taken) = take_shares(limiter, NAME, (whose, quota), units).await;
    match taken {
        Ok(Decision::Allowed { remaining, full_after }) => Ok(Admitted {
            status: Some(status(of, remaining)),
            headers: limit_headers(NAME, of, remaining, full_after),
        }),
        Ok(Decision::Refused { retry_after }) => {
            Err(throttled(limiter, (whose, quota), Some(retry_after)).await)
        }
        Ok(Decision::TooMuch) => Err(throttled(limiter, (whose, quota), None).await),
        Err(fault) => {
            // A limit protects the shop; it does not close it.
            tracing::warn!(error = %fault, "the cost of an operation was not counted");
            Ok(Admitted::default())
        }
    }
}

/// An operation that waits, or never fits: with what is left of the nearest quota as it is.
async fn throttled(
    limiter: &dyn RateLimiter,
    (whose, quota): (Whose, Quota),
    retry_after: Option<Duration>,
) -> Throttled {
    let (remaining, full_after) = match limiter.take(&LimitKey::new(NAME, whose), quota, 0).await {
        Ok(Decision::Allowed { remaining, full_after }) => (remaining, full_after),
        Ok(Decision::Refused { .. } | Decision::TooMuch) | Err(_) => (0, retry_after.unwrap_or(MINUTE)),
    };
    let headers = limit_headers(NAME, quota, remaining, full_after);
    Throttled { retry_after, status: Some(status(quota, remaining)), headers }
}

fn status(quota: Quota, remaining: u32) -> ThrottleStatus {
    ThrottleStatus {
        maximum_available: quota.limit().into(),
        currently_available: remaining.into(),
        restore_rate: f64::from(quota.limit()) / quota.window().as_secs_f64(),
    }
}
