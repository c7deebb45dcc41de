//! The cookies of sign-ins: which there are, when one counts, and how it is set.
//!
//! A browser sends a cookie with whatever any page makes it send. So one counts only where the browser says that a page of ours has
//! asked (`Sec-Fetch-Site`, or `Origin` of browsers that do not send it), as Go's `CrossOriginProtection` does it; there is no token
//! to carry about. Names begin with `__Host-`: browsers take such a cookie over TLS (or from this machine) alone, for this very host.

use super::settings::AppSettings;
use chrono::TimeDelta;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use secrecy::{ExposeSecret, SecretString};
use stoa_domain::shared::Timestamp;
use url::{Host, Url};

/// A customer's sign-in.
pub(crate) const SESSION: &str = "__Host-stoa_session";
/// That the browser has signed in before.
pub(crate) const DEVICE: &str = "__Host-stoa_device";
/// An attempt to sign in with an OpenID provider, in this browser.
pub(crate) const ELSEWHERE: &str = "__Host-stoa_oidc";
/// That the browser has shown what somebody has at a provider, which the link of a mail is to tie to an account.
pub(crate) const IDENTITY: &str = "__Host-stoa_oidc_link";

/// How long a browser is known that has signed in.
const DEVICE_KNOWN: TimeDelta = TimeDelta::days(365);

/// What a browser says of who made it send a request.
pub(super) const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Who made a browser send a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sender {
    /// A page of ours, or one of the same site that may send the cookie.
    OwnPage,
    /// A page of somebody else's that may call, as nobody.
    Guest,
    /// A page of somebody else's.
    ForeignPage,
    /// No page, or no browser.
    Unknown,
}

/// Who made a browser send a request to the server that is reached at `public_url`.
pub(super) fn sender(headers: &HeaderMap, public_url: &Url, settings: &AppSettings) -> Sender {
    let origin = headers.get(header::ORIGIN).map(HeaderValue::as_bytes);
    let is_ours = |origin: &[u8]| origin == public_url.origin().ascii_serialization().as_bytes();
    let may_send = |origin: &[u8]| settings.cookie_origins.iter().any(|known| known.as_bytes() == origin);
    let may_call =
        |origin: &[u8]| settings.any_origin() || settings.origins().any(|known| known.as_bytes() == origin);
    match (headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes), origin) {
        (Some(b"same-origin"), _) => Sender::OwnPage,
        // Somebody has typed the address.
        (Some(b"none"), _) => Sender::Unknown,
        (Some(b"same-site") | None, Some(origin)) if may_send(origin) => Sender::OwnPage,
        (None, Some(origin)) if is_ours(origin) => Sender::OwnPage,
        (_, Some(origin)) if may_call(origin) => Sender::Guest,
        (Some(_), _) | (None, Some(_)) => Sender::ForeignPage,
        (None, None) => Sender::Unknown,
    }
}

/// Whether a request is of a kind that browsers let no foreign page send unasked: reading, or JSON.
pub(super) fn may_count(method: &Method, headers: &HeaderMap) -> bool {
    let is_json = |value: &HeaderValue| {
        let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
        essence.trim().eq_ignore_ascii_case("application/json")
    };
    match *method {
        Method::GET | Method::HEAD => true,
        Method::POST => headers.get(header::CONTENT_TYPE).is_some_and(is_json),
        _ => false,
    }
}

/// The value of a cookie in a `Cookie` header.
fn value(cookies: &str, name: &str) -> Option<String> {
    let mut pairs = cookies.split(';').filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(key, value)| (key.trim() == name).then(|| value.trim().to_owned()))
}

/// The value of a cookie among the headers of a request.
pub(crate) fn find(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    lines.find_map(|line| value(line, name))
}

/// Whether browsers take such cookies from the server that is reached there: over TLS, or on this very machine. Safari takes them over TLS
/// alone.
pub fn are_taken_at(public_url: &Url) -> bool {
    let loopback = match public_url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    public_url.scheme() == "https" || loopback
}

/// The `Set-Cookie` of a value that is good until then. Scripts cannot read it, and forms of other sites are not sent with it.
pub(crate) fn set(name: &str, value: &str, until: Timestamp, now: Timestamp) -> String {
    written(name, value, (until - now).num_seconds().max(0), "Lax")
}

/// The same of one that is sent with forms of other sites too: it must be worth nothing without what only the right one sends.
pub(crate) fn set_for_answers(name: &str, value: &str, until: Timestamp, now: Timestamp) -> String {
    written(name, value, (until - now).num_seconds().max(0), "None")
}

/// Those of a sign-in that is shown by one: its own, and that the browser has signed in, unless it has shown that already.
pub(crate) fn of_sign_in(
    token: &SecretString,
    ends_at: Timestamp,
    device: Option<&SecretString>,
    now: Timestamp,
) -> Vec<String> {
    let session = set(SESSION, token.expose_secret(), ends_at, now);
    let device = device.map(|device| set(DEVICE, device.expose_secret(), now + DEVICE_KNOWN, now));
    [session].into_iter().chain(device).collect()
}

/// The `Set-Cookie` that takes one away.
pub(crate) fn clear(name: &str) -> String {
    written(name, "", 0, "Lax")
}

fn written(name: &str, value: &str, seconds: i64, same_site: &str) -> String {
    format!("{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite={same_site}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let header = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(header).collect()
    }

    #[test]
    fn a_page_of_ours_is_told_from_a_foreign_one() {
        let shop = Url::parse("https://shop.example").unwrap();
        let closed = AppSettings::default();
        for (pairs, wanted) in [
            (vec![("sec-fetch-site", "same-origin")], Sender::OwnPage),
            (
                vec![("sec-fetch-site", "same-site"), ("origin", "https://blog.shop.example")],
                Sender::ForeignPage,
            ),
            (vec![("sec-fetch-site", "cross-site")], Sender::ForeignPage),
            // What the browser says itself counts for more than what looks right.
            (vec![("sec-fetch-site", "cross-site"), ("origin", "https://shop.example")], Sender::ForeignPage),
            (vec![("sec-fetch-site", "none")], Sender::Unknown),
            (vec![("origin", "https://shop.example")], Sender::OwnPage),
            (vec![("origin", "http://shop.example")], Sender::ForeignPage),
            (vec![("origin", "https://shop.example:8443")], Sender::ForeignPage),
            (vec![("origin", "null")], Sender::ForeignPage),
            (vec![], Sender::Unknown),
        ] {
            assert_eq!(sender(&headers(&pairs), &shop, &closed), wanted, "{pairs:?}");
        }
    }

    #[test]
    fn pages_that_are_named_may_send_it_or_call_as_nobody() {
        let shop = Url::parse("https://api.shop.example").unwrap();
        let settings = AppSettings {
            cors_origins: vec!["https://friend.example".into()],
            cookie_origins: vec!["https://www.shop.example".into()],
            ..AppSettings::default()
        };
        let site = |site, origin| vec![("sec-fetch-site", site), ("origin", origin)];
        for (pairs, wanted) in [
            (site("same-site", "https://www.shop.example"), Sender::OwnPage),
            (vec![("origin", "https://www.shop.example")], Sender::OwnPage),
            // The browser knows better which sites are one.
            (site("cross-site", "https://www.shop.example"), Sender::Guest),
            (site("same-site", "https://blog.shop.example"), Sender::ForeignPage),
            (site("cross-site", "https://friend.example"), Sender::Guest),
            (vec![("origin", "https://friend.example")], Sender::Guest),
            (site("cross-site", "https://evil.example"), Sender::ForeignPage),
            (vec![("sec-fetch-site", "cross-site")], Sender::ForeignPage),
        ] {
            assert_eq!(sender(&headers(&pairs), &shop, &settings), wanted, "{pairs:?}");
        }
        let open = AppSettings { cors_origins: vec!["*".into()], ..AppSettings::default() };
        let evil = headers(&site("cross-site", "https://evil.example"));
        assert_eq!(sender(&evil, &shop, &open), Sender::Guest);
    }

    #[test]
    fn forms_are_never_believed() {
        let json = headers(&[("content-type", "application/json; charset=utf-8")]);
        assert!(may_count(&Method::POST, &json));
        assert!(may_count(&Method::GET, &HeaderMap::new()));
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            assert!(!may_count(&Method::POST, &headers(&[("content-type", kind)])), "{kind}");
        }
        assert!(!may_count(&Method::POST, &HeaderMap::new()));
        assert!(!may_count(&Method::OPTIONS, &json));
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let sent = headers(&[("cookie", "a=b; __Host-stoa_session=x1; x__Host-stoa_session=no")]);
        assert_eq!(find(&sent, SESSION).as_deref(), Some("x1"));
        assert_eq!(find(&sent, DEVICE), None);
        assert_eq!(value("__Host-stoa_device=d", DEVICE).as_deref(), Some("d"));
    }

    #[test]
    fn browsers_take_them_over_tls_and_on_this_machine() {
        for good in
            ["https://shop.example", "http://127.0.0.1:4000", "http://localhost:3000", "http://[::1]:80"]
        {
            assert!(are_taken_at(&Url::parse(good).unwrap()), "{good}");
        }
        assert!(!are_taken_at(&Url::parse("http://shop.example").unwrap()));
    }

    #[test]
    fn they_are_for_this_host_alone_and_never_for_scripts() {
        let now = Timestamp::default();
        let cookie = set(SESSION, "x", now + chrono::TimeDelta::hours(1), now);
        assert_eq!(cookie, "__Host-stoa_session=x; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax");
        assert!(clear(SESSION).contains("Max-Age=0"));
        let posted = set_for_answers(ELSEWHERE, "x", now, now);
        assert_eq!(posted, "__Host-stoa_oidc=x; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=None");
    }
}
