//! The gateway as its owner sees it: past the shop, with the secret key.

use super::shop::Shop;
use serde_json::Value;

pub(super) const SECRET: &str = "sk_test_sandbox";

impl Shop {
    /// Reads an object of the gateway's.
    pub(crate) async fn gateway_get(&self, path: &str) -> Value {
        let request = self.endpoint.http.get(format!("{}{path}", self.base)).bearer_auth(SECRET);
        answer(request).await
    }

    /// Does something by hand, as in the gateway's dashboard.
    pub(crate) async fn gateway_post(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let request = self.endpoint.http.post(format!("{}{path}", self.base)).bearer_auth(SECRET).form(form);
        answer(request).await
    }

    /// Does what a bank or a buyer does, by a control route of the sandbox.
    pub(crate) async fn outside(&self, path: &str, wish: &Value) -> Value {
        let request = self.endpoint.http.post(format!("{}{path}", self.base)).bearer_auth(SECRET).json(wish);
        answer(request).await
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Value {
    let answer = request.send().await.expect("the sandbox answers");
    assert!(answer.status().is_success(), "{}", answer.status());
    answer.json().await.expect("JSON")
}
