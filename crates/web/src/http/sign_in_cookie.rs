//! The cookies of a sign-in: those of the API (`customerSignIn` with `mode: COOKIE`), so that whoever has signed in here has signed in
//! there.
//!
//! Names begin with `__Host-`: browsers take such a cookie over TLS (or from this machine) alone, for this very host. It is not sent
//! with forms of other sites, which are not believed besides.

use super::{cookies, with_cookie};
use crate::state::Web;
use axum::{extract::FromRequestParts, response::Response};
use http::{HeaderMap, request::Parts};
use secrecy::{ExposeSecret, SecretString};
use std::convert::Infallible;
use stoa_domain::shared::Fault;
use stoa_services::account::{Issued, SignedInNow, oidc::OidcBegun};
use url::{Host, Url};

/// A customer's sign-in.
const SESSION: &str = "__Host-stoa_session";
/// That the browser has signed in before.
const DEVICE: &str = "__Host-stoa_device";
/// That the browser has shown what somebody has at a provider, which the link of a mail is to tie to an account.
const IDENTITY: &str = "__Host-stoa_oidc_link";

/// That the browser has begun an attempt at a provider: its answer counts in this browser alone.
const ELSEWHERE: &str = "__Host-stoa_oidc";

/// For how many seconds a browser is known that has signed in: a year.
const DEVICE_KNOWN: i64 = 365 * 24 * 60 * 60;

/// What a browser shows for being signed in.
pub(super) fn session(headers: &HeaderMap) -> Option<SecretString> {
    cookies::values(headers, SESSION).next().map(Into::into)
}

/// What a browser shows for having signed in before.
pub(super) fn device(headers: &HeaderMap) -> Option<SecretString> {
    cookies::values(headers, DEVICE).next().map(Into::into)
}

/// A browser's proof that it has shown what somebody has at a provider.
pub(crate) struct IdentityCookie(pub(crate) Option<String>);

impl<S: Sync> FromRequestParts<S> for IdentityCookie {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(cookies::values(&parts.headers, IDENTITY).next().map(str::to_owned)))
    }
}

/// The answer that has a browser forget it: it has done what it was for.
pub(crate) fn without_identity(response: Response) -> Response {
    with_cookie(response, &set_cookie(IDENTITY, "", 0))
}

/// The answer that has a browser keep what it shows when it is back from a provider. Of one whose own page posts its answer, it must come
/// along from there.
pub(crate) fn with_attempt(web: &Web, response: Response, begun: &OidcBegun) -> Response {
    let lasts = (begun.until - web.services().now()).num_seconds();
    let site = if begun.posts_its_answer { "None" } else { "Lax" };
    with_cookie(response, &cookies::written(ELSEWHERE, begun.browser.expose_secret(), lasts, site))
}

/// Whether browsers take such cookies from us: over TLS, or on this very machine.
pub(crate) fn sign_ins_are_kept(web: &Web) -> bool {
    are_taken_at(&web.shop().public_url)
}

fn are_taken_at(public_url: &Url) -> bool {
    let loopback = match public_url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    public_url.scheme() == "https" || loopback
}

/// The answer that signs a browser in.
///
/// # Errors
/// The sign-in is to be shown by something else than a cookie: a fault of ours.
pub(crate) fn with_sign_in(web: &Web, response: Response, begun: &SignedInNow) -> Result<Response, Fault> {
    let Issued::Cookie { token, ends_at } = &begun.credential else {
        return Err(Fault::bug("web.sign_in: a sign-in of another kind"));
    };
    let lasts = (*ends_at - web.services().now()).num_seconds();
    let response = with_cookie(response, &set_cookie(SESSION, token.expose_secret(), lasts));
    Ok(match &begun.device {
        Some(device) => with_cookie(response, &set_cookie(DEVICE, device.expose_secret(), DEVICE_KNOWN)),
        None => response,
    })
}

/// The answer that has a browser forget that it is signed in. That it was, once, it may go on showing.
pub(crate) fn without_sign_in(response: Response) -> Response {
    with_cookie(response, &set_cookie(SESSION, "", 0))
}

/// Scripts cannot read it, and forms of other sites are not sent with it.
fn set_cookie(name: &str, value: &str, seconds: i64) -> String {
    cookies::written(name, value, seconds, "Lax")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, header};

    #[test]
    fn a_sign_in_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        let sent = "x__Host-stoa_session=no; stoa_session=no; __Host-stoa_session=yes; __Host-stoa_device=d";
        headers.append(header::COOKIE, HeaderValue::from_static(sent));
        let text = |shown: Option<SecretString>| shown.map(|shown| shown.expose_secret().to_owned());
        assert_eq!(text(session(&headers)).as_deref(), Some("yes"));
        assert_eq!(text(device(&headers)).as_deref(), Some("d"));
        assert!(session(&HeaderMap::new()).is_none());
    }

    #[test]
    fn browsers_keep_sign_ins_over_tls_and_on_this_machine() {
        let url = |text: &str| Url::parse(text).unwrap();
        for good in ["https://shop.example", "http://127.0.0.1:3000", "http://localhost", "http://[::1]:80"] {
            assert!(are_taken_at(&url(good)), "{good}");
        }
        for bad in ["http://shop.example", "http://localhost.example", "http://192.168.0.7"] {
            assert!(!are_taken_at(&url(bad)), "{bad}");
        }
    }

    #[test]
    fn they_are_for_this_host_alone_and_never_for_scripts() {
        let set = set_cookie(SESSION, "x", 60);
        assert_eq!(set, "__Host-stoa_session=x; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax");
        assert!(set_cookie(SESSION, "x", -5).contains("; Max-Age=0;"), "over already");
    }
}
