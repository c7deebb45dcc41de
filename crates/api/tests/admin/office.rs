//! A shop with staff, and what they do with their hands.

use crate::shop::{Plan, Shop, read};
use async_trait::async_trait;
use axum::{
    body::Body,
    http::{HeaderMap, Request, Response, header},
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use stoa_auth::TotpSecret;
use stoa_domain::{
    access::{Actor, grants::Ownership},
    mail::{Mail, Mailer},
    shared::{Clock, EmailAddress, Fault},
};
use stoa_services::{
    jobs::{Backoff, JobWorker},
    staff::{NewOwner, OwnerCreated},
};

/// A password that the rule takes.
pub(crate) const PASSWORD: &str = "seven grey herons waiting";
/// And another.
pub(crate) const OTHER_PASSWORD: &str = "a lighthouse made of paper";
/// The one who owns the shop of these tests.
pub(crate) const OWNER: &str = "owner@example.org";
/// An id that nothing has.
pub(crate) const NOBODY: &str = "gid://stoa/StaffMember/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f";

/// Every mail that was sent.
#[derive(Default)]
pub(crate) struct Mailbox(Mutex<Vec<Mail>>);

#[async_trait]
impl Mailer for Mailbox {
    async fn send(&self, mail: &Mail) -> Result<(), Fault> {
        self.0.lock().unwrap().push(mail.clone());
        Ok(())
    }
}

/// A shop with staff.
pub(crate) struct Office {
    pub(crate) shop: Shop,
    mails: Arc<Mailbox>,
}

/// Somebody who is signed in, or a program with a key.
#[derive(Clone)]
pub(crate) struct Hand {
    /// What they show.
    pub(crate) token: String,
    /// What gives the next; a key has none.
    pub(crate) refresh: String,
}

impl Office {
    pub(crate) async fn open() -> Self {
        Self::build(Plan::default()).await
    }

    pub(crate) async fn build(plan: Plan) -> Self {
        let mails = Arc::<Mailbox>::default();
        let mailer = Arc::<Mailbox>::clone(&mails);
        let plan = Plan { adapters: Box::new(move |ports| ports.mailer = mailer), ..plan };
        Self { shop: Shop::build(plan).await, mails }
    }

    /// Sends an operation with this credential, and gives the response.
    pub(crate) async fn send(&self, token: &str, query: &str, variables: Value) -> Response<Body> {
        self.post(token, &json!({ "query": query, "variables": variables })).await
    }

    /// Sends a body with this credential: one operation, or a batch.
    pub(crate) async fn post(&self, token: &str, body: &Value) -> Response<Body> {
        let mut request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.shop.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// The same, and its whole answer.
    pub(crate) async fn answer(&self, by: &Hand, query: &str, variables: Value) -> Value {
        read(self.send(&by.token, query, variables).await).await
    }

    /// The value of the one root field of an operation that has no errors.
    pub(crate) async fn ask(&self, by: &Hand, query: &str, variables: Value) -> Value {
        value(self.answer(by, query, variables).await)
    }

    /// The same of who shows nothing.
    pub(crate) async fn stranger(&self, query: &str, variables: Value) -> Value {
        value(read(self.send("", query, variables).await).await)
    }

    /// The code of the error that an operation ends in.
    pub(crate) async fn error(&self, by: &Hand, query: &str, variables: Value) -> String {
        code(&self.answer(by, query, variables).await)
    }

    /// Whether a credential is worth anything.
    pub(crate) async fn knows(&self, hand: &Hand) -> bool {
        self.send(&hand.token, "{ __typename }", Value::Null).await.status().is_success()
    }

    /// What lies at an address, for whoever shows this.
    pub(crate) async fn get(&self, by: Option<&Hand>, address: &str) -> Response<Body> {
        let mut request = Request::get(address);
        if let Some(by) = by {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", by.token));
        }
        self.shop.send(request.body(Body::empty()).unwrap()).await
    }

    /// The token of the link by which somebody becomes the owner.
    pub(crate) async fn owner_link(&self, email: &str) -> String {
        let services = self.shop.app.services();
        let rules = &services.context().settings().accounts.staff_access;
        let by = Arc::new(Actor::command("root".into())).permit::<Ownership>(rules, services.now()).unwrap();
        let new = NewOwner { email: EmailAddress::parse(email).unwrap(), replace: false, locale: None };
        let OwnerCreated::Link(link) = services.create_owner.run(&by, &new).await.unwrap() else {
            panic!("they were on the staff");
        };
        let (_, token) = link.address.expose_secret().rsplit_once('/').unwrap();
        token.to_owned()
    }

    /// The owner, signed in.
    pub(crate) async fn owner(&self) -> Hand {
        let link = self.owner_link(OWNER).await;
        hand(&self.accept(&link, "Olga Owner", PASSWORD).await)
    }

    /// The owner, having just proved who they are.
    pub(crate) async fn proven_owner(&self) -> Hand {
        let owner = self.owner().await;
        self.prove(&owner).await;
        owner
    }

    /// Somebody proves once more who they are.
    pub(crate) async fn prove(&self, hand: &Hand) {
        let query = "mutation($password: String!) { staffStepUp(input: { password: $password }) { until userErrors { code } } }";
        let proved = self.ask(hand, query, json!({ "password": PASSWORD })).await;
        assert!(proved["until"].is_string(), "{proved}");
    }

    /// Opens the link of an invitation.
    pub(crate) async fn accept(&self, token: &str, name: &str, password: &str) -> Value {
        let query = "mutation($input: StaffInvitationAcceptInput!) { staffInvitationAccept(input: $input) {
          device tokens { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt } userErrors { code field message } } }";
        let input = json!({ "token": token, "name": name, "password": password });
        self.stranger(query, json!({ "input": input })).await
    }

    /// Signs in with a password.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Value {
        let query = "mutation($input: StaffSignInInput!) { staffSignIn(input: $input) {
          device challenge { token expiresAt } tokens { accessToken refreshToken } userErrors { code field message } } }";
        self.stranger(query, json!({ "input": { "email": email, "password": password } })).await
    }

    /// Makes a role, and gives its id.
    pub(crate) async fn role(&self, by: &Hand, name: &str, permissions: &[&str]) -> String {
        let query = "mutation($input: RoleInput!) { roleCreate(input: $input) { role { id } userErrors { code field message } } }";
        let made =
            self.ask(by, query, json!({ "input": { "name": name, "permissions": permissions } })).await;
        made["role"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
    }

    /// Asks somebody to join, and gives the payload.
    pub(crate) async fn invite(&self, by: &Hand, email: &str, roles: &[String]) -> Value {
        let query = "mutation($input: StaffInviteInput!) { staffInvite(input: $input) {
          staffMember { id name email state roleIds } userErrors { code field message } } }";
        self.ask(by, query, json!({ "input": { "email": email, "roleIds": roles } })).await
    }

    /// Somebody who has joined and may do this, with their id. `by` has proved who they are.
    pub(crate) async fn hired(&self, by: &Hand, email: &str, permissions: &[&str]) -> (Hand, String) {
        let roles = match permissions {
            [] => Vec::new(),
            some => vec![self.role(by, email, some).await],
        };
        let invited = self.invite(by, email, &roles).await;
        let id = invited["staffMember"]["id"].as_str().unwrap_or_else(|| panic!("{invited}")).to_owned();
        let link = self.mailed(email, "staff/accept").await;
        (hand(&self.accept(&link, "Eve Employee", PASSWORD).await), id)
    }

    /// A program with a key, and the key's id. `by` has proved who they are.
    pub(crate) async fn key(&self, by: &Hand, scopes: &[&str]) -> (Hand, String) {
        let query = "mutation($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) {
          secret apiKey { id } userErrors { code field message } } }";
        let made = self.ask(by, query, json!({ "input": { "name": "till", "scopes": scopes } })).await;
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        (Hand { token: text(&made["secret"]), refresh: String::new() }, text(&made["apiKey"]["id"]))
    }

    /// The token in the newest mail to somebody that has a link to this place.
    pub(crate) async fn mailed(&self, to: &str, place: &str) -> String {
        self.settle().await;
        let link = format!("{}/{place}/", crate::shop::PUBLIC_URL);
        let mails = self.mails.0.lock().unwrap();
        let theirs = mails.iter().rev().filter(|mail| mail.to.as_str() == to);
        let text = theirs.filter_map(|mail| mail.text.split_once(&link)).next();
        let Some((_, rest)) = text else { panic!("no link to {place} in {mails:?}") };
        rest.split_whitespace().next().unwrap().to_owned()
    }

    /// How many mails somebody has got.
    pub(crate) async fn mails_to(&self, to: &str) -> usize {
        self.settle().await;
        self.mails.0.lock().unwrap().iter().filter(|mail| mail.to.as_str() == to).count()
    }

    /// Runs everything that is due.
    async fn settle(&self) {
        let context = Arc::clone(self.shop.app.services().context());
        let backoff = Backoff { attempts: 1, ..Backoff::default() };
        JobWorker::new(context, backoff).run_due().await.unwrap();
    }

    /// Gets somebody an authenticator; gives its secret and the recovery codes.
    pub(crate) async fn enrolled(&self, hand: &Hand) -> (TotpSecret, Vec<String>) {
        let begin = "mutation($p: String!) { staffTotpBegin(password: $p) { totp { secret otpauthUrl } userErrors { code } } }";
        let begun = self.ask(hand, begin, json!({ "p": PASSWORD })).await;
        let text = begun["totp"]["secret"].as_str().unwrap_or_else(|| panic!("{begun}"));
        assert!(begun["totp"]["otpauthUrl"].as_str().unwrap().starts_with("otpauth://totp/"), "{begun}");
        let secret = TotpSecret::from_bytes(&base32(text)).unwrap();
        let confirm =
            "mutation($c: String!) { staffTotpConfirm(code: $c) { recoveryCodes userErrors { code } } }";
        let confirmed = self.ask(hand, confirm, json!({ "c": self.code(&secret) })).await;
        let codes = confirmed["recoveryCodes"].as_array().unwrap_or_else(|| panic!("{confirmed}"));
        (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
    }

    /// What an authenticator shows now.
    pub(crate) fn code(&self, secret: &TotpSecret) -> String {
        secret.code(self.shop.clock.now()).unwrap().expose_secret().to_owned()
    }
}

/// What a payload has given to show.
pub(crate) fn hand(payload: &Value) -> Hand {
    let text = |name: &str| {
        let token = payload["tokens"][name].as_str();
        token.unwrap_or_else(|| panic!("nobody is signed in: {payload}")).to_owned()
    };
    Hand { token: text("accessToken"), refresh: text("refreshToken") }
}

/// The value of the one root field of an answer without errors.
pub(crate) fn value(mut answer: Value) -> Value {
    assert!(answer.get("errors").is_none(), "{answer:#}");
    let Value::Object(data) = answer["data"].take() else { panic!("no data: {answer:#}") };
    data.into_iter().next().unwrap_or_else(|| panic!("no field was asked for")).1
}

/// The code of the first error of an answer.
pub(crate) fn code(answer: &Value) -> String {
    let code = answer["errors"][0]["extensions"]["code"].as_str();
    code.unwrap_or_else(|| panic!("no error: {answer:#}")).to_owned()
}

/// Why a payload was refused: each code, with the place it is about.
pub(crate) fn refusals(payload: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let place = |field: &Value| {
        let parts: Vec<String> = field.as_array().into_iter().flatten().map(text).collect();
        parts.join(".")
    };
    let errors = payload["userErrors"].as_array().unwrap_or_else(|| panic!("{payload}"));
    errors.iter().map(|error| (text(&error["code"]), place(&error["field"]))).collect()
}

/// That a payload was refused for this reason alone.
pub(crate) fn refused(payload: &Value, code: &str, field: &str) {
    assert_eq!(refusals(payload), [(code.to_owned(), field.to_owned())], "{payload}");
}

/// That a payload was not refused.
pub(crate) fn done(payload: &Value) {
    assert_eq!(refusals(payload), [], "{payload}");
}

/// A header as text.
pub(crate) fn header_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Reads base 32 (RFC 4648) without padding.
fn base32(text: &str) -> Vec<u8> {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            other => panic!("no letter of base 32: {other}"),
        };
        (bits, count) = (bits << 5 | u32::from(value), count + 5);
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap());
        }
    }
    bytes
}
