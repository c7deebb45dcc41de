//! How much one client may ask, where a limit is set.
//!
//! Headers are those of the IETF's draft-ietf-httpapi-ratelimit-headers-10, and `Retry-After` of RFC 9110.

use super::{answer, state::AppState};
use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use std::{sync::Arc, time::Duration};
use stoa_domain::limits::{ClientAddress, Decision, LimitKey, Quota, RateLimiter};

/// What is left.
pub(super) const LEFT: HeaderName = HeaderName::from_static("ratelimit");
/// What there is.
pub(super) const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

const MINUTE: Duration = Duration::from_mins(1);

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
        Some(client) => LimitKey::new("requests", client.network()),
        None => LimitKey::new("requests", "unknown"),
    };
    let mut response = match throttle.limiter.take(&key, quota, 1).await {
        Ok(Decision::Allowed { remaining, full_after }) => {
            let mut response = next.run(request).await;
            tell(response.headers_mut(), remaining, full_after);
            response
        }
        Ok(Decision::Refused { retry_after }) => refused(retry_after),
        // No quota is without a unit.
        Ok(Decision::TooMuch) => refused(quota.window()),
        Err(fault) => {
            // A limit protects the shop; it does not close it.
            tracing::warn!(error = %fault, "a request was not counted");
            return next.run(request).await;
        }
    };
    let policy = format!("\"requests\";q={};w={}", quota.limit(), quota.window().as_secs());
    insert(response.headers_mut(), POLICY, &policy);
    response
}

fn refused(retry_after: Duration) -> Response {
    let message = "You have sent too many requests. Wait, and send fewer.";
    let mut response = answer::error(StatusCode::TOO_MANY_REQUESTS, "THROTTLED", message);
    tell(response.headers_mut(), 0, retry_after);
    insert(response.headers_mut(), header::RETRY_AFTER, &seconds(retry_after).to_string());
    response
}

fn tell(headers: &mut HeaderMap, remaining: u32, reset_after: Duration) {
    insert(headers, LEFT, &format!("\"requests\";r={remaining};t={}", seconds(reset_after)));
}

/// Whole seconds, after which it is true.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
