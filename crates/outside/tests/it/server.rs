//! A server in every mood.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Response, StatusCode, Uri, header},
};
use futures_util::stream;
use std::{
    convert::Infallible,
    future::pending,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle, time::sleep};

/// How the server feels.
#[derive(Clone, Debug, Default)]
pub(crate) enum Mood {
    /// It answers so, a moment later.
    Says(String),
    /// It answers so with another status.
    Refuses(u16, String),
    /// It hears and says nothing.
    #[default]
    Silent,
    /// It begins, and goes on letter by letter without end.
    Stammering,
    /// It does not stop.
    Endless,
    /// It says how long its answer will be, and it is too long.
    Boasting,
    /// It breaks off in the middle.
    Breaking,
    /// It sends its callers elsewhere.
    Elsewhere(String),
}

/// What came in.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

#[derive(Default)]
struct Inside {
    mood: Mutex<Mood>,
    seen: Mutex<Vec<Seen>>,
    /// Who waits for an answer now, and the most who ever did.
    waiting: Mutex<(usize, usize)>,
}

pub(crate) struct Server {
    pub url: String,
    inside: Arc<Inside>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(mood: Mood) -> Self {
        let inside = Arc::new(Inside { mood: Mutex::new(mood), ..Inside::default() });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&inside));
        Self::serve(router, inside).await
    }

    /// The same of a service that somebody has written; nothing is noted of what comes in.
    pub(crate) async fn of(router: Router) -> Self {
        Self::serve(router, Arc::default()).await
    }

    async fn serve(router: Router, inside: Arc<Inside>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/ask", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, inside, task }
    }

    pub(crate) fn feels(&self, mood: Mood) {
        *self.inside.mood.lock().unwrap() = mood;
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.inside.seen.lock().unwrap().clone()
    }

    /// The most who have waited for an answer at once.
    pub(crate) fn crowd(&self) -> usize {
        self.inside.waiting.lock().unwrap().1
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> usize {
        self.inside.seen.lock().unwrap().len()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(
    State(inside): State<Arc<Inside>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    inside.seen.lock().unwrap().push(Seen { path: uri.path().to_owned(), headers, body });
    let mood = inside.mood.lock().unwrap().clone();
    let with = |status: u16| Response::builder().status(StatusCode::from_u16(status).unwrap());
    let pieces = |piece: &'static [u8], pause| {
        Body::from_stream(stream::unfold((), move |()| async move {
            sleep(pause).await;
            Some((Ok::<_, Infallible>(Bytes::from_static(piece)), ()))
        }))
    };
    match mood {
        Mood::Says(text) => {
            {
                let mut waiting = inside.waiting.lock().unwrap();
                waiting.0 += 1;
                waiting.1 = waiting.1.max(waiting.0);
            }
            sleep(Duration::from_millis(50)).await;
            inside.waiting.lock().unwrap().0 -= 1;
            with(200).body(text.into()).unwrap()
        }
        Mood::Refuses(status, text) => with(status).body(text.into()).unwrap(),
        Mood::Silent => pending().await,
        Mood::Stammering => with(200).body(pieces(b" ", Duration::from_millis(20))).unwrap(),
        Mood::Endless => with(200).body(pieces(&[b' '; 16 * 1024], Duration::ZERO)).unwrap(),
        Mood::Boasting => with(200).body(vec![b' '; 256 * 1024 + 1].into()).unwrap(),
        Mood::Breaking => {
            let half = stream::iter([
                Ok(Bytes::from_static(b"{\"version\":1,")),
                Err(std::io::Error::other("that was it")),
            ]);
            with(200).body(Body::from_stream(half)).unwrap()
        }
        Mood::Elsewhere(to) => with(307).header(header::LOCATION, to).body(Body::empty()).unwrap(),
    }
}
