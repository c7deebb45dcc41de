//! The way of a browser to an OpenID provider, and back.
//!
//! Whoever comes back is signed in by a cookie, and sent to where they wanted to be, or else to `accounts.oidc_return_url`, or else to
//! our own page. Whom a storefront of another origin (`accounts.oidc_code_origins`) has sent with a `code_challenge` is sent back to it with
//! `oidc_code` in the address, and gets tokens for that (`customerIdentityRedeem`). If nobody is signed in by it, `oidc` in the address says
//! why:
//!
//! | `oidc` | means |
//! |---|---|
//! | `begin_again` | the answer belongs to no attempt of this browser that still waits, or is not believed |
//! | `denied` | they said no to the provider, or it did for them |
//! | `email_needed` | the provider vouches for no address: register by mail first, and connect the account then |
//! | `link_mailed` | there is an account with the address: its owner was mailed a link, which works in this browser |
//! | `linked` | the account they were signed in to can be opened this way as well, from now on |
//! | `identity_taken` | what they have at the provider opens another account |
//! | `closed` | the account is closed |
//! | `unavailable` | the provider or the shop does not answer |
//!
//! A storefront of another origin hears of the last one as OAuth says it, too (`error=temporarily_unavailable`, RFC 6749, 4.1.2.1). So that
//! it does whatever has failed, the database among it, the browser keeps beside the attempt which page has sent it.

use super::{answer, caller, cookies, state::AppState};
use axum::{
    body::Body,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use secrecy::ExposeSecret;
use std::time::Duration;
use stoa_domain::shared::{Fault, Locale, Timestamp};
use stoa_services::{
    Settings,
    account::{
        Client, Issued, SignedInNow,
        oidc::{
            BeginOidcError, CodeChallenge, FinishOidcError, OidcAnswer, OidcBegun, OidcFinished, OidcOutcome,
            OidcRefusal, WayBack,
        },
    },
};
use url::{Url, form_urlencoded};

/// Bytes that a form of a provider may have. What is in it is looked at by those who know it.
const MOST: usize = 16 * 1024;
/// Bytes of an address that somebody wants to be at afterwards.
const MOST_OF_ADDRESS: usize = 2_000;
/// Codes and states are in these addresses: whoever the browser goes to next is not told them.
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");
/// What says in an address how it went.
const OUTCOME: &str = "oidc";
/// What gives tokens in an address.
const CODE: &str = "oidc_code";
/// What is between an attempt and the page that has begun it, in what the browser keeps. Neither has it.
const BESIDE: char = '.';
/// What a browser says of what it wants to show.
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// `GET /auth/oidc/{provider}`: on to the provider. `return_to` in the query is where somebody wants to be once they are signed in: a
/// page of this server, or one that may send its cookie; with `code_challenge` and `code_challenge_method=S256` one that gets a code.
pub(super) async fn begin(
    State(app): State<AppState>,
    Path(provider): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    if !cookies::are_taken_at(&settings(&app).public_url) {
        let message =
            "Cookies need TLS: browsers take those of sign-ins from https addresses alone, and this is none.";
        return answer::error(StatusCode::BAD_REQUEST, "COOKIES_NOT_POSSIBLE", message);
    }
    let wanted = wanted(&app, parts.uri.query().unwrap_or_default());
    if is_sent_by_others(&parts.headers, &wanted) {
        let message = "A page of another site has sent this. Sign in from a page of the shop.";
        return answer::error(StatusCode::FORBIDDEN, "CROSS_ORIGIN_REQUEST", message);
    }
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(message) => return answer::error(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", message),
    };
    let client = client(&parts);
    let beginning = app.services().begin_oidc.sign_in(&provider, wanted.way_back(), &client);
    match Box::pin(beginning).await {
        Ok(begun) => {
            let cookie = cookie_of(&begun, wanted.storefront(), app.services().now());
            sent(begun.url.as_str(), &[cookie])
        }
        Err(BeginOidcError::NoProvider) => answer::not_found().await,
        Err(BeginOidcError::TooMany { retry_after }) => too_many(retry_after),
        Err(BeginOidcError::Fault(fault)) => unavailable(&app, wanted.storefront(), &fault),
    }
}

/// `/auth/oidc/{provider}/callback`: a provider's answer, as a query or as a form that its page posts.
pub(super) async fn finish(
    State(app): State<AppState>,
    Path(provider): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Some(form) = form(&parts, body).await else {
        let message = "This is no answer of an OpenID provider.";
        return answer::error(StatusCode::BAD_REQUEST, "BAD_REQUEST", message);
    };
    let kept = cookies::find(&parts.headers, cookies::ELSEWHERE).unwrap_or_default();
    let (browser, storefront) = kept.split_once(BESIDE).unwrap_or((&kept, ""));
    let given = OidcAnswer { provider: &provider, form: &form, browser: Some(browser) };
    match Box::pin(app.services().finish_oidc.run(given, &client(&parts))).await {
        Ok(finished) => back(&app, finished),
        Err(FinishOidcError::NoProvider) => answer::not_found().await,
        Err(FinishOidcError::Fault(fault)) => {
            unavailable(&app, storefront_of(&app, storefront).as_ref(), &fault)
        }
    }
}

/// The answer in an address or a body; `None`: it is too long for one, or no text.
async fn form(parts: &Parts, body: Body) -> Option<String> {
    if parts.method != Method::POST {
        return Some(parts.uri.query().unwrap_or_default().to_owned());
    }
    let bytes = axum::body::to_bytes(body, MOST).await.ok()?;
    String::from_utf8(bytes.into()).ok()
}

/// On from a provider's answer.
fn back(app: &AppState, finished: OidcFinished) -> Response {
    let settings = settings(app);
    let OidcFinished { outcome, linking, return_to, for_code } = finished;
    let over = || cookies::clear(cookies::ELSEWHERE);
    // A storefront hears of everything on its own page.
    let place = |ours: &str| {
        let storefront = return_to.clone().filter(|_| for_code);
        storefront.unwrap_or_else(|| landing(settings, ours))
    };
    let told = |ours: &str, how: &str| said(place(ours), OUTCOME, how);
    match outcome {
        OidcOutcome::SignedIn(begun) => match sign_in_cookies(app, begun) {
            Ok(cookies) => {
                let wanted = return_to.clone().unwrap_or_else(|| landing(settings, "/account"));
                sent(&wanted, &[cookies, vec![over()]].concat())
            }
            Err(fault) => unavailable(app, None, &fault),
        },
        OidcOutcome::Code(code) => sent(&said(place("/account"), CODE, code.expose_secret()), &[over()]),
        OidcOutcome::Linked => sent(&told("/account", "linked"), &[over()]),
        OidcOutcome::LinkMailed(mailed) => {
            let kept = mailed.map(|mailed| {
                let now = app.services().now();
                cookies::set(cookies::IDENTITY, mailed.browser.expose_secret(), mailed.until, now)
            });
            let cookies: Vec<String> = kept.into_iter().chain([over()]).collect();
            sent(&told("/account/sign-in", "link_mailed"), &cookies)
        }
        OidcOutcome::Refused(why) => {
            let here = if linking { "/account" } else { "/account/sign-in" };
            sent(&told(here, word(why)), &[])
        }
    }
}

const fn word(why: OidcRefusal) -> &'static str {
    match why {
        OidcRefusal::BeginAgain => "begin_again",
        OidcRefusal::Denied => "denied",
        OidcRefusal::EmailNeeded => "email_needed",
        OidcRefusal::IdentityTaken => "identity_taken",
        OidcRefusal::Closed => "closed",
    }
}

/// Where people come back to: the storefront's page, or ours.
fn landing(settings: &Settings, ours: &str) -> String {
    let storefront = settings.accounts.oidc_return_url.as_ref();
    storefront.map_or_else(|| settings.link(ours), |url| url.as_str().to_owned())
}

/// An address, with something more in its query.
fn said(address: String, name: &str, value: &str) -> String {
    match Url::parse(&address) {
        Ok(mut url) => {
            url.query_pairs_mut().append_pair(name, value);
            url.into()
        }
        // Our own address is one, and so is what was looked at before anybody was sent away.
        Err(_) => address,
    }
}

/// How somebody wants to come back.
struct Wanted {
    /// To where, if they say so.
    to: Option<Url>,
    /// For a code in the place of a cookie.
    challenge: Option<CodeChallenge>,
}

impl Wanted {
    /// The page of another origin that waits for a code.
    fn storefront(&self) -> Option<&Url> {
        self.to.as_ref().filter(|_| self.challenge.is_some())
    }

    fn way_back(&self) -> WayBack<'_> {
        match (&self.to, &self.challenge) {
            (Some(to), Some(challenge)) => WayBack::Code { to, challenge },
            (to, _) => WayBack::Cookie(to.as_ref()),
        }
    }
}

/// Nobody is signed in, nor given an account, because a page of somebody else's has sent them here. For a code nobody is, before the
/// storefront shows what it alone has: the page that sends them may be of another site, and is left for good.
fn is_sent_by_others(headers: &HeaderMap, wanted: &Result<Wanted, &str>) -> bool {
    let says = |name: HeaderName, text: &str| headers.get(name).map(|value| value == text);
    let is_for_code = wanted.as_ref().is_ok_and(|wanted| wanted.challenge.is_some());
    let leaves = says(SEC_FETCH_DEST, "document").unwrap_or(true);
    says(cookies::SEC_FETCH_SITE, "cross-site").unwrap_or(false) && !(is_for_code && leaves)
}

const BAD_RETURN_TO: &str = "return_to is to be a path of this server, or an address of a page that may send its cookie; with \
                             code_challenge one of accounts.oidc_code_origins.";
const BAD_CHALLENGE: &str =
    "code_challenge is to be the SHA-256 of a verifier in base64url, beside code_challenge_method=S256.";

/// How somebody wants to come back. To a page of somebody else's nobody is led from here: it could look like ours, and ask once more for a
/// password.
///
/// # Errors
/// What is wrong with it, in words.
fn wanted(app: &AppState, query: &str) -> Result<Wanted, &'static str> {
    let asked = |name: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value)
    };
    let challenge = match (asked("code_challenge"), asked("code_challenge_method").as_deref()) {
        (None, None) => None,
        (Some(text), Some("S256")) => Some(CodeChallenge::parse(&text).ok_or(BAD_CHALLENGE)?),
        _ => return Err(BAD_CHALLENGE),
    };
    let Some(to) = asked("return_to") else {
        return if challenge.is_some() { Err(BAD_RETURN_TO) } else { Ok(Wanted { to: None, challenge }) };
    };
    let settings = settings(app);
    if to.len() > MOST_OF_ADDRESS {
        return Err(BAD_RETURN_TO);
    }
    let address = if to.starts_with('/') { settings.link(&to) } else { to.into_owned() };
    let url = Url::parse(&address).map_err(|_| BAD_RETURN_TO)?;
    let (origin, listed) = (url.origin(), app.settings());
    let name = origin.ascii_serialization();
    let is_known = match challenge {
        Some(_) => listed.code_origins.contains(&name),
        None => origin == settings.public_url.origin() || listed.cookie_origins.contains(&name),
    };
    let is_plain = url.username().is_empty() && url.password().is_none();
    if is_known && is_plain { Ok(Wanted { to: Some(url), challenge }) } else { Err(BAD_RETURN_TO) }
}

fn settings(app: &AppState) -> &Settings {
    app.services().context().settings()
}

/// Who comes, and from where. A new account is written to in the language that their browser asks for first.
fn client(parts: &Parts) -> Client {
    let headers = &parts.headers;
    Client {
        device: cookies::find(headers, cookies::DEVICE).map(Into::into),
        locale: language(headers),
        ..caller::client(headers, &parts.extensions)
    }
}

fn language(headers: &HeaderMap) -> Option<Locale> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    Locale::parse(accepted.split([',', ';']).next()?.trim())
}

/// The cookie of an attempt that ends on a page of ours, or one that may send its cookie.
pub(crate) fn attempt_cookie(begun: &OidcBegun, now: Timestamp) -> String {
    cookie_of(begun, None, now)
}

/// The cookie of an attempt, with the page of another origin that has begun it. Of a provider whose own page posts the answer, it must
/// come along from there.
fn cookie_of(begun: &OidcBegun, storefront: Option<&Url>, now: Timestamp) -> String {
    let browser = begun.browser.expose_secret();
    let page = storefront.map(|page| format!("{BESIDE}{}", URL_SAFE_NO_PAD.encode(page.as_str())));
    let value = format!("{browser}{}", page.unwrap_or_default());
    match begun.posts_its_answer {
        true => cookies::set_for_answers(cookies::ELSEWHERE, &value, begun.until, now),
        false => cookies::set(cookies::ELSEWHERE, &value, begun.until, now),
    }
}

/// The page that a browser keeps beside its attempt, if it is one that a code may go to.
fn storefront_of(app: &AppState, kept: &str) -> Option<Url> {
    let page = String::from_utf8(URL_SAFE_NO_PAD.decode(kept).ok()?).ok()?;
    let page = Url::parse(&page).ok()?;
    app.settings().code_origins.contains(&page.origin().ascii_serialization()).then_some(page)
}

fn sign_in_cookies(app: &AppState, begun: SignedInNow) -> Result<Vec<String>, Fault> {
    match begun.credential {
        Issued::Cookie { token, ends_at } => {
            Ok(cookies::of_sign_in(&token, ends_at, begun.device.as_ref(), app.services().now()))
        }
        Issued::Tokens { .. } | Issued::Storefront { .. } => {
            Err(Fault::bug("auth.oidc: a sign-in of another kind"))
        }
    }
}

/// The browser goes on to an address, and keeps these cookies.
fn sent(to: &str, cookies: &[String]) -> Response {
    let Ok(to) = HeaderValue::from_str(to) else {
        tracing::error!("an address that the browser was to be sent to is none");
        return answer::error(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "internal error");
    };
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, NO_REFERRER);
    for cookie in cookies.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok()) {
        headers.append(header::SET_COOKIE, cookie);
    }
    answer::uncached(response)
}

fn too_many(retry_after: Duration) -> Response {
    let message = "Too many sign-ins were begun from here. Wait a while.";
    let mut response = answer::error(StatusCode::TOO_MANY_REQUESTS, "THROTTLED", message);
    let seconds = HeaderValue::from(retry_after.as_secs().saturating_add(1));
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    response
}

/// A person waits for a page: they are told on that of the storefront of another origin that has sent them, or else on ours.
fn unavailable(app: &AppState, storefront: Option<&Url>, fault: &Fault) -> Response {
    tracing::error!(error = %fault, "nobody could be signed in with an OpenID provider");
    let place = match storefront {
        Some(page) => said(page.to_string(), "error", "temporarily_unavailable"),
        None => landing(settings(app), "/account/sign-in"),
    };
    sent(&said(place, OUTCOME, "unavailable"), &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_we_write_in_is_taken() {
        let asked = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(text));
            language(&headers)
        };
        assert_eq!(asked("de-CH,de;q=0.9,en;q=0.8"), Some(Locale::De));
        assert_eq!(asked("ja"), Some(Locale::Ja));
        for none in ["", "*", "tlh, de"] {
            assert_eq!(asked(none), None, "{none}");
        }
    }
}
