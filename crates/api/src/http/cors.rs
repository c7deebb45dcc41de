//! Which other origins' pages may call GraphQL: none, unless configured.

use super::{request_id, settings::AppSettings, throttle};
use http::{HeaderValue, Method, header};
use std::time::Duration;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// How long a browser may remember a preflight's answer: two hours, the most that Chromium keeps it.
const REMEMBER: Duration = Duration::from_secs(2 * 60 * 60);

/// The cross-origin rules; `None` when no origin is let in, and requests need no look at all.
///
/// Credentials are never allowed: who calls is told by tokens in headers, not by cookies.
pub(super) fn layer(settings: &AppSettings) -> Option<CorsLayer> {
    if settings.cors_origins.is_empty() {
        return None;
    }
    let origins = if settings.any_origin() {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(settings.cors_origins.iter().filter_map(|o| HeaderValue::from_str(o).ok()))
    };
    let cors = CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST])
        // Storefront clients send headers of their own (`x-shopify-…`), which say nothing to us and hurt nobody.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([request_id::HEADER, throttle::LEFT, throttle::POLICY, header::RETRY_AFTER])
        .max_age(REMEMBER);
    Some(cors)
}
