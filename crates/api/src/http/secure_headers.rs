//! Headers that keep browsers from doing what nobody asked for.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use url::Url;

/// Two years, as browsers' preload lists ask for; subdomains are the operator's to decide about.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// What every answer carries unless its handler has decided otherwise.
#[derive(Clone, Debug)]
pub(super) struct SecureHeaders {
    defaults: Vec<(HeaderName, HeaderValue)>,
}

impl SecureHeaders {
    /// The headers for a server that is reached at `public_url`. Only one reached by https may ask for https for ever.
    pub(super) fn new(public_url: &Url) -> Self {
        let mut defaults = vec![
            // What says it is JSON or a picture is never run as a script.
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            // Addresses of ours hold keys (`/checkout/{cart}`, `/orders/{token}`): no other site is told of them. Not
            // `no-referrer`, with which browsers send forms with `origin: null`.
            (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            // No page of ours in a frame of another's, where clicks could be led astray.
            (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("frame-ancestors 'none'")),
        ];
        if public_url.scheme() == "https" {
            defaults.push((header::STRICT_TRANSPORT_SECURITY, HSTS));
        }
        Self { defaults }
    }

    pub(super) fn apply(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.defaults {
            headers.entry(name).or_insert_with(|| value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(public_url: &str, own: &[(HeaderName, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in own {
            headers.insert(name, HeaderValue::from_static(value));
        }
        SecureHeaders::new(&Url::parse(public_url).unwrap()).apply(&mut headers);
        headers
    }

    #[test]
    fn https_is_asked_for_only_where_it_is_there() {
        assert!(applied("https://shop.example", &[]).contains_key(header::STRICT_TRANSPORT_SECURITY));
        assert!(!applied("http://127.0.0.1:4000", &[]).contains_key(header::STRICT_TRANSPORT_SECURITY));
    }

    #[test]
    fn a_handler_s_own_policy_stands() {
        let headers = applied("http://localhost", &[(header::CONTENT_SECURITY_POLICY, "default-src 'none'")]);
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], "default-src 'none'");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
}
