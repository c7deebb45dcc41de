//! A browser that fills in the pages of the real provider.

use reqwest::{Client, RequestBuilder, Response, header, redirect::Policy};
use std::{collections::BTreeMap, sync::Mutex};
use url::{Url, form_urlencoded};

pub(crate) struct Browser {
    client: Client,
    cookies: Mutex<BTreeMap<String, String>>,
    return_to: String,
}

impl Browser {
    pub(crate) fn new(return_to: &Url) -> Self {
        let client = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Self { client, cookies: Mutex::default(), return_to: return_to.to_string() }
    }

    /// Signs in as somebody and agrees to all. Gives the query that the shop would be sent.
    pub(crate) async fn sign_in(&self, at: &Url, login: &str) -> String {
        self.walk(at, |form| {
            let prompt = form.prompt.clone();
            let fields = [("prompt", prompt.as_str()), ("login", login), ("password", "any")];
            let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            self.client
                .post(form.action.clone())
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(body)
        })
        .await
    }

    /// Does not want to after all.
    pub(crate) async fn turn_back(&self, at: &Url) -> String {
        self.walk(at, |form| self.client.get(format!("{}/abort", form.action))).await
    }

    async fn walk(&self, at: &Url, answer: impl Fn(&Form) -> RequestBuilder) -> String {
        let mut request = self.client.get(at.clone());
        // Two pages with their redirects take seven steps.
        for _ in 0..20 {
            let response = self.send(request).await;
            if response.status().is_redirection() {
                let location = response.headers()[header::LOCATION].to_str().unwrap();
                let url = response.url().join(location).unwrap();
                if url.as_str().starts_with(&self.return_to) {
                    return url.query().unwrap_or_default().to_owned();
                }
                request = self.client.get(url);
                continue;
            }
            let (status, url) = (response.status(), response.url().clone());
            let page = response.text().await.unwrap();
            assert!(status.is_success(), "{url}: {status}\n{page}");
            request = answer(&Form::of(&url, &page));
        }
        panic!("the provider never sends us back");
    }

    async fn send(&self, request: RequestBuilder) -> Response {
        let cookies: Vec<_> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let response = request.header(header::COOKIE, cookies.join("; ")).send().await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap_or_default();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        response
    }
}

struct Form {
    action: Url,
    prompt: String,
}

impl Form {
    fn of(url: &Url, page: &str) -> Self {
        let between = |before: &str| {
            let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("no {before} in {page}"));
            rest.split('"').next().unwrap().to_owned()
        };
        let action = between("<form autocomplete=\"off\" action=\"");
        Self { action: url.join(&action).unwrap(), prompt: between("name=\"prompt\" value=\"") }
    }
}
