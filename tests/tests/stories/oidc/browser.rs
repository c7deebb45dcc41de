//! A browser at the shop: it keeps cookies, and follows nothing by itself.

use super::fake::{FakeProvider, Person};
use crate::harness::{Answer, Shop, assert_guarded};
use reqwest::{
    Client, RequestBuilder, StatusCode,
    header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Mutex};
use stoa_domain::shared::Clock;
use url::Url;

/// A browser.
pub(crate) struct Browser<'a> {
    shop: &'a Shop,
    http: Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// A parameter of an address.
pub(crate) fn says(url: &Url, name: &str) -> String {
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.unwrap_or_else(|| panic!("no {name} in {url}")).1.into_owned()
}

/// An attempt, as the browser is sent to the provider with it.
pub(crate) struct Begun {
    pub(crate) url: Url,
    /// What the answer set, as it was written.
    pub(crate) set: Vec<String>,
}

impl Begun {
    /// A parameter of the provider's address.
    pub(crate) fn says(&self, name: &str) -> String {
        says(&self.url, name)
    }
}

/// Where the shop sends a browser that comes back.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Back {
    pub(crate) status: StatusCode,
    pub(crate) to: String,
    pub(crate) set: Vec<String>,
}

impl Back {
    /// Why they are not signed in by it; `None`: they are.
    pub(crate) fn why(&self) -> Option<String> {
        let url = Url::parse(&self.to).unwrap_or_else(|e| panic!("{self:?}: {e}"));
        url.query_pairs().find(|(name, _)| name == "oidc").map(|(_, word)| word.into_owned())
    }

    /// Whether it began a sign-in.
    pub(crate) fn signs_in(&self) -> bool {
        self.set.iter().any(|cookie| cookie.starts_with("__Host-stoa_session="))
    }
}

impl<'a> Browser<'a> {
    pub(crate) fn new(shop: &'a Shop) -> Self {
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
        Self { shop, http, cookies: Mutex::default() }
    }

    /// What it keeps, as it sends it.
    pub(crate) fn cookies(&self) -> String {
        let cookies = self.cookies.lock().expect("no test panics with them");
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Another one with the same cookies.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::new(self.shop);
        *copy.cookies.lock().expect("no test panics with them") =
            self.cookies.lock().expect("no test panics with them").clone();
        copy
    }

    fn keep(&self, headers: &HeaderMap) -> Vec<String> {
        let set: Vec<String> =
            headers.get_all(SET_COOKIE).iter().map(|c| c.to_str().expect("text").to_owned()).collect();
        let mut cookies = self.cookies.lock().expect("no test panics with them");
        for cookie in &set {
            assert_guarded(cookie);
            let (name, rest) = cookie.split_once('=').expect("a name");
            let value = rest.split(';').next().unwrap_or_default();
            match cookie.contains("Max-Age=0") {
                true => cookies.remove(name),
                false => cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        set
    }

    async fn send(&self, request: RequestBuilder) -> Back {
        let response = request.header(COOKIE, self.cookies()).send().await.expect("the server answers");
        let to = response.headers().get(LOCATION).map(|to| to.to_str().expect("text").to_owned());
        let set = self.keep(response.headers());
        Back { status: response.status(), to: to.unwrap_or_default(), set }
    }

    /// Opens an address of the shop.
    pub(crate) async fn opens(&self, path: &str) -> Back {
        self.send(self.http.get(format!("{}{path}", self.shop.base))).await
    }

    /// Looks at a page of the shop.
    pub(crate) async fn sees(&self, path: &str) -> String {
        let request = self.http.get(format!("{}{path}", self.shop.base)).header(COOKIE, self.cookies());
        let response = request.send().await.expect("the server answers");
        self.keep(response.headers());
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        // The template engine writes slashes in values as references; what they say is the same.
        response.text().await.expect("a page").replace("&#x2f;", "/")
    }

    /// Presses the button of a form of the shop.
    pub(crate) async fn submits(&self, path: &str, fields: &[(&str, &str)]) -> Back {
        let request = self.http.post(format!("{}{path}", self.shop.base)).form(fields);
        self.send(request.header("sec-fetch-site", "same-origin")).await
    }

    /// The same, and looks at the page that answers.
    pub(crate) async fn submits_and_sees(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let request = self.http.post(format!("{}{path}", self.shop.base)).form(fields);
        let request = request.header("sec-fetch-site", "same-origin").header(COOKIE, self.cookies());
        let response = request.send().await.expect("the server answers");
        self.keep(response.headers());
        let status = response.status();
        (status, response.text().await.expect("a page").replace("&#x2f;", "/"))
    }

    /// Somebody clicks on a link to sign in with a provider; `query` is what it says beside that.
    pub(crate) async fn begins(&self, provider: &str, query: &str) -> Begun {
        let back = self.opens(&format!("/auth/oidc/{provider}{query}")).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{back:?}");
        Begun { url: Url::parse(&back.to).expect("the provider's page"), set: back.set }
    }

    /// The provider sends them back with this answer.
    pub(crate) async fn comes_back(&self, provider: &str, answer: &str) -> Back {
        self.opens(&format!("/auth/oidc/{provider}/callback?{answer}")).await
    }

    /// The provider's page has the browser post its answer.
    pub(crate) async fn posts(&self, provider: &str, answer: &str) -> Back {
        let url = format!("{}/auth/oidc/{provider}/callback", self.shop.base);
        let form =
            [("content-type", "application/x-www-form-urlencoded"), ("origin", "https://appleid.apple.com")];
        let request =
            form.iter().fold(self.http.post(url), |request, (name, value)| request.header(*name, *value));
        self.send(request.body(answer.to_owned())).await
    }

    /// The answer of a provider that vouches for somebody.
    pub(crate) fn answer(&self, at: &FakeProvider, begun: &Url, who: &Person) -> String {
        let code = at.code(who, &says(begun, "nonce"), self.shop.clock.now());
        format!("code={code}&state={}", says(begun, "state"))
    }

    /// Back from where the shop has sent them.
    pub(crate) async fn finishes(
        &self,
        provider: &str,
        at: &FakeProvider,
        begun: &Url,
        who: &Person,
    ) -> Back {
        let answer = self.answer(at, begun, who);
        self.comes_back(provider, &answer).await
    }

    /// All of it: to the provider and back.
    pub(crate) async fn signs_in(&self, provider: &str, at: &FakeProvider, who: &Person) -> Back {
        let begun = self.begins(provider, "").await;
        self.finishes(provider, at, &begun.url, who).await
    }

    /// A page of the shop asks.
    pub(crate) async fn asks(&self, query: &str, variables: Value) -> Answer {
        let headers = [("cookie", self.cookies()), ("sec-fetch-site", "same-origin".to_owned())];
        let (answer, headers) = self.shop.endpoint.ask_with(&headers, query, variables).await;
        self.keep(&headers);
        answer
    }
}
