//! Somebody with an account, knowing nothing but the public API and their mail.

use super::{
    graphql::{Answer, Endpoint},
    shop::Shop,
};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

/// A password that nobody else has.
pub(crate) const PASSWORD: &str = "tall oaks from little acorns grow";

/// A customer.
#[derive(Clone)]
pub(crate) struct Customer {
    endpoint: Endpoint,
    pub(crate) email: String,
    /// The `customerAccessToken` of their sign-in.
    pub(crate) token: String,
}

impl Shop {
    /// Registers an address, and gives the answer.
    pub(crate) async fn register(&self, email: &str) -> Answer {
        let input =
            json!({ "email": email, "password": PASSWORD, "firstName": "Ada", "lastName": "Lovelace" });
        let query = "mutation($input: CustomerCreateInput!) { customerCreate(input: $input) {
          customer { id } customerUserErrors { code field message } } }";
        self.endpoint.ask(query, json!({ "input": input })).await
    }

    /// Opens the link that begins an account.
    pub(crate) async fn activate(&self, token: &str, password: &str) -> Answer {
        let query =
            "mutation($id: ID!, $input: CustomerActivateInput!) { customerActivate(id: $id, input: $input) {
          customer { id email } customerAccessToken { accessToken expiresAt }
          customerUserErrors { code field message } } }";
        let input = json!({ "activationToken": token, "password": password });
        self.endpoint.ask(query, json!({ "id": "gid://stoa/Customer/me", "input": input })).await
    }

    /// Signs in with a storefront.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Answer {
        let query =
            "mutation($input: CustomerAccessTokenCreateInput!) { customerAccessTokenCreate(input: $input) {
          customerAccessToken { accessToken expiresAt } customerUserErrors { code field message } } }";
        self.endpoint.ask(query, json!({ "input": { "email": email, "password": password } })).await
    }

    /// Somebody who has registered, opened the link and chosen a password.
    pub(crate) async fn customer(&self, email: &str) -> Customer {
        self.register(email).await;
        let link = self.mailed_token(email, "activate").await;
        let begun = self.activate(&link, PASSWORD).await;
        let token = begun.at("/customerActivate/customerAccessToken/accessToken");
        let token = token.as_str().expect("the account has begun").to_owned();
        Customer { endpoint: self.endpoint.clone(), email: email.to_owned(), token }
    }
}

impl Customer {
    /// The same customer at another instance.
    pub(crate) fn at(&self, instance: &Shop) -> Self {
        Self { endpoint: instance.endpoint.clone(), ..self.clone() }
    }

    /// Runs a document that takes their token as `$token`.
    pub(crate) async fn ask(&self, query: &str, mut variables: Value) -> Answer {
        variables["token"] = json!(self.token);
        self.endpoint.ask(query, variables).await
    }

    /// The same for a document that does not take it: the request itself shows it.
    pub(crate) async fn request(&self, query: &str, variables: Value) -> Answer {
        let shown = [("authorization", format!("Bearer {}", self.token))];
        self.endpoint.ask_with(&shown, query, variables).await.0
    }

    /// What they see of themselves; null once the token is worth nothing.
    pub(crate) async fn sees(&self, selection: &str) -> Value {
        let query =
            format!("query($token: String!) {{ customer(customerAccessToken: $token) {{ {selection} }} }}");
        self.ask(&query, json!({})).await.at("/customer").clone()
    }

    /// Whether their token opens anything.
    pub(crate) async fn is_signed_in(&self) -> bool {
        !self.sees("id").await.is_null()
    }
}

impl Endpoint {
    /// Asks with headers, and gives the answer's headers too.
    pub(crate) async fn ask_with(
        &self,
        headers: &[(&'static str, String)],
        query: &str,
        variables: Value,
    ) -> (Answer, HeaderMap) {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header"))
            })
            .collect();
        let body = json!({ "query": query, "variables": variables });
        let request = self.http.post(&self.url).headers(headers).json(&body);
        let response = request.send().await.expect("the server answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        headers.get_all("set-cookie").iter().for_each(|set| assert_guarded(set.to_str().expect("text")));
        (Answer { status, body: response.json().await.expect("the answer is JSON") }, headers)
    }
}

/// Every cookie of the shop travels over TLS alone, is read by no script, and says whether forms of other sites are sent with it.
pub(crate) fn assert_guarded(set_cookie: &str) {
    let site = set_cookie.rsplit_once("; Secure; HttpOnly; SameSite=").map(|(_, site)| site);
    assert!(matches!(site, Some("Lax" | "None")), "{set_cookie}");
}

/// The codes of a payload's refusals.
pub(crate) fn refusals(payload: &Value) -> Vec<&str> {
    let errors = payload.get("customerUserErrors").or_else(|| payload.get("userErrors"));
    let errors = errors.and_then(Value::as_array).expect("refusals");
    errors.iter().map(|error| error["code"].as_str().expect("a code")).collect()
}
