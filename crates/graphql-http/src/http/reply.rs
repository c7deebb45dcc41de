//! Answers: status, headers and bytes.

use axum::{body::Body, response::Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{media::ResponseMedia, partial_success};
use crate::{error_code::ErrorCode, masking, outcome::Outcome, refusal::Refusal};

/// Room for a typical answer, to save the first reallocations.
const TYPICAL_ANSWER_BYTES: usize = 4096;

/// An answer on its way out.
pub(super) struct Reply {
    status: StatusCode,
    media: ResponseMedia,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Reply {
    /// The answer to one GraphQL request.
    pub(super) fn single(outcome: &Outcome, media: ResponseMedia) -> Self {
        let status = match outcome {
            Outcome::Refused(refusal) => status_of(refusal.code(), media),
            Outcome::Executed(executed) if executed.errors.is_empty() => StatusCode::OK,
            Outcome::Executed(_) if media == ResponseMedia::GraphqlResponse => partial_success(),
            Outcome::Executed(_) => StatusCode::OK,
        };
        let mut headers = headers_of(std::slice::from_ref(outcome));
        let retry_after = match outcome {
            Outcome::Refused(refusal) => refusal.of_standing().and_then(|standing| standing.retry_after),
            // Of several the last: then all would be let in.
            Outcome::Executed(executed) => executed.errors.iter().filter_map(masking::retry_after).max(),
        };
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        Self::new(status, media, headers, |body| outcome.write(body))
    }

    /// The answers to a batch, in its order. The batch itself went well, so the status is 200.
    pub(super) fn batch(outcomes: &[Outcome], media: ResponseMedia) -> Self {
        Self::new(StatusCode::OK, media, headers_of(outcomes), |body| {
            for (n, outcome) in outcomes.iter().enumerate() {
                body.push(if n == 0 { b'[' } else { b',' });
                outcome.write(body)?;
            }
            if outcomes.is_empty() {
                body.push(b'[');
            }
            body.push(b']');
            Ok(())
        })
    }

    /// The answer to an HTTP request that holds no GraphQL request.
    pub(super) fn refused(refusal: Refusal, media: ResponseMedia) -> Self {
        Self::single(&Outcome::Refused(refusal), media)
    }

    /// Names the methods to use instead, which a 405 must (RFC 9110, 15.5.6).
    pub(super) fn allowing(mut self, methods: &'static str) -> Self {
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            self.headers.insert(header::ALLOW, HeaderValue::from_static(methods));
        }
        self
    }

    fn new(
        status: StatusCode,
        media: ResponseMedia,
        headers: HeaderMap,
        write: impl FnOnce(&mut Vec<u8>) -> serde_json::Result<()>,
    ) -> Self {
        let mut body = Vec::with_capacity(TYPICAL_ANSWER_BYTES);
        match write(&mut body) {
            Ok(()) => Self { status, media, headers, body },
            Err(error) => {
                tracing::error!(error.message = %error, "an answer could not be serialised");
                let body = br#"{"errors":[{"message":"internal error","extensions":{"code":"INTERNAL"}}]}"#;
                Self { status: StatusCode::INTERNAL_SERVER_ERROR, media, headers, body: body.to_vec() }
            }
        }
    }

    pub(super) fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response.headers_mut().insert(header::CONTENT_TYPE, self.media.header());
        // a cache must not give one client's media type to another
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
        response
    }
}

/// The headers of what was executed, and how the caller stands after the last of it.
pub(super) fn headers_of(outcomes: &[Outcome]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in outcomes.iter().filter_map(Outcome::headers).flatten() {
        headers.append(name.clone(), value.clone());
    }
    for outcome in outcomes {
        let standing = outcome.standing();
        for (name, _) in standing {
            headers.remove(name);
        }
        for (name, value) in standing {
            headers.append(name.clone(), value.clone());
        }
    }
    headers
}

/// The answer to OPTIONS outside of CORS.
pub(super) fn options(methods: &'static str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(methods));
    response
}

fn status_of(code: ErrorCode, media: ResponseMedia) -> StatusCode {
    if media == ResponseMedia::Json && code.is_graphql_level() { StatusCode::OK } else { code.status() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{client_error_until, outcome::Executed};
    use async_graphql::{Pos, Value};
    use std::collections::BTreeMap;

    #[test]
    fn a_field_that_is_to_be_asked_later_says_so_in_the_header() {
        for (seconds, expected) in [(vec![], None), (vec![7, 30], Some("30"))] {
            let errors = seconds.into_iter().map(|seconds| {
                client_error_until("TOO_MANY_GUESSES", "later", seconds).into_server_error(Pos::default())
            });
            let executed = Executed {
                data: Value::Null,
                errors: errors.collect(),
                extensions: BTreeMap::new(),
                headers: HeaderMap::new(),
                cost: None,
                standing: Vec::new(),
            };
            let reply = Reply::single(&Outcome::Executed(Box::new(executed)), ResponseMedia::Json);
            let told = reply.headers.get(header::RETRY_AFTER).map(|value| value.to_str().unwrap());
            assert_eq!((reply.status, told), (StatusCode::OK, expected));
        }
    }
}
