//! The headers of every page.

use super::sign_ins_are_kept;
use crate::state::Web;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use std::sync::Arc;

/// What pages may load. Built once, because the shop's own address stands in it.
#[derive(Clone, Debug)]
pub(crate) struct Policies {
    /// Of all pages but one: no script at all.
    page: HeaderValue,
    /// Of the page that mounts Stripe's Payment Element.
    pub(crate) payment: HeaderValue,
    /// Of pages that hold a key to an account: nothing of anybody else's, not even a picture.
    key: HeaderValue,
    /// What of their address is told to whoever is asked for next.
    key_referrer: &'static str,
}

/// Marks a response that has a policy of its own.
#[derive(Clone)]
struct OwnPolicy(HeaderValue);

/// Marks a page that holds a key.
#[derive(Clone, Copy)]
struct HoldsKey;

impl Policies {
    pub(crate) fn new(web: &Web) -> Arc<Self> {
        // A browser also asks this rule where a posted form is redirected to, and the sandbox's payment page stands
        // under the shop's public address, whichever address the buyer came by.
        let shop = web.shop().public_url.origin().ascii_serialization();
        let common = format!(
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' {shop}"
        );
        let policy = |rest: &str| {
            let text = format!("{common}; {rest}");
            HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("default-src 'none'"))
        };
        Arc::new(Self {
            // Merchants' pictures lie wherever their catalogue was imported from.
            page: policy(&format!("img-src 'self' {shop} https:")),
            // The hosts of Stripe's integration security guide.
            payment: policy(
                "script-src 'self' https://js.stripe.com https://*.js.stripe.com; \
                 frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com; \
                 connect-src https://api.stripe.com; img-src 'self' https://*.stripe.com",
            ),
            key: policy("img-src 'self'"),
            // The address of a form's page is not told either, so that browsers send `origin: null` with it, and who has sent it is
            // known by `sec-fetch-site`. Over plain http there is no such header: our own pages are told our name then.
            key_referrer: if sign_ins_are_kept(web) { "no-referrer" } else { "strict-origin" },
        })
    }
}

/// Gives a page a policy of its own.
pub(crate) fn with_policy(mut response: Response, policy: HeaderValue) -> Response {
    response.extensions_mut().insert(OwnPolicy(policy));
    response
}

/// Marks a page whose address or form holds a key to an account: nobody is told it, ourselves included, in whose proxy's log it might
/// lie.
pub(crate) fn holds_key(mut response: Response) -> Response {
    response.extensions_mut().insert(HoldsKey);
    response
}

/// Sets what every page carries.
pub(crate) async fn secure(State(policies): State<Arc<Policies>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let own = response.extensions_mut().remove::<OwnPolicy>();
    let holds_key = response.extensions_mut().remove::<HoldsKey>().is_some();
    let (policy, opener) = match own {
        // A bank's window must be able to come back to the page that opened it.
        Some(OwnPolicy(policy)) => (policy, "same-origin-allow-popups"),
        None if holds_key => (policies.key.clone(), "same-origin"),
        None => (policies.page.clone(), "same-origin"),
    };
    let referrer = if holds_key { policies.key_referrer } else { "same-origin" };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    set(headers, HeaderName::from_static("cross-origin-opener-policy"), opener);
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::X_FRAME_OPTIONS, "DENY");
    // Addresses of carts and orders are keys: they are not told to other sites. (`no-referrer` would also take the
    // origin out of our own forms, by which they are told from foreign ones.)
    set(headers, header::REFERRER_POLICY, referrer);
    set(headers, HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    response
}

/// Sets what pages about one person carry: nobody keeps them, nobody finds them.
pub(crate) async fn personal(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    set(headers, header::CACHE_CONTROL, "no-store");
    set(headers, HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
