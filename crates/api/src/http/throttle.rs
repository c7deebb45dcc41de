//! How much one client may ask, where a limit is set.
//!
//! Headers are those of the IETF's draft-ietf-httpapi-ratelimit-headers-10, and `Retry-After` of RFC 9110.

use super::{answer, settings::AppSettings, state::AppState, whose::Whose};
use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use stoa_domain::{
    limits::{ClientAddress, Decision, LimitKey, Quota, RateLimiter},
    shared::Fault,
};

/// What is left.
pub(super) const LEFT: HeaderName = HeaderName::from_static("ratelimit");
/// What there is.
pub(super) const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

const MINUTE: Duration = Duration::from_mins(1);
/// The name of the quota of requests in headers.
const REQUESTS: &str = "requests";

#[derive(Clone)]
struct Throttle {
    limiter: Arc<dyn RateLimiter>,
    quota: Quota,
}

/// The routes behind the limit; as they are where none is set.
pub(super) fn throttled(routes: Router, app: &AppState) -> Router {
    let Some(limit) = app.settings().requests_per_minute else { return routes };
    let limiter = Arc::clone(app.services().context().limiter());
    let throttle = Throttle { limiter, quota: Quota::new(limit.get(), MINUTE) };
    routes.layer(from_fn_with_state(throttle, count))
}

async fn count(State(throttle): State<Throttle>, mut request: Request, next: Next) -> Response {
    let quota = throttle.quota;
    let network = Whose::Network(request.extensions().get::<ClientAddress>().copied());
    let key = LimitKey::new(REQUESTS, network);
    request.extensions_mut().insert(PaidByNetwork(Paid::once()));
    match standing(quota, throttle.limiter.take(&key, quota, 1).await) {
        Ok(standing) => {
            let mut response = next.run(request).await;
            standing.tell(response.headers_mut());
            response
        }
        Err(refused) => *refused,
    }
}

/// How somebody stands whose requests are counted: the headers that say so.
#[derive(Debug, Default)]
pub(super) struct Standing(Vec<(HeaderName, HeaderValue)>);

impl Standing {
    /// Says it, beside what is said of other quotas.
    pub(super) fn tell(self, headers: &mut HeaderMap) {
        for (name, value) in self.0 {
            headers.append(name, value);
        }
    }
}

/// How much is asked for in a minute by those who are known, and by all others of one network.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RequestQuotas {
    network: Option<NonZeroU32>,
    sign_in: Option<NonZeroU32>,
    key: Option<NonZeroU32>,
}

impl RequestQuotas {
    /// Those that are set.
    pub(crate) const fn of(settings: &AppSettings) -> Self {
        Self {
            network: settings.requests_per_minute,
            sign_in: settings.account_requests_per_minute,
            key: settings.key_requests_per_minute,
        }
    }

    /// Whether the operations of those are counted who are not known.
    pub(crate) const fn counts_networks(self) -> bool {
        self.network.is_some()
    }

    fn quota(self, whose: Whose) -> Option<Quota> {
        let limit = match whose {
            Whose::Key(_) => self.key,
            Whose::SignIn { .. } | Whose::Account { .. } => self.sign_in,
            Whose::Network(_) => self.network,
        };
        limit.map(|limit| Quota::new(limit.get(), MINUTE))
    }

    /// Whose quota an operation is still to be taken from. `None`: nobody's, or its HTTP request has paid for it.
    pub(crate) fn owed(self, whose: Whose, extensions: &Extensions) -> Option<Quota> {
        let quota = self.quota(whose)?;
        let paid = match whose {
            Whose::Network(_) => extensions.get::<PaidByNetwork>().map(|PaidByNetwork(paid)| paid),
            Whose::Key(_) | Whose::SignIn { .. } | Whose::Account { .. } => extensions.get::<Paid>(),
        };
        (!paid.is_some_and(Paid::spend)).then_some(quota)
    }
}

/// One operation is paid for, that of a plain HTTP request. A batch and a WebSocket have more of them, and what a socket begins with may
/// say only then who asks.
#[derive(Clone, Debug)]
struct Paid(Arc<AtomicBool>);

/// The same, by the network that the request came from: it pays for whoever is not known, and for nobody else.
#[derive(Clone, Debug)]
struct PaidByNetwork(Paid);

impl Paid {
    fn once() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }

    fn spend(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

/// Counts a request of somebody who is known, by sign-in and account or by key, where that is limited; its first operation is not counted
/// again then.
///
/// # Errors
/// The answer to send instead.
pub(super) async fn count_caller(
    app: &AppState,
    extensions: &mut Extensions,
) -> Result<Standing, Box<Response>> {
    let whose = Whose::of(extensions);
    // Of whom nobody is known the layer has counted the request.
    if matches!(whose, Whose::Network(_)) {
        return Ok(Standing::default());
    }
    let Some(quota) = RequestQuotas::of(app.settings()).quota(whose) else { return Ok(Standing::default()) };
    let limiter = app.services().context().limiter();
    extensions.insert(Paid::once());
    let (of, taken) = take_shares(&**limiter, REQUESTS, (whose, quota), 1).await;
    standing(of, taken)
}

/// Takes units of all that somebody's are taken from: what came of it is that of the first that refused, or else of the nearest.
pub(crate) async fn take_shares(
    limiter: &dyn RateLimiter,
    name: &'static str,
    (whose, quota): (Whose, Quota),
    units: u32,
) -> (Quota, Result<Decision, Fault>) {
    let mut nearest = None;
    for (whose, of) in whose.shares(quota) {
        let taken = limiter.take(&LimitKey::new(name, whose), of, units).await;
        if !matches!(taken, Ok(decision) if decision.is_allowed()) {
            return (of, taken);
        }
        nearest.get_or_insert((of, taken));
    }
    nearest.unwrap_or((quota, Ok(Decision::TooMuch)))
}

/// Takes the unit of an operation that its HTTP request has not paid for; `Some`: it is refused, and may come again then.
pub(crate) async fn take_operation(
    limiter: &dyn RateLimiter,
    whose: Whose,
    quota: Quota,
) -> Option<Duration> {
    match take_shares(limiter, REQUESTS, (whose, quota), 1).await {
        (_, Ok(Decision::Allowed { .. })) => None,
        (_, Ok(Decision::Refused { retry_after })) => Some(retry_after),
        (of, Ok(Decision::TooMuch)) => Some(of.window()),
        (_, Err(fault)) => {
            tracing::warn!(error = %fault, "an operation was not counted");
            None
        }
    }
}

/// What came of taking a request from a quota.
fn standing(quota: Quota, taken: Result<Decision, Fault>) -> Result<Standing, Box<Response>> {
    match taken {
        Ok(Decision::Allowed { remaining, full_after }) => {
            Ok(Standing(limit_headers(REQUESTS, quota, remaining, full_after)))
        }
        Ok(Decision::Refused { retry_after }) => Err(Box::new(refused(quota, retry_after))),
        // No quota is without a unit.
        Ok(Decision::TooMuch) => Err(Box::new(refused(quota, quota.window()))),
        Err(fault) => {
            // A limit protects the shop; it does not close it.
            tracing::warn!(error = %fault, "a request was not counted");
            Ok(Standing::default())
        }
    }
}

fn refused(quota: Quota, retry_after: Duration) -> Response {
    let message = "You have sent too many requests. Wait, and send fewer.";
    let mut response = answer::error(StatusCode::TOO_MANY_REQUESTS, "THROTTLED", message);
    let headers = response.headers_mut();
    Standing(limit_headers(REQUESTS, quota, 0, retry_after)).tell(headers);
    headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds(retry_after)));
    response
}

/// What is left of a quota, and what there is of it, as headers say it.
pub(crate) fn limit_headers(
    name: &str,
    quota: Quota,
    remaining: u32,
    reset_after: Duration,
) -> Vec<(HeaderName, HeaderValue)> {
    let left = format!("\"{name}\";r={remaining};t={}", seconds(reset_after));
    let policy = format!("\"{name}\";q={};w={}", quota.limit(), quota.window().as_secs());
    let header = |(name, text): (HeaderName, String)| Some((name, HeaderValue::from_str(&text).ok()?));
    [(LEFT, left), (POLICY, policy)].into_iter().filter_map(header).collect()
}

/// Whole seconds, after which it is true.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::access::{Actor, Origin, Permissions};
    use stoa_services::account::{Caller, Client};
    use uuid::Uuid;

    #[test]
    fn a_request_pays_for_its_first_operation_and_no_other() {
        let quotas = RequestQuotas { network: None, sign_in: None, key: NonZeroU32::new(3) };
        let id = Uuid::from_u128(1).into();
        let key = Actor::key(id, "till".into(), Permissions::NONE, Origin::default());
        let mut extensions = Extensions::new();
        assert_eq!(quotas.owed(Whose::of(&extensions), &extensions), None, "networks have no bound");
        extensions.insert(PaidByNetwork(Paid::once()));
        extensions.insert(Arc::new(Caller::acting(key, Client::default())));
        let whose = Whose::of(&extensions);
        assert!(
            quotas.owed(whose, &extensions).is_some(),
            "who says by connection_init who they are has not paid"
        );
        extensions.insert(Paid::once());
        let of_the_next = extensions.clone();
        assert_eq!(quotas.owed(whose, &extensions), None);
        assert!(quotas.owed(whose, &of_the_next).is_some());
    }

    #[test]
    fn a_network_pays_for_the_first_operation_of_whoever_is_not_known() {
        let quotas = RequestQuotas { network: NonZeroU32::new(3), ..RequestQuotas::default() };
        let mut extensions = Extensions::new();
        extensions.insert(PaidByNetwork(Paid::once()));
        let of_the_next = extensions.clone();
        let stranger = Whose::of(&extensions);
        assert_eq!(quotas.owed(stranger, &extensions), None);
        assert!(quotas.owed(stranger, &of_the_next).is_some(), "a batch has more");
    }
}
