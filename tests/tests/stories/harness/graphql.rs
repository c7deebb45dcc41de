//! GraphQL over HTTP, as a storefront speaks it.

use serde_json::{Value, json};

/// An answer, with its HTTP status.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    /// A value by its JSON pointer below `data`; the answer must have no errors.
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        assert!(self.body.get("errors").is_none(), "{:#}", self.body);
        self.body["data"].pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer}: {:#}", self.body))
    }

    /// The `extensions.code` of the first error.
    pub(crate) fn code(&self) -> &str {
        self.body
            .pointer("/errors/0/extensions/code")
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("{:#}", self.body))
    }
}

/// Where GraphQL is.
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub(crate) http: reqwest::Client,
    pub(crate) url: String,
}

impl Endpoint {
    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Answer {
        let request = self.http.post(&self.url).json(&json!({ "query": query, "variables": variables }));
        let response = request.send().await.expect("the server answers");
        let status = response.status().as_u16();
        Answer { status, body: response.json().await.expect("the answer is JSON") }
    }
}
