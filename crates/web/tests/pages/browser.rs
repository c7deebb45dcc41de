//! A browser without JavaScript: cookies, forms, and the headers that browsers send.

use axum::{Router, body::Body};
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use std::collections::BTreeMap;
use tower::ServiceExt;
use url::form_urlencoded;

/// A visitor.
pub(crate) struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
}

/// What came back.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new() }
    }

    /// Somebody types an address or follows a link of ours.
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path).header("sec-fetch-dest", "document"), Body::empty()).await
    }

    /// Somebody sends a form of ours.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(body)).await
    }

    /// The page a redirect leads to, which must be one of ours.
    pub(crate) async fn follow(&mut self, page: &Page) -> Page {
        let to = page.location().to_owned();
        assert!(to.starts_with('/') && !to.starts_with("//"), "leads away: {to}");
        self.get(&to).await
    }

    /// The cart's id that the browser remembers.
    pub(crate) fn cart(&self) -> Option<&str> {
        self.cookies.get("__Host-stoa_cart").map(String::as_str)
    }

    /// What shows that the browser is signed in.
    pub(crate) fn session(&self) -> Option<&str> {
        self.cookies.get("__Host-stoa_session").map(String::as_str)
    }

    /// Makes the browser show a sign-in that it was given before.
    pub(crate) fn show(&mut self, session: &str) {
        self.cookies.insert("__Host-stoa_session".to_owned(), session.to_owned());
    }

    /// Whether the shop knows who has the browser.
    pub(crate) async fn is_signed_in(&mut self) -> bool {
        self.get("/account").await.status == StatusCode::OK
    }

    /// Makes the browser remember another cart.
    pub(crate) fn remember(&mut self, cart: &str) {
        self.cookies.insert("__Host-stoa_cart".to_owned(), cart.to_owned());
    }

    /// Sends anything at all.
    pub(crate) async fn send(&mut self, request: http::request::Builder, body: Body) -> Page {
        let mut request = request.header(header::HOST, "shop.test");
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        let body = body.collect().await.unwrap().to_bytes();
        // The template engine writes slashes in values as references; what they say is the same.
        let body = String::from_utf8(body.to_vec()).unwrap().replace("&#x2f;", "/");
        Page { status: parts.status, headers: parts.headers, body }
    }

    /// No page sets a cookie that travels in the clear, that scripts read, or that says nothing of other sites.
    fn keep(&mut self, set_cookie: &str) {
        let guarded =
            ["Lax", "None"].map(|site| set_cookie.ends_with(&format!("; Secure; HttpOnly; SameSite={site}")));
        assert!(guarded.contains(&true), "{set_cookie}");
        let (name, rest) = set_cookie.split_once('=').unwrap();
        let value = rest.split(';').next().unwrap();
        match set_cookie.contains("Max-Age=0") {
            true => _ = self.cookies.remove(name),
            false => _ = self.cookies.insert(name.to_owned(), value.to_owned()),
        }
    }
}

impl Page {
    /// Asserts the status, and shows the page otherwise.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }

    /// Asserts that a text stands in it.
    #[track_caller]
    pub(crate) fn has(&self, text: &str) -> &Self {
        assert!(self.body.contains(text), "no {text:?} in {}", self.body);
        self
    }

    /// Asserts that a text does not stand in it.
    #[track_caller]
    pub(crate) fn lacks(&self, text: &str) -> &Self {
        assert!(!self.body.contains(text), "{text:?} in {}", self.body);
        self
    }

    /// What it says to programs in a header; empty if nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// Where it sends the browser.
    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .unwrap_or_else(|| panic!("no redirect: {}", self.body))
            .to_str()
            .unwrap()
    }

    /// The value of an input of the form. Our hidden values need no unescaping.
    #[track_caller]
    pub(crate) fn value(&self, name: &str) -> String {
        let start =
            self.body.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no {name}: {}", self.body));
        let rest = &self.body[start..];
        let value = rest.split_once("value=\"").unwrap().1;
        value.split_once('"').unwrap().0.to_owned()
    }

    /// The first address in it that begins like this.
    #[track_caller]
    pub(crate) fn link(&self, beginning: &str) -> String {
        let start = self.body.find(beginning).unwrap_or_else(|| panic!("no {beginning}: {}", self.body));
        self.body[start..].split('"').next().unwrap().replace("&amp;", "&")
    }
}
