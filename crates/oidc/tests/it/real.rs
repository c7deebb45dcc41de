//! The client against a real provider: `oidc-provider` for Node, which is certified by the OpenID Foundation.
//!
//! Needs `node` and `npm`; without them the tests fail and say so.

use crate::{
    browser::Browser,
    world::{Counted, SECRET, callback, parameter, return_to},
};
use chrono::Utc;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    sync::Arc,
    time::Duration,
};
use stoa_domain::shared::{Clock, Timestamp};
use stoa_oidc::{ClientAuth, Email, ExchangeError, Identity, OidcProvider, ProviderConfig, Untrusted};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(120);

struct MachineClock;

impl Clock for MachineClock {
    #[expect(clippy::disallowed_methods, reason = "the provider's tokens are of the real time")]
    fn now(&self) -> Timestamp {
        Utc::now()
    }
}

/// Both providers; they end with their standard input, and would with their standard output.
struct Providers {
    reserved: String,
    frank: String,
    _node: (Child, Lines<BufReader<ChildStdout>>),
}

impl Providers {
    async fn start() -> Self {
        let mut node = Command::new("node")
            .arg("provider.mjs")
            .current_dir(installed().await)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("node is needed for this test and does not start: {error}"));
        let hello = json!({ "returnTo": return_to(), "secret": SECRET });
        // It stays open in the child's handle.
        node.stdin.as_mut().unwrap().write_all(format!("{hello}\n").as_bytes()).await.unwrap();
        let mut out = BufReader::new(node.stdout.take().unwrap()).lines();
        let line = timeout(PATIENCE, out.next_line()).await.expect("node says nothing").unwrap();
        let urls: Value = serde_json::from_str(&line.expect("node ended early")).unwrap();
        let url = |name: &str| urls[name].as_str().unwrap().to_owned();
        Self { reserved: url("reserved"), frank: url("frank"), _node: (node, out) }
    }
}

/// A folder under `target` with the script and, from `npm ci`, the provider of the lock file.
async fn installed() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oidc-provider");
    fs::create_dir_all(&folder).unwrap();
    for file in [".npmrc", "package.json", "package-lock.json", "provider.mjs"] {
        fs::copy(source.join(file), folder.join(file)).unwrap();
    }
    let installing = Command::new("npm")
        .args(["ci", "--prefer-offline", "--ignore-scripts", "--no-progress"])
        .current_dir(&folder)
        .output();
    let Output { status, stderr, .. } = installing
        .await
        .unwrap_or_else(|error| panic!("npm is needed for this test and does not start: {error}"));
    assert!(status.success(), "npm ci failed: {}", String::from_utf8_lossy(&stderr));
    folder
}

fn client(issuer: &str, client_id: &str) -> OidcProvider {
    let auth = match client_id {
        "public" => ClientAuth::Public,
        _ => ClientAuth::Secret(SecretString::from(SECRET)),
    };
    let config = ProviderConfig::new("real", issuer, client_id, auth);
    let config = ProviderConfig { trust_email: true, private_network: true, patience: PATIENCE, ..config };
    let _ = rustls::crypto::ring::default_provider().install_default();
    OidcProvider::new(config, Arc::new(MachineClock)).unwrap()
}

async fn sign_in(provider: &OidcProvider, login: &str) -> Result<Identity, ExchangeError> {
    let begun = provider.authorize(&Counted::default(), "state".into(), return_to()).await?;
    let query = Browser::new(&return_to()).sign_in(&begun.url, login).await;
    provider.exchange(callback(&query), &begun.attempt).await
}

/// All in one test: the providers take a while to start.
#[tokio::test]
async fn people_sign_in_with_a_real_provider() {
    let providers = Providers::start().await;
    let Providers { reserved, frank, .. } = &providers;

    // Each way to sign, and each way to show who we are, where the ID token tells everything and where it tells nothing.
    for issuer in [reserved, frank] {
        for name in ["signs-RS256", "signs-PS256", "signs-ES256", "signs-EdDSA", "public", "signed-userinfo"]
        {
            let identity =
                sign_in(&client(issuer, name), "ada!").await.unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!((&identity.issuer, identity.subject.as_str()), (issuer, "ada!"), "{name}");
            assert_eq!(identity.proved_email().unwrap().as_str(), "ada@example.org", "{name}");
            assert_eq!(identity.given_name.as_deref(), Some("Ada"), "{name}");
            assert_eq!(identity.family_name.as_deref(), Some("Lovelace"), "{name}");
        }
        let stranger = sign_in(&client(issuer, "signs-RS256"), "bob").await.unwrap();
        assert!(matches!(stranger.email, Email::Claimed(address) if address.as_str() == "bob@example.org"));
    }

    // Signed by the secret that we share: right by the standard, and still nothing that we take.
    let by_secret = sign_in(&client(reserved, "signs-HS256"), "ada!").await;
    assert!(matches!(by_secret, Err(ExchangeError::Untrusted(Untrusted::Algorithm))), "{by_secret:?}");

    refusals(reserved).await;
    mix_up(reserved, frank).await;
}

async fn refusals(issuer: &str) {
    let provider = client(issuer, "signs-RS256");
    let ids = Counted::default();
    let begin = || async { provider.authorize(&ids, "state".into(), return_to()).await.unwrap() };
    let browser = || Browser::new(&return_to());

    let begun = begin().await;
    let query = browser().turn_back(&begun.url).await;
    let no = provider.exchange(callback(&query), &begun.attempt).await;
    assert!(matches!(no, Err(ExchangeError::Denied)), "{no:?}");

    // The same answer again: the provider takes a code once.
    let begun = begin().await;
    let answer = callback(&browser().sign_in(&begun.url, "ada!").await);
    assert!(provider.exchange(answer.clone(), &begun.attempt).await.is_ok());
    let again = provider.exchange(answer, &begun.attempt).await;
    assert!(matches!(again, Err(ExchangeError::Untrusted(Untrusted::Code))), "{again:?}");

    // A code that was stolen from another attempt: its verifier is not ours.
    let (mine, stolen) = (begin().await, begin().await);
    assert_ne!(parameter(&mine.url, "code_challenge"), parameter(&stolen.url, "code_challenge"));
    let answer = callback(&browser().sign_in(&stolen.url, "ada!").await);
    let injected = provider.exchange(answer, &mine.attempt).await;
    assert!(matches!(injected, Err(ExchangeError::Untrusted(Untrusted::Code))), "{injected:?}");

    // Our secret is wrong: the settings' fault, told as such and without the secret.
    let wrong = ClientAuth::Secret(SecretString::from("wr0ng"));
    let config = ProviderConfig::new("real", issuer, "signs-RS256", wrong);
    let config = ProviderConfig { private_network: true, ..config };
    let provider = OidcProvider::new(config, Arc::new(MachineClock)).unwrap();
    let Err(ExchangeError::Fault(fault)) = sign_in(&provider, "ada!").await else { panic!("signed in") };
    let text = fault.to_string();
    assert!(text.contains("invalid_client") && !text.contains("wr0ng"), "{text}");
}

/// An answer of one provider that is sent on to another: the real one says where it comes from (RFC 9207).
async fn mix_up(honest: &str, other: &str) {
    let (honest, other) = (client(honest, "signs-RS256"), client(other, "signs-RS256"));
    let ids = Counted::default();
    let begun = honest.authorize(&ids, "state".into(), return_to()).await.unwrap();
    let query = Browser::new(&return_to()).sign_in(&begun.url, "ada!").await;
    assert!(query.contains("&iss="), "{query}");
    let awaited = other.authorize(&ids, "state".into(), return_to()).await.unwrap();
    let mixed_up = other.exchange(callback(&query), &awaited.attempt).await;
    assert!(matches!(mixed_up, Err(ExchangeError::Untrusted(Untrusted::Sender))), "{mixed_up:?}");

    // And one that leaves it out, from a provider that never does.
    let (bare, _) = query.split_once("&iss=").unwrap();
    let stripped = honest.exchange(callback(bare), &begun.attempt).await;
    assert!(matches!(stripped, Err(ExchangeError::Untrusted(Untrusted::Sender))), "{stripped:?}");
}
