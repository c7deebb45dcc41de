//! Which pages may open a WebSocket. Browsers ask no server before they open one to another site, and the page may then read
//! what comes, so the rule that CORS is for other requests is checked here ("cross-site WebSocket hijacking").

use http::{HeaderMap, Uri, header};

/// Origins whose pages may open a WebSocket. Pages of this server's own origin always may, and so do programs that are no
/// browsers, which send no `Origin`.
#[derive(Clone, Debug, Default)]
pub struct AllowedOrigins {
    any: bool,
    listed: Vec<String>,
}

impl AllowedOrigins {
    /// No page but this server's own.
    #[must_use]
    pub fn own() -> Self {
        Self::default()
    }

    /// Also the pages of these origins, written as browsers send them, such as `https://shop.example`. `*` is every page.
    #[must_use]
    pub fn listed<T: Into<String>>(origins: impl IntoIterator<Item = T>) -> Self {
        let listed: Vec<String> = origins.into_iter().map(Into::into).collect();
        Self { any: listed.iter().any(|origin| origin == "*"), listed }
    }

    /// Whether a handshake with these headers may go on.
    pub(super) fn allow(&self, headers: &HeaderMap) -> bool {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let Some(origin) = origins.next() else { return true };
        if self.any {
            return true;
        }
        // two are one too many, and what cannot be read is not allowed
        let (Ok(origin), None) = (origin.to_str(), origins.next()) else { return false };
        self.listed.iter().any(|listed| listed == origin) || is_own(origin, headers)
    }
}

/// Whether an origin names the host that the browser sent the handshake to. Its scheme cannot be known here: a proxy may have
/// taken the TLS away.
fn is_own(origin: &str, headers: &HeaderMap) -> bool {
    let authority = |origin: &str| {
        let uri: Uri = origin.parse().ok()?;
        matches!(uri.scheme_str(), Some("http" | "https")).then(|| uri.authority().cloned())?
    };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    match (authority(origin), host) {
        (Some(origin), Some(host)) => origin.as_str().eq_ignore_ascii_case(host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(origins: &AllowedOrigins, sent: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "shop.example:8080".parse().unwrap());
        for origin in sent {
            headers.append(header::ORIGIN, origin.parse().unwrap());
        }
        origins.allow(&headers)
    }

    #[test]
    fn a_page_of_another_site_opens_nothing() {
        let own = AllowedOrigins::own();
        for good in [&[][..], &["http://shop.example:8080"], &["https://Shop.example:8080"]] {
            assert!(allowed(&own, good), "{good:?}");
        }
        for bad in [
            &["https://evil.example"][..],
            &["http://shop.example"],
            &["http://shop.example:8080.evil.example"],
            &["http://evil.example#shop.example:8080"],
            &["http://user@shop.example:8080"],
            &["file://shop.example:8080"],
            &["shop.example:8080"],
            &["null"],
            &[""],
            &["http://shop.example:8080", "https://evil.example"],
        ] {
            assert!(!allowed(&own, bad), "{bad:?}");
        }
    }

    #[test]
    fn listed_pages_open_one_and_a_star_is_every_page() {
        let listed = AllowedOrigins::listed(["https://shop.example"]);
        assert!(allowed(&listed, &["https://shop.example"]));
        assert!(allowed(&listed, &["http://shop.example:8080"]), "its own, too");
        assert!(!allowed(&listed, &["https://shop.example.evil.example"]));
        let any = AllowedOrigins::listed(["*"]);
        assert!(allowed(&any, &["https://evil.example"]) && allowed(&any, &["null"]));
    }
}
