//! `POST /admin/media?name=mug.jpg&alt=A%20mug&visibility=private`: a picture comes in, as the body of a request.
//!
//! | answer | when |
//! |---|---|
//! | 201 | it is kept, as we have made it anew |
//! | 200 | the very same picture was there: here it is |
//! | 400 | nothing came, it ended before its end, or the query cannot be |
//! | 408 | it took too long to arrive |
//! | 413 | it has more bytes than `media.max_bytes`, or than the virus scanner reads |
//! | 415 | it is no picture of a kind that is read, whatever it calls itself |
//! | 422 | it has too many pixels, cannot be read to its end, or the virus scanner knows it |
//! | 503 | too many are being taken in, or the store or the virus scanner does not answer |

use super::{
    acting::{Door, LetIn},
    answer, request_id,
    state::AppState,
};
use crate::graphql::scalars::Gid;
use axum::{
    Json,
    body::{Body, BodyDataStream},
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::json;
use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use stoa_domain::{
    access::{Permit, grants::MediaWrite},
    media::Visibility,
    shared::{Fault, FaultKind},
};
use stoa_services::media::{NewMedia, Refusal, ShownMedia, UploadError, UploadMediaError, Uploaded};
use tokio::time::timeout;
use tracing::Instrument;

/// When to come back where too many are at it: a picture takes seconds.
const COME_BACK: HeaderValue = HeaderValue::from_static("5");

/// How long, and how much, is still read of a file that is refused. Whoever sends may not listen before all is sent, and is not told why
/// if the line is closed first (RFC 9112, section 9.6).
const LINGER: Duration = Duration::from_secs(5);
const LINGER_BYTES: usize = 64 * 1024 * 1024;

/// Takes a picture in.
pub(super) async fn upload(State(door): State<Door>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = Incoming { body: body.into_data_stream(), waits: head.headers.contains_key(header::EXPECT) };
    let bare = Request::from_parts(head, Body::empty());
    let LetIn { by, standing, request } = match Box::pin(door.permitted(&[Method::POST], bare)).await {
        Ok(let_in) => let_in,
        Err(refused) => {
            body.pass_over();
            return *refused;
        }
    };
    let response = match asked(request.uri().query().unwrap_or_default(), request.headers()) {
        Ok(new) => taken(door.app, by, body, new, request_id::of(request.headers())).await,
        Err(message) => {
            body.pass_over();
            answer::error(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", message)
        }
    };
    let mut response = answer::uncached(response);
    standing.tell(response.headers_mut());
    response
}

/// A file on its way.
struct Incoming {
    body: BodyDataStream,
    /// Whoever sends it waits to be told to begin (`Expect: 100-continue`), which the first look at the body does.
    waits: bool,
}

impl Stream for Incoming {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.waits = false;
        self.body.poll_next_unpin(cx)
    }
}

impl Incoming {
    /// Reads on for a while beside the answer, and forgets it. Who has not begun is not asked to.
    fn pass_over(mut self) {
        if self.waits {
            return;
        }
        let reading = async move {
            let mut read = 0;
            while let Some(Ok(chunk)) = self.next().await {
                read += chunk.len();
                if read > LINGER_BYTES {
                    return;
                }
            }
        };
        tokio::spawn(timeout(LINGER, reading));
    }
}

/// Has it taken in, whatever becomes of whoever sends it: half done it would leave a file that nobody knows of.
async fn taken(
    app: AppState,
    by: Permit<MediaWrite>,
    mut incoming: Incoming,
    new: NewMedia,
    request_id: &str,
) -> Response {
    let work = async move {
        let done = Box::pin(app.services().upload_media.run(&by, &mut incoming, &new)).await;
        if done.is_err() {
            incoming.pass_over();
        }
        done
    };
    match tokio::spawn(work.in_current_span()).await {
        Ok(Ok(uploaded)) => kept(uploaded),
        Ok(Err(error)) => refused(error, request_id),
        // The panic itself has been logged.
        Err(_) => answer::internal(request_id),
    }
}

/// What is said of the file: in the query, whose texts may be in any script, and its length in the head.
fn asked(query: &str, headers: &HeaderMap) -> Result<NewMedia, &'static str> {
    let mut new = NewMedia {
        name: String::new(),
        alt_text: None,
        visibility: Visibility::Public,
        announced: announced(headers),
    };
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "name" => new.name = value.into_owned(),
            "alt" => new.alt_text = Some(value.into_owned()),
            "visibility" => {
                let visibility = Visibility::from_name(&value);
                new.visibility = visibility.ok_or("A visibility is public or private.")?;
            }
            _ => return Err("The query may say name, alt and visibility, and nothing else."),
        }
    }
    Ok(new)
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn kept(uploaded: Uploaded) -> Response {
    let ShownMedia { file, address } = uploaded.media;
    let (width, height) = file.size.unzip();
    let media = json!({
        "id": Gid(file.key.id).text(),
        "url": address,
        "name": file.key.name.as_str(),
        "mimeType": file.kind.mime(),
        "bytes": file.bytes,
        "width": width,
        "height": height,
        "altText": file.alt_text,
        "visibility": file.key.visibility.name(),
    });
    let status = if uploaded.is_new { StatusCode::CREATED } else { StatusCode::OK };
    (status, Json(json!({ "media": media }))).into_response()
}

fn refused(error: UploadMediaError, request_id: &str) -> Response {
    match error {
        UploadMediaError::AltTextTooLong { .. } => {
            answer::error(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", &sentence(&error))
        }
        UploadMediaError::Upload(UploadError::Refused(refusal)) => {
            let (status, code) = status_of(&refusal);
            if let Refusal::Infected { signature } = &refusal {
                tracing::warn!(signature, "the virus scanner knows a file that was to be uploaded");
            }
            answer::error(status, code, &sentence(&refusal))
        }
        UploadMediaError::Upload(UploadError::Busy) => {
            let message = "Too many files are being taken in. Try again in a moment.";
            let mut response = answer::error(StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", message);
            response.headers_mut().insert(header::RETRY_AFTER, COME_BACK);
            response
        }
        UploadMediaError::Upload(UploadError::Cut(error)) => {
            tracing::debug!(%error, "an upload ended before its end");
            answer::error(StatusCode::BAD_REQUEST, "BAD_REQUEST", "The file ended before its end.")
        }
        UploadMediaError::Upload(UploadError::Fault(fault)) | UploadMediaError::Fault(fault) => {
            failed(&fault, request_id)
        }
    }
}

const fn status_of(refusal: &Refusal) -> (StatusCode, &'static str) {
    match refusal {
        Refusal::Empty => (StatusCode::BAD_REQUEST, "FILE_EMPTY"),
        Refusal::TooSlow { .. } => (StatusCode::REQUEST_TIMEOUT, "REQUEST_TIMEOUT"),
        Refusal::TooLarge { .. } | Refusal::TooLargeToScan => {
            (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE")
        }
        Refusal::UnknownType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE"),
        Refusal::TooManyPixels { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "PICTURE_TOO_LARGE"),
        Refusal::Unreadable => (StatusCode::UNPROCESSABLE_ENTITY, "PICTURE_UNREADABLE"),
        Refusal::Infected { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "FILE_INFECTED"),
    }
}

fn failed(fault: &Fault, request_id: &str) -> Response {
    tracing::error!(error = %fault, "a file cannot be taken in");
    match fault.kind() {
        FaultKind::Unavailable => {
            let message = "The file cannot be taken in right now. Try again in a moment.";
            answer::error(StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", message)
        }
        FaultKind::Internal => answer::internal(request_id),
    }
}

/// A refusal as a sentence for people.
fn sentence(refusal: &impl std::fmt::Display) -> String {
    let text = refusal.to_string();
    let mut letters = text.chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str) -> Result<NewMedia, &'static str> {
        asked(query, &HeaderMap::new())
    }

    #[test]
    fn a_query_says_what_the_file_is_called_and_shows() {
        let new = of("name=Kr%C3%BCge+%26%20T%C3%B6pfe.jpg&alt=A%20mug&visibility=private").unwrap();
        assert_eq!((new.name.as_str(), new.alt_text.as_deref()), ("Krüge & Töpfe.jpg", Some("A mug")));
        assert_eq!(new.visibility, Visibility::Private);
        let plain = of("").unwrap();
        assert_eq!((plain.name.as_str(), plain.visibility), ("", Visibility::Public));
        assert!(of("visibility=secret").is_err() && of("filename=mug.jpg").is_err());
    }

    #[test]
    fn a_length_that_is_said_is_read() {
        let said = |text| HeaderMap::from_iter([(header::CONTENT_LENGTH, HeaderValue::from_static(text))]);
        assert_eq!(announced(&said("20")), Some(20));
        assert_eq!(announced(&said("a lot")), None);
        assert_eq!(announced(&HeaderMap::new()), None);
    }
}
