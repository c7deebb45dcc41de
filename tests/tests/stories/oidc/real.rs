//! With a real provider: `oidc-provider` for Node, which is certified by the OpenID Foundation.
//!
//! Needs `node` and `npm`; without them the story fails and says so. What of the protocol is believed is tested beside the client
//! (crates/oidc), with the same provider.

use super::{
    Browser, VIEWER,
    codes::{APP, CHALLENGE, HOME, VERIFIER, given, redeem, told},
};
use crate::harness::{Setup, Shop, free_port, refusals};
use reqwest::{Client, Response, header, redirect::Policy};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::Duration,
};
use stoa::config::OidcProviderConfig;
use stoa_oidc::{ClientAuth, ProviderConfig};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};
use url::{Url, form_urlencoded};

const PATIENCE: Duration = Duration::from_secs(120);
const SECRET: &str = "what-both-know";

/// Where the provider's script and its lock file are.
const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/oidc/tests/node");

/// A provider that runs; it ends with its standard input.
struct RealProvider {
    issuer: String,
    _node: (Child, Lines<BufReader<ChildStdout>>),
}

impl RealProvider {
    async fn start(return_to: &str) -> Self {
        let mut node = Command::new("node")
            .arg("provider.mjs")
            .current_dir(installed().await)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("node is needed for this story and does not start: {error}"));
        let hello = json!({ "returnTo": return_to, "secret": SECRET });
        let stdin = node.stdin.as_mut().expect("it is piped");
        stdin.write_all(format!("{hello}\n").as_bytes()).await.expect("node reads");
        let mut out = BufReader::new(node.stdout.take().expect("it is piped")).lines();
        let line = timeout(PATIENCE, out.next_line()).await.expect("node says something").expect("a line");
        let urls: Value = serde_json::from_str(&line.expect("node goes on")).expect("JSON");
        let issuer = urls["reserved"].as_str().expect("an issuer").to_owned();
        Self { issuer, _node: (node, out) }
    }
}

/// A folder of our own under `target` with the script and, from `npm ci`, the provider of the lock file.
async fn installed() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oidc-provider-of-stories");
    fs::create_dir_all(&folder).expect("a folder");
    for file in [".npmrc", "package.json", "package-lock.json", "provider.mjs"] {
        fs::copy(Path::new(SOURCE).join(file), folder.join(file)).expect("a file of the script");
    }
    let installing = Command::new("npm")
        .args(["ci", "--prefer-offline", "--ignore-scripts", "--no-progress"])
        .current_dir(&folder)
        .output();
    let Output { status, stderr, .. } = installing
        .await
        .unwrap_or_else(|error| panic!("npm is needed for this story and does not start: {error}"));
    assert!(status.success(), "npm ci failed: {}", String::from_utf8_lossy(&stderr));
    folder
}

/// Fills in the provider's pages as somebody, and gives the query that the shop would be sent. `None` as somebody: they turn back.
async fn at_the_provider(begun: &Url, back_to: &str, login: Option<&str>) -> String {
    let client = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
    let mut cookies = BTreeMap::new();
    let mut request = client.get(begun.clone());
    // Two pages with their redirects take seven steps.
    for _ in 0..20 {
        let shown: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let sent = request.header(header::COOKIE, shown.join("; ")).send().await;
        let response = sent.expect("the provider answers");
        keep(&mut cookies, &response);
        let url = response.url().clone();
        if response.status().is_redirection() {
            let to = response.headers()[header::LOCATION].to_str().expect("text");
            let next = url.join(to).expect("an address");
            if next.as_str().starts_with(back_to) {
                return next.query().unwrap_or_default().to_owned();
            }
            request = client.get(next);
            continue;
        }
        let page = response.text().await.expect("a page");
        let between = |before: &str| {
            let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("no {before} in {page}"));
            rest.split('"').next().unwrap_or_default().to_owned()
        };
        let action = url.join(&between("<form autocomplete=\"off\" action=\"")).expect("an address");
        request = match login {
            None => client.get(format!("{action}/abort")),
            Some(login) => {
                let prompt = between("name=\"prompt\" value=\"");
                let fields = [("prompt", prompt.as_str()), ("login", login), ("password", "any")];
                let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                let request = client.post(action);
                request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form)
            }
        };
    }
    panic!("the provider never sends us back");
}

fn keep(cookies: &mut BTreeMap<String, String>, response: &Response) {
    for cookie in response.headers().get_all(header::SET_COOKIE) {
        let (name, rest) = cookie.to_str().expect("text").split_once('=').expect("a name");
        cookies.insert(name.to_owned(), rest.split(';').next().unwrap_or_default().to_owned());
    }
}

/// From a link on a page of the shop to an account, with nothing made up but the person.
#[tokio::test]
async fn people_sign_in_with_a_real_provider() {
    let port = free_port();
    let back_to = format!("http://127.0.0.1:{port}/auth/oidc/real/callback");
    let provider = RealProvider::start(&back_to).await;
    let issuer = provider.issuer.clone();
    let shop = Shop::with(Setup::default().config(move |c| {
        c.listen = ([127, 0, 0, 1], port).into();
        let auth = ClientAuth::Secret(SECRET.to_owned().into());
        let client = ProviderConfig::new("real", issuer, "signs-ES256", auth);
        let client =
            ProviderConfig { trust_email: true, private_network: true, patience: PATIENCE, ..client };
        c.oidc = vec![OidcProviderConfig { title: "Real".to_owned(), client }];
        c.http.cors_origins = vec![APP.to_owned()];
        c.http.code_origins = vec![APP.to_owned()];
    }))
    .await;

    let browser = Browser::new(&shop);
    // Of this provider's people those have shown their address to be theirs whose names end so.
    let begun = browser.begins("real", "").await;
    let answer = at_the_provider(&begun.url, &back_to, Some("ada!")).await;
    let back = browser.comes_back("real", &answer).await;
    assert_eq!((back.why(), back.signs_in()), (None, true), "{back:?}");
    let seen = browser.asks(VIEWER, json!({})).await;
    assert_eq!(seen.at("/viewer/customer/email"), "ada@example.org");
    assert_eq!(seen.at("/viewer/customer/lastName"), "Lovelace");
    assert_eq!(seen.at("/viewer/identities/0/subject"), "ada!");
    assert_eq!(browser.comes_back("real", &answer).await.why().as_deref(), Some("begin_again"));

    for (login, why) in [(Some("bob"), "email_needed"), (None, "denied")] {
        let another = Browser::new(&shop);
        let begun = another.begins("real", "").await;
        let answer = at_the_provider(&begun.url, &back_to, login).await;
        assert_eq!(another.comes_back("real", &answer).await.why().as_deref(), Some(why));
    }
    let again = Browser::new(&shop);
    let begun = again.begins("real", "").await;
    let answer = at_the_provider(&begun.url, &back_to, Some("ada!")).await;
    assert_eq!(again.comes_back("real", &answer).await.why(), None);
    let same = again.asks(VIEWER, json!({})).await;
    assert_eq!(same.at("/viewer/customer/id"), seen.at("/viewer/customer/id"));

    // A storefront of another origin turns its code into tokens of the same account, once and with its verifier alone.
    let elsewhere = Browser::new(&shop);
    let begun = elsewhere.begins("real", &format!("?{HOME}&{CHALLENGE}")).await;
    let answer = at_the_provider(&begun.url, &back_to, Some("ada!")).await;
    let back = elsewhere.comes_back("real", &answer).await;
    let code = told(&back, "oidc_code").unwrap_or_else(|| panic!("no code in {back:?}"));
    let refused = redeem(&shop, &code, &VERIFIER.replace('d', "e")).await;
    assert_eq!(refusals(given(&refused)), ["TOKEN_INVALID"]);
    let redeemed = redeem(&shop, &code, VERIFIER).await;
    let access = given(&redeemed)["tokens"]["accessToken"].as_str().expect("a token");
    let bearer = [("authorization", format!("Bearer {access}")), ("origin", APP.to_owned())];
    let (theirs, _) = shop.endpoint.ask_with(&bearer, VIEWER, json!({})).await;
    assert_eq!(theirs.at("/viewer/customer/id"), seen.at("/viewer/customer/id"));
    assert_eq!(refusals(given(&redeem(&shop, &code, VERIFIER).await)), ["TOKEN_INVALID"]);
    let begun = elsewhere.begins("real", &format!("?{HOME}&{CHALLENGE}")).await;
    let answer = at_the_provider(&begun.url, &back_to, None).await;
    assert_eq!(told(&elsewhere.comes_back("real", &answer).await, "oidc").as_deref(), Some("denied"));
}
