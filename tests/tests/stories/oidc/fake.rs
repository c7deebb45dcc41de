//! An OpenID provider that a story makes up. It vouches for whomever it is told to, and takes a code as often as it is shown: what is
//! used once, the shop sees to.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};
use stoa_domain::shared::Timestamp;
use wiremock::{
    Mock, MockServer, Request, Respond, ResponseTemplate,
    matchers::{method, path},
};

/// What the shop is called by all providers that stories make up.
pub(crate) const CLIENT: &str = "our-client";

/// Somebody, as a provider tells of them.
#[derive(Clone, Copy)]
pub(crate) struct Person {
    pub(crate) subject: &'static str,
    pub(crate) email: Option<&'static str>,
    /// Whether the provider says that the address is theirs.
    pub(crate) verified: bool,
}

impl Person {
    /// Somebody whose address the provider calls theirs.
    pub(crate) const fn with(subject: &'static str, email: &'static str) -> Self {
        Self { subject, email: Some(email), verified: true }
    }
}

/// The provider.
pub(crate) struct FakeProvider {
    server: MockServer,
    codes: Arc<Codes>,
}

impl FakeProvider {
    pub(crate) async fn start() -> Self {
        let server = MockServer::start().await;
        let codes = Arc::new(Codes { pair: new_pair(), known: Mutex::default() });
        let url = server.uri();
        let discovery = json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/auth"),
            "token_endpoint": format!("{url}/token"),
            "jwks_uri": format!("{url}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        });
        for (at, answer) in
            [("/.well-known/openid-configuration", discovery), ("/keys", json!({ "keys": [codes.jwk()] }))]
        {
            let answer = ResponseTemplate::new(200).set_body_json(answer);
            Mock::given(method("GET")).and(path(at)).respond_with(answer).mount(&server).await;
        }
        let tokens = Tokens(Arc::clone(&codes));
        Mock::given(method("POST")).and(path("/token")).respond_with(tokens).mount(&server).await;
        Self { server, codes }
    }

    /// As it writes itself.
    pub(crate) fn issuer(&self) -> String {
        self.server.uri()
    }

    /// A code for a person who has signed in there, in answer to an attempt with this nonce.
    pub(crate) fn code(&self, of: &Person, nonce: &str, now: Timestamp) -> String {
        let claims = json!({
            "iss": self.issuer(),
            "sub": of.subject,
            "aud": CLIENT,
            "exp": now.timestamp() + 600,
            "iat": now.timestamp(),
            "nonce": nonce,
            "email": of.email,
            "email_verified": of.verified,
            "given_name": "Ada",
            "family_name": "King",
        });
        let mut known = self.codes.known.lock().expect("no test panics with it");
        let code = format!("code-{}", known.len());
        known.insert(code.clone(), claims);
        code
    }

    /// From now on it gives nobody anything for a code, and says that it cannot.
    pub(crate) async fn breaks(&self) {
        let broken = Mock::given(method("POST")).and(path("/token")).respond_with(ResponseTemplate::new(503));
        broken.with_priority(1).mount(&self.server).await;
    }

    /// How many codes it was shown.
    pub(crate) async fn was_shown_codes(&self) -> usize {
        let all = self.server.received_requests().await.expect("they are kept");
        all.iter().filter(|request| request.url.path() == "/token").count()
    }
}

struct Codes {
    pair: EcdsaKeyPair,
    known: Mutex<HashMap<String, Value>>,
}

fn new_pair() -> EcdsaKeyPair {
    let (random, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
    let made = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
    EcdsaKeyPair::from_pkcs8(algorithm, made.as_ref(), &random).expect("the key that was made")
}

impl Codes {
    fn jwk(&self) -> Value {
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "k1", "x": x, "y": y })
    }

    fn token(&self, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let said = format!("{}.{}", part(&json!({ "alg": "ES256", "kid": "k1" })), part(claims));
        let signature = self.pair.sign(&SystemRandom::new(), said.as_bytes()).expect("randomness");
        format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// Gives an ID token for a code.
struct Tokens(Arc<Codes>);

impl Respond for Tokens {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let code = url::form_urlencoded::parse(&request.body)
            .find_map(|(name, value)| (name == "code").then(|| value.into_owned()));
        let known = self.0.known.lock().expect("no test panics with it");
        match code.and_then(|code| known.get(&code)) {
            Some(claims) => ResponseTemplate::new(200).set_body_json(json!({
                "access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": self.0.token(claims),
            })),
            None => ResponseTemplate::new(400).set_body_json(json!({ "error": "invalid_grant" })),
        }
    }
}

/// A key of a developer account of Apple, as its file has it.
pub(crate) fn apples_file() -> String {
    let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    let text = base64::engine::general_purpose::STANDARD.encode(made.expect("a key").as_ref());
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
}
