//! An issuer that a test makes up: metadata, keys and answers are what the test says at the moment.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use wiremock::{
    Mock, MockServer, Request, Respond, ResponseTemplate,
    matchers::{method, path},
};

/// A key of an issuer, for ES256.
pub(crate) struct Key {
    pub(crate) kid: &'static str,
    pair: EcdsaKeyPair,
}

impl Key {
    pub(crate) fn new(kid: &'static str) -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let made = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        Self { kid, pair: EcdsaKeyPair::from_pkcs8(algorithm, made.as_ref(), &random).unwrap() }
    }

    /// The public key as 65 bytes: 4, x, y.
    pub(crate) fn public(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    pub(crate) fn jwk(&self) -> Value {
        let (x, y) = self.public()[1..].split_at(32);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.kid, "x": x, "y": y })
    }

    pub(crate) fn header(&self) -> Value {
        json!({ "alg": "ES256", "kid": self.kid })
    }

    /// A token with this header and these claims, signed with this key whatever the header says.
    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let said = said(header, claims);
        let signature = self.pair.sign(&SystemRandom::new(), said.as_bytes()).unwrap();
        format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// What of a token is signed.
pub(crate) fn said(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

/// One answer of the issuer, which a test may change.
#[derive(Clone)]
struct Answer(Arc<Mutex<ResponseTemplate>>);

impl Answer {
    fn json(value: &Value) -> Self {
        Self(Arc::new(Mutex::new(ResponseTemplate::new(200).set_body_json(value))))
    }

    fn set(&self, template: ResponseTemplate) {
        *self.0.lock().unwrap() = template;
    }
}

impl Respond for Answer {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        self.0.lock().unwrap().clone()
    }
}

/// An issuer on this machine.
pub(crate) struct Issuer {
    server: MockServer,
    discovery: Answer,
    keys: Answer,
    tokens: Answer,
    user_info: Answer,
}

impl Issuer {
    pub(crate) async fn start(key: &Key) -> Self {
        let server = MockServer::start().await;
        let issuer = Self {
            discovery: Answer::json(&metadata(&server.uri())),
            keys: Answer::json(&json!({ "keys": [key.jwk()] })),
            tokens: Answer(Arc::new(Mutex::new(ResponseTemplate::new(500)))),
            user_info: Answer(Arc::new(Mutex::new(ResponseTemplate::new(500)))),
            server,
        };
        for (verb, at, answer) in [
            ("GET", "/.well-known/openid-configuration", &issuer.discovery),
            ("GET", "/keys", &issuer.keys),
            ("POST", "/token", &issuer.tokens),
            ("GET", "/me", &issuer.user_info),
        ] {
            Mock::given(method(verb)).and(path(at)).respond_with(answer.clone()).mount(&issuer.server).await;
        }
        issuer
    }

    pub(crate) fn url(&self) -> String {
        self.server.uri()
    }

    /// Changes what it says of itself.
    pub(crate) fn declares(&self, change: impl FnOnce(&mut Value)) {
        let mut metadata = metadata(&self.url());
        change(&mut metadata);
        self.discovery.set(ResponseTemplate::new(200).set_body_json(metadata));
    }

    pub(crate) fn discovery(&self, answer: ResponseTemplate) {
        self.discovery.set(answer);
    }

    pub(crate) fn has_keys(&self, keys: &[Value]) {
        self.keys.set(ResponseTemplate::new(200).set_body_json(json!({ "keys": keys })));
    }

    pub(crate) fn keys(&self, answer: ResponseTemplate) {
        self.keys.set(answer);
    }

    /// Gives this ID token for whatever code.
    pub(crate) fn gives(&self, id_token: &str) {
        let body =
            json!({ "access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": id_token });
        self.tokens.set(ResponseTemplate::new(200).set_body_json(body));
    }

    pub(crate) fn tokens(&self, answer: ResponseTemplate) {
        self.tokens.set(answer);
    }

    pub(crate) fn tells(&self, answer: ResponseTemplate) {
        self.user_info.set(answer);
    }

    /// What was asked of it at this path so far.
    pub(crate) async fn asked(&self, path: &str) -> Vec<Request> {
        let all = self.server.received_requests().await.unwrap();
        all.into_iter().filter(|request| request.url.path() == path).collect()
    }
}

fn metadata(url: &str) -> Value {
    json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/auth"),
        "token_endpoint": format!("{url}/token"),
        "userinfo_endpoint": format!("{url}/me"),
        "jwks_uri": format!("{url}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        // One that we do not take, and one that nobody knows.
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "XX999"],
    })
}
