//! Which other origins' pages may call GraphQL: none, unless configured.

use super::{request_id, settings::AppSettings, throttle};
use http::{HeaderValue, Method, header};
use std::time::Duration;
use tower_http::cors::{AllowCredentials, AllowHeaders, AllowOrigin, CorsLayer};

/// How long a browser may remember a preflight's answer: two hours, the most that Chromium keeps it.
const REMEMBER: Duration = Duration::from_secs(2 * 60 * 60);

/// The cross-origin rules; `None` when no origin is let in, and requests need no look at all.
///
/// Credentials are allowed to pages that may send the cookie, and to nobody else: who else calls is told by tokens in headers.
pub(super) fn layer(settings: &AppSettings) -> Option<CorsLayer> {
    let values = |origins: &[String]| -> Vec<HeaderValue> {
        origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect()
    };
    let (everybody, with_cookie) = (settings.any_origin(), values(&settings.cookie_origins));
    let origins = match with_cookie.is_empty() {
        true if settings.cors_origins.is_empty() => return None,
        true if everybody => AllowOrigin::any(),
        // Where anybody has credentials, everybody is named: browsers take no star beside them.
        _ if everybody => AllowOrigin::mirror_request(),
        _ => AllowOrigin::list(values(&settings.cors_origins).into_iter().chain(with_cookie.clone())),
    };
    let cors = CorsLayer::new()
        .allow_origin(origins)
        .allow_credentials(AllowCredentials::predicate(move |origin, _| with_cookie.contains(origin)))
        .allow_methods([Method::GET, Method::POST])
        // Storefront clients send headers of their own (`x-shopify-…`), which say nothing to us and hurt nobody.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([request_id::HEADER, throttle::LEFT, throttle::POLICY, header::RETRY_AFTER])
        .max_age(REMEMBER);
    Some(cors)
}
