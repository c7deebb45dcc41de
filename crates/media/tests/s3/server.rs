//! A server that keeps one bucket, in memory.

use crate::signature::{Asked, Caller};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, Method, Response, StatusCode, Uri, header},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tokio::task::JoinHandle;

pub(crate) const BUCKET: &str = "mugs";
pub(crate) const REGION: &str = "eu-central-1";

/// How the server feels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Well.
    Good,
    /// It fails so many times, and is well again.
    Failing(usize),
    /// It has another opinion of the signature, and quotes it.
    Distrustful,
    /// It sends its callers elsewhere.
    Elsewhere(String),
    /// It hears and says nothing.
    Silent,
    /// It promises a file without end.
    Boasting,
    /// It ends in the middle of a file.
    Breaking,
}

/// What was asked, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub method: Method,
    pub path: String,
    pub by: Option<Caller>,
}

pub(crate) struct Inside {
    files: Mutex<BTreeMap<String, (HeaderMap, Bytes)>>,
    pub mood: Mutex<Mood>,
    pub seen: Mutex<Vec<Seen>>,
}

pub(crate) struct Server {
    pub address: String,
    pub inside: Arc<Inside>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let inside = Arc::new(Inside {
            files: Mutex::default(),
            mood: Mutex::new(Mood::Good),
            seen: Mutex::default(),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router =
            Router::new().fallback(answer).layer(DefaultBodyLimit::disable()).with_state(inside.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, inside, task }
    }

    pub(crate) fn feel(&self, mood: Mood) {
        *self.inside.mood.lock().unwrap() = mood;
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.inside.seen.lock().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    Response::builder().status(status).body(Body::from(text)).unwrap()
}

async fn answer(
    State(inside): State<Arc<Inside>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let asked = Asked { method: &method, uri: &uri, headers: &headers, body: &body };
    #[expect(clippy::disallowed_methods, reason = "signatures are dated by the wall clock")]
    let by = asked.by(REGION, chrono::Utc::now());
    let path = uri.path().to_owned();
    inside.seen.lock().unwrap().push(Seen { method: method.clone(), path: path.clone(), by });

    let mood = inside.mood.lock().unwrap().clone();
    match mood {
        Mood::Good => {}
        Mood::Failing(0) => *inside.mood.lock().unwrap() = Mood::Good,
        Mood::Failing(n) => {
            *inside.mood.lock().unwrap() = Mood::Failing(n - 1);
            return plain(StatusCode::SERVICE_UNAVAILABLE, "<Error><Code>SlowDown</Code></Error>");
        }
        Mood::Distrustful => {
            let quoted = headers.get("authorization").map_or("", |value| value.to_str().unwrap());
            let quoted = format!("<Error><Code>SignatureDoesNotMatch</Code><You>{quoted}</You></Error>");
            return Response::builder().status(StatusCode::FORBIDDEN).body(Body::from(quoted)).unwrap();
        }
        Mood::Elsewhere(to) => {
            return Response::builder()
                .status(StatusCode::TEMPORARY_REDIRECT)
                .header(header::LOCATION, to)
                .body(Body::empty())
                .unwrap();
        }
        Mood::Silent => std::future::pending().await,
        Mood::Boasting => {
            return found(
                u64::MAX / 2,
                Body::from_stream(futures_util::stream::pending::<Result<Bytes, String>>()),
            );
        }
        Mood::Breaking => {
            let parts = [Ok(Bytes::from_static(b"half")), Err("the power is gone")];
            return found(1_000, Body::from_stream(futures_util::stream::iter(parts)));
        }
    }
    let Some(by) = by else {
        return plain(StatusCode::FORBIDDEN, "<Error><Code>AccessDenied</Code></Error>");
    };
    let Some(key) = path.strip_prefix(&format!("/{BUCKET}/")).map(str::to_owned) else {
        return plain(StatusCode::NOT_FOUND, "<Error><Code>NoSuchBucket</Code></Error>");
    };
    // The bucket's policy.
    let may = match by {
        Caller::Owner => true,
        Caller::Bearer => method == Method::GET,
        Caller::Anybody => method == Method::GET && key.starts_with("public/"),
    };
    if !may {
        return plain(StatusCode::FORBIDDEN, "<Error><Code>AccessDenied</Code></Error>");
    }
    let mut files = inside.files.lock().unwrap();
    match method {
        Method::PUT => {
            files.insert(key, (headers, body));
            Response::builder().header(header::ETAG, "\"1\"").body(Body::empty()).unwrap()
        }
        Method::DELETE => {
            files.remove(&key);
            plain(StatusCode::NO_CONTENT, "")
        }
        Method::GET => match files.get(&key) {
            None => plain(StatusCode::NOT_FOUND, "<Error><Code>NoSuchKey</Code></Error>"),
            Some((headers, body)) => {
                let mut answer = found(body.len() as u64, Body::from(body.clone()));
                for name in [header::CONTENT_TYPE, header::CACHE_CONTROL, header::CONTENT_DISPOSITION] {
                    answer.headers_mut().insert(name.clone(), headers[&name].clone());
                }
                answer
            }
        },
        _ => plain(StatusCode::METHOD_NOT_ALLOWED, ""),
    }
}

fn found(length: u64, body: Body) -> Response<Body> {
    Response::builder()
        .header(header::CONTENT_LENGTH, length)
        .header(header::ETAG, "\"1\"")
        .header(header::LAST_MODIFIED, "Sat, 22 Nov 2025 10:00:00 GMT")
        .body(body)
        .unwrap()
}
