//! Who calls: what a request shows, looked up once before GraphQL begins. A request that shows nothing costs nothing.

use super::{
    answer,
    cookies::{self, Sender},
    state::AppState,
};
use axum::{extract::Request, response::Response};
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts};
use secrecy::SecretString;
use std::{borrow::Cow, sync::Arc};
use stoa_domain::{account::Realm, limits::ClientAddress, shared::Fault};
use stoa_graphql_http::{Acceptance, ConnectionInit, InitPayload, Lapsed, Rejection};
use stoa_services::{
    Services,
    account::{AuthError, Client, Credential},
};

/// Where clients of the admin API put their key.
const ACCESS_TOKEN: HeaderName = HeaderName::from_static("x-shopify-access-token");
/// The same in what a WebSocket begins with, besides `authorization`.
const INIT_TOKENS: [&str; 2] = ["customerAccessToken", "accessToken"];

/// Whether a request shows anything that could tell who sends it.
pub(super) fn shows_something(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION)
        || headers.contains_key(header::COOKIE)
        || headers.contains_key(ACCESS_TOKEN)
}

/// What there is to do for the answer of a request whose caller was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Afterwards {
    /// Nothing.
    Nothing,
    /// The browser's cookie is worth nothing any more: it is taken away.
    ForgetCookie,
}

/// Puts the caller into the request's extensions.
///
/// Who shows a token that is worth nothing is told so, and served nothing, so that no client goes on as a guest without noticing.
/// A cookie that is over is passed over instead: the browser sends it whether it wants to or not, also with the request that signs in
/// again.
///
/// # Errors
/// The answer to send instead.
pub(super) async fn recognise(app: &AppState, request: &mut Request) -> Result<Afterwards, Box<Response>> {
    let Some(credential) = shown(app, request)? else { return Ok(Afterwards::Nothing) };
    let client = client(request.headers(), request.extensions());
    match app.services().authenticate.run(&credential, client).await {
        Ok(caller) => {
            request.extensions_mut().insert(Arc::new(caller));
            request.extensions_mut().insert(Shown(Arc::new(credential)));
            Ok(Afterwards::Nothing)
        }
        Err(AuthError::Invalid) => match credential {
            Credential::Cookie(..) => Ok(Afterwards::ForgetCookie),
            Credential::Bearer(_) | Credential::Storefront(_) => Err(Box::new(unauthenticated())),
        },
        Err(AuthError::Fault(fault)) => Err(Box::new(unavailable(&fault))),
    }
}

/// What its caller has shown, beside the caller: a connection that stays open may outlive a sign-in.
#[derive(Clone)]
struct Shown(Arc<Credential>);

/// Asks again who it is that opened a connection, by what they have shown then: a sign-in that was ended, or an access token whose time
/// is over, opens nothing more. `None`: they have shown nothing, and there is nothing to ask.
pub(crate) fn renew<'a>(
    services: &'a Services,
    parts: &'a Parts,
) -> Option<BoxFuture<'a, Result<Parts, Lapsed>>> {
    let Shown(credential) = parts.extensions.get()?;
    Some(Box::pin(async move {
        let client = client(&parts.headers, &parts.extensions);
        match services.authenticate.run(credential, client).await {
            Ok(caller) => {
                let mut parts = parts.clone();
                parts.extensions.insert(Arc::new(caller));
                Ok(parts)
            }
            Err(AuthError::Invalid) => Err(Lapsed::Over),
            Err(AuthError::Fault(fault)) => {
                tracing::error!(error = %fault, "who calls could not be looked up");
                Err(Lapsed::Unknown)
            }
        }
    }))
}

/// What a request shows: its header counts, and else its cookie. Other schemes than `Bearer` are of others, such as a proxy that
/// keeps a shop closed until it opens.
fn shown(app: &AppState, request: &Request) -> Result<Option<Credential>, Box<Response>> {
    let headers = request.headers();
    if let Some(token) = headers.get(header::AUTHORIZATION).and_then(bearer) {
        return Ok(Some(Credential::Bearer(token)));
    }
    if let Some(key) = headers.get(ACCESS_TOKEN) {
        return Ok(Some(Credential::Bearer(text(key).trim().into())));
    }
    let Some(cookie) = cookies::find(headers, cookies::SESSION) else { return Ok(None) };
    let public_url = &app.services().context().settings().public_url;
    match cookies::sender(headers, public_url, app.settings()) {
        Sender::OwnPage if cookies::may_count(request.method(), headers) => {
            Ok(Some(Credential::Cookie(Realm::Customer, cookie.into())))
        }
        Sender::ForeignPage => Err(Box::new(cross_origin())),
        Sender::OwnPage | Sender::Guest | Sender::Unknown => Ok(None),
    }
}

/// What a header says, letters of no alphabet included: with such a one a token is wrong, and who shows it no guest.
fn text(value: &HeaderValue) -> Cow<'_, str> {
    String::from_utf8_lossy(value.as_bytes())
}

fn bearer(value: &HeaderValue) -> Option<SecretString> {
    let value = text(value);
    let value = value.trim();
    // A bearer of nothing is one whose token is wrong, not a guest.
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().into())
}

/// From where a request comes, and with what program.
pub(super) fn client(headers: &HeaderMap, extensions: &http::Extensions) -> Client {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok().map(str::to_owned);
    Client {
        address: extensions.get::<ClientAddress>().copied(),
        user_agent: text(header::USER_AGENT),
        request: text(super::request_id::HEADER),
        ..Client::default()
    }
}

fn unauthenticated() -> Response {
    let message = "The credential is not valid, or is over. Sign in again, or send none.";
    let mut response = answer::error(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

fn cross_origin() -> Response {
    let message = "A page of another origin has sent this with a cookie of the shop.";
    answer::error(StatusCode::FORBIDDEN, "CROSS_ORIGIN_REQUEST", message)
}

pub(super) fn unavailable(fault: &Fault) -> Response {
    tracing::error!(error = %fault, "who calls could not be looked up");
    let message = "The shop cannot answer right now. Try again in a moment.";
    answer::error(StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", message)
}

/// Takes a token from what a WebSocket begins with: browsers cannot put headers on one.
pub struct SocketCaller(Arc<Services>);

impl SocketCaller {
    /// For these services.
    pub const fn new(services: Arc<Services>) -> Self {
        Self(services)
    }

    async fn recognise(&self, parts: &mut Parts, payload: &InitPayload) -> Result<(), Rejection> {
        let Some(token) = init_token(payload) else { return Ok(()) };
        let client = client(&parts.headers, &parts.extensions);
        let credential = Credential::Bearer(token);
        match self.0.authenticate.run(&credential, client).await {
            Ok(caller) => {
                parts.extensions.insert(Arc::new(caller));
                parts.extensions.insert(Shown(Arc::new(credential)));
                Ok(())
            }
            Err(AuthError::Invalid) => Err(Rejection { reason: "UNAUTHENTICATED".to_owned() }),
            Err(AuthError::Fault(fault)) => {
                tracing::error!(error = %fault, "who calls could not be looked up");
                Err(Rejection { reason: "SERVICE_UNAVAILABLE".to_owned() })
            }
        }
    }
}

impl ConnectionInit for SocketCaller {
    fn init<'a>(
        &'a self,
        parts: &'a mut Parts,
        payload: InitPayload,
    ) -> BoxFuture<'a, Result<Acceptance, Rejection>> {
        Box::pin(async move {
            self.recognise(parts, &payload).await?;
            Ok(Acceptance::default())
        })
    }
}

/// The token of a payload: `{"authorization": "Bearer …"}` in any letter case, also below `headers`, or by its own name.
fn init_token(payload: &InitPayload) -> Option<SecretString> {
    let by_name = INIT_TOKENS.iter().find_map(|name| payload.get(*name)?.as_str());
    if let Some(token) = by_name {
        return Some(token.trim().into());
    }
    let authorization = |of: &InitPayload| {
        let (_, value) = of.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
        let value = value.as_str()?.trim();
        let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
        scheme.eq_ignore_ascii_case("bearer").then(|| SecretString::from(token.trim()))
    };
    authorization(payload).or_else(|| authorization(payload.get("headers")?.as_object()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;
    use serde_json::json;

    fn token_of(payload: &serde_json::Value) -> Option<String> {
        let token = init_token(payload.as_object().unwrap())?;
        Some(token.expose_secret().to_owned())
    }

    #[test]
    fn a_socket_says_who_it_is_in_the_ways_that_clients_have() {
        for payload in [
            json!({ "authorization": "Bearer x" }),
            json!({ "Authorization": "bearer x" }),
            json!({ "headers": { "Authorization": "Bearer x" } }),
            json!({ "customerAccessToken": "x" }),
            json!({ "accessToken": " x " }),
        ] {
            assert_eq!(token_of(&payload).as_deref(), Some("x"), "{payload}");
        }
        for nobody in [json!({}), json!({ "authorization": "Basic x" }), json!({ "authorization": 5 })] {
            assert_eq!(token_of(&nobody), None, "{nobody}");
        }
    }

    #[test]
    fn only_bearers_are_ours() {
        let token = |text: &'static str| {
            bearer(&HeaderValue::from_static(text)).map(|token| token.expose_secret().to_owned())
        };
        assert_eq!(token("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(token("bearer   abc ").as_deref(), Some("abc"));
        assert_eq!(token("Bearer").as_deref(), Some(""), "worth nothing, and no guest");
        assert_eq!(token("Basic abc"), None);
        assert_eq!(token("abc"), None);
    }
}
