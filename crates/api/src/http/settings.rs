//! What is configured of the HTTP side.

use super::trace::Adopt;
use std::{num::NonZeroU32, time::Duration};
use stoa_graphql_http::{AllowedOrigins, Limits, WebSockets};
use stoa_services::InvalidSettings;
use url::Url;

/// The settings of the HTTP side. Made by the server from its configuration.
#[derive(Clone, Debug)]
pub struct AppSettings {
    /// Origins whose pages may call GraphQL from a browser, such as `https://shop.example`; `*` lets every page.
    /// Empty, the default, lets none but this server's own.
    pub cors_origins: Vec<String>,
    /// Origins of the same site whose pages may send the cookie of a sign-in, and so may call as well. Empty, the default: none but
    /// this server's own.
    pub cookie_origins: Vec<String>,
    /// Origins of any site whose pages send people to an OpenID provider, and get a code for their tokens in an address. Empty, the
    /// default: none.
    pub code_origins: Vec<String>,
    /// Whether `/graphiql` is there.
    pub graphiql: bool,
    /// Limits on GraphQL requests.
    pub limits: Limits,
    /// How long a request other than GraphQL may take; GraphQL's own is in `limits`.
    pub timeout: Duration,
    /// How many requests one client may send in a minute; `None`: any number.
    pub requests_per_minute: Option<NonZeroU32>,
    /// How many somebody may send who is signed in, with all their sign-ins together; `None`: any number.
    pub account_requests_per_minute: Option<NonZeroU32>,
    /// How many a program may send with its API key; `None`: any number.
    pub key_requests_per_minute: Option<NonZeroU32>,
    /// Whether requests are counted, which costs each a little.
    pub metrics: bool,
    /// How requests are traced; `None`: they are not.
    pub traces: Option<Adopt>,
}

impl Default for AppSettings {
    fn default() -> Self {
        Self {
            cors_origins: Vec::new(),
            cookie_origins: Vec::new(),
            code_origins: Vec::new(),
            graphiql: true,
            limits: Limits::default(),
            timeout: Duration::from_secs(30),
            requests_per_minute: None,
            account_requests_per_minute: None,
            key_requests_per_minute: NonZeroU32::new(600),
            metrics: false,
            traces: None,
        }
    }
}

impl AppSettings {
    /// Checks what the types cannot say.
    ///
    /// # Errors
    /// Names the first key that is wrong, and how to mend it.
    pub fn validate(&self) -> Result<(), InvalidSettings> {
        let wrong = |key, problem: String| Err(InvalidSettings { key, problem });
        if let Some(origin) = self.cors_origins.iter().find(|origin| !is_origin(origin)) {
            return wrong(
                "http.cors_origins",
                format!(
                    "\"{origin}\" is not an origin: write it as https://shop.example, or * for every page"
                ),
            );
        }
        for (key, origins) in [
            ("accounts.cookie_origins", &self.cookie_origins),
            ("accounts.oidc_code_origins", &self.code_origins),
        ] {
            if let Some(origin) = origins.iter().find(|origin| *origin == "*" || !is_origin(origin)) {
                let problem = format!("\"{origin}\" is not an origin: write it as https://www.shop.example");
                return wrong(key, problem);
            }
        }
        if self.timeout.is_zero() || self.limits.timeout.is_zero() {
            return wrong("http.timeout_seconds", "must be more than 0".into());
        }
        Ok(())
    }

    /// Who may open a WebSocket: the pages that may call, and this server's own.
    pub fn websockets(&self) -> WebSockets {
        WebSockets::default().origins(AllowedOrigins::listed(self.origins().cloned()))
    }

    /// Every origin whose pages may call.
    pub(super) fn origins(&self) -> impl Iterator<Item = &String> {
        self.cors_origins.iter().chain(&self.cookie_origins)
    }

    /// Whether pages of every origin may call GraphQL.
    pub(super) fn any_origin(&self) -> bool {
        self.cors_origins.iter().any(|origin| origin == "*")
    }
}

/// Whether a text is `*`, or an origin exactly as browsers send it: scheme, host, and a port unless it is the
/// scheme's own.
fn is_origin(text: &str) -> bool {
    let serialised = |url: &Url| url.origin().ascii_serialization();
    text == "*"
        || Url::parse(text).is_ok_and(|url| {
            // A part of a host cannot be left open, though the star is a legal letter in one.
            matches!(url.scheme(), "http" | "https") && serialised(&url) == text && !text.contains('*')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_origin(origin: &str) -> Result<(), InvalidSettings> {
        AppSettings { cors_origins: vec![origin.into()], ..AppSettings::default() }.validate()
    }

    #[test]
    fn origins_are_taken_as_browsers_send_them() {
        for origin in ["*", "https://shop.example", "http://localhost:3000", "https://xn--bcher-kva.example"]
        {
            assert_eq!(with_origin(origin), Ok(()), "{origin}");
        }
    }

    #[test]
    fn what_no_browser_would_send_is_refused_by_name() {
        for origin in [
            "",
            "shop.example",
            "https://shop.example/",
            "https://shop.example:443",
            "https://Shop.example",
            "https://*.shop.example",
            "ftp://shop.example",
            "null",
        ] {
            let refused = with_origin(origin).unwrap_err();
            assert_eq!(refused.key, "http.cors_origins");
            assert!(refused.problem.contains(origin), "{origin}");
        }
    }

    #[test]
    fn a_cookie_is_for_pages_that_are_named() {
        let with =
            |origin: &str| AppSettings { cookie_origins: vec![origin.into()], ..AppSettings::default() };
        assert_eq!(with("https://www.shop.example").validate(), Ok(()));
        for wrong in ["*", "shop.example", "null"] {
            assert_eq!(with(wrong).validate().unwrap_err().key, "accounts.cookie_origins", "{wrong}");
        }
    }

    #[test]
    fn a_code_is_for_pages_that_are_named() {
        let with = |origin: &str| AppSettings { code_origins: vec![origin.into()], ..AppSettings::default() };
        assert_eq!(with("https://app.example").validate(), Ok(()));
        for wrong in ["*", "app.example", "https://app.example/", "null"] {
            assert_eq!(with(wrong).validate().unwrap_err().key, "accounts.oidc_code_origins", "{wrong}");
        }
    }

    #[test]
    fn no_time_at_all_is_refused() {
        let hasty = AppSettings { timeout: Duration::ZERO, ..AppSettings::default() };
        assert_eq!(hasty.validate().unwrap_err().key, "http.timeout_seconds");
    }
}
