//! One request to `/v1/…`, from the line to the store and back.
//!
//! ```text
//! fault plan (edge) → key → form → idempotency → one change of the store → answer → fault plan (edge)
//! ```

use std::{future::pending, sync::Arc, time::Duration};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use bytes::Bytes;

use super::{
    answer::{Answer, Envelope, allow_browsers},
    auth,
    idempotency::Keyed,
    routes,
};
use crate::{
    error::ApiError,
    faults::ApiAction,
    form::{self, Entries, Params},
    ids,
    ops::Caller,
    shared::Shared,
    store::{Origin, Tx},
    wire::{Object, Show, expand, for_browsers},
};

/// Far more than any request of this API needs.
const MAX_BODY: usize = 1024 * 1024;

/// Answers a request.
pub(super) async fn serve(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if parts.method == Method::OPTIONS {
        return preflight();
    }
    let request_id = ids::request();
    let envelope = Envelope {
        request_id: request_id.clone(),
        version: parts.headers.get("stripe-version").cloned(),
        idempotency_key: (parts.method == Method::POST)
            .then(|| parts.headers.get("idempotency-key").cloned())
            .flatten(),
    };
    let fault = shared.faults.take_api(parts.method.as_str(), parts.uri.path());
    if let Some(ApiAction::Answer { status, acted: false }) = fault {
        return envelope.close(broken(status).into());
    }
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        let mut error = ApiError::invalid("The request body is too large or was cut off.");
        error.status = StatusCode::PAYLOAD_TOO_LARGE;
        return envelope.close(error.into());
    };
    let call = Call { parts, body, request_id };
    let answer = match fault {
        Some(ApiAction::Slow { by_ms }) => slowly(&shared, call, Duration::from_millis(by_ms)).await,
        Some(ApiAction::Break { status, acted }) => {
            let breaks = Some((broken(status), acted));
            call.begin(&shared)
                .map(|begun| Begun { breaks, ..begun }.act(&shared))
                .unwrap_or_else(Answer::from)
        }
        _ => call.begin(&shared).map(|begun| begun.act(&shared)).unwrap_or_else(Answer::from),
    };
    match fault {
        Some(ApiAction::Answer { status, acted: true }) => envelope.close(broken(status).into()),
        Some(ApiAction::TimeOut { hold_ms }) => {
            hold(&shared, hold_ms).await;
            envelope.close(answer)
        }
        _ => envelope.close(answer),
    }
}

fn preflight() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    allow_browsers(response.headers_mut());
    response
}

fn broken(status: u16) -> ApiError {
    match StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR) {
        StatusCode::TOO_MANY_REQUESTS => ApiError::rate_limited(),
        status => ApiError::server(status),
    }
}

/// Acts after a while, in a task of its own: a caller who hangs up does not stop what has begun.
async fn slowly(shared: &Arc<Shared>, call: Call, by: Duration) -> Answer {
    let begun = match call.begin(shared) {
        Ok(begun) => begun,
        Err(error) => return error.into(),
    };
    let shared = Arc::clone(shared);
    let acting = tokio::spawn(async move {
        tokio::select! {
            () = tokio::time::sleep(by) => {}
            () = shared.closing.cancelled() => {}
        }
        begun.act(&shared)
    });
    acting.await.unwrap_or_else(|_| ApiError::server(StatusCode::INTERNAL_SERVER_ERROR).into())
}

/// Holds an answer back, until the sandbox stops at the latest.
async fn hold(shared: &Shared, hold_ms: Option<u64>) {
    let time = async {
        match hold_ms {
            Some(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
            None => pending().await,
        }
    };
    tokio::select! {
        () = time => {}
        () = shared.closing.cancelled() => {}
    }
}

/// A request as it came.
struct Call {
    parts: Parts,
    body: Bytes,
    request_id: String,
}

impl Call {
    /// Checks version, key, form and idempotency key: all that is wrong before anything is done.
    fn begin(self, shared: &Arc<Shared>) -> Result<Begun, ApiError> {
        check_version(&self.parts.headers)?;
        let caller = auth::caller(&self.parts.headers, &shared.config.keys)?;
        let params = self.params()?;
        let path = self.parts.uri.path().to_owned();
        let key = self.parts.headers.get("idempotency-key").filter(|_| self.parts.method == Method::POST);
        let keyed = match key.map(HeaderValue::to_str) {
            None => None,
            Some(Ok(key)) => {
                let endpoint = format!("{} {path}", self.parts.method);
                Some(Keyed::new(key, endpoint, &params, &self.request_id)?)
            }
            Some(Err(_)) => return Err(ApiError::idempotency("Idempotency keys must be plain ASCII.")),
        };
        let in_progress = match &keyed {
            None => None,
            Some(keyed) => Some(shared.begin(&keyed.key).ok_or_else(|| ApiError::key_in_use(&keyed.key))?),
        };
        let origin = Origin {
            request_id: Some(self.request_id),
            idempotency_key: keyed.as_ref().map(|keyed| keyed.key.clone()),
        };
        Ok(Begun {
            method: self.parts.method,
            path,
            params,
            caller,
            keyed,
            origin,
            breaks: None,
            _in_progress: in_progress,
        })
    }

    /// Parameters from the query of GET and DELETE, from the body of POST.
    fn params(&self) -> Result<Entries, ApiError> {
        let refuse = |error: form::FormError| ApiError::invalid(error.to_string());
        if self.parts.method != Method::POST {
            return form::parse(self.parts.uri.query().unwrap_or_default().as_bytes()).map_err(refuse);
        }
        let content_type = self.parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_form = content_type.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        if !self.body.is_empty() && !is_form {
            return Err(ApiError::invalid(
                "Invalid request (check that your POST content type is application/x-www-form-urlencoded).",
            ));
        }
        form::parse(&self.body).map_err(refuse)
    }
}

/// A request that may act.
struct Begun {
    method: Method,
    path: String,
    params: Entries,
    caller: Caller,
    keyed: Option<Keyed>,
    origin: Origin,
    /// The error it ends with whatever it does, and whether what it did stays done.
    breaks: Option<(ApiError, bool)>,
    /// Frees the idempotency key when the request is done.
    _in_progress: Option<crate::shared::InProgress>,
}

impl Begun {
    /// Acts, once for each idempotency key, and keeps action and answer in one change.
    fn act(self, shared: &Shared) -> Answer {
        let done = shared.transact(&self.origin, |tx| {
            if let Some(keyed) = &self.keyed
                && let Some(answer) = keyed.replay(tx)?
            {
                return Ok(answer);
            }
            let answer = match self.answer(tx) {
                Ok(body) => Answer::ok(body),
                Err(error) => {
                    if !error.keeps_writes() {
                        tx.discard();
                    }
                    if !error.began() {
                        return Err(error);
                    }
                    self.masked(error).into()
                }
            };
            let answer = match &self.breaks {
                None => answer,
                Some((error, acted)) => {
                    if !acted {
                        tx.discard();
                    }
                    error.clone().into()
                }
            };
            if let Some(keyed) = &self.keyed {
                keyed.save(tx, &answer);
            }
            Ok(answer)
        });
        done.unwrap_or_else(Answer::from)
    }

    fn answer(&self, tx: &mut Tx<'_>) -> Result<Box<serde_json::value::RawValue>, ApiError> {
        let params = Params::new(&self.params);
        let expanded = params.list("expand")?.unwrap_or_default();
        let object: Object = routes::dispatch(tx, &self.method, &self.path, &params, self.caller)?;
        let shown = expand(object.show(tx), &expanded, tx)?;
        Ok(if self.caller == Caller::Browser { for_browsers(&shown) } else { shown })
    }

    fn masked(&self, error: ApiError) -> ApiError {
        if self.caller == Caller::Browser { error.for_browsers() } else { error }
    }
}

/// Refuses what cannot be a version; which one it is makes no difference to the shapes.
fn check_version(headers: &HeaderMap) -> Result<(), ApiError> {
    let Some(version) = headers.get("stripe-version") else { return Ok(()) };
    let version = version.to_str().unwrap_or_default();
    let date = version.get(..10).unwrap_or_default();
    let is_date = date.bytes().enumerate().all(|(place, byte)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if date.len() == 10 && is_date {
        Ok(())
    } else {
        Err(ApiError::invalid(format!("Invalid Stripe API version: {version}")))
    }
}
