//! How much one client may ask, where a limit is set.
//!
//! Headers are those of the IETF's draft-ietf-httpapi-ratelimit-headers-10, and `Retry-After` of RFC 9110.

use super::{answer, state::AppState, whose::Whose};
use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use std::{sync::Arc, time::Duration};
use stoa_domain::limits::{ClientAddress, Decision, LimitKey, Quota, RateLimiter};

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

async fn count(State(throttle): State<Throttle>, request: Request, next: Next) -> Response {
    let quota = throttle.quota;
    let key = match request.extensions().get::<ClientAddress>() {
        Some(client) => LimitKey::new(REQUESTS, client.network()),
        None => LimitKey::new(REQUESTS, "unknown"),
    };
    match take(&*throttle.limiter, &key, quota).await {
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

/// Counts a request of somebody who is known, by account or key, where that is limited. All others are counted by network.
///
/// # Errors
/// The answer to send instead.
pub(super) async fn count_caller(app: &AppState, extensions: &Extensions) -> Result<Standing, Box<Response>> {
    let (settings, whose) = (app.settings(), Whose::of(extensions));
    let limit = match whose {
        Whose::Key(_) => settings.key_requests_per_minute,
        Whose::Account { .. } => settings.account_requests_per_minute,
        Whose::Network(_) => None,
    };
    let Some(limit) = limit else { return Ok(Standing::default()) };
    let limiter = app.services().context().limiter();
    take(&**limiter, &LimitKey::new(REQUESTS, whose), Quota::new(limit.get(), MINUTE)).await
}

/// Takes a request from a quota.
async fn take(limiter: &dyn RateLimiter, key: &LimitKey, quota: Quota) -> Result<Standing, Box<Response>> {
    match limiter.take(key, quota, 1).await {
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
