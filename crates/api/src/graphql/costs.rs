//! What callers may spend on operations: so much cost in a minute, counted by key, account or network.

use crate::http::{Whose, limit_headers};
use futures_util::future::BoxFuture;
use http::request::Parts;
use std::{num::NonZeroU32, sync::Arc, time::Duration};
use stoa_domain::limits::{Decision, LimitKey, Quota, RateLimiter};
use stoa_graphql_http::{Admitted, ThrottleStatus, Throttled};

const MINUTE: Duration = Duration::from_mins(1);
/// The name of the quota in headers.
const NAME: &str = "cost";

/// Counts what operations cost.
#[derive(Clone)]
pub(super) struct Costs(Option<Counted>);

#[derive(Clone)]
struct Counted {
    limiter: Arc<dyn RateLimiter>,
    quota: Quota,
}

impl Costs {
    /// So much in a minute; `None`: as much as anybody likes.
    pub(super) fn new(limiter: &Arc<dyn RateLimiter>, per_minute: Option<NonZeroU32>) -> Self {
        let counted = |most: NonZeroU32| Counted {
            limiter: Arc::clone(limiter),
            quota: Quota::new(most.get(), MINUTE),
        };
        Self(per_minute.map(counted))
    }

    /// Takes the cost of an operation from what its caller has left. `None`: nothing is counted.
    pub(super) fn admit<'a>(
        &'a self,
        parts: &'a Parts,
        cost: u64,
    ) -> Option<BoxFuture<'a, Result<Admitted, Throttled>>> {
        let Counted { limiter, quota } = self.0.as_ref()?;
        let key = LimitKey::new(NAME, Whose::of(&parts.extensions));
        // What costs more than a number holds costs more than anybody has.
        let units = u32::try_from(cost).unwrap_or(u32::MAX);
        Some(Box::pin(take(limiter, *quota, key, units)))
    }
}

async fn take(
    limiter: &Arc<dyn RateLimiter>,
    quota: Quota,
    key: LimitKey,
    units: u32,
) -> Result<Admitted, Throttled> {
    match limiter.take(&key, quota, units).await {
        Ok(Decision::Allowed { remaining, full_after }) => Ok(Admitted {
            status: Some(status(quota, remaining)),
            headers: limit_headers(NAME, quota, remaining, full_after),
        }),
        Ok(Decision::Refused { retry_after }) => {
            Err(throttled(limiter, quota, &key, Some(retry_after)).await)
        }
        Ok(Decision::TooMuch) => Err(throttled(limiter, quota, &key, None).await),
        Err(fault) => {
            // A limit protects the shop; it does not close it.
            tracing::warn!(error = %fault, "the cost of an operation was not counted");
            Ok(Admitted::default())
        }
    }
}

/// An operation that waits, or never fits: with what is left as it is.
async fn throttled(
    limiter: &Arc<dyn RateLimiter>,
    quota: Quota,
    key: &LimitKey,
    retry_after: Option<Duration>,
) -> Throttled {
    let (remaining, full_after) = match limiter.take(key, quota, 0).await {
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
