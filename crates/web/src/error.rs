//! What a page says when it cannot say what was asked: a kind page of the shop's own look, a number to ask about, and
//! nothing from inside.

use crate::{
    http::{RequestId, path, see_other, without_sign_in},
    state::Web,
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use minijinja::context;
use std::{sync::Arc, time::Duration};
use stoa_domain::shared::{Fault, FaultKind};
use stoa_services::order::LookupError;

/// Why there is no page.
#[derive(Debug)]
pub(crate) enum PageError {
    /// There is nothing under that address, or nothing that the caller may see.
    NotFound,
    /// The address or the form makes no sense: nobody who used our pages sent it.
    Malformed,
    /// More was posted than a form can hold.
    TooLarge,
    /// Somebody has guessed too often: after so long again.
    TooMany(Duration),
    /// Nobody is signed in, or not any more.
    SignInFirst,
    /// Something broke.
    Fault(Fault),
}

impl From<LookupError> for PageError {
    fn from(error: LookupError) -> Self {
        match error {
            LookupError::TooManyGuesses { retry_after } => Self::TooMany(retry_after),
            LookupError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<Fault> for PageError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Carries a fault from the handler to the log.
#[derive(Clone)]
struct Cause(Arc<Fault>);

impl IntoResponse for PageError {
    /// A bare status: [`dress`] puts the page around it.
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND.into_response(),
            Self::Malformed => StatusCode::BAD_REQUEST.into_response(),
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
            Self::TooMany(wait) => {
                let mut response = StatusCode::TOO_MANY_REQUESTS.into_response();
                response
                    .headers_mut()
                    .insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().saturating_add(1)));
                response
            }
            Self::SignInFirst => match see_other(&path(&["account", "sign-in"], &[])) {
                Ok(response) => without_sign_in(response),
                Err(fault) => Self::Fault(fault).into_response(),
            },
            Self::Fault(fault) => {
                let status = match fault.kind() {
                    FaultKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
                    FaultKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
                };
                let mut response = status.into_response();
                response.extensions_mut().insert(Cause(Arc::new(fault)));
                response
            }
        }
    }
}

/// `GET` of anything that nobody else serves.
pub(crate) async fn not_found() -> PageError {
    PageError::NotFound
}

/// Logs faults, once, and replaces every bare error by a page.
pub(crate) async fn dress(State(web): State<Web>, request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers());
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    if let Some(Cause(fault)) = response.extensions().get() {
        stoa_services::meters::fault(fault);
        tracing::error!(error = %fault, request.id = %id, "a page failed");
    }
    if is_html(&response) {
        return response;
    }
    let (title, text) = words(status);
    let values = context! { title, text, request_id => id.as_str() };
    let mut page = match web.page_as(status, "error.html", values) {
        Ok(page) => page,
        Err(_) => return (status, title).into_response(),
    };
    // What the bare error said about itself to programs.
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        page.headers_mut().entry(header::RETRY_AFTER).or_insert(HeaderValue::from_static("5"));
    }
    page
}

fn is_html(response: &Response) -> bool {
    let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|t| t.to_str().ok());
    content_type.is_some_and(|t| t.starts_with("text/html"))
}

fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::NOT_FOUND => {
            ("There is nothing here", "The address may be mistyped, or what was here is no longer offered.")
        }
        StatusCode::FORBIDDEN => (
            "This did not come from our pages",
            "A form was sent here from somewhere else, so we did nothing with it. Please begin again from our pages.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("That is too much", "What was sent is larger than any of our forms. Nothing was changed.")
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            ("Not like this", "This address does not do what was asked of it. Nothing was changed.")
        }
        StatusCode::TOO_MANY_REQUESTS => (
            "Too many tries",
            "There were too many tries from where you are, or at this order. Please try again in a minute, or use the link in \
             our mail.",
        ),
        StatusCode::SERVICE_UNAVAILABLE => (
            "Please try again in a moment",
            "Something that we depend on is not answering. Nothing of what you did is lost.",
        ),
        _ if status.is_client_error() => {
            ("We did not understand that", "The link or the form is incomplete. Nothing was changed.")
        }
        _ => (
            "Something went wrong on our side",
            "We have taken note of it. Please try again; if it happens again, tell us the number below.",
        ),
    }
}
